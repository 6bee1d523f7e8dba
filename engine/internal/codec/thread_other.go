//go:build !unix

package codec

/*
typedef void (*tring_job)(void *);

static void tring_thread_do(tring_job job, void *arg) { job(arg); }
*/
import "C"

import (
	"runtime"
	"unsafe"
)

// thread runs its jobs in the caller's: pipes can't be waited for here without a
// thread of Go's. See thread_unix.go.
type thread struct{ pins runtime.Pinner }

func newThread() (*thread, error) { return &thread{}, nil }

func (t *thread) pin(p *byte) { t.pins.Pin(p) }

func (t *thread) do(job, arg unsafe.Pointer) {
	defer t.pins.Unpin()
	C.tring_thread_do(C.tring_job(job), arg)
}

func (t *thread) close() { t.pins.Unpin() } // of a job that was not given
