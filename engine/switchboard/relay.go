package switchboard

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"
)

// Relay is a TURN server (RFC 8656) run in the switchboard's process. It
// relays UDP for users that hold credentials of this switchboard.
type Relay struct {
	Listen   string     // UDP and TCP address, e.g. "0.0.0.0:3478"
	PublicIP netip.Addr // at which clients and peers reach this machine
	MinPort  uint16     // of relayed addresses; 0 for any port
	MaxPort  uint16
	// PrivatePeers allows relaying to loopback, private and link-local addresses.
	// Off, nobody reaches into the server's own network through the relay.
	PrivatePeers bool
	// MaxAllocations of one user at a time; 0 means 16.
	MaxAllocations int
}

// relay is a running Relay.
type relay struct {
	server *turn.Server
	urls   []string

	secret string
	limit  int
	mu     sync.Mutex
	held   map[string]int // allocations by user id
}

func startRelay(config Relay, realm, secret string, log *slog.Logger) (*relay, error) {
	if !config.PublicIP.IsValid() {
		return nil, errors.New("TURN relay: the public IP address is missing")
	}
	udp, err := net.ListenPacket("udp", config.Listen)
	if err != nil {
		return nil, fmt.Errorf("TURN relay: %w", err)
	}
	tcp, err := net.Listen("tcp", udp.LocalAddr().String())
	if err != nil {
		udp.Close()
		return nil, fmt.Errorf("TURN relay: %w", err)
	}
	r := &relay{secret: secret, limit: config.MaxAllocations, held: map[string]int{}}
	if r.limit <= 0 {
		r.limit = 16
	}
	addresses, permit := config.addresses(), config.permit
	r.server, err = turn.NewServer(turn.ServerConfig{
		Realm: realm, AuthHandler: r.authenticate, QuotaHandler: r.admit,
		EventHandler: turn.EventHandler{OnAllocationCreated: r.created, OnAllocationDeleted: r.deleted},
		PacketConnConfigs: []turn.PacketConnConfig{
			{PacketConn: udp, RelayAddressGenerator: addresses, PermissionHandler: permit},
		},
		ListenerConfigs: []turn.ListenerConfig{
			{Listener: tcp, RelayAddressGenerator: addresses, PermissionHandler: permit},
		},
		LoggerFactory: quietLogs{log},
	})
	if err != nil {
		udp.Close()
		tcp.Close()
		return nil, fmt.Errorf("TURN relay: %w", err)
	}
	at := netip.AddrPortFrom(config.PublicIP, uint16(udp.LocalAddr().(*net.UDPAddr).Port)).String()
	r.urls = []string{"turn:" + at + "?transport=udp", "turn:" + at + "?transport=tcp"}
	return r, nil
}

func (c Relay) addresses() turn.RelayAddressGenerator {
	ip := net.IP(c.PublicIP.AsSlice())
	bind := "0.0.0.0"
	if c.PublicIP.Is6() && !c.PublicIP.Is4In6() {
		bind = "::"
	}
	if c.MinPort == 0 || c.MaxPort < c.MinPort {
		return &turn.RelayAddressGeneratorStatic{RelayAddress: ip, Address: bind}
	}
	return &turn.RelayAddressGeneratorPortRange{RelayAddress: ip, Address: bind, MinPort: c.MinPort, MaxPort: c.MaxPort}
}

// permit decides whether data may be relayed to a peer.
func (c Relay) permit(_ net.Addr, peer net.IP) bool {
	ip, ok := netip.AddrFromSlice(peer)
	if !ok {
		return false
	}
	ip = ip.Unmap()
	if ip.IsUnspecified() || ip.IsMulticast() || ip == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return false
	}
	inside := ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || sharedSpace.Contains(ip)
	return c.PrivatePeers || !inside
}

// sharedSpace is behind carrier-grade NAT, RFC 6598.
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// authenticate checks a name made by turnCredentials, "EXPIRY:USER".
func (r *relay) authenticate(request *turn.RequestAttributes) (user string, key []byte, ok bool) {
	expiry, user, _ := strings.Cut(request.Username, ":")
	until, err := strconv.ParseInt(expiry, 10, 64)
	if err != nil || user == "" || until < time.Now().Unix() {
		return "", nil, false
	}
	return user, turn.GenerateAuthKey(request.Username, request.Realm, turnPassword(r.secret, request.Username)), true
}

// admit, created and deleted keep each user to a number of allocations.
func (r *relay) admit(user, _ string, _ net.Addr) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.held[user] < r.limit
}

func (r *relay) created(_, _ net.Addr, _, user, _ string, _ net.Addr, _ int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held[user]++
}

func (r *relay) deleted(_, _ net.Addr, _, user, _ string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held[user]--; r.held[user] <= 0 {
		delete(r.held, user)
	}
}

func (r *relay) close() { r.server.Close() }

// quietLogs hands the relay's log to ours. What a stranger can cause at will
// is of no more than debug interest.
type quietLogs struct{ log *slog.Logger }

func (q quietLogs) NewLogger(scope string) logging.LeveledLogger {
	return quietLog{q.log.With("scope", scope)}
}

type quietLog struct{ log *slog.Logger }

func (quietLog) Trace(string)          {}
func (quietLog) Tracef(string, ...any) {}
func (q quietLog) Debug(m string)      { q.log.Debug(m) }
func (q quietLog) Info(m string)       { q.log.Debug(m) }
func (q quietLog) Warn(m string)       { q.log.Debug(m) }
func (q quietLog) Error(m string)      { q.log.Debug(m) }

func (q quietLog) Debugf(format string, args ...any) { q.log.Debug(fmt.Sprintf(format, args...)) }
func (q quietLog) Infof(format string, args ...any)  { q.log.Debug(fmt.Sprintf(format, args...)) }
func (q quietLog) Warnf(format string, args ...any)  { q.log.Debug(fmt.Sprintf(format, args...)) }
func (q quietLog) Errorf(format string, args ...any) { q.log.Debug(fmt.Sprintf(format, args...)) }
