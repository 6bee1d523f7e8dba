package kandy

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine/internal/kandyapi"
)

// TestHangupOverADeadConnection: whoever quits has two seconds. A connection
// that was kept alive and has died without a word does not use them up.
func TestHangupOverADeadConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		leg, err := s.Invite(t.Context(), "bob@example.com", "", "v=0")
		if err != nil {
			t.Fatal(err)
		}
		path := kandyapi.SessionPath(testUser, string(leg))
		var asked atomic.Int32
		f.on("DELETE "+path, func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1) == 1 {
				<-r.Context().Done() // no answer will ever come on this connection
				return
			}
			w.WriteHeader(http.StatusNoContent)
		})
		started := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		if err := s.Hangup(ctx, leg); err != nil || asked.Load() != 2 {
			t.Errorf("Hangup: %v, %d requests", err, asked.Load())
		}
		if took := time.Since(started); took != time.Second {
			t.Errorf("the second request went out after %s", took)
		}
	})
}

// TestTURNIsAskedOnce: the sign-in and the engine want credentials at the same
// moment, and one request serves both.
func TestTURNIsAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		var both sync.WaitGroup
		for range 3 {
			both.Go(func() {
				if _, err := s.ICEServers(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		if n := f.count("POST", kandyapi.TurnPath(testUser)); n != 1 {
			t.Errorf("%d requests", n)
		}
		time.Sleep(6 * time.Minute)
		if _, err := s.ICEServers(t.Context()); err != nil || f.count("POST", kandyapi.TurnPath(testUser)) != 2 {
			t.Errorf("stale credentials are not renewed: %v", err)
		}
	})
}

// TestTURNAskedByOneWhoLeaves: who waits along asks anew if the one who asked
// gives up.
func TestTURNAskedByOneWhoLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		synctest.Wait()
		time.Sleep(6 * time.Minute) // the first credentials are stale
		f.on("POST "+kandyapi.TurnPath(testUser), func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		hasty, cancel := context.WithCancel(t.Context())
		var both sync.WaitGroup
		both.Go(func() {
			if _, err := s.ICEServers(hasty); err == nil {
				t.Error("credentials for one who left")
			}
		})
		synctest.Wait()
		both.Go(func() {
			if _, err := s.ICEServers(t.Context()); err != nil {
				t.Error(err)
			}
			if turn, err := s.turn(t.Context()); err != nil || turn.Username != "u" {
				t.Errorf("%+v, %v", turn, err)
			}
		})
		synctest.Wait()
		f.off("POST " + kandyapi.TurnPath(testUser))
		cancel()
		both.Wait()
	})
}
