package kandy

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

// iceCache keeps TURN credentials for a few minutes, so that a call need not
// wait for them.
type iceCache struct {
	mu     sync.Mutex
	turn   kandyapi.TurnCredentials
	until  time.Time
	absent bool        // the server has no such service
	asking *turnAsking // the request under way; nil for none
}

// turnAsking is one request, which everybody who wants credentials waits for.
type turnAsking struct {
	done chan struct{} // closed at its end
	turn kandyapi.TurnCredentials
	err  error
	left bool // who asked gave up, so err says nothing of the server
}

// ICEServers implements signaling.Session: the server's, if it names any, and
// the configured ones. A server that gives no credentials is no error.
func (s *Session) ICEServers(ctx context.Context) ([]signaling.ICEServer, error) {
	turn, err := s.turn(ctx)
	if err != nil && ctx.Err() != nil {
		return nil, s.rest.problem(context.Cause(ctx))
	}
	return iceServers(turn, s.cfg.ICEServers), nil
}

// turn gives fresh credentials; failures are logged, since calls go on
// without. Only one request is under way at a time.
func (s *Session) turn(ctx context.Context) (kandyapi.TurnCredentials, error) {
	c := &s.ice
	for {
		c.mu.Lock()
		if c.absent || time.Now().Before(c.until) {
			defer c.mu.Unlock()
			return c.turn, nil
		}
		a := c.asking
		if a == nil {
			a = &turnAsking{done: make(chan struct{})}
			c.asking = a
			c.mu.Unlock()
			s.askTurn(ctx, a)
			return a.turn, a.err
		}
		c.mu.Unlock()
		select {
		case <-a.done:
		case <-ctx.Done():
			return kandyapi.TurnCredentials{}, context.Cause(ctx)
		}
		if !a.left {
			return a.turn, a.err
		}
	}
}

// askTurn makes the request a and keeps what comes of it.
func (s *Session) askTurn(ctx context.Context, a *turnAsking) {
	limited, cancel := context.WithTimeoutCause(ctx, s.cfg.Timers.TURN, errSlow)
	defer cancel()
	in := kandyapi.TurnBody{Credentials: &kandyapi.TurnCredentials{ClientCorrelator: s.cfg.Correlator}}
	var out kandyapi.TurnBody
	a.err = s.call(limited, http.MethodPost, kandyapi.TurnPath(s.id.user), in, &out)
	c := &s.ice
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asking = nil
	defer close(a.done)
	if a.err != nil {
		a.left = ctx.Err() != nil
		if !a.left {
			s.log.Info("no TURN credentials", "err", a.err)
		}
		switch statusOf(a.err) {
		case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
			c.absent = true
		}
		return
	}
	if out.Credentials != nil {
		c.turn = *out.Credentials
	}
	a.turn = c.turn
	c.until = time.Now().Add(s.cfg.Timers.TURNReuse)
	if end, ok := turnExpiry(c.turn.Username); ok && end.Add(-time.Minute).Before(c.until) {
		c.until = end.Add(-time.Minute)
	}
}

// turnExpiry reads the end of time-limited credentials, whose user name is
// "unix-time:user" (draft-uberti-behave-turn-rest-00 §2.2).
func turnExpiry(username string) (time.Time, bool) {
	stamp, _, ok := strings.Cut(username, ":")
	n, err := strconv.ParseInt(stamp, 10, 64)
	if !ok || err != nil || n < 1e9 || n > 1e11 {
		return time.Time{}, false
	}
	return time.Unix(n, 0), true
}

// iceServers joins the server's own addresses, if it sent any, with the
// configured ones. TURN servers without credentials get the server's.
func iceServers(turn kandyapi.TurnCredentials, configured []signaling.ICEServer) []signaling.ICEServer {
	var list []signaling.ICEServer
	add := func(server signaling.ICEServer) {
		urls, relay := iceURLs(server.URLs)
		if len(urls) == 0 {
			return
		}
		server.URLs = urls
		if relay && server.Username == "" {
			server.Username, server.Credential = turn.Username, turn.Password
		}
		if relay && server.Username == "" {
			return // a relay without credentials refuses everybody
		}
		list = append(list, server)
	}
	add(signaling.ICEServer{URLs: turn.URLs})
	for _, server := range configured {
		add(server)
	}
	return list
}

// iceURLs keeps what RFC 7064 and RFC 7065 allow, and tells whether a relay is
// among it.
func iceURLs(urls []string) (valid []string, relay bool) {
	for _, u := range urls[:min(len(urls), 16)] {
		scheme, rest, ok := strings.Cut(u, ":")
		if !ok || rest == "" || len(u) > 300 || strings.ContainsAny(rest, " /\r\n\t@") {
			continue
		}
		switch strings.ToLower(scheme) {
		case "turn", "turns":
			relay = true
		case "stun", "stuns":
		default:
			continue
		}
		valid = append(valid, u)
	}
	return valid, relay
}
