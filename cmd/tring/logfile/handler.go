package logfile

import (
	"context"
	"fmt"
	"log/slog"
)

// Handler redacts records and hands them on.
type Handler struct {
	next slog.Handler
	r    *Redactor
}

var _ slog.Handler = (*Handler)(nil)

// NewHandler hands on to next what r leaves of each record.
func NewHandler(next slog.Handler, r *Redactor) *Handler { return &Handler{next, r} }

// Enabled implements slog.Handler.
func (h *Handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (h *Handler) Handle(ctx context.Context, record slog.Record) error {
	clean := slog.NewRecord(record.Time, record.Level, h.r.Text(record.Message), record.PC)
	record.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(h.attr(a))
		return true
	})
	return h.next.Handle(ctx, clean)
}

// WithAttrs implements slog.Handler.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = h.attr(a)
	}
	return &Handler{h.next.WithAttrs(clean), h.r}
}

// WithGroup implements slog.Handler.
func (h *Handler) WithGroup(name string) slog.Handler { return &Handler{h.next.WithGroup(name), h.r} }

// attr redacts one value. What is neither a number nor a time is made a text
// first, as it would be when written.
func (h *Handler) attr(a slog.Attr) slog.Attr {
	value := a.Value.Resolve()
	if secretKey.MatchString(a.Key) {
		return slog.String(a.Key, hidden)
	}
	switch value.Kind() {
	case slog.KindGroup:
		var inner []slog.Attr
		for _, part := range value.Group() {
			inner = append(inner, h.attr(part))
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(inner...)}
	case slog.KindString:
		return slog.String(a.Key, h.r.Text(value.String()))
	case slog.KindAny:
		if b, is := value.Any().([]byte); is {
			return slog.String(a.Key, h.r.Text(string(b)))
		}
		return slog.String(a.Key, h.r.Text(fmt.Sprintf("%+v", value.Any())))
	}
	return slog.Attr{Key: a.Key, Value: value}
}
