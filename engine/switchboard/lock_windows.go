package switchboard

import (
	"errors"
	"fmt"
	"sync"
	"syscall"
)

const errorSharingViolation = syscall.Errno(32)

// lockFile holds path open without sharing it until released; ErrInUse if
// somebody else does.
func lockFile(path string) (release func(), err error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	handle, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, errorSharingViolation) {
		return nil, ErrInUse
	}
	if err != nil {
		return nil, fmt.Errorf("lock file: %w", err)
	}
	return sync.OnceFunc(func() { syscall.CloseHandle(handle) }), nil
}
