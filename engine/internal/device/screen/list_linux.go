package screen

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"time"

	"tring/engine"
	"tring/engine/internal/device/screen/x11"
	"tring/engine/internal/i420"
)

// What ids begin with. A monitor's number is the atom of its name, a window's is
// its own: both stay the same while the server runs.
const (
	idMonitor = "monitor"
	idWindow  = "window"

	wholeDesktop = 0 // no atom has this number
	desktopName  = "Whole desktop"
)

const (
	listLimit  = 5 * time.Second
	maxWindows = 128
	minWindow  = 32 // pixels: what is smaller is no window for people
)

// List lists the screens and windows of the session, with what they show now.
// Errors are *engine.Problem.
func List(ctx context.Context) ([]engine.Screen, error) {
	ctx, cancel := context.WithTimeout(ctx, listLimit)
	defer cancel()
	conn, err := dial(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, conn.Close)
	defer stop()
	l := &lister{conn: conn, buffer: conn.NewBuffer()}
	defer func() { _ = l.buffer.Close() }() // nothing hangs on it
	if err := l.monitors(); err != nil {
		return nil, displayLost(err)
	}
	if err := l.windows(); err != nil {
		return nil, displayLost(err)
	}
	return l.found, nil
}

// lister makes a list.
type lister struct {
	conn   *x11.Conn
	buffer *x11.Buffer
	pool   i420.Pool
	found  []engine.Screen

	names      *names
	stack      *stack
	composited bool
}

// monitorsOf lists the monitors from the left; without RANDR there is one.
func monitorsOf(c *x11.Conn) ([]x11.Monitor, error) {
	monitors, err := c.Monitors()
	if err != nil && !errors.Is(err, x11.ErrMissing) && !x11.Refused(err) {
		return nil, err
	}
	if len(monitors) == 0 {
		g, err := c.Geometry(c.Screen.Root)
		if err != nil {
			return nil, err
		}
		return []x11.Monitor{{Name: wholeDesktop, Primary: true, Rect: image.Rect(0, 0, g.Width, g.Height)}}, nil
	}
	slices.SortStableFunc(monitors, func(a, b x11.Monitor) int {
		if a.Rect.Min.X != b.Rect.Min.X {
			return a.Rect.Min.X - b.Rect.Min.X
		}
		return a.Rect.Min.Y - b.Rect.Min.Y
	})
	return monitors, nil
}

func monitorName(i int, m x11.Monitor) string {
	return fmt.Sprintf("Screen %d (%d×%d)", i+1, m.Rect.Dx(), m.Rect.Dy())
}

func (l *lister) monitors() error {
	monitors, err := monitorsOf(l.conn)
	if err != nil {
		return err
	}
	root := l.conn.Screen.Root
	for i, m := range monitors {
		l.add(engine.Screen{ID: fmt.Sprintf("%s:%d", idMonitor, m.Name), Name: monitorName(i, m), Kind: engine.WholeScreen},
			view{drawable: root, part: m.Rect})
	}
	if len(monitors) < 2 {
		return nil
	}
	g, err := l.conn.Geometry(root)
	if err != nil {
		return err
	}
	l.add(engine.Screen{
		ID: fmt.Sprintf("%s:%d", idMonitor, wholeDesktop), Kind: engine.WholeScreen,
		Name: fmt.Sprintf("%s (%d×%d)", desktopName, g.Width, g.Height),
	}, view{drawable: root, part: image.Rect(0, 0, g.Width, g.Height)})
	return nil
}

// add completes an entry by its size and picture.
func (l *lister) add(s engine.Screen, v view) {
	if s.Width == 0 {
		s.Width, s.Height = fit(v.part.Dx(), v.part.Dy())
	}
	s.Thumbnail = l.thumbnail(v)
	l.found = append(l.found, s)
}

// thumbnail takes a small picture; nil if that fails.
func (l *lister) thumbnail(v view) *image.RGBA {
	if tooSmall(v.part) {
		return nil
	}
	pix, err := l.buffer.Read(v.drawable, v.part)
	if err != nil {
		return nil
	}
	c := canvas{pix, v.part.Dx(), v.part.Dy()}
	for _, r := range v.covered {
		c.grey(r)
	}
	p, err := i420.FromBGRA(&l.pool, pix, 4*c.w, c.w, c.h)
	if err != nil {
		return nil
	}
	defer p.Release()
	w, h := c.w, c.h
	if w > thumbnailWidth || h > thumbnailHeight {
		w, h = i420.Fit(w, h, thumbnailWidth, thumbnailHeight)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if err := i420.ScaleToRGBA(out.Pix, w, h, p, false); err != nil {
		return nil
	}
	return out
}

func (l *lister) windows() error {
	var err error
	if l.names, err = newNames(l.conn); err != nil {
		return err
	}
	if l.stack, err = stackOf(l.conn); err != nil {
		return err
	}
	if l.composited, err = compositor(l.conn); err != nil {
		return err
	}
	clients, err := l.clients()
	if err != nil {
		return err
	}
	for _, id := range clients[:min(len(clients), maxWindows)] {
		if err := l.window(id); err != nil && !x11.Refused(err) {
			return err // a window that went away meanwhile is just not listed
		}
	}
	return nil
}

// clients are the windows that the window manager knows; without one those right
// below the root.
func (l *lister) clients() ([]uint32, error) {
	p, err := l.conn.Property(l.conn.Screen.Root, l.names.clientList)
	if err != nil {
		return nil, err
	}
	if p.Type != 0 {
		return p.Words(), nil
	}
	var out []uint32
	for _, layer := range l.stack.all {
		if a, err := l.conn.Attributes(layer.window); err == nil && !a.OverrideRedirect {
			out = append(out, layer.window)
		}
	}
	return out, nil
}

// window lists one window if people would call it one.
func (l *lister) window(id uint32) error {
	a, err := l.conn.Attributes(id)
	if err != nil || !a.Viewable || a.InputOnly || !l.conn.Readable(a.Visual) {
		return err
	}
	g, err := l.conn.Geometry(id)
	if err != nil || g.Width < minWindow || g.Height < minWindow {
		return err
	}
	if skip, err := l.names.notForPeople(id); err != nil || skip {
		return err
	}
	name, err := l.names.of(id)
	if err != nil {
		return err
	}
	at, err := l.conn.Origin(id)
	if err != nil {
		return err
	}
	top, err := topLevel(l.conn, id)
	if err != nil {
		return err
	}
	rect := image.Rect(0, 0, g.Width, g.Height).Add(at)
	entry := engine.Screen{ID: fmt.Sprintf("%s:%d", idWindow, id), Name: name, Kind: engine.Window}
	entry.Width, entry.Height = fit(g.Width, g.Height)
	if l.composited && l.addWhole(entry, top, rect) {
		return nil
	}
	l.add(entry, l.stack.view(l.conn.Screen.Root, top, rect))
	return nil
}

// addWhole takes the window's picture out of that of its frame, which a
// compositing manager keeps whole. Nothing is redirected for a mere list: every
// program would have to draw its window anew.
func (l *lister) addWhole(entry engine.Screen, top uint32, rect image.Rectangle) bool {
	g, err := l.conn.Geometry(top)
	if err != nil {
		return false
	}
	pixmap := l.conn.NewID()
	if err := l.conn.NamePixmap(top, pixmap); err != nil {
		return false
	}
	defer l.conn.FreePixmap(pixmap)
	if entry.Thumbnail = l.thumbnail(view{drawable: pixmap, part: rect.Sub(image.Pt(g.X, g.Y))}); entry.Thumbnail == nil {
		return false
	}
	l.found = append(l.found, entry)
	return true
}
