//go:build !windows

package instance

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// maxSocketPath is what fits into sockaddr_un everywhere: macOS takes 104 bytes.
const maxSocketPath = 100

// lock holds the file until unlock, or until the program ends in whatever way.
func lock(name string) (unlock func(), err error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errHeld
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return sync.OnceFunc(func() { _ = f.Close() }), nil
}

// listen opens the socket. What was made of the address is given with an error,
// too. Whoever holds the lock owns its name, so that one
// left behind by a dead program is replaced.
func listen(dir string) (net.Listener, *address, error) {
	a := &address{Network: "unix"}
	if a.Address = socketName(dir); a.Address == "" {
		made, err := os.MkdirTemp("", "tring-")
		if err != nil {
			return nil, nil, err
		}
		a.dir, a.Address = made, filepath.Join(made, "tring.sock")
	}
	if err := os.Remove(a.Address); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, a, err
	}
	l, err := net.Listen("unix", a.Address)
	if err != nil {
		return nil, a, err
	}
	// The sticky bit keeps it from being tidied away:
	// https://specifications.freedesktop.org/basedir-spec/latest/
	if err := os.Chmod(a.Address, 0o600|os.ModeSticky); err != nil {
		_ = l.Close()
		return nil, a, err
	}
	return l, a, nil
}

// socketName is a name of the configuration directory's own in the user's runtime
// directory, or in the directory itself; "" if both are too long.
func socketName(dir string) string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	sum := sha256.Sum256([]byte(dir))
	names := []string{filepath.Join(dir, "instance.sock")}
	if runtime := os.Getenv("XDG_RUNTIME_DIR"); private(runtime) {
		names = append([]string{filepath.Join(runtime, "tring-"+hex.EncodeToString(sum[:8])+".sock")}, names...)
	}
	for _, name := range names {
		if len(name) <= maxSocketPath {
			return name
		}
	}
	return ""
}

// private reports whether the directory is ours alone.
func private(dir string) bool {
	if !filepath.IsAbs(dir) {
		return false
	}
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() || info.Mode().Perm()&0o077 != 0 {
		return false
	}
	owner, is := info.Sys().(*syscall.Stat_t)
	return is && int(owner.Uid) == os.Getuid()
}

// checkPeer refuses to talk to other users' programs.
func checkPeer(conn net.Conn) error {
	c, is := conn.(*net.UnixConn)
	if !is {
		return errors.New("this is no Unix socket")
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	uid, asked := -1, error(nil)
	if err := raw.Control(func(fd uintptr) { uid, asked = peerUID(int(fd)) }); err != nil {
		return err
	}
	if asked != nil {
		return asked
	}
	if uid != os.Getuid() {
		return fmt.Errorf("the other program belongs to user %d", uid)
	}
	return nil
}

// allowFront is for systems where a program needs leave to take the keyboard.
func allowFront() {}
