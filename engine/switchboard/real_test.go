package switchboard

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/pion/turn/v5"

	"tring/engine/internal/kandyapi"
)

// realWorld is a server on a TCP listener in real time.
func realWorld(t testing.TB, config Config) *world {
	t.Helper()
	w := &world{t: t, store: config.Store}
	if w.store == nil {
		w.store = NewMemoryStore()
	}
	config.Store, config.passwords = w.store, cheapCost
	for _, email := range []string{"alice@example.com", "bob@example.com"} {
		must(t, addUser(t.Context(), w.store, User{Email: email}, password, cheapCost))
	}
	server, err := New(config)
	must(t, err)
	w.server = server
	web := httptest.NewServer(server)
	address := web.Listener.Addr().String()
	var dialer net.Dialer
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, "tcp", address)
	}}
	w.client = &http.Client{Transport: transport, Timeout: 10 * time.Second}
	t.Cleanup(func() {
		must(t, server.Close())
		transport.CloseIdleConnections()
		web.Close()
	})
	return w
}

func TestOverTCP(t *testing.T) {
	w := realWorld(t, Config{Store: openFiles(t, t.TempDir()), Timers: Timers{Settle: -1}})
	w.client.Timeout = 0 // it would end the websockets
	alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
	a, b := w.talk(alice, bob)
	wantCode(t, bob.hangUp(b), http.StatusNoContent)
	alice.event(a, ended, kandyapi.ReasonHungUp, 200)
	must(t, w.server.Close())
	must(t, w.server.Close())
	if code := <-alice.ended; code != closeRestart {
		t.Errorf("closed with %d", code)
	}
}

func TestServeStops(t *testing.T) {
	store := NewMemoryStore()
	must(t, addUser(t.Context(), store, User{Email: "alice@example.com"}, password, cheapCost))
	server, err := New(Config{Store: store, passwords: cheapCost})
	must(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- server.Serve(ctx, listener, nil) }()
	response, err := http.Get("http://" + listener.Addr().String() + "/")
	must(t, err)
	response.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	cancel()
	must(t, <-done)
}

func TestRelay(t *testing.T) {
	w := realWorld(t, Config{TURN: TURN{Relay: &Relay{
		Listen: "127.0.0.1:0", PublicIP: netip.MustParseAddr("127.0.0.1"), PrivatePeers: true, MaxAllocations: 1,
	}}})
	alice := &phone{world: w, email: "alice@example.com", correlator: "a"}
	alice.getToken()
	var body kandyapi.TurnBody
	alice.want(http.StatusOK, "POST", kandyapi.TurnPath(alice.user), kandyapi.TurnBody{Credentials: &kandyapi.TurnCredentials{}}, &body)
	if len(body.Credentials.URLs) != 2 {
		t.Fatalf("%+v", body.Credentials)
	}
	address, _, _ := strings.Cut(strings.TrimPrefix(body.Credentials.URLs[0], "turn:"), "?")
	allocate := func(password string) (net.PacketConn, error) {
		conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
		must(t, err)
		client, err := turn.NewClient(&turn.ClientConfig{
			TURNServerAddr: address, STUNServerAddr: address, Conn: conn,
			Username: body.Credentials.Username, Password: password,
		})
		must(t, err)
		must(t, client.Listen())
		t.Cleanup(func() {
			client.Close()
			conn.Close()
		})
		return client.Allocate()
	}
	if _, err := allocate("wrong"); err == nil {
		t.Error("a wrong password was taken")
	}
	relayed, err := allocate(body.Credentials.Password)
	must(t, err)
	defer relayed.Close()
	if _, err := allocate(body.Credentials.Password); err == nil {
		t.Error("the quota was not kept")
	}
	peer, err := net.ListenPacket("udp4", "127.0.0.1:0")
	must(t, err)
	defer peer.Close()
	_, err = relayed.WriteTo([]byte("hello"), peer.LocalAddr())
	must(t, err)
	must(t, peer.SetReadDeadline(time.Now().Add(5*time.Second)))
	buffer := make([]byte, 100)
	n, _, err := peer.ReadFrom(buffer)
	if err != nil || string(buffer[:n]) != "hello" {
		t.Errorf("%s %v", buffer[:n], err)
	}
}

func TestRelayPermits(t *testing.T) {
	for ip, want := range map[string]bool{
		"198.51.100.1": true, "2001:db8::1": true,
		"127.0.0.1": false, "10.0.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.1.1": false,
		"::1": false, "fe80::1": false, "fd00::1": false, "0.0.0.0": false, "224.0.0.1": false, "255.255.255.255": false,
		"::ffff:10.0.0.1": false,
	} {
		if got := (Relay{}).permit(nil, net.ParseIP(ip)); got != want {
			t.Errorf("%s: %v", ip, got)
		}
	}
}

// FuzzBodies sends anything to the paths that take a body.
func FuzzBodies(f *testing.F) {
	for _, seed := range []string{
		`{"wrtcsSession":{"clientCorrelator":"a","tParticipantAddress":"sip:bob@example.com","offer":{"sdp":"v=0"}}}`,
		`{"wrtcsAnswer":{"sdp":"v=0"}}`, `{"wrtcsOffer":{"sdp":""}}`, `{"wrtcsSessionStatus":{"status":"Ringing"}}`,
		`{"wrtcsTransfer":{"address":"x","sessionId":"y"}}`, `{"wrtcsForward":{"address":"sip:"}}`, `{"notificationChannel":{"clientCorrelator":"z","channelLifetime":-1}}`,
		`{"notificationChannelLifetime":{"channelLifetime":99999999999}}`, `{"wrtcsNotificationSubscription":{"callbackReference":{"notifyURL":"x"}}}`,
		`{"wrtcsTurnCredentials":{}}`, `null`, `{`, "\xff\xfe", `client_id=tring&grant_type=password&username=%zz&password=x`,
	} {
		f.Add(seed)
	}
	server, err := New(Config{Store: NewMemoryStore(), passwords: cheapCost, Timers: Timers{Settle: -1}})
	must(f, err)
	f.Cleanup(func() { server.Close() })
	must(f, server.AddUser(f.Context(), User{ID: "u", Email: "alice@example.com"}, password))
	user, err := findUser(f.Context(), server.config.Store, "alice@example.com")
	must(f, err)
	token, err := server.keys.issue(f.Context(), user, "tring", time.Now())
	must(f, err)
	send := func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+token.AccessToken)
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		return w
	}
	send("POST", kandyapi.ChannelsPath("u"), `{"notificationChannel":{"clientCorrelator":"a"}}`)
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{kandyapi.TokenPath, kandyapi.ChannelsPath("u"), kandyapi.SubscriptionsPath("u"), kandyapi.SessionsPath("u"), kandyapi.TurnPath("u")} {
			checkJSON(t, send("POST", path, body))
		}
		server.mu.Lock()
		id := "none"
		for id = range server.legs {
			break
		}
		server.mu.Unlock()
		for _, what := range []string{"/status", "/answer", "/offer", "/update", "/transfer", "/forward"} {
			checkJSON(t, send("PUT", kandyapi.SessionPath("u", id)+what, body))
		}
		checkJSON(t, send("DELETE", kandyapi.SessionPath("u", id), body))
	})
}

func checkJSON(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code >= 500 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w.Code != http.StatusNoContent && !json.Valid(w.Body.Bytes()) {
		t.Fatalf("%d with %q", w.Code, w.Body)
	}
}

// FuzzStoredCall takes up records that somebody has tampered with.
func FuzzStoredCall(f *testing.F) {
	f.Add([]byte(`{"id":"c","phase":"established","legs":{"1":{"id":"1","call":"c"},"2":{"id":"2","call":"c","contact":"echo"}},"a":"1","b":"2"}`))
	f.Add([]byte(`{"id":"c","phase":"ringing","legs":{"1":{"id":"1","call":"c"}},"a":"1","ringing":["1","1"]}`))
	f.Add([]byte(`{"id":"c","phase":"established","legs":{"1":{"id":"1","call":"c"}},"a":"1","pending":{"to":"1","forCall":"c"},"transfer":{"of":"1","by":"1","with":"1"}}`))
	f.Fuzz(func(t *testing.T, record []byte) {
		store := NewMemoryStore()
		must(t, store.Put(t.Context(), bucketCalls, "c", record))
		server, err := New(Config{Store: store, passwords: cheapCost})
		must(t, err)
		server.mu.Lock()
		for _, l := range server.legs {
			server.leave(server.calls[l.CallID], l, false)
		}
		server.mu.Unlock()
		must(t, server.Close())
	})
}

// BenchmarkRing is from POST sessions to the invitation on the callee's
// websocket, over TCP on one machine.
func BenchmarkRing(b *testing.B) {
	for name, open := range map[string]func() Store{
		"memory": NewMemoryStore,
		"file":   func() Store { return openFiles(b, b.TempDir()) },
	} {
		b.Run(name, func(b *testing.B) {
			w := realWorld(b, Config{Store: open()})
			w.client.Timeout = 0
			alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
			alice.early, bob.early = true, true
			offer := strings.Repeat("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n", 150)
			body, err := json.Marshal(alice.invite("sip:bob@example.com", offer))
			must(b, err)
			for b.Loop() {
				var session kandyapi.SessionBody
				alice.want(http.StatusCreated, "POST", kandyapi.SessionsPath(alice.user), string(body), &session)
				bob.invited(offer)
				b.StopTimer()
				alice.hangUp(session.Session.ResourceURL)
				bob.next()
				b.StartTimer()
			}
			bob.conn.Close(websocket.StatusNormalClosure, "")
		})
	}
}
