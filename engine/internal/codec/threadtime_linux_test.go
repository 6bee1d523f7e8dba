package codec

import (
	"syscall"
	"time"
)

// threadTime is the processor time of the calling thread: other programs on the
// machine do not show in it.
func threadTime() time.Duration {
	const thisThread = 1 // RUSAGE_THREAD, which package syscall leaves out
	var use syscall.Rusage
	if err := syscall.Getrusage(thisThread, &use); err != nil {
		return 0
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
