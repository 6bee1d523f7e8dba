package screen

import (
	"errors"
	"fmt"
	"image"
	"slices"
	"time"

	"tring/engine/internal/device/screen/x11"
)

// view is where the pixels of a target are at a moment.
type view struct {
	drawable uint32
	part     image.Rectangle   // of the drawable
	origin   image.Point       // of the part's upper left corner, on the root
	pointer  bool              // to be drawn, if it is in there
	hidden   bool              // nothing to see: minimised
	covered  []image.Rectangle // counted from the part's corner: not to be shown
	release  func()            // gives back the drawable; may be nil
}

func (v view) same(o view) bool {
	return v.drawable == o.drawable && v.part == o.part && v.origin == o.origin && slices.Equal(v.covered, o.covered)
}

// target is what is shown. After an error of locate that the server gave, the
// target is gone.
type target interface {
	locate(*x11.Conn) (view, error)
	window() uint32 // to be watched for changes
	gone(error) error
}

// desktop is all monitors together, or one of them.
type desktop struct {
	root    uint32
	monitor uint32 // 0 for all
	name    string
}

var errNoMonitor = errors.New("screen: no such monitor")

func (d desktop) window() uint32 { return d.root }

func (d desktop) gone(error) error { return lostMonitor(d.name) }

func (d desktop) locate(c *x11.Conn) (view, error) {
	g, err := c.Geometry(d.root)
	if err != nil {
		return view{}, err
	}
	part := image.Rect(0, 0, g.Width, g.Height)
	if d.monitor != 0 {
		monitors, err := c.Monitors()
		if err != nil {
			return view{}, err
		}
		i := slices.IndexFunc(monitors, func(m x11.Monitor) bool { return m.Name == d.monitor })
		if i < 0 {
			return view{}, errNoMonitor
		}
		part = part.Intersect(monitors[i].Rect)
	}
	return view{drawable: d.root, part: part, origin: part.Min, pointer: true, hidden: tooSmall(part)}, nil
}

func tooSmall(r image.Rectangle) bool { return r.Dx() < minSide || r.Dy() < minSide }

// pane is one window. It is read from its off-screen picture, which is whole
// whatever covers it, once that is there.
type pane struct {
	id      uint32
	name    string
	pixmap  uint32    // name for the off-screen picture; 0 where there is none
	settled time.Time // until then it may still show what covered the window
}

// settling is how long a program gets to draw the parts of its window that were
// covered. The server fills a new off-screen picture from the screen, other
// windows and all, and asks the program to draw itself.
const settling = 300 * time.Millisecond

// redirect has the window drawn off the screen, if the server can.
func (p *pane) redirect(c *x11.Conn) error {
	switch err := c.Redirect(p.id); {
	case errors.Is(err, x11.ErrMissing), x11.Refused(err) && !x11.Gone(err):
		return nil
	case err != nil:
		return err
	}
	composited, err := compositor(c)
	if err != nil {
		return err
	}
	p.pixmap = c.NewID()
	if !composited { // else it already was off the screen
		p.settled = time.Now().Add(settling)
	}
	return nil
}

// compositor reports whether a compositing manager runs: then every window is
// drawn off the screen already.
func compositor(c *x11.Conn) (bool, error) {
	atom, err := c.Atom(fmt.Sprintf("_NET_WM_CM_S%d", c.Screen.Number))
	if err != nil || atom == 0 {
		return false, err
	}
	owner, err := c.SelectionOwner(atom)
	return owner != 0, err
}

func (p *pane) window() uint32 { return p.id }

func (p *pane) gone(err error) error { return closedWindow(p.name, err) }

func (p *pane) locate(c *x11.Conn) (view, error) {
	a, err := c.Attributes(p.id)
	if err != nil {
		return view{}, err
	}
	if !a.Viewable {
		return view{hidden: true}, nil
	}
	g, err := c.Geometry(p.id)
	if err != nil {
		return view{}, err
	}
	at, err := c.Origin(p.id)
	if err != nil {
		return view{}, err
	}
	var v view
	if p.pixmap != 0 && time.Now().After(p.settled) {
		if err := c.NamePixmap(p.id, p.pixmap); err != nil {
			return view{}, err
		}
		inner := image.Rect(0, 0, g.Width, g.Height).Add(image.Pt(g.Border, g.Border))
		v = view{drawable: p.pixmap, part: inner, origin: at, release: func() { c.FreePixmap(p.pixmap) }}
	} else if v, err = visible(c, p.id, image.Rect(0, 0, g.Width, g.Height).Add(at)); err != nil {
		return view{}, err
	}
	v.hidden = tooSmall(v.part)
	v.pointer, err = underPointer(c, p.id)
	return v, err
}

// underPointer reports whether the pointer is in a window, and not in one above.
func underPointer(c *x11.Conn, window uint32) (bool, error) {
	parent, _, err := c.Tree(window)
	if err != nil || parent == 0 {
		return false, err
	}
	child, err := c.ChildUnderPointer(parent)
	return child == window, err
}

// visible is the part of a window that is on the screen, without what covers it.
// rect is its place on the root.
func visible(c *x11.Conn, window uint32, rect image.Rectangle) (view, error) {
	s, err := stackOf(c)
	if err != nil {
		return view{}, err
	}
	top, err := topLevel(c, window)
	if err != nil {
		return view{}, err
	}
	return s.view(c.Screen.Root, top, rect), nil
}

// stack is the windows right below the root that are on the screen, the lowest
// first.
type stack struct {
	root image.Rectangle
	all  []layer
}

type layer struct {
	window uint32
	rect   image.Rectangle // with its border
}

// maxLayers bounds the windows that are asked for their place.
const maxLayers = 1024

func stackOf(c *x11.Conn) (*stack, error) {
	g, err := c.Geometry(c.Screen.Root)
	if err != nil {
		return nil, err
	}
	_, children, err := c.Tree(c.Screen.Root)
	if err != nil {
		return nil, err
	}
	s := &stack{root: image.Rect(0, 0, g.Width, g.Height)}
	for _, w := range children[max(0, len(children)-maxLayers):] {
		a, err := c.Attributes(w)
		if err == nil && (!a.Viewable || a.InputOnly) {
			continue
		}
		var g x11.Geometry
		if err == nil {
			g, err = c.Geometry(w)
		}
		if x11.Refused(err) {
			continue // gone in the meantime
		}
		if err != nil {
			return nil, err
		}
		s.all = append(s.all, layer{w, image.Rect(g.X, g.Y, g.X+g.Width+2*g.Border, g.Y+g.Height+2*g.Border)})
	}
	return s, nil
}

// view is what the root shows of a window at rect that belongs to the layer top.
// A layer that is not in the stack is taken to be covered.
func (s *stack) view(root, top uint32, rect image.Rectangle) view {
	part := rect.Intersect(s.root)
	v := view{drawable: root, part: part, origin: part.Min}
	above := s.all
	if i := slices.IndexFunc(s.all, func(l layer) bool { return l.window == top }); i >= 0 {
		above = s.all[i+1:]
	} else {
		v.covered = []image.Rectangle{part.Sub(part.Min)}
	}
	for _, l := range above {
		if r := l.rect.Intersect(part); !r.Empty() {
			v.covered = append(v.covered, r.Sub(part.Min))
		}
	}
	return v
}

// maxDepth bounds how deep a window manager buries a window.
const maxDepth = 32

// topLevel is the child of the root that holds a window: its frame, or itself.
func topLevel(c *x11.Conn, window uint32) (uint32, error) {
	for range maxDepth {
		parent, _, err := c.Tree(window)
		if err != nil {
			return 0, err
		}
		if parent == c.Screen.Root || parent == 0 {
			return window, nil
		}
		window = parent
	}
	return window, nil
}
