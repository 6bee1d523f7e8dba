package desktop

import (
	"image"
	"log/slog"
	"sync"
	"time"
	"unsafe"

	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

var (
	user32        = windows.NewLazySystemDLL("user32.dll")
	setWindowPos  = user32.NewProc("SetWindowPos")
	getWindowLong = user32.NewProc("GetWindowLongW")
	setWindowLong = user32.NewProc("SetWindowLongW")
	getCursorPos  = user32.NewProc("GetCursorPos")
	isIconic      = user32.NewProc("IsIconic")

	getAsyncKeyState = user32.NewProc("GetAsyncKeyState")
)

// From winuser.h.
const (
	gwlExStyle     = -20
	wsExToolWindow = 0x00000080 // not in the task bar
	wsExNoActivate = 0x08000000 // a click does not give it the keyboard
	swpNoSize      = 0x0001
	swpNoActivate  = 0x0010
	hwndTopmost    = ^uintptr(0) // -1
)

// minimisedEvery is how often it is asked whether a window is minimised.
const minimisedEvery = 300 * time.Millisecond

// win32Windows asks user32.
type win32Windows struct {
	once  sync.Once
	over  chan struct{}
	asker sync.WaitGroup
}

// NewWindows is the Windows of the system.
func NewWindows(*slog.Logger) Windows { return &win32Windows{over: make(chan struct{})} }

func hwnd(native any) (uintptr, bool) {
	c, is := native.(driver.WindowsWindowContext)
	return c.HWND, is && c.HWND != 0
}

// Prepare implements Windows. The frame stays: Fyne counts on it.
func (*win32Windows) Prepare(native any, f Float) {
	win, ok := hwnd(native)
	if !ok {
		return
	}
	style, extra := int32(gwlExStyle), uintptr(wsExToolWindow)
	if f.Bare {
		extra |= wsExNoActivate
	}
	old, _, _ := getWindowLong.Call(win, uintptr(style))
	_, _, _ = setWindowLong.Call(win, uintptr(style), old|extra)
	var pointer struct{ x, y int32 }
	_, _, _ = getCursorPos.Call(uintptr(unsafe.Pointer(&pointer)))
	if at, known := f.at(image.Pt(int(pointer.x), int(pointer.y))); known {
		_, _, _ = setWindowPos.Call(win, hwndTopmost, uintptr(at.X), uintptr(at.Y), 0, 0, swpNoSize|swpNoActivate)
	}
}

// Follow implements Windows.
func (w *win32Windows) Follow(native any, minimised func(bool)) {
	win, ok := hwnd(native)
	if !ok {
		return
	}
	w.asker.Go(func() { // joined by Close
		ticker := time.NewTicker(minimisedEvery)
		defer ticker.Stop()
		last := false
		for {
			select {
			case <-w.over:
				return
			case <-ticker.C:
			}
			iconic, _, _ := isIconic.Call(win)
			if now := iconic != 0; now != last {
				last = now
				minimised(now)
			}
		}
	})
}

// Front implements Windows. Fyne did all that can be done.
func (*win32Windows) Front(any) {}

// SpaceHeld implements Windows.
func (*win32Windows) SpaceHeld() (held, known bool) {
	const vkSpace = 0x20
	state, _, _ := getAsyncKeyState.Call(vkSpace)
	return state&0x8000 != 0, true
}

// Close implements Windows.
func (w *win32Windows) Close() {
	w.once.Do(func() {
		close(w.over)
		w.asker.Wait()
	})
}
