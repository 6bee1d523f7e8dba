package switchboard

import (
	"log/slog"
	"time"
)

// Config is what a Server is given. Only Store is required.
type Config struct {
	Store    Store
	ClientID string             // the client_id that log-ins must name; "tring" if empty
	Domain   string             // domain of contacts and of addresses dialled without one; "example.com" if empty
	Contacts map[string]Contact // in-process callees by the local part of their address, e.g. "echo"
	Log      *slog.Logger       // nil discards
	Timers   Timers
	TURN     TURN

	passwords argonCost // cheaper in tests; zero = defaultCost
}

// Timers are the server's patience. Zero values mean the defaults.
type Timers struct {
	NoAnswer      time.Duration // a call rings this long; 60 s
	Settle        time.Duration // silence to a leg after a reply to it; 250 ms, negative for none
	Exchange      time.Duration // an offer inside a call waits this long for its answer; 30 s
	Audit         time.Duration // an established leg without a request for this long is dead; 90 s
	Away          time.Duration // and this long while its device has no socket: the way to it is lost, but hardly the call; 5 min
	Channel       time.Duration // lifetime of a channel that asks for none; 1 h
	ChannelLinger time.Duration // a channel without a socket lives this long; 2 min
	Ping          time.Duration // keep-alive on an open socket; 30 s
	AccessToken   time.Duration // 8 h
	RefreshToken  time.Duration // 30 days
	KeyRotation   time.Duration // age at which a signing key is succeeded by a new one; 24 h
	TURN          time.Duration // validity of TURN credentials; 24 h
}

func (t Timers) withDefaults() Timers {
	for _, d := range []struct {
		value    *time.Duration
		standard time.Duration
	}{
		{&t.NoAnswer, time.Minute},
		{&t.Settle, 250 * time.Millisecond},
		{&t.Exchange, 30 * time.Second},
		{&t.Audit, 90 * time.Second},
		{&t.Away, 5 * time.Minute},
		{&t.Channel, time.Hour},
		{&t.ChannelLinger, 2 * time.Minute},
		{&t.Ping, 30 * time.Second},
		{&t.AccessToken, 8 * time.Hour},
		{&t.RefreshToken, 30 * 24 * time.Hour},
		{&t.KeyRotation, 24 * time.Hour},
		{&t.TURN, 24 * time.Hour},
	} {
		if *d.value == 0 {
			*d.value = d.standard
		}
	}
	t.Settle = max(t.Settle, 0)
	return t
}

// Limits against clients that ask for too much.
const (
	maxSDP         = 256 << 10               // bytes of one session description
	maxBody        = 2*maxSDP + maxSmallBody // of a body that holds one; escapes at most double it
	maxSmallBody   = 16 << 10                // of all others
	maxCorrelator  = 256
	maxDevices     = 16  // of one user
	maxLegs        = 16  // live sessions of one device
	maxQueue       = 200 // notifications that wait for a device, and …
	maxQueueBytes  = 2 << 20
	maxForwards    = 5 // of one call
	maxChannelLife = 24 * time.Hour
	minChannelLife = time.Minute
	maxSocketRead  = 4 << 10 // clients send only connCheck and connAck
)
