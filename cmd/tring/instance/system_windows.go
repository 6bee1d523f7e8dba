package instance

import (
	"errors"
	"net"
	"sync"

	"golang.org/x/sys/windows"
)

// lock holds the file open without sharing it, until unlock or until the program
// ends in whatever way.
func lock(name string) (unlock func(), err error) {
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	handle, err := windows.CreateFile(path, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil,
		windows.OPEN_ALWAYS, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
		return nil, errHeld
	}
	if err != nil {
		return nil, err
	}
	return sync.OnceFunc(func() { _ = windows.CloseHandle(handle) }), nil
}

// listen opens a port of this machine.
func listen(string) (net.Listener, *address, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	return l, &address{Network: "tcp", Address: l.Addr().String()}, nil
}

// checkPeer leaves it to the token, which only the user can read.
func checkPeer(net.Conn) error { return nil }

var allowSetForeground = windows.NewLazySystemDLL("user32.dll").NewProc("AllowSetForegroundWindow")

// allowFront gives the keyboard away: Windows lets no program in the background
// take it, unless the one that the user just started says so.
func allowFront() {
	const anybody = ^uintptr(0) // ASFW_ANY
	_, _, _ = allowSetForeground.Call(anybody)
}
