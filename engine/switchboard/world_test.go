package switchboard

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tring/engine/internal/kandyapi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// cheapCost keeps log-ins fast; the strength of the real one is its slowness.
var cheapCost = argonCost{time: 1, memory: 8, threads: 1}

const password = "correct horse"

// world is a server on a network of pipes, inside a bubble of fake time: timers
// of minutes pass at once, and a hung test fails instead of waiting.
type world struct {
	t      testing.TB
	server *Server
	store  Store
	web    *http.Server
	lines  *pipeListener
	client *http.Client
}

// inWorld runs test in a world with the users alice, bob and carol.
func inWorld(t *testing.T, configure func(*Config), test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, store: NewMemoryStore()}
		for _, user := range []User{
			{ID: "u-alice", Email: "alice@example.com", Name: "Alice A."},
			{ID: "u-bob", Email: "bob@example.com", Name: "Bob B."},
			{ID: "u-carol", Email: "carol@example.com"},
		} {
			if err := addUser(t.Context(), w.store, user, password, cheapCost); err != nil {
				t.Fatal(err)
			}
		}
		w.start(configure)
		defer w.stop()
		test(t, w)
	})
}

func (w *world) start(configure func(*Config)) {
	config := Config{Store: w.store, passwords: cheapCost}
	if configure != nil {
		configure(&config)
	}
	server, err := New(config)
	if err != nil {
		w.t.Fatal(err)
	}
	lines := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	w.server, w.lines = server, lines
	w.web = &http.Server{Handler: server}
	go w.web.Serve(lines)
	w.client = &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return lines.dial(ctx) },
	}}
}

func (w *world) stop() {
	w.client.CloseIdleConnections()
	if err := w.server.Close(); err != nil {
		w.t.Error(err)
	}
	w.web.Close()
	time.Sleep(time.Second) // net/http lingers after it refused a body
}

// do sends a request; the body is nil, a string taken as it is, or JSON.
func (w *world) do(method, path, token string, body any, header ...string) (*http.Response, []byte) {
	w.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			w.t.Fatal(err)
		}
		reader = bytes.NewReader(data)
	}
	r, err := http.NewRequest(method, "http://switchboard"+path, reader)
	if err != nil {
		w.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return response, data
}

// logIn posts the token form.
func (w *world) logIn(fields url.Values) (*http.Response, []byte) {
	w.t.Helper()
	return w.do("POST", kandyapi.TokenPath, "", fields.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func passwordForm(email, password string) url.Values {
	return url.Values{
		"client_id": {"tring"}, "grant_type": {"password"}, "scope": {"openid"},
		"username": {email}, "password": {password},
	}
}

func wantCode(t testing.TB, got, want int) {
	t.Helper()
	if got != want {
		t.Fatalf("status %d, want %d", got, want)
	}
}

func decode(t testing.TB, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
}

// checkErrorBody holds a refusal to what the JavaScript SDK can read.
func checkErrorBody(t testing.TB, response *http.Response, data []byte) {
	t.Helper()
	var body kandyapi.ErrorBody
	decode(t, data, &body)
	if body.RequestError == nil {
		t.Fatalf("no requestError in %s", data)
	}
	e := body.RequestError.ServiceException
	if e == nil {
		e = body.RequestError.PolicyException
	}
	if e == nil || e.MessageID == "" || e.Text == "" || e.Variables == nil {
		t.Errorf("%d with incomplete error %s", response.StatusCode, data)
	}
	if response.Header.Get("Content-Type") != "application/json" {
		t.Errorf("content type %q", response.Header.Get("Content-Type"))
	}
}

// pipeListener is a network without sockets, so that fake time can pass.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipeListener) dial(ctx context.Context) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.conns <- far:
		return near, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }
