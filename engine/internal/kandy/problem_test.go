package kandy

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine"
)

// signInError signs in to a server and wants it to fail as a Problem.
func signInError(t *testing.T, cfg Config, account engine.Account) *engine.Problem {
	t.Helper()
	s, err := New(cfg).SignIn(t.Context(), account, engine.Secret{Password: testPassword})
	if err == nil {
		s.Close(context.Background())
		t.Fatal("SignIn worked")
	}
	var p *engine.Problem
	if !errors.As(err, &p) {
		t.Fatalf("%T: %v", err, err)
	}
	if p.Cause == "" || strings.Contains(p.Cause+p.Next, testPassword) || !strings.HasSuffix(p.Cause, ".") {
		t.Errorf("poor sentence: %q", p.Cause)
	}
	return p
}

func wants(t *testing.T, p *engine.Problem, sentinel error, words string) {
	t.Helper()
	if !errors.Is(p, sentinel) || !strings.Contains(p.Error(), words) {
		t.Errorf("got %q (%v), want %v with %q", p.Error(), p.Err, sentinel, words)
	}
}

func TestProblemsOfAnswers(t *testing.T) {
	type answer = http.HandlerFunc
	text := func(status int, media, body string) answer {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", media)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	const js, html = "application/json", "text/html"
	for name, c := range map[string]struct {
		answer   answer
		sentinel error
		words    string
	}{
		"wrong password, 401":  {text(401, js, `{"error":"invalid_grant","error_description":"Invalid user credentials"}`), engine.ErrWrongPassword, "alice@example.com is wrong (“Invalid user credentials”)."},
		"wrong password, 400":  {text(400, js, `{"error":"invalid_grant"}`), engine.ErrWrongPassword, "Check both and sign in again."},
		"bare 401":             {text(401, js, ``), engine.ErrWrongPassword, "is wrong"},
		"unknown client":       {text(401, js, `{"error":"unauthorized_client"}`), engine.ErrWrongClient, "client id “PUB-tring”"},
		"invalid client":       {text(400, js, `{"error":"invalid_client","error_description":"no such client"}`), engine.ErrWrongClient, "no such client"},
		"web page":             {text(200, html, `<!doctype html><h1>Welcome`), engine.ErrServerNotKandy, "web page"},
		"web page, no type":    {text(200, "text/plain", "  <html>"), engine.ErrServerNotKandy, "web page"},
		"404":                  {text(404, js, ``), engine.ErrServerNotKandy, "does not look like a Kandy server"},
		"404 page":             {text(404, html, `<h1>Not found`), engine.ErrServerNotKandy, "does not look like a Kandy server"},
		"405":                  {text(405, js, ``), engine.ErrServerNotKandy, "does not look like"},
		"500":                  {text(500, js, ``), engine.ErrServerFailed, "fault of its own (500)"},
		"503 page":             {text(503, html, `<h1>Down`), engine.ErrServerFailed, "fault of its own (503)"},
		"empty":                {text(200, js, ``), engine.ErrServerFailed, "empty answer"},
		"truncated":            {text(200, js, `{"access_token":"eyJ`), engine.ErrServerFailed, "cut short"},
		"not JSON":             {text(200, js, `hello`), engine.ErrServerNotKandy, "cannot be understood"},
		"JSON of another kind": {text(200, js, `{"jsonrpc":"2.0"}`), engine.ErrServerNotKandy, "cannot be understood"},
		"endless":              {text(200, js, strings.Repeat("[", 2<<20)), engine.ErrServerNotKandy, "cannot be understood"},
		"no id token":          {text(200, js, `{"access_token":"a"}`), engine.ErrServerNotKandy, "does not say who signed in"},
		"plain text to TLS":    {text(400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n"), engine.ErrServerNotKandy, "https://"},
		"nginx, plain to TLS":  {text(400, html, "<title>400 The plain HTTP request was sent to HTTPS port</title>"), engine.ErrServerNotKandy, "https://"},
		"hostile words":        {text(401, js, `{"error":"invalid_grant","error_description":"a\u202eb\u0000`+strings.Repeat("x", 5000)+`"}`), engine.ErrWrongPassword, "is wrong (“a b"},
		"echo of the password": {text(401, js, `{"error":"invalid_grant","error_description":"`+testPassword+`?"}`), engine.ErrWrongPassword, "is wrong"},
		"too many": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(429)
		}, engine.ErrServerFailed, "Try again in 1m30s."},
		"redirect": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://evil.example.net/cpaas/auth/v1/token")
			w.WriteHeader(307)
		}, engine.ErrServerNotKandy, "If you trust evil.example.net"},
		"cut in the body": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "{")
		}, engine.ErrServerFailed, "cut short"},
		"closed": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, engine.ErrServerUnreachable, "closed the connection"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFakeServer(t)
				f.on("POST /cpaas/auth/v1/token", c.answer)
				p := signInError(t, f.config(), f.account())
				wants(t, p, c.sentinel, c.words)
				if len(p.Cause) > 500 {
					t.Errorf("%d bytes", len(p.Cause))
				}
			})
		})
	}
}

// What fails after the token is told as well, and leaves nothing behind.
func TestProblemsOfLaterSteps(t *testing.T) {
	for path, c := range map[string]struct {
		body     string
		sentinel error
		words    string
	}{
		"POST /cpaas/notificationchannel/v1/u-12/channels":               {`{"notificationChannel":{}}`, engine.ErrServerNotKandy, "cannot be understood"},
		"GET /cpaas/notificationchannel/v1/u-12/channels/ws-1/websocket": {`{}`, engine.ErrServerUnreachable, "cannot be reached"},
		"POST /cpaas/webrtcsignaling/v1/u-12/subscriptions":              {`{}`, engine.ErrServerNotKandy, "cannot be understood"},
	} {
		t.Run(path, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFakeServer(t)
				f.on(path, func(w http.ResponseWriter, _ *http.Request) {
					refuse(w, 403, "POL0001", "Account %1 is blocked", "alice")
				})
				p := signInError(t, f.config(), f.account())
				if !strings.Contains(p.Cause, "Account alice is blocked") {
					t.Error(p)
				}
				if !strings.HasPrefix(path, "GET") {
					f.on(path, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, c.body) })
					wants(t, signInError(t, f.config(), f.account()), c.sentinel, c.words)
				}
				if strings.HasSuffix(path, "subscriptions") && f.count("DELETE", "/cpaas/notificationchannel/*") != 2 {
					t.Error("the channel is left behind")
				}
			})
		})
	}
}

func TestSlowServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		for _, path := range []string{"POST /cpaas/auth/v1/token", "GET /cpaas/notificationchannel/v1/u-12/channels/ws-1/websocket"} {
			f.on(path, func(_ http.ResponseWriter, r *http.Request) {
				select { // the server does not see the client go while its hijack is possible
				case <-r.Context().Done():
				case <-time.After(time.Minute):
				}
			})
			started := time.Now()
			wants(t, signInError(t, f.config(), f.account()), engine.ErrServerUnreachable, "127.0.0.1:1 did not answer within 10 s.")
			if took := time.Since(started); took != 10*time.Second {
				t.Errorf("after %s", took)
			}
			f.off(path)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := New(f.config()).SignIn(ctx, f.account(), engine.Secret{Password: "x"}); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		time.Sleep(2 * time.Minute)
	})
}

func TestProblemsOfTheNetwork(t *testing.T) {
	account := engine.Account{Server: "https://kandy.example.com", User: "alice@example.com"}
	for name, c := range map[string]struct {
		err      error
		sentinel error
		words    string
	}{
		"unknown host": {&net.DNSError{Err: "no such host", Name: "kandy.example.com", IsNotFound: true}, engine.ErrServerUnknown, "There is no server named kandy.example.com."},
		"no resolver":  {&net.DNSError{Err: "server misbehaving", Name: "kandy.example.com", IsTemporary: true}, engine.ErrServerUnreachable, "could not be looked up"},
		"timeout":      {os.ErrDeadlineExceeded, engine.ErrServerUnreachable, "did not answer"},
		"other":        {errors.New("no route"), engine.ErrServerUnreachable, "cannot be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := Config{Dial: func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: c.err}
			}}
			wants(t, signInError(t, cfg, account), c.sentinel, c.words)
		})
	}
	t.Run("refused", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := l.Addr().String()
		l.Close()
		wants(t, signInError(t, Config{}, engine.Account{Server: "https://" + address}), engine.ErrServerUnreachable, "Nothing answers at "+address)
	})
}
