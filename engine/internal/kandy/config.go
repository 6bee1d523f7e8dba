package kandy

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net"
	"time"

	"tring/engine/internal/signaling"
)

// Config is what a Backend needs besides an account.
type Config struct {
	// Correlator is the clientCorrelator: it names this device among the user's
	// devices. Keep it the same for one installation, or the server takes every
	// start for a new device. Empty makes one up.
	Correlator string

	Log *slog.Logger // nil discards

	// ICEServers come on top of the server's own. TURN servers without
	// credentials get the server's.
	ICEServers []signaling.ICEServer

	Timers Timers // zero fields take their defaults

	// Dial makes the connections to the server; nil for the network. Tests put
	// in-memory connections here.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// RootCAs replaces the system's trusted roots; nil for the system's.
	RootCAs *x509.CertPool
}

// Timers are all the intervals of a session.
type Timers struct {
	Request time.Duration // limit of one REST request or websocket handshake

	Ping       time.Duration // between connChecks while they are answered
	PongWait   time.Duration // until an unanswered connCheck is repeated
	MaxMissed  int           // unanswered connChecks that make a lost connection
	ServerPing time.Duration // limit for the first connCheck of a server that sends them
	WakeTick   time.Duration // how often the wall clock is looked at for a jump (sleep)

	RetryFirst time.Duration // second attempt to reconnect; the first is at once. It doubles
	RetryMax   time.Duration
	Stable     time.Duration // a connection this old starts again with the first attempt

	ChannelLifetime time.Duration // asked for and renewed at half
	Audit           time.Duration // told to the owner as Capabilities.AuditEvery

	EarlyHold   time.Duration // for notifications about legs not known yet
	InviteGrace time.Duration // between the return of Invite and the leg's first event

	TURN      time.Duration // limit of a request for TURN credentials
	TURNReuse time.Duration // credentials this young are given out again
}

func (t Timers) withDefaults() Timers {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	def(&t.Request, 10*time.Second)
	def(&t.Ping, 30*time.Second)
	def(&t.PongWait, 10*time.Second)
	if t.MaxMissed <= 0 {
		t.MaxMissed = 3
	}
	def(&t.ServerPing, 120*time.Second)
	def(&t.WakeTick, 5*time.Second)
	def(&t.RetryFirst, time.Second)
	def(&t.RetryMax, 30*time.Second)
	def(&t.Stable, 60*time.Second)
	def(&t.ChannelLifetime, time.Hour)
	def(&t.Audit, 25*time.Second)
	def(&t.EarlyHold, 5*time.Second)
	def(&t.InviteGrace, 20*time.Millisecond)
	def(&t.TURN, 4*time.Second)
	def(&t.TURNReuse, 5*time.Minute)
	return t
}
