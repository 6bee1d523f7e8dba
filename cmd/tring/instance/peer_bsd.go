//go:build darwin || freebsd

package instance

import "golang.org/x/sys/unix"

// peerUID is the user of the program at the other end.
func peerUID(fd int) (int, error) {
	c, err := unix.GetsockoptXucred(fd, unix.SOL_LOCAL, unix.LOCAL_PEERCRED)
	if err != nil {
		return -1, err
	}
	return int(c.Uid), nil
}
