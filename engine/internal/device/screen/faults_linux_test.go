package screen

import (
	"context"
	"errors"
	"image"
	"testing"

	"tring/engine"
	"tring/engine/internal/device/screen/x11/x11test"
	"tring/engine/internal/i420"
)

func TestOpenRefusesNonsense(t *testing.T) {
	x11test.Start(t)
	for _, id := range []string{"", "x", "window:", "window:x", "window:99999999999", "window:4294967295", "monitor:12345", "monitor:-1"} {
		_, err := Open(deadline(t), id, 15, nil, nil)
		wantProblem(t, err, "no longer there")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, "monitor:0", 15, nil, nil); err == nil {
		t.Error("opened after the context's end")
	}
}

func TestServerGone(t *testing.T) {
	server := x11test.Start(t)
	cam := open(t, "Screen 1 (800×600)")
	await(t, cam, "anything", func(*i420.Picture) bool { return true })
	server.Kill()
	var err error
	for err == nil {
		var p *i420.Picture
		if p, err = cam.Read(); err == nil {
			p.Release()
		}
	}
	wantProblem(t, err, "does not answer")
	_, err = List(deadline(t))
	wantProblem(t, err, "cannot be reached")
}

func TestCloseEndsRead(t *testing.T) {
	x11test.Start(t)
	cam := open(t, "Screen 1 (800×600)")
	started, ended := make(chan struct{}), make(chan error)
	go func() { // the test waits for ended
		first := true
		for {
			p, err := cam.Read()
			if err != nil {
				ended <- err
				return
			}
			p.Release()
			if first {
				first = false
				close(started)
			}
		}
	}()
	<-started
	if err := cam.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, engine.ErrClosed) {
		t.Error(err)
	}
}

func TestListWhileCapturing(t *testing.T) {
	server := x11test.Start(t)
	c := server.Client(t)
	c.Window("w", image.Rect(10, 10, 310, 210), red)
	a, b := open(t, "w"), open(t, "w") // two at once, too
	for range 2 {
		list(t)
		await(t, a, "red", shows(300, 200, map[image.Point]uint32{{100, 100}: red}))
		await(t, b, "red", shows(300, 200, map[image.Point]uint32{{100, 100}: red}))
	}
}

func TestSessionsThatCannotBeShared(t *testing.T) {
	for _, c := range []struct{ display, wayland, kind, cause string }{
		{"", "wayland-0", "", "portal"},
		{":9", "", "wayland", "portal"},
		{":64123", "wayland-0", "x11", "portal"},
		{"", "", "tty", "No display"},
		{":64123", "", "x11", "cannot be reached"},
		{"nonsense", "", "x11", "cannot be reached"},
	} {
		t.Setenv("DISPLAY", c.display)
		t.Setenv("WAYLAND_DISPLAY", c.wayland)
		t.Setenv("XDG_SESSION_TYPE", c.kind)
		_, err := List(deadline(t))
		wantProblem(t, err, c.cause)
		_, err = Open(deadline(t), "monitor:0", 15, nil, nil)
		wantProblem(t, err, c.cause)
	}
}

func BenchmarkCapture720p(b *testing.B) {
	server := x11test.Start(b, "-screen", "0", "1280x720x24")
	c := server.Client(b)
	c.Window("w", image.Rect(0, 0, 1280, 720), red)
	ctx := deadline(b)
	screens, err := List(ctx)
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range screens {
		cam, err := Open(ctx, s.ID, 15, nil, nil)
		if err != nil {
			b.Fatal(err)
		}
		for name, force := range map[string]bool{"changed": true, "unchanged": false} {
			b.Run(s.Name+"/"+name, func(b *testing.B) {
				for b.Loop() {
					p, err := cam.source.grab(force)
					if err != nil {
						b.Fatal(err)
					}
					if p != nil {
						p.Release()
					}
				}
			})
		}
		if err := cam.Close(); err != nil {
			b.Error(err)
		}
	}
}
