package kandy

import (
	"net"
	"sync"
)

// memConn is one end of a connection. A goroutine carries what was written to the
// other end, so that Write does not wait for a reader, as with TCP.
type memConn struct {
	net.Conn // the pipe
	network  *MemNet

	once   sync.Once
	closed chan struct{}

	mu      sync.Mutex
	pending []byte
	wake    chan struct{}
}

func (n *MemNet) wrap(pipe net.Conn) *memConn {
	c := &memConn{Conn: pipe, network: n, closed: make(chan struct{}), wake: make(chan struct{}, 1)}
	n.mu.Lock()
	n.conns[c] = struct{}{}
	n.mu.Unlock()
	go c.carry() // ends with the connection; see Close and kill
	return c
}

// Write never waits.
func (c *memConn) Write(b []byte) (int, error) {
	select {
	case <-c.closed:
		return 0, net.ErrClosed
	default:
	}
	c.mu.Lock()
	c.pending = append(c.pending, b...)
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
	return len(b), nil
}

// Read reads what has been carried.
func (c *memConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	select {
	case <-c.closed:
		return n, net.ErrClosed
	default:
		return n, err
	}
}

// Close sends what is pending, as a FIN would come after it, unless the
// network stalls.
func (c *memConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return nil
}

// kill closes both ways at once.
func (c *memConn) kill() {
	_ = c.Conn.Close()
	_ = c.Close()
}

func (c *memConn) carry() {
	defer func() {
		_ = c.Conn.Close()
		c.network.mu.Lock()
		delete(c.network.conns, c)
		c.network.mu.Unlock()
	}()
	for {
		last := false
		select {
		case <-c.wake:
		case <-c.closed:
			last = true
		}
		c.network.mu.Lock()
		flow := c.network.flow
		c.network.mu.Unlock()
		select {
		case <-flow:
		case <-c.closed:
			select {
			case <-flow:
			default:
				return // lost in the stall
			}
		}
		c.mu.Lock()
		b := c.pending
		c.pending = nil
		c.mu.Unlock()
		if len(b) > 0 {
			if _, err := c.Conn.Write(b); err != nil {
				return
			}
		}
		if last {
			return
		}
	}
}
