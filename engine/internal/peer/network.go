package peer

import (
	"net"

	pionnet "github.com/pion/transport/v4"
	"github.com/pion/transport/v4/stdnet"
)

// socketBuffer holds about three seconds of 2.5 Mbit/s, so that a burst (a key
// frame, a busy processor) is not lost in the kernel. The kernel may grant
// less.
const socketBuffer = 1 << 20

// network is the machine's network as ICE sees it: interfaces as they are now,
// not as they were when the call began (an ICE restart follows a change of
// network), and sockets with room.
type network struct{ *stdnet.Net }

func newNetwork() (network, error) {
	n, err := stdnet.NewNet()
	return network{n}, err
}

// Interfaces lists the interfaces there are now.
func (n network) Interfaces() ([]*pionnet.Interface, error) {
	now, err := stdnet.NewNet()
	if err != nil {
		return n.Net.Interfaces()
	}
	return now.Interfaces()
}

// ListenUDP opens a socket with a large receive buffer that is read in bursts.
// One for mDNS stays as it is: only a *net.UDPConn can join its group, and the
// names in a browser's candidates are found with it.
func (n network) ListenUDP(name string, address *net.UDPAddr) (pionnet.UDPConn, error) {
	conn, err := n.Net.ListenUDP(name, address)
	if address != nil && address.IP.IsMulticast() {
		return conn, err
	}
	if udp, ok := conn.(*net.UDPConn); ok && err == nil {
		return newSocket(udp), nil
	}
	return conn, err
}

// ListenPacket opens a socket with a large receive buffer, for a relay.
func (n network) ListenPacket(name, address string) (net.PacketConn, error) {
	conn, err := n.Net.ListenPacket(name, address)
	if udp, ok := conn.(*net.UDPConn); ok && err == nil {
		_ = udp.SetReadBuffer(socketBuffer)
	}
	return conn, err
}
