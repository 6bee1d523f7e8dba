package interop

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// middle is a network between the media of two sides, of our making: each
// address that one tells the other is replaced by a door of ours, behind which
// packets go on to the address itself, or are lost. To the far end they come
// from a socket of ours too, as from behind a NAT, so that no way leads round.
//
//	A ──► door of B's address ─ passage for A ──► B
//	A ◄── door of B's address ─ passage for A ◄── B
type middle struct {
	lines [2]*line // to either side

	mu     sync.Mutex
	sides  []string                 // who they are, by their descriptions
	doors  map[netip.AddrPort]*door // by the address behind it
	open   []*net.UDPConn
	closed bool
	wait   sync.WaitGroup

	carried sync.WaitGroup // the lines
}

// door is where one side's address is reached.
type door struct {
	at   *net.UDPConn
	to   netip.AddrPort
	side int // whose address it is
	shut atomic.Bool

	passages map[netip.AddrPort]*net.UDPConn // by who came; of the door's goroutine alone
}

func newMiddle(how conditions) *middle {
	m := &middle{doors: map[netip.AddrPort]*door{}}
	for i := range m.lines {
		m.lines[i] = newLine(how)
		m.carried.Go(m.lines[i].carry)
	}
	return m
}

// sideOf numbers those who speak; m.mu is held. There are two in a call; a
// third one, after a transfer, shares a line.
func (m *middle) sideOf(who string) int {
	i := slices.Index(m.sides, who)
	if i < 0 {
		i = len(m.sides)
		m.sides = append(m.sides, who)
	}
	return min(i, 1)
}

// lead replaces the UDP host candidates of somebody's session description by
// doors, and leaves all others out.
func (m *middle) lead(sdp, who string) string {
	var out []string
	for line := range strings.SplitSeq(sdp, "\r\n") {
		value, found := strings.CutPrefix(line, "a=candidate:")
		if !found {
			out = append(out, line)
			continue
		}
		words := strings.Fields(value) // foundation component transport priority address port typ type …
		if len(words) < 8 || !strings.EqualFold(words[2], "udp") || words[7] != "host" {
			continue
		}
		behind, err := netip.ParseAddrPort(words[4] + ":" + words[5])
		if err != nil || !behind.Addr().Is4() {
			continue // IPv6, or a name of mDNS
		}
		d, err := m.door(behind, who)
		if err != nil {
			continue
		}
		words[4], words[5], _ = strings.Cut(d.at.LocalAddr().String(), ":")
		out = append(out, "a=candidate:"+strings.Join(words, " "))
	}
	return strings.Join(out, "\r\n")
}

func (m *middle) door(behind netip.AddrPort, who string) (*door, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if d := m.doors[behind]; d != nil {
		return d, nil
	}
	at, err := m.listen(behind.Addr())
	if err != nil {
		return nil, err
	}
	d := &door{at: at, to: behind, side: m.sideOf(who), passages: map[netip.AddrPort]*net.UDPConn{}}
	m.doors[behind] = d
	m.wait.Go(func() { m.forth(d) })
	return d, nil
}

// listen opens a socket that close closes; m.mu is held.
func (m *middle) listen(ip netip.Addr) (*net.UDPConn, error) {
	if m.closed {
		return nil, net.ErrClosed
	}
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip, 0)))
	if err == nil {
		_ = conn.SetReadBuffer(1 << 20)
		m.open = append(m.open, conn)
	}
	return conn, err
}

// forth carries what comes to a door to the address behind it.
func (m *middle) forth(d *door) {
	for packet := make([]byte, 2048); ; {
		n, from, err := d.at.ReadFromUDPAddrPort(packet)
		if err != nil {
			return
		}
		passage := d.passages[from]
		if passage == nil {
			m.mu.Lock()
			passage, err = m.listen(d.to.Addr())
			if err == nil {
				m.wait.Go(func() { m.back(d, passage, from) })
			}
			m.mu.Unlock()
			if err != nil {
				return
			}
			d.passages[from] = passage
		}
		m.pass(d, d.side, packet[:n], func(packet []byte) { _, _ = passage.WriteToUDPAddrPort(packet, d.to) })
	}
}

// back carries the replies to the one who came.
func (m *middle) back(d *door, passage *net.UDPConn, to netip.AddrPort) {
	for packet := make([]byte, 2048); ; {
		n, _, err := passage.ReadFromUDPAddrPort(packet)
		if err != nil {
			return
		}
		m.pass(d, 1-d.side, packet[:n], func(packet []byte) { _, _ = d.at.WriteToUDPAddrPort(packet, to) })
	}
}

// pass sends a packet over the line to a side, unless the door is shut.
func (m *middle) pass(d *door, to int, packet []byte, deliver func([]byte)) {
	l := m.lines[to]
	switch {
	case d.shut.Load():
		l.taken.Add(1)
	case l.straight():
		l.send(len(packet), func() { deliver(packet) })
	default:
		kept := bytes.Clone(packet)
		l.send(len(packet), func() { deliver(kept) })
	}
}

// cut shuts all doors for good. Addresses that are told from now on get new
// ones, so only an ICE restart leads out of it.
func (m *middle) cut() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for behind, d := range m.doors {
		d.shut.Store(true)
		delete(m.doors, behind)
	}
}

func (m *middle) String() string {
	passed, taken := int64(0), int64(0)
	for _, l := range m.lines {
		passed, taken = passed+l.passed.Load(), taken+l.taken.Load()
	}
	return fmt.Sprintf("%d of %d packets lost", taken, passed+taken)
}

func (m *middle) close() {
	m.mu.Lock()
	m.closed = true
	for _, conn := range m.open {
		_ = conn.Close()
	}
	m.mu.Unlock()
	m.wait.Wait()
	for _, l := range m.lines { // nobody sends any more
		close(l.waiting)
	}
	m.carried.Wait()
}
