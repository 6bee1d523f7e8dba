package switchboard

import (
	"net/http"
	"testing"
	"time"

	"tring/engine/internal/kandyapi"
)

func TestDirectTransfer(t *testing.T) {
	for _, byCaller := range []bool{true, false} {
		inWorld(t, nil, func(t *testing.T, w *world) {
			alice, bob, carol := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b"), w.phone("carol@example.com", "c")
			a, b := w.talk(alice, bob)
			if !byCaller { // the callee is the transferor
				alice, bob, a, b = bob, alice, b, a
			}
			wantCode(t, alice.transfer(a, "sip:nobody@example.com", ""), http.StatusNotFound)
			wantCode(t, alice.transfer(a, "sip:carol@example.com", ""), http.StatusNoContent)
			wantCode(t, alice.update(a, "glare"), http.StatusConflict)
			bob.offered(b, "")
			wantCode(t, bob.answer(b, "bob's offer"), http.StatusNoContent)
			m := carol.next().Invitation
			if m == nil || m.OriginatorAddress != "sip:"+bob.email || m.Offer.SDP != "bob's offer" {
				t.Fatalf("invitation %+v", m)
			}
			c := carol.own(m.Header)
			wantCode(t, carol.status(c, kandyapi.StatusRinging), http.StatusOK)
			wantCode(t, carol.answer(c, "carol's answer"), http.StatusNoContent)
			bob.answered(b, "carol's answer")
			alice.event(a, ended, kandyapi.ReasonTransferred, 200)
			wantCode(t, alice.status(a, kandyapi.StatusConnected), http.StatusNotFound)

			wantCode(t, carol.update(c, "hold"), http.StatusNoContent)
			bob.offered(b, "hold")
			wantCode(t, bob.answer(b, "held"), http.StatusNoContent)
			carol.answered(c, "held")
			wantCode(t, bob.hangUp(b), http.StatusNoContent)
			carol.event(c, ended, kandyapi.ReasonHungUp, 200)
			alice.quiet()
		})
	}
}

func TestTransferFails(t *testing.T) {
	for name, fail := range map[string]func(carol *phone, path string) (reason string, code int){
		"declined": func(carol *phone, path string) (string, int) {
			carol.hangUp(path)
			return kandyapi.ReasonDeclined, 603
		},
		"no answer": func(*phone, string) (string, int) { return kandyapi.ReasonNoAnswer, 408 },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, nil, func(t *testing.T, w *world) {
				alice, bob, carol := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b"), w.phone("carol@example.com", "c")
				a, b := w.talk(alice, bob)
				wantCode(t, alice.transfer(a, "carol", ""), http.StatusNoContent)
				bob.offered(b, "")
				bob.answer(b, "bob's offer")
				reason, code := fail(carol, carol.invited("bob's offer"))
				alice.event(a, eventTransferFailed, reason, code)
				// The two are put together again with the offer that bob made.
				alice.offered(a, "bob's offer")
				wantCode(t, alice.answer(a, "alice's answer"), http.StatusNoContent)
				bob.answered(b, "alice's answer")
				wantCode(t, alice.update(a, "hold"), http.StatusNoContent)
				bob.offered(b, "hold")
			})
		})
	}
}

func TestTransferUnanswered(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		w.phone("carol@example.com", "c")
		a, b := w.talk(alice, bob)
		alice.transfer(a, "carol", "")
		bob.offered(b, "")
		alice.event(a, eventTransferFailed, kandyapi.ReasonNoAnswer, 408) // bob sent no offer in time
		wantCode(t, bob.answer(b, "late offer"), http.StatusNoContent)
		alice.offered(a, "late offer")
		wantCode(t, alice.answer(a, "answer"), http.StatusNoContent)
		bob.answered(b, "answer")
	})
}

func TestTransferorLeaves(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob, carol := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b"), w.phone("carol@example.com", "c")
		a, b := w.talk(alice, bob)
		alice.transfer(a, "carol", "")
		wantCode(t, alice.hangUp(a), http.StatusNoContent)
		bob.offered(b, "")
		bob.answer(b, "bob's offer")
		c := carol.invited("bob's offer")
		carol.hangUp(c)
		bob.event(b, ended, kandyapi.ReasonDeclined, 603) // nobody is left to go back to

		a, b = w.talk(alice, bob)
		alice.transfer(a, "carol", "")
		bob.offered(b, "")
		bob.answer(b, "offer 2")
		alice.hangUp(a)
		c = carol.invited("offer 2")
		carol.answer(c, "answer 2")
		bob.answered(b, "answer 2")
		carol.hangUp(c)
		bob.event(b, ended, kandyapi.ReasonHungUp, 200)
		alice.quiet()
	})
}

func TestTransfereeLeaves(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob, carol := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b"), w.phone("carol@example.com", "c")
		a, b := w.talk(alice, bob)
		alice.transfer(a, "carol", "")
		bob.offered(b, "")
		bob.answer(b, "bob's offer")
		c := carol.invited("bob's offer")
		bob.hangUp(b)
		carol.event(c, cancelled, kandyapi.ReasonHungUp, 200)
		alice.event(a, ended, kandyapi.ReasonHungUp, 200)
	})
}

// consulting sets alice up with a call to bob and one to carol.
func consulting(w *world) (alice, bob, carol *phone, a1, b, a2, c string) {
	w.t.Helper()
	alice, bob, carol = w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b"), w.phone("carol@example.com", "c")
	a1, b = w.talk(alice, bob)
	a2, c = w.talk(alice, carol)
	return
}

func sessionID(path string) string { return path[len(path)-36:] }

func TestConsultativeTransfer(t *testing.T) {
	for _, leaves := range []bool{false, true} {
		inWorld(t, nil, func(t *testing.T, w *world) {
			alice, bob, carol, a1, b, a2, c := consulting(w)
			wantCode(t, alice.transfer(a1, "carol", "no-such-session"), http.StatusNotFound)
			wantCode(t, alice.transfer(a1, "carol", sessionID(c)), http.StatusNotFound) // carol's, not alice's
			wantCode(t, alice.transfer(a1, "carol", sessionID(a1)), http.StatusNotFound)
			wantCode(t, alice.transfer(a1, "carol", sessionID(a2)), http.StatusNoContent)
			wantCode(t, carol.update(c, "glare"), http.StatusConflict)
			if leaves {
				wantCode(t, alice.hangUp(a1), http.StatusNoContent)
				wantCode(t, alice.hangUp(a2), http.StatusNoContent)
			}
			bob.offered(b, "")
			wantCode(t, bob.answer(b, "bob's offer"), http.StatusNoContent)
			carol.offered(c, "bob's offer")
			wantCode(t, carol.answer(c, "carol's answer"), http.StatusNoContent)
			bob.answered(b, "carol's answer")
			if !leaves {
				alice.event(a2, ended, kandyapi.ReasonTransferred, 200)
				alice.event(a1, ended, kandyapi.ReasonTransferred, 200)
			}
			wantCode(t, carol.update(c, "hold"), http.StatusNoContent)
			bob.offered(b, "hold")
			bob.answer(b, "held")
			carol.answered(c, "held")
			wantCode(t, carol.hangUp(c), http.StatusNoContent)
			bob.event(b, ended, kandyapi.ReasonHungUp, 200)
			alice.quiet()
			if n := len(w.server.calls) + len(w.server.legs) + len(w.server.legCount); n != 0 {
				t.Errorf("%d records left over", n)
			}
		})
	}
}

func TestConsultationFails(t *testing.T) {
	t.Run("the consulted side hangs up", func(t *testing.T) {
		inWorld(t, nil, func(t *testing.T, w *world) {
			alice, bob, carol, a1, b, a2, c := consulting(w)
			alice.transfer(a1, "carol", sessionID(a2))
			bob.offered(b, "")
			bob.answer(b, "bob's offer")
			carol.offered(c, "bob's offer")
			carol.hangUp(c)
			alice.event(a2, ended, kandyapi.ReasonHungUp, 200)
			alice.event(a1, eventTransferFailed, kandyapi.ReasonHungUp, 200)
			alice.offered(a1, "bob's offer")
			alice.answer(a1, "answer")
			bob.answered(b, "answer")
		})
	})
	t.Run("the transferee hangs up early", func(t *testing.T) {
		inWorld(t, nil, func(t *testing.T, w *world) {
			alice, bob, carol, a1, b, a2, c := consulting(w)
			alice.transfer(a1, "carol", sessionID(a2))
			bob.offered(b, "")
			bob.hangUp(b)
			alice.event(a1, ended, kandyapi.ReasonHungUp, 200)
			wantCode(t, carol.update(c, "the other call goes on"), http.StatusNoContent)
			alice.offered(a2, "the other call goes on")
		})
	})
	t.Run("the transferee hangs up late", func(t *testing.T) {
		inWorld(t, nil, func(t *testing.T, w *world) {
			alice, bob, carol, a1, b, a2, c := consulting(w)
			alice.transfer(a1, "carol", sessionID(a2))
			bob.offered(b, "")
			bob.answer(b, "bob's offer")
			carol.offered(c, "bob's offer")
			bob.hangUp(b)
			alice.event(a2, ended, kandyapi.ReasonHungUp, 200) // a1 settles after the transfer request
			alice.event(a1, ended, kandyapi.ReasonHungUp, 200)
			carol.event(c, ended, kandyapi.ReasonHungUp, 200)
		})
	})
	t.Run("the consulted side is silent", func(t *testing.T) {
		inWorld(t, nil, func(t *testing.T, w *world) {
			alice, bob, carol, a1, b, a2, c := consulting(w)
			alice.transfer(a1, "carol", sessionID(a2))
			bob.offered(b, "")
			bob.answer(b, "bob's offer")
			carol.offered(c, "bob's offer")
			start := time.Now()
			alice.event(a1, eventTransferFailed, kandyapi.ReasonNoAnswer, 408)
			if waited := time.Since(start); waited != 30*time.Second {
				t.Errorf("waited %v", waited)
			}
			alice.offered(a1, "bob's offer")
			wantCode(t, carol.answer(c, "late"), http.StatusConflict)
			wantCode(t, alice.update(a2, "go on"), http.StatusNoContent)
			carol.offered(c, "go on")
		})
	})
}
