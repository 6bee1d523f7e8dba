package peer

import (
	"net"
	"testing"
	"time"

	"github.com/pion/ice/v4"
)

var _ ice.AddrPortReaderWriter = (*socket)(nil) // else each packet makes garbage

// Of packets that come close together the second one waits for the others; what
// came meanwhile, and what comes alone, does not wait.
func TestSocketRestsWithinBursts(t *testing.T) {
	var r rest
	start := time.Unix(1000, 0)
	at := func(ms float64) time.Time { return start.Add(time.Duration(ms * float64(time.Millisecond))) }
	for _, step := range []struct {
		ms   float64
		rest bool
	}{
		{0, false},   // sound
		{20, false},  // sound
		{33, false},  // a picture begins
		{33.4, true}, // and goes on: rest until 34.4
		{34.5, false},
		{34.5, false},
		{34.6, false},
		{36, true}, // a long one
		{37.1, false},
		{40, false}, // sound again
		{66, false},
		{72.4, false},
		{78, false}, // a slow path: nothing to wait for
	} {
		if got := r.due(at(step.ms)); got != step.rest {
			t.Errorf("at %v ms: rests %v", step.ms, got)
		}
		if step.rest {
			r.ended = at(step.ms + 1)
		}
	}
}

func TestSocketCarriesPackets(t *testing.T) {
	n, err := newNetwork()
	if err != nil {
		t.Fatal(err)
	}
	var ends [2]*socket
	for i := range ends {
		conn, err := n.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		ends[i] = conn.(*socket)
	}
	to := ends[1].udp.LocalAddr().(*net.UDPAddr).AddrPort()
	for i := range byte(9) {
		if _, err := ends[0].WriteToAddrPort([]byte{i}, to); err != nil {
			t.Fatal(err)
		}
	}
	b := make([]byte, 10)
	for i := range byte(9) {
		size, from, err := ends[1].ReadFromAddrPort(b)
		if err != nil || size != 1 || b[0] != i || from.Port() != ends[0].udp.LocalAddr().(*net.UDPAddr).AddrPort().Port() {
			t.Fatalf("packet %d: %d bytes, %v, from %v: %v", i, size, b[0], from, err)
		}
	}
	_ = ends[1].Close()
	if _, _, err := ends[1].ReadFromAddrPort(b); err == nil {
		t.Error("a closed socket reads")
	}
}

// golang.org/x/net, by which mDNS joins its group, works on this type alone.
func TestMulticastSocketIsPlain(t *testing.T) {
	n, err := newNetwork()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := n.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(224, 0, 0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, ok := conn.(*net.UDPConn); !ok {
		t.Errorf("mDNS gets a %T", conn)
	}
}
