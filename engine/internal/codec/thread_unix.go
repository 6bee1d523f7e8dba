//go:build unix

package codec

/*
#cgo LDFLAGS: -lpthread
#cgo noescape tring_thread_post
#cgo nocallback tring_thread_post
#include "thread.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"unsafe"
)

// thread is one outside Go's scheduler, on which libvpx works. While a goroutine
// is in a call into C, the scheduler's watchdog looks every 20 µs whether it has
// come back, for as long as there is nothing else to do: coding two times 30
// pictures a second that was a ninth of all processor time of a call. A goroutine
// that waits for a pipe costs nothing.
//
// For one goroutine at a time; close once.
type thread struct {
	c          *C.tring_thread
	done, tell *os.File // ends of a pipe: a byte for each job done
	buf        [1]byte
	pins       runtime.Pinner
}

func newThread() (*thread, error) {
	done, tell, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("codec: make a thread: %w", err)
	}
	c := C.tring_thread_new(C.int(tell.Fd())) // it blocks from now on, which it will never have to
	if c == nil {
		_, _ = done.Close(), tell.Close()
		return nil, errors.New("codec: make a thread: the system has none left")
	}
	return &thread{c: c, done: done, tell: tell}, nil
}

// pin keeps what p points to where it is until the next job is done.
func (t *thread) pin(p *byte) { t.pins.Pin(p) }

// do runs job(arg), both of C, and waits until it is done. All Go memory that
// arg points to is pinned.
func (t *thread) do(job, arg unsafe.Pointer) {
	defer t.pins.Unpin()
	C.tring_thread_post(t.c, C.tring_job(job), arg)
	for {
		if n, err := t.done.Read(t.buf[:]); n == 1 {
			return
		} else if err != nil {
			// Cannot be while both ends are open; the job may still be running.
			panic(fmt.Sprintf("codec: wait for a thread: %v", err))
		}
	}
}

// close ends the thread and waits for it.
func (t *thread) close() {
	t.pins.Unpin() // of a job that was not given
	C.tring_thread_free(t.c)
	_, _ = t.done.Close(), t.tell.Close()
}
