package kandy

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/coder/websocket"

	"tring/engine"
	"tring/engine/internal/kandyapi"
)

// errSilent: the far end of the websocket no longer shows signs of life.
var errSilent = &engine.Problem{
	Cause: "The server no longer answers.",
	Next:  "The connection is made again by itself.",
	Err:   errors.Join(engine.ErrServerUnreachable, errors.New("keep-alive missed")),
}

// socket is one websocket and its keep-alive. In the client role it sends
// connChecks and wants connAcks; in the server role it is the other way round.
// A connCheck is answered in both.
type socket struct {
	conn        *websocket.Conn
	doubts      <-chan struct{} // something makes the socket doubtful: ask at once
	serverPings bool
	timers      Timers
	log         *slog.Logger
	notify      func(m kandyapi.Message, size int) // must not block
	now         func() time.Time                   // wall clock
}

// sign is something heard from the server.
type sign struct {
	ack      bool
	interval time.Duration // of a connCheck; 0 otherwise
}

// run reads until the socket is lost or ctx ends, and says why.
func (k *socket) run(parent context.Context) error {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	signs, failed := make(chan sign), make(chan error, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		failed <- k.read(ctx, signs)
	}()
	err := k.keepAlive(ctx, signs, failed)
	cancel()
	k.drop()
	<-done
	return err
}

// drop closes without a handshake: the far end is gone, or about to be told by
// the channel's DELETE.
func (k *socket) drop() { _ = k.conn.CloseNow() }

func (k *socket) read(ctx context.Context, signs chan<- sign) error {
	for {
		_, data, err := k.conn.Read(ctx)
		if err != nil {
			return err
		}
		m, err := decodeMessage(data)
		if err != nil {
			k.log.Debug("message ignored", "bytes", len(data), "err", err)
		}
		heard := sign{ack: m.ConnAck != nil}
		switch {
		case err != nil, heard.ack:
		case m.ConnCheck != nil:
			heard.interval = time.Duration(max(1, min(m.ConnCheck.Interval, 600))) * time.Second
			if err := k.send(ctx, kandyapi.Message{ConnAck: &kandyapi.ConnAck{}}); err != nil {
				return err
			}
		default:
			k.notify(m, len(data))
		}
		select {
		case signs <- heard:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// keepAlive returns when the socket failed or fell silent.
func (k *socket) keepAlive(ctx context.Context, signs <-chan sign, failed <-chan error) error {
	missed := 1 // the first connCheck went out when the socket was opened
	limit := k.timers.PongWait
	if k.serverPings {
		limit = k.timers.ServerPing
	}
	timer, wake := time.NewTimer(limit), time.NewTicker(k.timers.WakeTick)
	defer timer.Stop()
	defer wake.Stop()
	wall := k.now()
	for {
		select {
		case err := <-failed:
			return err
		case s := <-signs:
			missed = 0
			switch {
			case k.serverPings:
				if s.interval > 0 {
					limit = time.Duration(k.timers.MaxMissed) * s.interval
				}
				timer.Reset(limit)
			case s.ack:
				timer.Reset(k.timers.Ping)
			}
		case <-k.doubts:
			if !k.serverPings && missed == 0 {
				timer.Reset(0)
			}
		case <-wake.C:
			// Timers stand still while the computer sleeps; the wall clock does
			// not. After a jump the socket is likely dead: ask at once.
			last := wall
			wall = k.now()
			if !k.serverPings && wall.Round(0).Sub(last.Round(0)) > k.timers.WakeTick+k.timers.PongWait {
				timer.Reset(0)
			}
		case <-timer.C:
			if k.serverPings || missed >= k.timers.MaxMissed {
				return errSilent
			}
			missed++
			if err := k.check(ctx); err != nil {
				return err
			}
			timer.Reset(k.timers.PongWait)
		}
	}
}

// check sends a connCheck.
func (k *socket) check(ctx context.Context) error {
	return k.send(ctx, kandyapi.Message{ConnCheck: &kandyapi.ConnCheck{Interval: max(1, int(k.timers.Ping/time.Second))}})
}

func (k *socket) send(ctx context.Context, m kandyapi.Message) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, k.timers.Request, errSlow)
	defer cancel()
	return k.conn.Write(ctx, websocket.MessageText, data)
}

// decodeMessage reads one text frame. Exactly one known key must be there;
// others are ignored.
func decodeMessage(data []byte) (kandyapi.Message, error) {
	var m kandyapi.Message
	if err := json.Unmarshal(data, &m); err != nil {
		return kandyapi.Message{}, errors.New("not a JSON object of the known form")
	}
	known := 0
	for _, set := range []bool{m.ConnCheck != nil, m.ConnAck != nil, m.Invitation != nil, m.Acceptance != nil, m.Event != nil, m.Offer != nil, m.Answer != nil} {
		if set {
			known++
		}
	}
	if known != 1 {
		return kandyapi.Message{}, errors.New("not exactly one known key")
	}
	return m, nil
}
