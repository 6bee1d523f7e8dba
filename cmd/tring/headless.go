package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"tring/engine"
)

// demoCallTime is how long the headless demo talks to the echo contact.
const demoCallTime = 10 * time.Second

// headless is the engine's second face: one JSON object a line on standard
// output for each event, one command a line on standard input.
//
// One goroutine, loop, reads events, commands and timers, so that lines never
// mix and a command sees all events before it.
type headless struct {
	engine engine.Engine
	out    *lineWriter
	demo   *demo
	file   string // of the demo's picture

	current engine.CallID // the call that commands are for
	jobs    sync.WaitGroup
	failed  bool
}

func runHeadless(eng engine.Engine, o *options, d *demo, stdin io.Reader, stdout io.Writer) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	h := &headless{engine: eng, out: &lineWriter{w: stdout}, demo: d, file: o.snapshot}
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
	go func() { defer close(closed); _ = eng.Close() }()
	for ev := range events { // what closing brings: the ends of calls
		h.out.event(ev)
	}
	<-closed
	h.jobs.Wait()
	return code
}

// loop runs until something ends the program, and gives the exit code.
func (h *headless) loop(events <-chan engine.Event, commands <-chan string, signals <-chan os.Signal, deadline <-chan time.Time) int {
	registered := false
	var demoOver <-chan time.Time
	for {
		select {
		case ev, ok := <-events:
			if !ok {
				return exitFailure
			}
			h.out.event(ev)
			h.follow(ev)
			switch {
			case ev.Name == engine.EventSubscriptionChange && len(ev.Subscribed) > 0:
				if !registered && h.demo != nil {
					h.command("call " + h.demo.contact + " video")
				}
				registered = true
			case ev.Name == engine.EventSubscriptionError && !registered:
				return exitLoginFailed
			}
			if h.demo != nil && ev.Name == engine.EventCallStateChange {
				switch {
				case ev.State == engine.Connected && demoOver == nil:
					demoOver = time.After(demoCallTime)
				case ev.State.Final():
					return h.demoResult()
				}
			}
		case line, ok := <-commands:
			if !ok || strings.TrimSpace(line) == "quit" {
				return exitOK
			}
			h.command(line)
		case <-demoOver:
			h.finishDemo()
			demoOver = nil
		case <-deadline:
			return exitOK
		case <-signals:
			return exitFailure
		}
	}
}

// follow keeps current the newest call that is not over.
func (h *headless) follow(ev engine.Event) {
	switch {
	case ev.Name == engine.EventCallStart, ev.Name == engine.EventCallReceive && h.current == "":
		h.current = ev.CallID
	case ev.Name == engine.EventCallStateChange && ev.State.Final() && ev.CallID == h.current:
		h.current = ""
		for _, c := range h.engine.Snapshot().Calls {
			if !c.State.Final() {
				h.current = c.ID
			}
		}
	}
}

// readCommands sends standard input's lines. With end set its end closes the
// channel. A read of standard input cannot be interrupted: the goroutine ends
// with the input or the program.
func readCommands(ctx context.Context, stdin io.Reader, end bool) <-chan string {
	lines := make(chan string)
	go func() {
		scanner := bufio.NewScanner(stdin)
		scanner.Buffer(nil, 64<<10)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			case <-ctx.Done():
				return
			}
		}
		if end {
			close(lines)
		}
	}()
	return lines
}

// finishDemo keeps the returned picture and hangs up.
func (h *headless) finishDemo() {
	id := h.current
	h.command("stats")
	h.jobs.Go(func() {
		if err := savePicture(h.engine, id, engine.RemoteVideo, h.file); err != nil {
			h.failed = true
			h.out.problem("call:error", id, err)
		} else {
			h.out.line(time.Now(), "call:snapshot", field{"callId", id}, field{"file", h.file})
		}
		_ = h.engine.Hangup(id)
	})
}

func (h *headless) demoResult() int {
	h.jobs.Wait()
	if h.failed {
		return exitFailure
	}
	return exitOK
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
			return &engine.Problem{Cause: "The picture cannot be written: " + err.Error() + ".", Next: "Give another file name."}
		}
		err = png.Encode(f, img)
		return errors.Join(err, f.Close())
	case <-time.After(3 * time.Second):
		return &engine.Problem{Cause: "There is no picture to keep.", Next: "Try again when video is flowing."}
	}
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
