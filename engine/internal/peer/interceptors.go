package peer

import (
	"sync"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
)

// worker is the goroutine of an interceptor: begun when there is somebody to
// write to, joined by close.
type worker struct {
	wake chan struct{} // there is something to do
	done chan struct{} // closed at the end

	mu     sync.Mutex
	closed bool
	wg     sync.WaitGroup
}

func newWorker() worker {
	return worker{wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// start begins run, unless it is over already. run returns when done closes.
func (w *worker) start(run func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.wg.Go(run)
	}
}

// rouse wakes it; a worker that is awake looks once more.
func (w *worker) rouse() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// close ends it and waits. It can be called more than once.
func (w *worker) close() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.done)
	}
	w.mu.Unlock()
	w.wg.Wait()
}

// overhear lets heard see the RTCP that a reader gives.
func overhear(reader interceptor.RTCPReader, heard func([]rtcp.Packet)) interceptor.RTCPReader {
	return interceptor.RTCPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
		n, a, err := reader.Read(b, a)
		if err != nil || n <= 0 {
			return n, a, err
		}
		if a == nil {
			a = make(interceptor.Attributes)
		}
		if packets, err := a.GetRTCPPackets(b[:n]); err == nil {
			heard(packets)
		}
		return n, a, nil
	})
}
