package kandy

import (
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/internal/kandyapi"
)

// TestProbe: which answers are those of a server that speaks the protocol, and
// what is said of others.
func TestProbe(t *testing.T) {
	answer := func(status int, contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != kandyapi.TokenPath || r.PostFormValue("password") != "" {
				t.Errorf("asked %s with %v", r.URL.Path, r.PostForm)
			}
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	for name, tt := range map[string]struct {
		handler  http.HandlerFunc
		sentinel error
		words    string
	}{
		"refused grant":  {handler: answer(400, "application/json", `{"error":"unsupported_grant_type"}`)},
		"unknown client": {handler: answer(401, "application/json", `{"error":"invalid_client"}`)},
		"web page":       {answer(200, "text/html", "<html>"), engine.ErrServerNotKandy, "answers with a web page"},
		"not found":      {answer(404, "text/html", "<html>"), engine.ErrServerNotKandy, "does not look like a Kandy server"},
		"fault":          {answer(502, "text/html", "<html>"), engine.ErrServerFailed, "has a fault of its own (502)"},
		"too many":       {answer(429, "application/json", `{"error":"slow_down"}`), engine.ErrServerFailed, "too many requests"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(tt.handler)
			defer server.Close()
			reach, err := New(Config{}).Probe(t.Context(), engine.Account{Server: server.URL, ClientID: "tring"})
			if reach.Connect <= 0 || reach.Answer <= 0 || reach.TLS != 0 {
				t.Errorf("reached by %+v", reach)
			}
			if tt.sentinel == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wants(t, asProblem(t, err), tt.sentinel, tt.words)
		})
	}
}

func TestProbeOverTLS(t *testing.T) {
	authority := newAuthority(t)
	trusted := x509.NewCertPool()
	trusted.AddCert(authority.cert)
	now := time.Now()
	server := tlsServer(t, authority.issue(t, "127.0.0.1", now.Add(-time.Hour), now.Add(time.Hour)))
	reach, err := New(Config{RootCAs: trusted}).Probe(t.Context(), engine.Account{Server: server.URL})
	wants(t, asProblem(t, err), engine.ErrServerNotKandy, "does not look like") // it has nothing at all
	if reach.TLS <= 0 {
		t.Errorf("reached by %+v", reach)
	}
	reach, err = New(Config{RootCAs: x509.NewCertPool()}).Probe(t.Context(), engine.Account{Server: server.URL})
	wants(t, asProblem(t, err), engine.ErrCertificateUnknown, "Nobody known vouches")
	if reach.Connect <= 0 || reach.TLS != 0 {
		t.Errorf("reached by %+v", reach)
	}
}

func TestProbeOfNothing(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	_, err := New(Config{}).Probe(t.Context(), engine.Account{Server: server.URL})
	wants(t, asProblem(t, err), engine.ErrServerUnreachable, "Nothing answers at")
	_, err = New(Config{}).Probe(t.Context(), engine.Account{Server: strings.Replace(server.URL, "127.0.0.1", "192.0.2.1", 1)})
	wants(t, asProblem(t, err), engine.ErrBadAddress, "Without encryption")
}

func asProblem(t *testing.T, err error) *engine.Problem {
	t.Helper()
	var p *engine.Problem
	if !errors.As(err, &p) {
		t.Fatalf("no problem but %v", err)
	}
	return p
}
