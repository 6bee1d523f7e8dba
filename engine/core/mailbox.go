package core

import "sync"

// mailbox is an unbounded queue of closures for one reader. Posting never
// blocks, whoever posts.
type mailbox struct {
	mu     sync.Mutex
	queue  []func()
	closed bool
	signal chan struct{} // holds one: something is queued
}

func newMailbox() *mailbox { return &mailbox{signal: make(chan struct{}, 1)} }

// post queues f, and reports false if the mailbox is closed.
func (m *mailbox) post(f func()) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	m.queue = append(m.queue, f)
	select {
	case m.signal <- struct{}{}:
	default:
	}
	return true
}

// take empties the queue.
func (m *mailbox) take() []func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	q := m.queue
	m.queue = nil
	return q
}

// close refuses everything from now on and gives back what is still queued.
func (m *mailbox) close() []func() {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	return m.take()
}
