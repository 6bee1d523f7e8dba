package uitest

import (
	"testing"
	"time"
)

// Queue stands in for fyne.Do in tests: what is posted waits until the test,
// which plays the main goroutine, drains it.
type Queue struct{ posts chan func() }

// NewQueue is an empty queue.
func NewQueue() *Queue { return &Queue{posts: make(chan func(), 1024)} }

// Do posts f. Any goroutine may call it.
func (q *Queue) Do(f func()) { q.posts <- f }

// Drain runs what waits now and reports how much that was.
func (q *Queue) Drain() int {
	for n := 0; ; n++ {
		select {
		case f := <-q.posts:
			f()
		default:
			return n
		}
	}
}

// Until runs posts as they come until done holds, which may also come about
// without a post: by a goroutine that ends. It fails the test if that takes ten
// seconds.
func (q *Queue) Until(t testing.TB, what string, done func() bool) {
	t.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for !done() {
		select {
		case f := <-q.posts:
			f()
		case <-again.C:
		case <-deadline.C:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
