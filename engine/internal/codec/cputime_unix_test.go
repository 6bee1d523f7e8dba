//go:build unix

package codec

import (
	"syscall"
	"time"
)

// cpuTime is the processor time of all threads of this process: libvpx works on
// its own, and other programs on the machine do not show in it.
func cpuTime() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		return 0
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
