package switchboard

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tring/engine/internal/kandyapi"
)

// restart stops the server and starts another on the same store.
func (w *world) restart(configure func(*Config)) {
	w.t.Helper()
	w.stop()
	w.start(configure)
}

// TestRestart has a server with a file store go away under an established
// call, a ringing one and a client that is not connected.
func TestRestart(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		dir := t.TempDir()
		w.stop()
		w.store = openFiles(t, dir)
		for _, user := range []User{{ID: "u-alice", Email: "alice@example.com"}, {ID: "u-bob", Email: "bob@example.com"}} {
			must(t, addUser(t.Context(), w.store, user, password, cheapCost))
		}
		w.start(nil)
		alice, bob, mobile := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b"), w.phone("bob@example.com", "mobile")
		a := alice.call("bob", "offer")
		b, m := bob.invited("offer"), mobile.invited("offer")
		bob.answer(b, "answer")
		alice.accepted(a, "answer")
		mobile.event(m, cancelled, kandyapi.ReasonAnsweredElsewhere, 200)
		alice.update(a, "hold")
		bob.offered(b, "hold")
		a2 := mobile.call("alice", "second")
		a2b := alice.invited("second")

		w.restart(nil)
		for _, p := range []*phone{alice, bob, mobile} {
			if code := <-p.ended; code != closeRestart {
				t.Errorf("closed with %d", code)
			}
			p.openSocket() // the same channel, the same token
		}
		wantCode(t, bob.answer(b, "held"), http.StatusNoContent)
		alice.answered(a, "held")
		wantCode(t, alice.status(a, kandyapi.StatusConnected), http.StatusOK)
		wantCode(t, alice.answer(a2b, "second answer"), http.StatusNoContent)
		mobile.accepted(a2, "second answer")
		w.talk(bob, alice)

		wantCode(t, bob.hangUp(b), http.StatusNoContent)
		alice.event(a, ended, kandyapi.ReasonHungUp, 200)
		w.restart(nil)
		wantCode(t, alice.status(a, kandyapi.StatusConnected), http.StatusNotFound)
		time.Sleep(6 * time.Minute) // nobody comes back
		w.stop()
		for _, bucket := range []string{bucketCalls, bucketChannels} {
			left, err := os.ReadDir(filepath.Join(dir, bucket))
			if err != nil || len(left) != 0 {
				t.Errorf("%s: %v %v", bucket, left, err)
			}
		}
		w.start(nil)
	})
}

func TestRestartWhileRinging(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		a := alice.call("bob", "offer")
		b := bob.invited("offer")
		w.restart(nil)
		alice.openSocket()
		bob.openSocket()
		start := time.Now()
		alice.event(a, ended, kandyapi.ReasonNoAnswer, 408)
		bob.event(b, cancelled, kandyapi.ReasonNoAnswer, 408)
		if waited := time.Since(start); waited > time.Minute {
			t.Errorf("rang for %v", waited)
		}
	})
}

func TestRestartDuringTransfer(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob, carol := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b"), w.phone("carol@example.com", "c")
		a, b := w.talk(alice, bob)
		alice.transfer(a, "carol", "")
		bob.offered(b, "")
		bob.answer(b, "bob's offer")
		c := carol.invited("bob's offer")
		w.restart(nil)
		alice.openSocket()
		bob.openSocket()
		carol.openSocket()
		alice.event(a, eventTransferFailed, kandyapi.ReasonLost, 408)
		carol.event(c, cancelled, kandyapi.ReasonLost, 408)
		alice.offered(a, "bob's offer")
		alice.answer(a, "answer")
		bob.answered(b, "answer")
	})
}
