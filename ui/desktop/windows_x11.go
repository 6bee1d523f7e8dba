//go:build linux || freebsd || openbsd || netbsd

package desktop

import (
	"encoding/binary"
	"image"
	"io"
	"log/slog"
	"slices"
	"sync"

	"fyne.io/fyne/v2/driver"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// x11Windows talks to window managers as the Extended Window Manager Hints say,
// over a connection of its own: any client may set properties of any window.
// https://specifications.freedesktop.org/wm-spec/1.5/
type x11Windows struct {
	log   *slog.Logger
	conn  *xgb.Conn
	root  xproto.Window
	atoms map[string]xproto.Atom

	mu      sync.Mutex
	watched xproto.Window
	tell    func(bool)
	last    bool

	once  sync.Once
	ended chan struct{}
}

// x11Atoms are the names in use; the server numbers them.
var x11Atoms = []string{
	"_NET_WM_WINDOW_TYPE", "_NET_WM_WINDOW_TYPE_NOTIFICATION", "_NET_WM_WINDOW_TYPE_NORMAL",
	"_NET_WM_STATE", "_NET_WM_STATE_ABOVE", "_NET_WM_STATE_SKIP_TASKBAR", "_NET_WM_STATE_SKIP_PAGER",
	"_NET_WM_STATE_STICKY", "_NET_WM_STATE_HIDDEN", "_NET_WM_USER_TIME", "_NET_WM_DESKTOP", "_MOTIF_WM_HINTS", "_NET_ACTIVE_WINDOW",
}

// NewWindows is the Windows of the display that the program runs on.
func NewWindows(log *slog.Logger) Windows { return newX11Windows("", log) }

func newX11Windows(display string, log *slog.Logger) Windows {
	xgb.Logger.SetOutput(io.Discard) // what fails is logged here
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		log.Info("no small windows above others: the X server cannot be asked", "error", err)
		return NoWindows{}
	}
	x := &x11Windows{log: log, conn: conn, atoms: map[string]xproto.Atom{}, ended: make(chan struct{})}
	x.root = xproto.Setup(conn).DefaultScreen(conn).Root
	asked := make([]xproto.InternAtomCookie, len(x11Atoms))
	for i, name := range x11Atoms {
		asked[i] = xproto.InternAtom(conn, false, uint16(len(name)), name)
	}
	for i, cookie := range asked {
		if reply, err := cookie.Reply(); err == nil {
			x.atoms[x11Atoms[i]] = reply.Atom
		}
	}
	go x.run() // joined by Close
	return x
}

// run reads what the server tells until the connection ends.
func (x *x11Windows) run() {
	defer close(x.ended)
	for {
		event, err := x.conn.WaitForEvent()
		if event == nil && err == nil {
			return
		}
		if p, is := event.(xproto.PropertyNotifyEvent); is && p.Atom == x.atoms["_NET_WM_STATE"] {
			x.look(p.Window)
		}
	}
}

// look finds out whether the watched window is minimised, and tells of changes.
func (x *x11Windows) look(win xproto.Window) {
	minimised := slices.Contains(x.states(win), x.atoms["_NET_WM_STATE_HIDDEN"])
	x.mu.Lock()
	tell := x.tell
	if win != x.watched || minimised == x.last {
		tell = nil
	} else {
		x.last = minimised
	}
	x.mu.Unlock()
	if tell != nil {
		tell(minimised)
	}
}

func (x *x11Windows) states(win xproto.Window) []xproto.Atom {
	reply, err := xproto.GetProperty(x.conn, false, win, x.atoms["_NET_WM_STATE"], xproto.AtomAtom, 0, 64).Reply()
	if err != nil || reply.Format != 32 {
		return nil
	}
	var states []xproto.Atom
	for v := reply.Value; len(v) >= 4; v = v[4:] {
		states = append(states, xproto.Atom(xgb.Get32(v)))
	}
	return states
}

// x11Window is the number of a window; false for one of another system.
func x11Window(native any) (xproto.Window, bool) {
	c, is := native.(driver.X11WindowContext)
	return xproto.Window(c.WindowHandle), is && c.WindowHandle != 0
}

// Follow implements Windows.
func (x *x11Windows) Follow(native any, minimised func(bool)) {
	win, ok := x11Window(native)
	if !ok {
		return
	}
	x.mu.Lock()
	x.watched, x.tell, x.last = win, minimised, false
	x.mu.Unlock()
	err := xproto.ChangeWindowAttributesChecked(x.conn, win, xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check()
	if err != nil {
		x.log.Info("it is not known when the window is minimised", "error", err)
	}
}

// Prepare implements Windows. All is set before the window manager sees the
// window for the first time: later would be too late for the keyboard.
func (x *x11Windows) Prepare(native any, f Float) {
	win, ok := x11Window(native)
	if !ok {
		return
	}
	states := []string{"_NET_WM_STATE_ABOVE", "_NET_WM_STATE_SKIP_TASKBAR", "_NET_WM_STATE_SKIP_PAGER", "_NET_WM_STATE_STICKY"}
	x.setAtoms(win, "_NET_WM_STATE", states...)
	x.setNumbers(win, "_NET_WM_DESKTOP", xproto.AtomCardinal, 0xffffffff) // on all of them
	x.setNumbers(win, "_NET_WM_USER_TIME", xproto.AtomCardinal, 0)        // no keyboard when it comes
	if f.Bare {
		x.setAtoms(win, "_NET_WM_WINDOW_TYPE", "_NET_WM_WINDOW_TYPE_NOTIFICATION", "_NET_WM_WINDOW_TYPE_NORMAL")
		x.setNumbers(win, "_MOTIF_WM_HINTS", x.atoms["_MOTIF_WM_HINTS"], motifDecorations, 0, 0, 0, 0)
		x.refuseInput(win)
	}
	if at, known := f.at(x.pointer()); known {
		x.place(win, at)
	}
}

// motifDecorations says that the third number counts: 0 for no frame.
const motifDecorations = 1 << 1

// refuseInput says that the window never takes the keyboard (ICCCM 4.1.7).
func (x *x11Windows) refuseInput(win xproto.Window) {
	const inputHint, words = 1 << 0, 9
	hints := make([]uint32, words)
	if reply, err := xproto.GetProperty(x.conn, false, win, xproto.AtomWmHints, xproto.AtomWmHints, 0, words).Reply(); err == nil && reply.Format == 32 {
		for i := 0; i < words && len(reply.Value) >= 4*(i+1); i++ {
			hints[i] = xgb.Get32(reply.Value[4*i:])
		}
	}
	hints[0] |= inputHint
	hints[1] = 0
	x.change(win, xproto.AtomWmHints, xproto.AtomWmHints, hints)
}

// place moves the window and says that the place is meant (ICCCM 4.1.2.3).
func (x *x11Windows) place(win xproto.Window, at image.Point) {
	const usPosition, pPosition, words = 1 << 0, 1 << 2, 18
	hints := make([]uint32, words)
	if reply, err := xproto.GetProperty(x.conn, false, win, xproto.AtomWmNormalHints, xproto.AtomWmSizeHints, 0, words).Reply(); err == nil && reply.Format == 32 {
		for i := 0; i < words && len(reply.Value) >= 4*(i+1); i++ {
			hints[i] = xgb.Get32(reply.Value[4*i:])
		}
	}
	hints[0] |= usPosition | pPosition
	hints[1], hints[2] = uint32(at.X), uint32(at.Y)
	x.change(win, xproto.AtomWmNormalHints, xproto.AtomWmSizeHints, hints)
	err := xproto.ConfigureWindowChecked(x.conn, win, xproto.ConfigWindowX|xproto.ConfigWindowY, []uint32{uint32(at.X), uint32(at.Y)}).Check()
	if err != nil {
		x.log.Info("a small window could not be placed", "error", err)
	}
}

// fromUser says that a person asked for it, so that no window manager takes it
// for a program that pushes itself to the front.
const fromUser = 2

// Front implements Windows.
func (x *x11Windows) Front(native any) {
	win, ok := x11Window(native)
	if !ok {
		return
	}
	ask := xproto.ClientMessageEvent{Format: 32, Window: win, Type: x.atoms["_NET_ACTIVE_WINDOW"], Data: xproto.ClientMessageDataUnionData32New([]uint32{fromUser, 0, 0, 0, 0})}
	err := xproto.SendEventChecked(x.conn, false, x.root, xproto.EventMaskSubstructureRedirect|xproto.EventMaskSubstructureNotify, string(ask.Bytes())).Check()
	if err != nil {
		x.log.Info("the window manager was not asked to bring the window to the front", "error", err)
	}
}

// keySpace is the symbol of the space bar (X11/keysymdef.h).
const keySpace = 0x0020

// SpaceHeld implements Windows. Whoever grabs the keyboard, a screen locker say,
// takes the release of a key from all others; the server still knows.
func (x *x11Windows) SpaceHeld() (held, known bool) {
	setup := xproto.Setup(x.conn)
	keys, err := xproto.GetKeyboardMapping(x.conn, setup.MinKeycode, byte(setup.MaxKeycode-setup.MinKeycode+1)).Reply()
	if err != nil {
		return false, false
	}
	down, err := xproto.QueryKeymap(x.conn).Reply()
	if err != nil || len(down.Keys) < 32 {
		return false, false
	}
	per := int(keys.KeysymsPerKeycode)
	for i := 0; per > 0 && i+per <= len(keys.Keysyms); i += per {
		if code := int(setup.MinKeycode) + i/per; keys.Keysyms[i] == keySpace {
			known = true
			held = held || down.Keys[code/8]&(1<<(code%8)) != 0
		}
	}
	return held, known
}

// pointer is where the pointer is.
func (x *x11Windows) pointer() image.Point {
	reply, err := xproto.QueryPointer(x.conn, x.root).Reply()
	if err != nil {
		return image.Point{}
	}
	return image.Pt(int(reply.RootX), int(reply.RootY))
}

func (x *x11Windows) setAtoms(win xproto.Window, property string, names ...string) {
	values := make([]uint32, len(names))
	for i, name := range names {
		values[i] = uint32(x.atoms[name])
	}
	x.change(win, x.atoms[property], xproto.AtomAtom, values)
}

func (x *x11Windows) setNumbers(win xproto.Window, property string, kind xproto.Atom, values ...uint32) {
	x.change(win, x.atoms[property], kind, values)
}

func (x *x11Windows) change(win xproto.Window, property, kind xproto.Atom, values []uint32) {
	var data []byte
	for _, v := range values {
		data = binary.LittleEndian.AppendUint32(data, v) // the connection's order, whatever the machine's
	}
	err := xproto.ChangePropertyChecked(x.conn, xproto.PropModeReplace, win, property, kind, 32, uint32(len(values)), data).Check()
	if err != nil {
		x.log.Info("the window manager could not be told about a small window", "error", err)
	}
}

// Close implements Windows.
func (x *x11Windows) Close() {
	x.once.Do(func() {
		x.conn.Close()
		<-x.ended
	})
}
