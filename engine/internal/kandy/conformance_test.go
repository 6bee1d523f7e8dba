package kandy_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine"
	"tring/engine/internal/kandy"
	"tring/engine/internal/signaling"
	"tring/engine/internal/signaling/signalingtest"
	"tring/engine/switchboard"
)

// TestConformance plays the suite against a switchboard, in bubbles of fake
// time on a network in memory.
func TestConformance(t *testing.T) {
	signalingtest.Run(t, signalingtest.Harness{
		Bubble: true,
		Start:  func(t testing.TB) signalingtest.World { return newWorld(t, kandy.NewMemNet(), nil) },
	})
}

// TestConformanceOfTroubledServers plays it against servers that are slow, and
// on a notification channel that repeats itself.
func TestConformanceOfTroubledServers(t *testing.T) {
	for name, spoil := range map[string]func(http.Handler) http.Handler{
		"slow to act":              slowToAct,
		"slow to answer":           slowToAnswer,
		"notifications come twice": repeating,
	} {
		t.Run(name, func(t *testing.T) {
			signalingtest.Run(t, signalingtest.Harness{
				Bubble: true,
				Start:  func(t testing.TB) signalingtest.World { return newWorld(t, kandy.NewMemNet(), spoil) },
			})
		})
	}
}

// TestConformanceTCP plays it over real connections.
func TestConformanceTCP(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	signalingtest.Run(t, signalingtest.Harness{
		Start: func(t testing.TB) signalingtest.World { return newWorld(t, nil, nil) },
	})
}

// TestServerRestart replaces the switchboard by another on the same store, as a
// restart does: channels, tokens and calls go on.
func TestServerRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var network atomic.Pointer[kandy.MemNet]
		network.Store(kandy.NewMemNet())
		w := &world{dial: func(ctx context.Context, kind, address string) (net.Conn, error) {
			return network.Load().Dial(ctx, kind, address)
		}}
		store := storeWithUsers(t)
		stop := serve(t, store, network.Load(), nil)
		alice, bob := w.SignIn(t, "alice", "alice-desk"), w.SignIn(t, "bob", "bob-desk")
		defer alice.Close(t.Context())
		defer bob.Close(t.Context())
		leg, err := alice.Invite(t.Context(), "bob@example.com", "", "v=0\r\n")
		if err != nil {
			t.Fatal(err)
		}
		atBob := until[signaling.Incoming](t, bob)
		if err := bob.Answer(t.Context(), atBob.Leg, "v=0\r\n"); err != nil {
			t.Fatal(err)
		}
		until[signaling.Accepted](t, alice)
		time.Sleep(5 * time.Second)
		stop()
		time.Sleep(20 * time.Second)
		network.Store(kandy.NewMemNet())
		defer serve(t, store, network.Load(), nil)()
		for _, s := range []signaling.Session{alice, bob} {
			for until[signaling.RegistrationChanged](t, s).State != engine.Registered {
			}
		}
		if alive, err := alice.Audit(t.Context(), leg); !alive || err != nil {
			t.Errorf("audit after the restart: %t %v", alive, err)
		}
		if err := bob.Offer(t.Context(), atBob.Leg, "v=0\r\ns=later\r\n"); err != nil {
			t.Error(err)
		}
		if e := until[signaling.Offered](t, alice); e.Leg != leg {
			t.Errorf("%+v", e)
		}
	})
}

// until skips to the next event of a type.
func until[T signaling.Event](t *testing.T, s signaling.Session) T {
	t.Helper()
	timeout := time.NewTimer(10 * time.Minute)
	defer timeout.Stop()
	for {
		select {
		case e := <-s.Events():
			if want, ok := e.(T); ok {
				return want
			}
		case <-timeout.C:
			t.Fatalf("no %T came", *new(T))
		}
	}
}

const password = "correct horse"

// world is the way to a switchboard: memory, or a loopback port behind a gate
// that can be shut.
type world struct {
	dial   func(ctx context.Context, network, address string) (net.Conn, error)
	breaks func(bool)
}

func newWorld(t testing.TB, mem *kandy.MemNet, spoil func(http.Handler) http.Handler) *world {
	t.Helper()
	w := &world{}
	var listener net.Listener = mem
	if mem != nil {
		w.dial = mem.Dial
		w.breaks = func(cut bool) {
			if cut {
				mem.Cut()
			} else {
				mem.Heal()
			}
		}
	} else {
		tcp, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		gate := &gate{address: tcp.Addr().String()}
		listener, w.dial, w.breaks = tcp, gate.dial, gate.shut
	}
	t.Cleanup(serve(t, storeWithUsers(t), listener, spoil))
	return w
}

// serve runs a switchboard, behind spoil if there is one, until stop is called.
func serve(t testing.TB, store switchboard.Store, listener net.Listener, spoil func(http.Handler) http.Handler) (stop func()) {
	t.Helper()
	board, err := switchboard.New(switchboard.Config{Store: store, ClientID: "tring"})
	if err != nil {
		t.Fatal(err)
	}
	var handler http.Handler = board
	if spoil != nil {
		handler = spoil(board)
	}
	web := &http.Server{Handler: handler, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = web.Serve(listener)
	}()
	return func() {
		_ = web.Close()
		_ = board.Close()
		_ = listener.Close()
		<-served
	}
}

func (w *world) Address(user string) string { return user + "@example.com" }
func (w *world) Break()                     { w.breaks(true) }
func (w *world) Heal()                      { w.breaks(false) }

func (w *world) SignIn(t testing.TB, user, device string) signaling.Session {
	t.Helper()
	backend := kandy.New(kandy.Config{Correlator: device, Dial: w.dial, Timers: kandy.Timers{InviteGrace: 100 * time.Millisecond}})
	session, err := backend.SignIn(t.Context(), engine.Account{
		Server: "http://127.0.0.1:1", ClientID: "tring", User: w.Address(user),
	}, engine.Secret{Password: password})
	if err != nil {
		t.Fatalf("%s: SignIn: %v", device, err)
	}
	return session
}

// seed holds the users. Passwords are hashed slowly on purpose, so it is done
// once for all worlds.
var seed = sync.OnceValues(func() (switchboard.Store, error) {
	store := switchboard.NewMemoryStore()
	for _, user := range []string{"alice", "bob", "carol"} {
		err := switchboard.AddUser(context.Background(), store, switchboard.User{Email: user + "@example.com", Name: user}, password)
		if err != nil {
			return nil, err
		}
	}
	return store, nil
})

func storeWithUsers(t testing.TB) switchboard.Store {
	t.Helper()
	from, err := seed()
	if err != nil {
		t.Fatal(err)
	}
	records, err := from.List(t.Context(), "users")
	if err != nil || len(records) != 3 {
		t.Fatalf("%d users: %v", len(records), err)
	}
	store := switchboard.NewMemoryStore()
	for key, value := range records {
		if err := store.Put(t.Context(), "users", key, value); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

// gate dials a real server, and can lose all connections.
type gate struct {
	address string
	mu      sync.Mutex
	closed  bool
	conns   []net.Conn
}

func (g *gate) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return nil, &net.OpError{Op: "dial", Net: network, Err: net.ErrClosed}
	}
	conn, err := new(net.Dialer).DialContext(ctx, network, g.address)
	if err == nil {
		g.conns = append(g.conns, conn)
	}
	return conn, err
}

func (g *gate) shut(cut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = cut
	if cut {
		for _, c := range g.conns {
			_ = c.Close()
		}
		g.conns = nil
	}
}
