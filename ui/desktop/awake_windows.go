package desktop

import (
	"log/slog"
	"runtime"
	"sync"

	"golang.org/x/sys/windows"
)

var setThreadExecutionState = windows.NewLazySystemDLL("kernel32.dll").NewProc("SetThreadExecutionState")

// From winbase.h.
const (
	esContinuous      = 0x80000000
	esSystemRequired  = 0x00000001
	esDisplayRequired = 0x00000002
)

// win32Awake holds a thread of its own: what it asks for holds for as long as the
// thread lives.
type win32Awake struct {
	mu     sync.Mutex
	wishes chan bool // nil before the first wish and after Close
	closed bool
	asker  sync.WaitGroup
}

// NewAwake is the Awake of the system.
func NewAwake(*slog.Logger) Awake { return &win32Awake{} }

// Keep implements Awake.
func (a *win32Awake) Keep(on bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || a.wishes == nil && !on {
		return
	}
	if a.wishes == nil {
		wishes := make(chan bool)
		a.wishes = wishes
		a.asker.Go(func() { hold(wishes) }) // joined by Close
	}
	a.wishes <- on
}

func hold(wishes <-chan bool) {
	runtime.LockOSThread() // and never unlocked: the thread ends with this
	for on := range wishes {
		state := uintptr(esContinuous)
		if on {
			state |= esSystemRequired | esDisplayRequired
		}
		_, _, _ = setThreadExecutionState.Call(state)
	}
}

// Close implements Awake.
func (a *win32Awake) Close() {
	a.mu.Lock()
	if !a.closed && a.wishes != nil {
		close(a.wishes)
	}
	a.closed = true
	a.mu.Unlock()
	a.asker.Wait()
}
