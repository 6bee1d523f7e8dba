//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package switchboard

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
)

// lockFile holds an exclusive lock on path until released; ErrInUse if
// somebody else holds it.
func lockFile(path string) (release func(), err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock file: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrInUse
		}
		return nil, fmt.Errorf("lock file: %w", err)
	}
	return sync.OnceFunc(func() { file.Close() }), nil
}
