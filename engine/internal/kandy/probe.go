package kandy

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"

	"tring/engine"
	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

var _ signaling.Prober = (*Backend)(nil)

// Probe implements signaling.Prober: a token request that asks for nothing. Any
// server of the protocol refuses it in the form of RFC 6749 §5.2.
func (b *Backend) Probe(ctx context.Context, account engine.Account) (signaling.Reach, error) {
	end, problem := parseEndpoint(account.Server)
	if problem != nil {
		return signaling.Reach{}, problem
	}
	transport, problem := newTransport(b.cfg, account.CAFile)
	if problem != nil {
		return signaling.Reach{}, problem
	}
	transport.DisableKeepAlives = true
	defer transport.CloseIdleConnections()
	r := &rest{end: end, http: newHTTPClient(transport), timeout: b.cfg.Timers.Request, log: b.cfg.Log}
	w := &stopwatch{began: time.Now()}
	form := url.Values{"client_id": {account.ClientID}}
	err := r.do(w.trace(ctx), request{method: http.MethodPost, path: kandyapi.TokenPath, form: form}, new(struct{}))
	return w.reach(), probed(r, err)
}

// probed is what the refusal means.
func probed(r *rest, err error) error {
	var status *statusError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &status) && status.code != "" && status.status/100 == 4 && status.status != http.StatusTooManyRequests:
		return nil // it speaks the protocol
	}
	return r.problem(err)
}

// stopwatch takes the times of one request. The attempts on several addresses of
// a host overlap: what counts is the one that went on.
type stopwatch struct {
	began time.Time

	mu      sync.Mutex
	dialled map[string]time.Time // begin of each attempt
	took    signaling.Reach
	sent    time.Time
	shaking time.Time
}

func (w *stopwatch) trace(ctx context.Context) context.Context {
	w.dialled = map[string]time.Time{}
	note := func(f func(now time.Time)) {
		now := time.Now()
		w.mu.Lock()
		defer w.mu.Unlock()
		f(now)
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSDone: func(info httptrace.DNSDoneInfo) {
			note(func(now time.Time) {
				if info.Err == nil {
					w.took.LookUp = now.Sub(w.began)
				}
			})
		},
		ConnectStart: func(_, address string) { note(func(now time.Time) { w.dialled[address] = now }) },
		ConnectDone: func(_, address string, err error) {
			note(func(now time.Time) {
				if err == nil && w.took.Connect == 0 {
					w.took.Connect = now.Sub(w.dialled[address])
				}
			})
		},
		TLSHandshakeStart: func() { note(func(now time.Time) { w.shaking = now }) },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			note(func(now time.Time) {
				if err == nil {
					w.took.TLS = now.Sub(w.shaking)
				}
			})
		},
		WroteRequest:         func(httptrace.WroteRequestInfo) { note(func(now time.Time) { w.sent = now }) },
		GotFirstResponseByte: func() { note(func(now time.Time) { w.took.Answer = now.Sub(w.sent) }) },
	})
}

func (w *stopwatch) reach() signaling.Reach {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.took
}
