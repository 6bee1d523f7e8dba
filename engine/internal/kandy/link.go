package kandy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"tring/engine"
	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

// link keeps the way of notifications open: a channel on the server, the
// subscription tied to it, and the websocket that carries it.
type link struct {
	session   *Session
	timers    Timers
	log       *slog.Logger
	upgrade   *http.Client  // makes websockets; the token goes into the query
	lifetimes chan lifetime // of a new channel, for prolong; holds the newest
	doubts    chan struct{} // a request got no answer: is the websocket alive?
	hurries   chan struct{} // a person wants the next try now

	mu           sync.Mutex
	channel      channel
	subscription string // path; "" without
}

// channel is a notification channel, with paths on the endpoint.
type channel struct {
	path        string // "" without a channel
	socketPath  string
	callback    string
	serverPings bool
	lifetime    time.Duration
}

// open makes a new channel with websocket and subscription. Whatever channel
// this device had is replaced by the server.
func (l *link) open(ctx context.Context) (*socket, error) {
	c, err := l.create(ctx)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.channel, l.subscription = c, ""
	l.mu.Unlock()
	k, err := l.dial(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := l.subscribe(ctx, c); err != nil {
		k.drop()
		return nil, err
	}
	select { // replace what prolong has not read yet
	case <-l.lifetimes:
	default:
	}
	l.lifetimes <- lifetime{c.path, c.lifetime}
	return k, nil
}

// reopen takes up the old channel again, with its queue of notifications, and
// makes a new one if the server no longer knows it.
func (l *link) reopen(ctx context.Context) (*socket, error) {
	l.mu.Lock()
	c, subscribed := l.channel, l.subscription != ""
	l.mu.Unlock()
	if c.path == "" || !subscribed {
		return l.open(ctx)
	}
	token := l.session.keeper.token()
	k, err := l.dial(ctx, c)
	if statusOf(err) == http.StatusUnauthorized {
		// An expired token says nothing about the channel.
		if err := l.session.keeper.renew(ctx, token); err != nil {
			return nil, err
		}
		k, err = l.dial(ctx, c)
	}
	switch statusOf(err) {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		return l.open(ctx)
	}
	return k, err
}

func (l *link) create(ctx context.Context) (channel, error) {
	s := l.session
	in := kandyapi.ChannelBody{NotificationChannel: &kandyapi.Channel{
		ChannelLifetime:  int64(l.timers.ChannelLifetime / time.Second),
		ChannelType:      kandyapi.ChannelTypeRequest,
		ClientCorrelator: s.cfg.Correlator,
		ConnCheckRole:    kandyapi.RoleClient,
	}}
	var out kandyapi.ChannelBody
	if err := s.call(ctx, http.MethodPost, kandyapi.ChannelsPath(s.id.user), in, &out); err != nil {
		return channel{}, err
	}
	return parseChannel(s.rest.end, out, l.timers.ChannelLifetime)
}

// parseChannel checks the answer to a new channel.
func parseChannel(end endpoint, body kandyapi.ChannelBody, asked time.Duration) (channel, error) {
	n := body.NotificationChannel
	if n == nil || n.ChannelData == nil || n.CallbackURL == "" || len(n.CallbackURL) > 2048 {
		return channel{}, &answerError{err: errors.New("channel without addresses")}
	}
	if n.ChannelType != "" && !strings.EqualFold(n.ChannelType, kandyapi.ChannelTypeAnswer) {
		return channel{}, &answerError{err: fmt.Errorf("channel of type %q", clip(n.ChannelType, 40))}
	}
	c := channel{callback: n.CallbackURL, serverPings: n.ConnCheckRole == kandyapi.RoleServer, lifetime: asked}
	var err error
	if c.path, err = end.resource(n.ResourceURL); err != nil {
		return channel{}, &answerError{err: err}
	}
	if c.socketPath, err = end.resource(n.ChannelData.ChannelURL); err != nil {
		return channel{}, &answerError{err: err}
	}
	if n.ChannelLifetime > 0 {
		c.lifetime = lifeOf(n.ChannelLifetime)
	}
	return c, nil
}

// dial opens the channel's websocket and sends the first connCheck, which the
// server may be waiting for.
func (l *link) dial(parent context.Context, c channel) (*socket, error) {
	s := l.session
	parent, release := s.bound(parent)
	defer release()
	ctx, cancel := context.WithTimeoutCause(parent, l.timers.Request, errSlow)
	defer cancel()
	conn, resp, err := websocket.Dial( //nolint:bodyclose // Dial closes it: "You never need to close resp.Body yourself"
		withQueryToken(ctx, s.keeper.token()), s.rest.end.url(c.socketPath), &websocket.DialOptions{
			HTTPClient: l.upgrade, HTTPHeader: baseHeader(), CompressionMode: websocket.CompressionDisabled,
		})
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return nil, transportError(ctx, err)
	case resp != nil && resp.StatusCode != http.StatusSwitchingProtocols:
		var body []byte
		if resp.Body != nil {
			body, _ = io.ReadAll(resp.Body) // 1 kB at most, already read
		}
		return nil, newStatusError(resp, body)
	default:
		return nil, transportError(ctx, err)
	}
	conn.SetReadLimit(maxBody)
	k := &socket{conn: conn, doubts: l.doubts, serverPings: c.serverPings, timers: l.timers, log: l.log, notify: s.notify, now: time.Now}
	if !c.serverPings {
		if err := k.check(ctx); err != nil {
			k.drop()
			return nil, err
		}
	}
	return k, nil
}

func (l *link) subscribe(ctx context.Context, c channel) error {
	s := l.session
	in := kandyapi.SubscriptionBody{Subscription: &kandyapi.Subscription{
		CallbackReference: &kandyapi.CallbackReference{NotifyURL: c.callback},
		ClientCorrelator:  s.cfg.Correlator,
	}}
	var out kandyapi.SubscriptionBody
	if err := s.call(ctx, http.MethodPost, kandyapi.SubscriptionsPath(s.id.user), in, &out); err != nil {
		return err
	}
	if out.Subscription == nil {
		return &answerError{err: errors.New("no subscription in the answer")}
	}
	path, err := s.rest.end.resource(out.Subscription.ResourceURL)
	if err != nil {
		return &answerError{err: err}
	}
	l.mu.Lock()
	l.subscription = path
	l.mu.Unlock()
	return nil
}

// unsubscribe gives subscription and channel back, as far as ctx allows.
func (l *link) unsubscribe(ctx context.Context) {
	l.mu.Lock()
	paths := []string{l.subscription, l.channel.path}
	l.subscription, l.channel = "", channel{}
	l.mu.Unlock()
	for _, path := range paths {
		if path == "" || ctx.Err() != nil {
			continue
		}
		r := l.session.rest
		if err := r.do(ctx, request{method: http.MethodDelete, path: path, token: l.session.keeper.token()}, nil); err != nil {
			l.log.Info("signing out was not told to the server", "err", err)
			return
		}
	}
}

// run carries notifications until ctx ends, and reconnects whenever the
// socket is lost. It returns early if only a new sign-in helps.
func (l *link) run(ctx context.Context, k *socket) {
	for attempt := 0; k != nil; {
		opened := time.Now()
		err := k.run(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(opened) >= l.timers.Stable {
			attempt = 0
		}
		l.log.Info("notification channel lost", "err", err)
		if websocket.CloseStatus(err) == websocket.StatusNormalClosure {
			// The server's way of saying that the channel itself is gone.
			l.mu.Lock()
			l.channel, l.subscription = channel{}, ""
			l.mu.Unlock()
		}
		// Kept-alive connections went the same way, most likely.
		l.session.transport.CloseIdleConnections()
		k = l.reconnect(ctx, err, &attempt)
	}
}

// reconnect tries until it works (nil: ctx ended, or the sign-in is refused).
func (l *link) reconnect(ctx context.Context, lost error, attempt *int) *socket {
	for {
		wait := max(backoff(l.timers, *attempt), askedDelay(lost))
		*attempt++
		if wait > 0 {
			l.lost(lost, time.Now().Add(wait))
		}
		if !l.rest(ctx, wait) || l.session.isRefused() {
			return nil
		}
		l.lost(lost, time.Time{})
		k, err := l.reopen(ctx)
		switch {
		case err == nil && l.session.isRefused():
			k.drop()
			return nil
		case err == nil:
			l.session.tell(signaling.RegistrationChanged{State: engine.Registered, Subscribed: []string{kandyapi.ServiceCall}})
			l.log.Info("notification channel open again")
			return k
		case ctx.Err() != nil:
			return nil
		}
		l.log.Info("reconnecting failed", "attempt", *attempt, "err", err)
		lost = err
	}
}

func (l *link) lost(err error, retryAt time.Time) {
	p := l.session.rest.problem(err)
	l.session.tell(signaling.RegistrationChanged{State: engine.Reconnecting, RetryAt: retryAt, Reason: clip(p.Cause, 200), Problem: p})
}

// rest is sleep that ends early when somebody is in a hurry.
func (l *link) rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-l.hurries:
	}
	return ctx.Err() == nil
}

// sleep reports whether ctx lives on after d.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}
