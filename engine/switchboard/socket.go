package switchboard

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"tring/engine/internal/kandyapi"
)

// Close codes. Clients take 1000 as final and reopen the same URL after any
// other (RFC 6455 §7.4).
const (
	closeGone     = websocket.StatusNormalClosure
	closeRestart  = websocket.StatusServiceRestart
	closeReplaced = websocket.StatusCode(4001) // the client opened another
	closeSilent   = websocket.StatusCode(4002) // no pong; it will hardly arrive
)

const (
	socketWriteLimit = 10 * time.Second
	socketPongLimit  = 15 * time.Second
	socketCloseLimit = time.Second // for the closing handshake
)

// socket is one open websocket of a device.
//
//	device queue → write → client          connCheck, connAck ← read
//	                 └ number of the last → confirm: ping, pong → queue shrinks
type socket struct {
	conn    *websocket.Conn
	wake    chan struct{} // capacity 1: there is something to write
	sent    chan struct{} // capacity 1: something was written
	written atomic.Uint64 // number of the last notification written
	acks    atomic.Int32  // connChecks to be answered

	life   context.Context // ends everything at once
	kill   context.CancelFunc
	ending chan struct{} // closed by stop
	once   sync.Once
	code   websocket.StatusCode // valid once ending is closed
	reason string
}

func newSocket(conn *websocket.Conn) *socket {
	life, kill := context.WithCancel(context.Background())
	return &socket{
		conn: conn, wake: make(chan struct{}, 1), sent: make(chan struct{}, 1),
		life: life, kill: kill, ending: make(chan struct{}),
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (k *socket) poke() { signal(k.wake) }

// stop has the socket closed with a code, and cut if that takes long. It does
// not wait and may be called any number of times.
func (k *socket) stop(code websocket.StatusCode, reason string) {
	k.once.Do(func() {
		k.code, k.reason = code, reason
		close(k.ending)
		time.AfterFunc(socketCloseLimit, k.kill)
	})
}

// openSocket is GET …/channels/{id}/websocket?access_token=…: it becomes the
// device's one socket and stays until either side closes it.
func (s *Server) openSocket(w http.ResponseWriter, r *http.Request) {
	user, err := s.authenticate(r, r.URL.Query().Get("access_token"))
	if err == nil && user.ID != r.PathValue("user") {
		err = errForeign()
	}
	if err == nil {
		err = s.hasChannel(r.PathValue("id"), user.ID)
	}
	if err != nil {
		s.writeError(w, r, err)
		return
	}
	// Pages of any origin may connect: the token admits them.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // Accept has answered
	}
	conn.SetReadLimit(maxSocketRead)
	k := newSocket(conn)
	defer k.kill()
	d, refusal := s.attach(r.PathValue("id"), k)
	if d == nil {
		conn.Close(refusal, "channel is gone")
		return
	}
	defer s.sockets.Done()
	s.runSocket(d, k)
}

func (s *Server) hasChannel(id, user string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.channels[id]; d == nil || d.User.ID != user {
		return refuse(http.StatusNotFound, msgUnknown, "There is no channel %1", id)
	}
	return nil
}

// attach makes k the socket of its channel; the caller then owes
// s.sockets.Done. Without a device it returns the code to close with.
func (s *Server) attach(id string, k *socket) (*device, websocket.StatusCode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, closeRestart
	}
	d := s.channels[id]
	if d == nil {
		return nil, closeGone
	}
	s.sockets.Add(1)
	if d.socket != nil {
		d.socket.stop(closeReplaced, "opened again")
	}
	d.socket = k
	for _, l := range s.legs {
		if l.key() == d.key() {
			l.seen = time.Now() // it is back, and will say at its next audit which calls it is in
		}
	}
	d.rewind()
	d.poke()
	return d, 0
}

// runSocket works until the socket is closed.
func (s *Server) runSocket(d *device, k *socket) {
	var workers sync.WaitGroup
	workers.Go(func() { s.writeSocket(d, k) })
	workers.Go(func() { s.confirmSocket(d, k) })
	s.readSocket(k)
	k.stop(closeGone, "")
	k.kill()
	workers.Wait()

	s.mu.Lock()
	defer s.mu.Unlock()
	if d.socket == k {
		d.socket = nil
		d.Expires = time.Now().Add(s.config.Timers.ChannelLinger)
		s.touch(bucketChannels, d.ID)
	}
}

// readSocket takes the client's keep-alives; anything else is ignored.
func (s *Server) readSocket(k *socket) {
	for {
		kind, data, err := k.conn.Read(k.life)
		if err != nil {
			return
		}
		var message struct {
			ConnCheck *kandyapi.ConnCheck `json:"connCheck"`
		}
		if kind == websocket.MessageText && json.Unmarshal(data, &message) == nil && message.ConnCheck != nil {
			k.acks.Store(1) // one answer to several is enough
			k.poke()
		}
	}
}

// writeSocket sends what is queued, and closes the socket at the end.
func (s *Server) writeSocket(d *device, k *socket) {
	ping := time.NewTicker(s.config.Timers.Ping)
	defer ping.Stop()
	ask := d.Role == kandyapi.RoleServer
	for {
		if !s.writeBatch(d, k, ask) {
			k.kill()
			return
		}
		ask = false
		select {
		case <-k.wake:
		case <-ping.C:
			ask = d.Role == kandyapi.RoleServer
		case <-k.ending:
			k.conn.Close(k.code, k.reason)
			return
		}
	}
}

// writeBatch sends what there is to send; false if the socket is broken.
func (s *Server) writeBatch(d *device, k *socket, ask bool) bool {
	var out [][]byte
	if ask {
		out = append(out, connCheck(s.config.Timers.Ping))
	}
	if k.acks.Swap(0) > 0 {
		out = append(out, []byte(`{"connAck":{}}`))
	}
	batch, last := s.takeUnsent(d, k)
	for _, data := range append(out, batch...) {
		ctx, cancel := context.WithTimeout(k.life, socketWriteLimit)
		err := k.conn.Write(ctx, websocket.MessageText, data)
		cancel()
		if err != nil {
			return false
		}
	}
	if len(batch) > 0 {
		k.written.Store(last)
		signal(k.sent)
	}
	return true
}

func (s *Server) takeUnsent(d *device, k *socket) (batch [][]byte, last uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.socket != k {
		return nil, 0
	}
	return d.unsent()
}

// confirmSocket asks by a websocket ping whether what was written has arrived:
// the pong comes after it in order (RFC 6455 §5.5.3). Browsers answer by
// themselves. It also finds sockets whose other end is gone.
func (s *Server) confirmSocket(d *device, k *socket) {
	idle := time.NewTicker(s.config.Timers.Ping)
	defer idle.Stop()
	for {
		select {
		case <-k.sent:
		case <-idle.C:
		case <-k.ending:
			return
		}
		last := k.written.Load()
		ctx, cancel := context.WithTimeout(k.life, socketPongLimit)
		err := k.conn.Ping(ctx)
		cancel()
		if err != nil {
			k.stop(closeSilent, "no pong")
			return
		}
		s.mu.Lock()
		if d.socket == k {
			d.confirm(last)
		}
		s.mu.Unlock()
	}
}

func connCheck(every time.Duration) []byte {
	data, _ := encode(kandyapi.Message{ConnCheck: &kandyapi.ConnCheck{Interval: int(every / time.Second)}})
	return data
}
