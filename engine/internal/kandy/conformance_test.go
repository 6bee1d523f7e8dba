package kandy_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
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
		Start:  func(t testing.TB) signalingtest.World { return newWorld(t, kandy.NewMemNet()) },
	})
}

// TestConformanceTCP plays it over real connections.
func TestConformanceTCP(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	signalingtest.Run(t, signalingtest.Harness{
		Start: func(t testing.TB) signalingtest.World { return newWorld(t, nil) },
	})
}

const password = "correct horse"

// world is the way to a switchboard: memory, or a loopback port behind a gate
// that can be shut.
type world struct {
	dial   func(ctx context.Context, network, address string) (net.Conn, error)
	breaks func(bool)
}

func newWorld(t testing.TB, mem *kandy.MemNet) *world {
	t.Helper()
	store := storeWithUsers(t)
	board, err := switchboard.New(switchboard.Config{Store: store, ClientID: "tring"})
	if err != nil {
		t.Fatal(err)
	}
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
		if listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		gate := &gate{address: listener.Addr().String()}
		w.dial, w.breaks = gate.dial, gate.shut
	}
	web := &http.Server{Handler: board, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = web.Serve(listener)
	}()
	t.Cleanup(func() {
		_ = web.Close()
		_ = board.Close()
		_ = listener.Close()
		_ = store.Close()
		<-served
	})
	return w
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
