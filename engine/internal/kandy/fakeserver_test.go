package kandy

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"tring/engine"
	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

const (
	testUser     = "u-12"
	testPassword = "s3cret-pass"
)

// fakeServer is a Kandy server for one user, with a hook in front of every
// path. Its own answers are those of a healthy server.
type fakeServer struct {
	net *MemNet

	mu       sync.Mutex
	hooks    map[string]http.HandlerFunc // by "METHOD path"; false from it goes on
	seen     []recorded
	tokens   int // issued; the newest one is valid
	expires  int64
	noGrant  map[string]bool // grant types refused
	channels int
	socket   *websocket.Conn
	opened   chan struct{} // one for every websocket
	inbox    chan string   // frames from the client
	role     string
	acks     bool
	sessions int
}

type recorded struct {
	method, path string
	header       http.Header
	body         string
}

func newFakeServer(t *testing.T) *fakeServer {
	t.Helper()
	f := &fakeServer{
		net: NewMemNet(), hooks: map[string]http.HandlerFunc{}, noGrant: map[string]bool{},
		expires: 28800, opened: make(chan struct{}, 100), inbox: make(chan string, 1000), role: kandyapi.RoleClient, acks: true,
	}
	server := &http.Server{Handler: f, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(f.net)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		f.net.Close()
		<-served
	})
	return f
}

// on puts a handler in front of "METHOD path" (path as in the request, without
// query; the user id and session ids are written out).
func (f *fakeServer) on(pattern string, h http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hooks[pattern] = h
}

// off takes it away.
func (f *fakeServer) off(pattern string) { f.on(pattern, nil) }

func (f *fakeServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	f.seen = append(f.seen, recorded{r.Method, r.URL.RequestURI(), r.Header.Clone(), string(body)})
	hook := f.hooks[r.Method+" "+r.URL.Path]
	f.mu.Unlock()
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	if hook != nil {
		hook(w, r)
		return
	}
	f.serve(w, r, body)
}

func (f *fakeServer) serve(w http.ResponseWriter, r *http.Request, body []byte) {
	if r.URL.Path == kandyapi.TokenPath {
		f.token(w, body)
		return
	}
	bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if strings.HasSuffix(r.URL.Path, "/websocket") {
		bearer = r.URL.Query().Get("access_token")
	}
	if bearer != f.current() {
		refuse(w, 401, "SVC0401", "Expired token %1", "access")
		return
	}
	channels, sessions := kandyapi.ChannelsPath(testUser), kandyapi.SessionsPath(testUser)
	switch path := r.URL.Path; {
	case r.Method == "POST" && path == channels:
		f.channel(w)
	case strings.HasSuffix(path, "/websocket"):
		f.upgrade(w, r)
	case r.Method == "PUT" && strings.HasSuffix(path, "/channelLifetime"):
		reply(w, 200, `{"notificationChannelLifetime":{"channelLifetime":3600}}`)
	case r.Method == "POST" && path == kandyapi.SubscriptionsPath(testUser):
		reply(w, 201, `{"wrtcsNotificationSubscription":{"callbackReference":{"notifyURL":"ws-1"},"resourceURL":"`+path+`/sub-1"}}`)
	case r.Method == "POST" && path == kandyapi.TurnPath(testUser):
		reply(w, 200, `{"wrtcsTurnCredentials":{"username":"u","password":"turn-pass"}}`)
	case r.Method == "POST" && path == sessions:
		f.mu.Lock()
		f.sessions++
		id := fmt.Sprintf("s-%d", f.sessions)
		f.mu.Unlock()
		reply(w, 201, `{"wrtcsSession":{"status":"Initiated","resourceURL":"`+sessions+"/"+id+`"}}`)
	case strings.HasSuffix(path, "/status"):
		reply(w, 200, string(body))
	case r.Method == "DELETE", r.Method == "PUT":
		w.WriteHeader(204)
	default:
		refuse(w, 404, "SVC0002", "No such path %1", path)
	}
}

func (f *fakeServer) token(w http.ResponseWriter, body []byte) {
	form, _ := url.ParseQuery(string(body))
	grant := form.Get("grant_type")
	f.mu.Lock()
	defer f.mu.Unlock()
	bad := grant == kandyapi.GrantPassword && form.Get("password") != testPassword
	if bad || f.noGrant[grant] {
		reply(w, 401, `{"error":"invalid_grant","error_description":"Invalid user credentials"}`)
		return
	}
	f.tokens++
	reply(w, 200, fmt.Sprintf(`{"access_token":"access-%d","expires_in":%d,"refresh_token":"refresh-%d","token_type":"bearer","id_token":%q}`,
		f.tokens, f.expires, f.tokens, idToken(`{"preferred_username":"u-12","services-identity":"alice@example.com","name":"Alice A."}`)))
}

func (f *fakeServer) channel(w http.ResponseWriter) {
	f.mu.Lock()
	f.channels++
	path := fmt.Sprintf("%s/ws-%d", kandyapi.ChannelsPath(testUser), f.channels)
	role := f.role
	f.mu.Unlock()
	reply(w, 201, fmt.Sprintf(`{"notificationChannel":{"callbackURL":"ws-%d","channelData":{"channelURL":"%s/websocket"},
		"channelLifetime":3600,"channelType":"websockets","x-connCheckRole":%q,"resourceURL":%q}}`, f.channels, path, role, path))
}

func (f *fakeServer) upgrade(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer c.CloseNow()
	f.mu.Lock()
	f.socket = c
	f.mu.Unlock()
	f.opened <- struct{}{}
	for {
		_, data, err := c.Read(context.Background())
		if err != nil {
			return
		}
		f.mu.Lock()
		ack := f.acks && strings.Contains(string(data), "connCheck")
		f.mu.Unlock()
		if ack {
			_ = c.Write(context.Background(), websocket.MessageText, []byte(`{"connAck":{}}`))
		}
		f.inbox <- string(data)
	}
}

// push sends a text frame on the newest websocket.
func (f *fakeServer) push(frames ...string) {
	f.mu.Lock()
	c := f.socket
	f.mu.Unlock()
	for _, frame := range frames {
		_ = c.Write(context.Background(), websocket.MessageText, []byte(frame))
	}
}

func (f *fakeServer) current() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return fmt.Sprintf("access-%d", f.tokens)
}

// expire makes every token issued so far invalid.
func (f *fakeServer) expire() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tokens++
}

// set changes a field under the lock.
func (f *fakeServer) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// count counts requests by method and path (a prefix ends in *).
func (f *fakeServer) count(method, path string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, r := range f.seen {
		p, _, _ := strings.Cut(r.path, "?")
		if r.method == method && (p == path || strings.HasSuffix(path, "*") && strings.HasPrefix(p, path[:len(path)-1])) {
			n++
		}
	}
	return n
}

// requests lists what was asked, oldest first.
func (f *fakeServer) requests() []recorded {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]recorded(nil), f.seen...)
}

func (f *fakeServer) account() engine.Account {
	return engine.Account{Server: "http://127.0.0.1:1", ClientID: "PUB-tring", User: "alice@example.com"}
}

func (f *fakeServer) config() Config {
	return Config{Correlator: "alice-desk", Dial: f.net.Dial}
}

// signIn signs alice in and closes her at the end.
func (f *fakeServer) signIn(t *testing.T) *Session {
	t.Helper()
	return f.signInWith(t, f.config(), engine.Secret{Password: testPassword})
}

func (f *fakeServer) signInWith(t *testing.T, cfg Config, secret engine.Secret) *Session {
	t.Helper()
	s, err := New(cfg).SignIn(t.Context(), f.account(), secret)
	if err != nil {
		t.Fatalf("SignIn: %v (%v)", err, engineErr(err))
	}
	t.Cleanup(func() { s.Close(context.Background()) })
	<-f.opened // the server may be behind the client
	return s.(*Session)
}

// next is the next event of a type; others are skipped if they are about the
// registration or credentials, and fail the test otherwise.
func next[T signaling.Event](t *testing.T, s *Session) T {
	t.Helper()
	timeout := time.NewTimer(20 * time.Minute) // of a bubble's clock; real tests end by their own limit
	defer timeout.Stop()
	for {
		select {
		case e, ok := <-s.Events():
			if !ok {
				t.Fatal("events closed")
			}
			if want, ok := e.(T); ok {
				return want
			}
			switch e.(type) {
			case signaling.RegistrationChanged, signaling.CredentialChanged:
			default:
				var want T
				t.Fatalf("event %#v, want a %T", e, want)
			}
		case <-timeout.C:
			var want T
			t.Fatalf("no %T came", want)
		}
	}
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func refuse(w http.ResponseWriter, status int, id, text string, variables ...string) {
	b, _ := json.Marshal(kandyapi.ErrorBody{RequestError: &kandyapi.RequestError{
		ServiceException: &kandyapi.Exception{MessageID: id, Text: text, Variables: variables},
	}})
	reply(w, status, string(b))
}

func idToken(claims string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
}

func engineErr(err error) error {
	var p *engine.Problem
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// note texts, as a server writes them.
func invitationText(id, leg, sdp string) string {
	offer, _ := json.Marshal(kandyapi.SDP{SDP: sdp})
	return fmt.Sprintf(`{"wrtcsSessionInvitationNotification":{"id":%q,"link":[{"rel":"WrtcsSession","href":"/cpaas/webrtcsignaling/v1/u-12/sessions/%s"}],"originatorAddress":"sip:bob@example.com","originatorName":"Bob B.","tParticipantAddress":"sip:alice@example.com","offer":%s}}`, id, leg, offer)
}

func eventText(id, leg, event, more string) string {
	return fmt.Sprintf(`{"wrtcsEventNotification":{"id":%q,"link":[{"href":"/cpaas/webrtcsignaling/v1/u-12/sessions/%s"}],"eventType":%q%s}}`, id, leg, event, more)
}

func sdpText(key, field, id, leg, sdp string) string {
	return fmt.Sprintf(`{%q:{"id":%q,"link":[{"href":"/cpaas/webrtcsignaling/v1/u-12/sessions/%s"}],%q:{"sdp":%q}}}`, key, id, leg, field, sdp)
}
