package peer

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// pionLog hands Pion's log to slog, one level lower: what Pion warns of is
// mostly the normal course of ICE. Its debug and trace lines hold passwords
// and are dropped.
type pionLog struct{ log *slog.Logger }

func (p pionLog) NewLogger(scope string) logging.LeveledLogger {
	return scopedLog{p.log.With("pion", scope)}
}

type scopedLog struct{ log *slog.Logger }

func (scopedLog) Trace(string)          {}
func (scopedLog) Tracef(string, ...any) {}
func (scopedLog) Debug(string)          {}
func (scopedLog) Debugf(string, ...any) {}

func (l scopedLog) Info(msg string)                   { l.write(slog.LevelDebug, msg) }
func (l scopedLog) Infof(format string, args ...any)  { l.write(slog.LevelDebug, format, args...) }
func (l scopedLog) Warn(msg string)                   { l.write(slog.LevelDebug, msg) }
func (l scopedLog) Warnf(format string, args ...any)  { l.write(slog.LevelDebug, format, args...) }
func (l scopedLog) Error(msg string)                  { l.write(slog.LevelInfo, msg) }
func (l scopedLog) Errorf(format string, args ...any) { l.write(slog.LevelInfo, format, args...) }

func (l scopedLog) write(level slog.Level, format string, args ...any) {
	if !l.log.Enabled(context.Background(), level) {
		return
	}
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	l.log.Log(context.Background(), level, format)
}
