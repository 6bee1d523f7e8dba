package kandy

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"tring/engine"
	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

// untilRegistered waits for the way back, and counts the attempts told.
func untilRegistered(t *testing.T, s *Session) (tries int) {
	t.Helper()
	for {
		e := next[signaling.RegistrationChanged](t, s)
		switch e.State {
		case engine.Reconnecting:
			if e.Problem == nil || e.Reason == "" {
				t.Errorf("no reason in %+v", e)
			}
			if e.RetryAt.IsZero() {
				tries++
			} else if wait := time.Until(e.RetryAt); wait > 31*time.Second {
				t.Errorf("next try in %s", wait)
			}
		case engine.Registered:
			synctest.Wait() // the server may be behind the client
			if e.Problem != nil || len(e.Subscribed) != 1 {
				t.Errorf("%+v", e)
			}
			return tries
		default:
			t.Fatalf("%+v", e)
		}
	}
}

// alive proves that notifications arrive and requests are answered.
func alive(t *testing.T, f *fakeServer, s *Session) {
	t.Helper()
	f.push(invitationText("alive-"+time.Now().String(), "alive-"+time.Now().Format("150405.000"), "v=0"))
	in := next[signaling.Incoming](t, s)
	if err := s.Hangup(t.Context(), in.Leg); err != nil {
		t.Errorf("after reconnecting: %v", err)
	}
}

func TestSocketCut(t *testing.T) {
	for _, cut := range []time.Duration{0, 2 * time.Second, 20 * time.Second, 3 * time.Minute} {
		t.Run(cut.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFakeServer(t)
				s := f.signIn(t)
				leg, err := s.Invite(t.Context(), "bob@example.com", "", "v=0")
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Second)
				f.net.Cut()
				go func() {
					time.Sleep(cut)
					f.net.Heal()
				}()
				started := time.Now()
				untilRegistered(t, s)
				if took := time.Since(started); took > cut+30*time.Second {
					t.Errorf("back only after %s", took)
				}
				if f.count("POST", kandyapi.ChannelsPath(testUser)) != 1 {
					t.Error("a new channel, though the old one was there")
				}
				f.push(eventText("n-1", string(leg), "Ringing", ""))
				next[signaling.RemoteRinging](t, s)
				alive(t, f, s)
			})
		})
	}
}

func TestSocketStall(t *testing.T) {
	for _, stall := range []time.Duration{2 * time.Second, 20 * time.Second, 3 * time.Minute} {
		t.Run(stall.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFakeServer(t)
				s := f.signIn(t)
				time.Sleep(29 * time.Second) // just before a connCheck
				f.net.Stall()
				time.Sleep(stall)
				f.net.Heal()
				if stall > time.Minute {
					if tries := untilRegistered(t, s); tries < 2 {
						t.Errorf("%d tries", tries)
					}
				}
				alive(t, f, s)
			})
		})
	}
}

// A request without an answer makes the client look at the socket, too.
func TestFailedRequestAsksSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		time.Sleep(time.Second)
		f.net.Stall()
		started := time.Now()
		if err := s.Ringing(t.Context(), "s-1"); !errors.Is(err, engine.ErrServerUnreachable) {
			t.Error(err)
		}
		if e := next[signaling.RegistrationChanged](t, s); e.State != engine.Reconnecting {
			t.Errorf("%+v", e)
		}
		if took := time.Since(started); took > 45*time.Second {
			t.Errorf("noticed after %s", took)
		}
		f.net.Heal()
		untilRegistered(t, s)
		alive(t, f, s)
	})
}

func TestOversizeMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		f.push(invitationText("n-1", "s-1", strings.Repeat("x", maxBody+1)))
		untilRegistered(t, s)
		alive(t, f, s)
	})
}

func TestSilentServerIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		time.Sleep(5 * time.Minute) // 10 connChecks, answered
		f.set(func() { f.acks = false })
		if tries := untilRegistered(t, s); tries != 1 {
			t.Errorf("%d tries", tries)
		}
	})
}

func TestServerRole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		f.role, f.acks = kandyapi.RoleServer, false
		s := f.signIn(t)
		for range 10 {
			time.Sleep(19 * time.Second)
			f.push(`{"connCheck":{"interval":20}}`)
			if frame := <-f.inbox; frame != `{"connAck":{}}` {
				t.Fatalf("frame %s", frame)
			}
		}
		started := time.Now()
		untilRegistered(t, s)
		if took := time.Since(started); took != time.Minute {
			t.Errorf("lost after %s", took)
		}
	})
}

func TestWakeAsksAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		conn := f.rawSocket(t)
		var slept atomic.Int64 // a time.Duration
		k := &socket{conn: conn, timers: Timers{}.withDefaults(), log: slog.New(slog.DiscardHandler), now: func() time.Time { return time.Now().Add(time.Duration(slept.Load())) }}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		if err := k.check(ctx); err != nil {
			t.Fatal(err)
		}
		go func() { done <- k.run(ctx) }()
		<-f.inbox
		time.Sleep(6 * time.Second)
		slept.Store(int64(time.Hour))
		started := time.Now()
		<-f.inbox
		if took := time.Since(started); took > 5*time.Second {
			t.Errorf("asked after %s", took)
		}
		cancel()
		<-done
	})
}

func (f *fakeServer) rawSocket(t *testing.T) *websocket.Conn {
	t.Helper()
	t.Cleanup(func() { <-f.opened })
	transport := &http.Transport{DialContext: f.net.Dial}
	t.Cleanup(transport.CloseIdleConnections)
	f.set(func() { f.tokens = 1 })
	conn, _, err := websocket.Dial(t.Context(), "http://127.0.0.1:1/x/websocket?access_token=access-1", &websocket.DialOptions{HTTPClient: &http.Client{Transport: transport}})
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestChannelGone(t *testing.T) {
	for name, lose := range map[string]func(f *fakeServer){
		"closed with 1000": func(f *fakeServer) { go f.socket.Close(websocket.StatusNormalClosure, "channel deleted") },
		"404 on reopening": func(f *fakeServer) {
			f.on("GET "+kandyapi.ChannelsPath(testUser)+"/ws-1/websocket", func(w http.ResponseWriter, _ *http.Request) {
				refuse(w, 404, "SVC0002", "no channel")
			})
			f.net.Reset()
		},
		"server restarted with new keys": func(f *fakeServer) {
			f.on("GET "+kandyapi.ChannelsPath(testUser)+"/ws-1/websocket", func(w http.ResponseWriter, _ *http.Request) {
				refuse(w, 404, "SVC0002", "no channel")
			})
			f.expire()
			f.set(func() { f.noGrant[kandyapi.GrantRefreshToken] = true })
			f.net.Reset()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFakeServer(t)
				s := f.signIn(t)
				lose(f)
				if tries := untilRegistered(t, s); tries != 1 {
					t.Errorf("%d tries", tries)
				}
				if f.channels != 2 || f.count("POST", kandyapi.SubscriptionsPath(testUser)) != 2 {
					t.Errorf("no new channel: %v", f.requests())
				}
				for _, r := range f.requests() {
					if r.path == kandyapi.ChannelsPath(testUser) && !strings.Contains(r.body, `"clientCorrelator":"alice-desk"`) {
						t.Errorf("another correlator: %s", r.body)
					}
				}
				alive(t, f, s)
			})
		})
	}
}

// TestHurry: a person who sees "Reconnecting in 30 s" and knows better.
func TestHurry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		f.net.Cut()
		for { // until the next try is far away
			if e := next[signaling.RegistrationChanged](t, s); time.Until(e.RetryAt) > 10*time.Second {
				break
			}
		}
		f.net.Heal()
		started := time.Now()
		s.Hurry()
		s.Hurry() // twice does no harm
		untilRegistered(t, s)
		if took := time.Since(started); took > 2*time.Second {
			t.Errorf("back only after %s", took)
		}
		alive(t, f, s)
	})
}
