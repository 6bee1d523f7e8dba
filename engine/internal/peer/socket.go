package peer

import (
	"net"
	"net/netip"
	"time"

	pionnet "github.com/pion/transport/v4"
)

// socket is a UDP socket that is read in bursts. Every packet that is read by
// itself wakes five goroutines one after another, Pion's and ours, which costs
// more than what they do with it. The packets of a picture come close together:
// the second of them waits a millisecond for the rest. Single packets, those of
// sound among them, are handed on at once.
type socket struct {
	pionnet.UDPConn
	udp  *net.UDPConn
	rest rest
}

func newSocket(udp *net.UDPConn) *socket {
	_ = udp.SetReadBuffer(socketBuffer) // a wish; the default works too
	return &socket{UDPConn: udp, udp: udp}
}

// ReadFromAddrPort is how ICE reads, from one goroutine (ice.AddrPortReaderWriter).
func (s *socket) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	n, from, err := s.udp.ReadFromUDPAddrPort(b)
	if err == nil && s.rest.due(time.Now()) {
		time.Sleep(restFor)
		s.rest.ended = time.Now()
	}
	return n, from, err
}

// WriteToAddrPort is how ICE writes.
func (s *socket) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	return s.udp.WriteToUDPAddrPort(b, to)
}

const (
	restFor = time.Millisecond
	// restClose is how close two packets are that belong together. What came
	// during a rest is read without another one.
	restClose = 1500 * time.Microsecond
)

// rest says when to wait for what else comes.
type rest struct {
	last  time.Time // when a packet was read
	ended time.Time // the last rest
}

// due takes a packet that was read now.
func (r *rest) due(now time.Time) bool {
	dense := now.Sub(r.last) < restClose
	r.last = now
	return dense && now.Sub(r.ended) >= restClose
}
