package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"tring/engine"
)

// headless is the engine's second face: one JSON object a line on standard
// output for each event, one command a line on standard input.
//
// One goroutine, loop, reads events, commands and timers, so that lines never
// mix and a command sees all events before it. Commands wait until the sign-in
// is done.
type headless struct {
	engine engine.Engine
	out    *lineWriter
	show   *show // of the demo; nil outside it
	book   *logbook
	jobs   sync.WaitGroup
}

func runHeadless(eng engine.Engine, o *options, d *demo, book *logbook, stdin io.Reader, stdout io.Writer) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	h := &headless{engine: eng, out: &lineWriter{w: stdout}, book: book}
	if d != nil {
		h.show = newShow(h, d.contact, o.snapshot)
	}
	events := eng.Events(ctx)
	commands := readCommands(ctx, stdin, d == nil)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	var deadline <-chan time.Time
	if o.duration > 0 {
		deadline = time.After(o.duration)
	}
	if err := eng.SignIn(o.account, o.secret); err != nil {
		h.out.problem("subscription:error", "", err)
		_ = eng.Close()
		return exitLoginFailed
	}
	code := h.loop(events, commands, signals, deadline)
	closed := make(chan struct{})
	go func() { defer close(closed); _ = eng.Close() }() // waited for below
	for ev := range events {                             // what closing brings: the ends of calls
		h.out.event(ev)
	}
	<-closed
	h.jobs.Wait()
	return code
}

// loop runs until something ends the program, and gives the exit code.
func (h *headless) loop(events <-chan engine.Event, commands <-chan input, signals <-chan os.Signal, deadline <-chan time.Time) int {
	registered := false
	var open <-chan input // commands, once they are listened to
	for {
		select {
		case ev, ok := <-events:
			if !ok {
				return exitFailure
			}
			h.out.event(ev)
			switch {
			case ev.Name == engine.EventSubscriptionChange && len(ev.Subscribed) > 0:
				registered, open = true, commands
			case ev.Name == engine.EventSubscriptionError && !registered:
				return exitLoginFailed
			}
			if code, over := h.show.follow(ev); over {
				return code
			}
		case in, ok := <-open:
			if !ok || strings.TrimSpace(in.line) == "quit" {
				return exitOK
			}
			if in.err != nil {
				h.out.problem("command:error", "", in.err)
				continue
			}
			h.command(in.line)
		case <-h.show.time():
			if code, over := h.show.next(); over {
				return code
			}
		case <-deadline:
			if !registered {
				h.out.problem("subscription:error", "", &engine.Problem{
					Cause: "Signing in took longer than --duration allows.", Next: "Check the server, or allow more time.",
				})
				return exitLoginFailed
			}
			return exitOK
		case <-signals:
			return exitFailure
		}
	}
}

// newest is the call that began last and is not over; "" if there is none.
func (h *headless) newest() engine.CallID {
	calls := h.engine.Snapshot().Calls // oldest first
	for _, c := range slices.Backward(calls) {
		if !c.State.Final() {
			return c.ID
		}
	}
	return ""
}

// savePicture writes the next picture of a call as PNG, in its own size.
func savePicture(eng engine.Engine, id engine.CallID, source engine.VideoSource, name string) error {
	sink := &pictureSink{width: 64, height: 64, done: make(chan *image.RGBA, 1)}
	detach := eng.AttachVideo(id, source, sink)
	defer detach()
	select {
	case img := <-sink.done:
		f, err := os.Create(name)
		if err != nil {
			return unwritable(err)
		}
		if err := errors.Join(png.Encode(f, img), f.Close()); err != nil {
			return unwritable(err)
		}
		return nil
	case <-time.After(3 * time.Second):
		return &engine.Problem{Cause: "There is no picture to keep.", Next: "Try again when video is flowing."}
	}
}

func unwritable(err error) error {
	return &engine.Problem{Cause: "The picture cannot be written: " + err.Error() + ".", Next: "Give another file name.", Err: err}
}

// pictureSink takes one picture in its own size: the first, small one tells
// which size that is.
type pictureSink struct {
	mu            sync.Mutex
	width, height int
	done          chan *image.RGBA
}

// TargetSize implements engine.VideoSink.
func (s *pictureSink) TargetSize() (int, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.width, s.height
}

// ShowFrame implements engine.VideoSink.
func (s *pictureSink) ShowFrame(f engine.Frame) {
	defer f.Release()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.width, s.height = f.SourceWidth, f.SourceHeight
	if f.Width != f.SourceWidth || f.Height != f.SourceHeight {
		return
	}
	img := image.NewRGBA(image.Rect(0, 0, f.Width, f.Height))
	copy(img.Pix, f.Pix)
	select {
	case s.done <- img:
	default:
	}
}

// usageError is a command that cannot be understood.
func usageError(format string, args ...any) error {
	return &engine.Problem{Cause: fmt.Sprintf(format, args...)}
}
