package kandy

import (
	"context"
	"net"
	"sync"
	"syscall"
)

// MemNet is a network in memory: one listener, dialled connections with
// buffers, and faults (cut, stall). Everything in it blocks on channels alone,
// so that it works in a testing/synctest bubble.
type MemNet struct {
	accepts chan net.Conn
	closed  chan struct{}

	mu    sync.Mutex
	cut   bool
	flow  chan struct{} // closed while data flows
	conns map[*memConn]struct{}
}

// NewMemNet makes a network without faults.
func NewMemNet() *MemNet {
	n := &MemNet{accepts: make(chan net.Conn), closed: make(chan struct{}), flow: make(chan struct{}), conns: map[*memConn]struct{}{}}
	close(n.flow)
	return n
}

// Dial connects to the listener, whatever the address.
func (n *MemNet) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	n.mu.Lock()
	flow, cut := n.flow, n.cut
	n.mu.Unlock()
	if cut {
		return nil, &net.OpError{Op: "dial", Net: "mem", Err: syscall.ECONNREFUSED}
	}
	select {
	case <-flow:
	case <-n.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	here, there := net.Pipe()
	near, far := n.wrap(here), n.wrap(there)
	select {
	case n.accepts <- far:
		return near, nil
	case <-n.closed:
	case <-ctx.Done():
	}
	near.kill()
	far.kill()
	return nil, &net.OpError{Op: "dial", Net: "mem", Err: syscall.ECONNREFUSED}
}

// Cut resets every connection and refuses new ones until Heal.
func (n *MemNet) Cut() {
	n.mu.Lock()
	n.cut = true
	n.mu.Unlock()
	n.reset()
}

// Reset breaks the connections there are; new ones work.
func (n *MemNet) Reset() { n.reset() }

// Stall lets nothing through, as if a cable were pulled, until Heal. What is
// written meanwhile arrives then, unless its connection was closed.
func (n *MemNet) Stall() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.flow = make(chan struct{})
}

// Heal ends Cut and Stall.
func (n *MemNet) Heal() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut = false
	select {
	case <-n.flow:
	default:
		close(n.flow)
	}
}

func (n *MemNet) reset() {
	n.mu.Lock()
	var all []*memConn
	for c := range n.conns {
		all = append(all, c)
	}
	n.mu.Unlock()
	for _, c := range all {
		c.kill()
	}
}

// Accept is of net.Listener, as are Close and Addr.
func (n *MemNet) Accept() (net.Conn, error) {
	select {
	case c := <-n.accepts:
		return c, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the listener and every connection.
func (n *MemNet) Close() error {
	n.mu.Lock()
	select {
	case <-n.closed:
	default:
		close(n.closed)
	}
	n.mu.Unlock()
	n.reset()
	return nil
}

// Addr is a name only.
func (n *MemNet) Addr() net.Addr { return addr{} }

type addr struct{}

func (addr) Network() string { return "mem" }
func (addr) String() string  { return "127.0.0.1:1" }
