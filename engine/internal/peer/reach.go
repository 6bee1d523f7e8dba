package peer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/pion/stun/v4"
	"github.com/pion/turn/v5"

	"tring/engine"
)

// Way is how a STUN or TURN server is reached.
type Way int

// The ways.
const (
	OverUDP Way = iota
	OverTCP
	OverTLS
	Ways // how many there are
)

var wayWords = [...]string{"UDP", "TCP", "TLS"}

// String is the way's name as people write it.
func (w Way) String() string { return wayWords[w] }

// Reached is what came of asking one server in one way.
type Reached struct {
	Way   Way
	Relay bool          // it is a TURN server, and gave us an address
	Took  time.Duration // until then
	Err   error         // a *engine.Problem; nil if it answered
}

// mostReached bounds how many servers are asked.
const mostReached = 8

// Reach asks all servers at once whether they answer here: STUN servers for our
// address (RFC 8489), TURN servers for one of theirs (RFC 8656), which is given
// back. It ends with ctx.
func Reach(ctx context.Context, servers []ICEServer, log *slog.Logger) []Reached {
	var asks []func() Reached
	for _, server := range servers {
		for _, text := range server.URLs {
			uri, err := stun.ParseURI(text)
			if way, ok := wayTo(uri, err); ok && len(asks) < mostReached {
				asks = append(asks, func() Reached { return reach(ctx, *uri, way, server, log) })
			}
		}
	}
	all := make([]Reached, len(asks))
	var joined sync.WaitGroup
	for i, ask := range asks {
		joined.Go(func() { all[i] = ask() })
	}
	joined.Wait()
	return all
}

// wayTo leaves out what nobody uses: DTLS (RFC 7350).
func wayTo(uri *stun.URI, err error) (Way, bool) {
	switch {
	case err != nil:
		return 0, false
	case uri.Scheme == stun.SchemeTypeSTUNS || uri.Scheme == stun.SchemeTypeTURNS:
		return OverTLS, uri.Proto == stun.ProtoTypeTCP
	case uri.Proto == stun.ProtoTypeTCP:
		return OverTCP, true
	}
	return OverUDP, uri.Proto == stun.ProtoTypeUDP
}

func reach(ctx context.Context, uri stun.URI, way Way, server ICEServer, log *slog.Logger) Reached {
	r := Reached{Way: way, Relay: uri.Scheme == stun.SchemeTypeTURN || uri.Scheme == stun.SchemeTypeTURNS}
	began := time.Now()
	conn, at, err := dialServer(ctx, uri, way)
	if err == nil {
		err = askServer(ctx, conn, at, r.Relay, server, log)
	}
	r.Took = time.Since(began)
	if err != nil {
		r.Err = unreached(ctx, net.JoinHostPort(uri.Host, strconv.Itoa(uri.Port)), way, err)
	}
	return r
}

// dialServer opens the way to a server. at is where the server is.
func dialServer(ctx context.Context, uri stun.URI, way Way) (conn net.PacketConn, at *net.UDPAddr, err error) {
	if way == OverUDP {
		return listenFor(ctx, uri)
	}
	// By turns over both families, as calls do (RFC 8305).
	stream, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(uri.Host, strconv.Itoa(uri.Port)))
	if err != nil {
		return nil, nil, err
	}
	if to, is := stream.RemoteAddr().(*net.TCPAddr); is {
		at = &net.UDPAddr{IP: to.IP, Port: to.Port, Zone: to.Zone}
	}
	if way == OverTLS {
		secure := tls.Client(stream, &tls.Config{ServerName: uri.Host, MinVersion: tls.VersionTLS12})
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = stream.Close()
			return nil, nil, err
		}
		stream = secure
	}
	return turn.NewSTUNConn(stream), at, nil
}

// listenFor opens a socket towards a server; at is one of its addresses, of the
// older family if it has that: it is the one that gets through everywhere.
func listenFor(ctx context.Context, uri stun.URI) (conn net.PacketConn, at *net.UDPAddr, err error) {
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", uri.Host)
	if err != nil {
		return nil, nil, err
	}
	if len(ips) == 0 {
		return nil, nil, &net.DNSError{Err: "no address", Name: uri.Host, IsNotFound: true}
	}
	ip, network := ips[0].Unmap(), "udp6"
	for _, other := range ips {
		if other = other.Unmap(); other.Is4() {
			ip, network = other, "udp4"
			break
		}
	}
	conn, err = new(net.ListenConfig).ListenPacket(ctx, network, ":0")
	return conn, net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip, uint16(uri.Port))), err //nolint:gosec // ParseURI holds it to 16 bits
}

// askServer sends the request and closes conn.
func askServer(ctx context.Context, conn net.PacketConn, at *net.UDPAddr, relay bool, server ICEServer, log *slog.Logger) error {
	client, err := turn.NewClient(&turn.ClientConfig{
		STUNServerAddr: at.String(), TURNServerAddr: at.String(), Username: server.Username, Password: server.Credential,
		Conn: conn, LoggerFactory: pionLog{log},
	})
	if err != nil {
		_ = conn.Close()
		return err
	}
	var reading sync.WaitGroup
	reading.Go(func() {
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				client.Close() // nobody else ends what waits for an answer
				return
			}
			_, _ = client.HandleInbound(buffer[:n], from) // what is no answer is left out
		}
	})
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer func() {
		stop()
		_ = conn.Close()
		reading.Wait()
	}()
	if !relay {
		_, err = client.SendBindingRequestTo(at)
		return err
	}
	relayed, err := client.Allocate()
	if err == nil {
		_ = relayed.Close() // gives the address back
	}
	return err
}

// unreached says why a server did not answer.
func unreached(ctx context.Context, host string, way Way, err error) error {
	const askServer = "Ask whoever runs the server."
	p := &engine.Problem{Cause: fmt.Sprintf("%s does not answer over %s.", host, way), Next: "Ask whoever runs the network to let it through.", Err: err}
	var dns *net.DNSError
	var refused *stun.TurnError
	var certificate *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(err, &refused):
		p.Cause, p.Next = fmt.Sprintf("The relay %s refuses us (%d).", host, int(refused.ErrorCodeAttr.Code)), askServer
	case ctx.Err() != nil:
	case errors.As(err, &dns):
		p.Cause, p.Next = fmt.Sprintf("There is no server named %s.", host), askServer
	case errors.As(err, &certificate), errors.As(err, &unknown):
		p.Cause, p.Next = fmt.Sprintf("The certificate of %s cannot be trusted.", host), askServer
	}
	return p
}
