package switchboard

import (
	"net/http"
	"testing"
	"time"

	"tring/engine/internal/kandyapi"
)

const (
	ringing   = kandyapi.EventRinging
	ended     = kandyapi.EventSessionEnded
	cancelled = kandyapi.EventCancelled
)

func TestAnswered(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "alice-desk"), w.phone("bob@example.com", "bob-desk")
		const offer = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=<&>\u2028\"\\\r\n"
		a := alice.call("sip:bob@example.com", offer)
		invitation := bob.next().Invitation
		if invitation.OriginatorAddress != "sip:alice@example.com" || invitation.OriginatorName != "Alice A." ||
			invitation.TParticipantAddress != "sip:bob@example.com" || invitation.Offer.SDP != offer {
			t.Fatalf("invitation %+v", invitation)
		}
		b := bob.own(invitation.Header)
		wantCode(t, bob.status(b, kandyapi.StatusRinging), http.StatusOK)
		alice.event(a, ringing, "", 0)
		// SDK 5.2.0 audits while it rings; that is no answer.
		wantCode(t, alice.status(a, kandyapi.StatusConnected), http.StatusOK)
		wantCode(t, bob.status(b, kandyapi.StatusConnected), http.StatusOK)
		wantCode(t, bob.answer(b, "answer\r\n"), http.StatusNoContent)
		alice.accepted(a, "answer\r\n")
		wantCode(t, alice.hangUp(a), http.StatusNoContent)
		bob.event(b, ended, kandyapi.ReasonHungUp, 200)
		for _, p := range []struct {
			*phone
			path string
		}{{alice, a}, {bob, b}} {
			wantCode(t, p.hangUp(p.path), http.StatusNotFound)
			wantCode(t, p.status(p.path, kandyapi.StatusConnected), http.StatusNotFound)
		}
	})
}

func TestRejected(t *testing.T) {
	for _, test := range []struct {
		query, reason string
		code          int
	}{
		{"", kandyapi.ReasonDeclined, 603},
		{"?reason=busy", kandyapi.ReasonBusy, 486},
	} {
		inWorld(t, nil, func(t *testing.T, w *world) {
			alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
			a := alice.call("bob", "offer")
			b := bob.invited("offer")
			wantCode(t, bob.hangUp(b+test.query), http.StatusNoContent)
			alice.event(a, ended, test.reason, test.code)
			bob.quiet()
		})
	}
}

func TestCancelled(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob, bob2 := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b1"), w.phone("bob@example.com", "b2")
		a := alice.call("sip:bob@example.com", "offer")
		b, b2 := bob.invited("offer"), bob2.invited("offer")
		wantCode(t, alice.hangUp(a), http.StatusNoContent)
		bob.event(b, cancelled, kandyapi.ReasonCallerCancelled, 487)
		bob2.event(b2, cancelled, kandyapi.ReasonCallerCancelled, 487)
		alice.quiet()
	})
}

func TestSeveralDevices(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice := w.phone("alice@example.com", "a")
		desk, mobile, tablet := w.phone("bob@example.com", "desk"), w.phone("bob@example.com", "mobile"), w.phone("bob@example.com", "tablet")
		a := alice.call("sip:bob@example.com", "offer")
		d, m, b := desk.invited("offer"), mobile.invited("offer"), tablet.invited("offer")
		desk.status(d, kandyapi.StatusRinging)
		mobile.status(m, kandyapi.StatusRinging)
		alice.event(a, ringing, "", 0)
		// One device that is busy does not silence the others.
		wantCode(t, tablet.hangUp(b+"?reason=busy"), http.StatusNoContent)
		alice.quiet()
		wantCode(t, mobile.answer(m, "answer"), http.StatusNoContent)
		alice.accepted(a, "answer")
		desk.event(d, cancelled, kandyapi.ReasonAnsweredElsewhere, 200)
		wantCode(t, desk.answer(d, "late"), http.StatusConflict)
		wantCode(t, desk.hangUp(d), http.StatusNotFound)
		wantCode(t, mobile.hangUp(m), http.StatusNoContent)
		alice.event(a, ended, kandyapi.ReasonHungUp, 200)
		desk.quiet()
	})
}

func TestDeclinedElsewhere(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice := w.phone("alice@example.com", "a")
		desk, mobile := w.phone("bob@example.com", "desk"), w.phone("bob@example.com", "mobile")
		a := alice.call("sip:bob@example.com", "offer")
		d, m := desk.invited("offer"), mobile.invited("offer")
		wantCode(t, desk.hangUp(d), http.StatusNoContent)
		mobile.event(m, cancelled, kandyapi.ReasonDeclinedElsewhere, 603)
		alice.event(a, ended, kandyapi.ReasonDeclined, 603)
	})
}

func TestOwnOtherDevice(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		desk, mobile := w.phone("alice@example.com", "desk"), w.phone("alice@example.com", "mobile")
		a, b := w.talk(desk, mobile)
		wantCode(t, mobile.hangUp(b), http.StatusNoContent)
		desk.event(a, ended, kandyapi.ReasonHungUp, 200)
	})
}

func TestNoAnswer(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		start := time.Now()
		a := alice.call("sip:bob@example.com", "offer")
		b := bob.invited("offer")
		alice.event(a, ended, kandyapi.ReasonNoAnswer, 408)
		bob.event(b, cancelled, kandyapi.ReasonNoAnswer, 408)
		if waited := time.Since(start); waited != time.Minute {
			t.Errorf("rang for %v", waited)
		}
	})
}

func TestUnknownAndAbsent(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice := w.phone("alice@example.com", "a")
		for _, address := range []string{"sip:nobody@example.com", "", "sip:", "@", "sip:+16135550100@example.com", "sip:bob@elsewhere.org"} {
			wantCode(t, alice.request("POST", kandyapi.SessionsPath(alice.user), alice.invite(address, "offer"), nil), http.StatusNotFound)
		}
		a := alice.call("sip:carol@example.com;user=phone", "offer")
		start := time.Now()
		alice.event(a, ended, kandyapi.ReasonUnavailable, 480)
		if settled := time.Since(start); settled != 250*time.Millisecond {
			t.Errorf("told after %v", settled)
		}
		// A device that has a channel but no subscription is not rung.
		bob := w.phone("bob@example.com", "b")
		wantCode(t, bob.request("DELETE", bob.subscribe(), nil, nil), http.StatusNoContent)
		a = alice.call("sip:bob@example.com", "offer")
		alice.event(a, ended, kandyapi.ReasonUnavailable, 480)
		bob.quiet()
	})
}

func TestSettling(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		start := time.Now()
		a := alice.call("sip:bob@example.com", "offer")
		b := bob.invited("offer")
		bob.status(b, kandyapi.StatusRinging)
		bob.answer(b, "answer")
		if !time.Now().Equal(start) {
			t.Fatal("the callee had to wait")
		}
		alice.event(a, ringing, "", 0)
		alice.accepted(a, "answer")
		if settled := time.Since(start); settled != 250*time.Millisecond {
			t.Errorf("the caller was told after %v", settled)
		}
		// A request while something waits begins the wait anew, in order.
		alice.update(a, "hold")
		bob.offered(b, "hold")
		bob.answer(b, "held")
		time.Sleep(200 * time.Millisecond)
		again := time.Now()
		alice.status(a, kandyapi.StatusConnected)
		alice.answered(a, "held")
		if settled := time.Since(again); settled != 250*time.Millisecond {
			t.Errorf("told %v after the last reply", settled)
		}
	})
}

func TestEarly(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		alice.early = true
		start := time.Now()
		a, _ := w.talk(alice, bob)
		alice.update(a, "hold")
		if !time.Now().Equal(start) {
			t.Errorf("an early client was kept waiting")
		}
	})
}

func TestUpdateAndGlare(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		a := alice.call("sip:bob@example.com", "offer")
		b := bob.invited("offer")
		wantCode(t, alice.update(a, "too early"), http.StatusConflict)
		wantCode(t, bob.update(b, "too early"), http.StatusConflict)
		wantCode(t, alice.answer(a, "not asked"), http.StatusConflict)
		bob.answer(b, "answer")
		alice.accepted(a, "answer")
		for _, test := range []struct {
			from, to         *phone
			fromPath, toPath string
		}{{alice, bob, a, b}, {bob, alice, b, a}} {
			wantCode(t, test.from.update(test.fromPath, "reoffer"), http.StatusNoContent)
			wantCode(t, test.to.update(test.toPath, "glare"), http.StatusConflict)
			wantCode(t, test.from.update(test.fromPath, "again"), http.StatusConflict)
			wantCode(t, test.from.answer(test.fromPath, "own"), http.StatusConflict)
			test.to.offered(test.toPath, "reoffer")
			wantCode(t, test.to.answer(test.toPath, "reanswer"), http.StatusNoContent)
			wantCode(t, test.to.answer(test.toPath, "twice"), http.StatusConflict)
			test.from.answered(test.fromPath, "reanswer")
		}
		// An offer that is never answered does not block the call for good.
		alice.update(a, "lost")
		bob.offered(b, "lost")
		time.Sleep(31 * time.Second)
		wantCode(t, bob.update(b, "instead"), http.StatusNoContent)
		alice.offered(a, "instead")
	})
}

func TestSlowStart(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		a := alice.call("sip:bob@example.com", "")
		b := bob.invited("")
		wantCode(t, bob.answer(b, ""), http.StatusBadRequest)
		wantCode(t, bob.answer(b, "bob's offer"), http.StatusNoContent)
		alice.offered(a, "bob's offer")
		wantCode(t, alice.update(a, "no"), http.StatusConflict)
		wantCode(t, alice.answer(a, "alice's answer"), http.StatusNoContent)
		bob.accepted(b, "alice's answer")
		// Inside the call: an empty offer asks for one.
		wantCode(t, alice.update(a, ""), http.StatusNoContent)
		bob.offered(b, "")
		wantCode(t, bob.answer(b, "new offer"), http.StatusNoContent)
		alice.offered(a, "new offer")
		wantCode(t, alice.answer(a, "new answer"), http.StatusNoContent)
		bob.answered(b, "new answer")
		wantCode(t, bob.hangUp(b), http.StatusNoContent)
		alice.event(a, ended, kandyapi.ReasonHungUp, 200)
	})
}

func TestForward(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob, bob2, carol := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b"),
			w.phone("bob@example.com", "b2"), w.phone("carol@example.com", "c")
		forward := func(p *phone, path, to string) int {
			return p.request("PUT", path+"/forward", kandyapi.ForwardBody{Forward: &kandyapi.Target{Address: to}}, nil)
		}
		a := alice.call("sip:bob@example.com", "offer")
		b, b2 := bob.invited("offer"), bob2.invited("offer")
		wantCode(t, forward(alice, a, "sip:carol@example.com"), http.StatusConflict)
		wantCode(t, forward(bob, b, "sip:nobody@example.com"), http.StatusNotFound)
		wantCode(t, forward(bob, b, "sip:carol@example.com"), http.StatusNoContent)
		bob2.event(b2, cancelled, kandyapi.ReasonTransferred, 200)
		c := carol.invited("offer")
		wantCode(t, bob.hangUp(b), http.StatusNotFound)
		wantCode(t, carol.answer(c, "answer"), http.StatusNoContent)
		alice.accepted(a, "answer")
		wantCode(t, carol.hangUp(c), http.StatusNoContent)
		alice.event(a, ended, kandyapi.ReasonHungUp, 200)
	})
}

func TestForwardLoopEnds(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob, carol := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b"), w.phone("carol@example.com", "c")
		alice.call("sip:bob@example.com", "offer")
		now, next := bob, carol
		for i := 0; ; i++ {
			path := now.invited("offer")
			code := now.request("PUT", path+"/forward", kandyapi.ForwardBody{Forward: &kandyapi.Target{Address: next.email}}, nil)
			if code == http.StatusForbidden && i == maxForwards {
				return
			}
			wantCode(t, code, http.StatusNoContent)
			now, next = next, now
		}
	})
}

func TestAudit(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		a, b := w.talk(alice, bob)
		for range 10 { // both give signs of life
			time.Sleep(25 * time.Second)
			wantCode(t, alice.status(a, kandyapi.StatusConnected), http.StatusOK)
			wantCode(t, bob.status(b, kandyapi.StatusConnected), http.StatusOK)
		}
		for range 4 { // now only one
			time.Sleep(25 * time.Second)
			alice.status(a, kandyapi.StatusConnected)
		}
		alice.event(a, ended, kandyapi.ReasonLost, 408)
		bob.event(b, ended, kandyapi.ReasonLost, 408)
		wantCode(t, alice.status(a, kandyapi.StatusConnected), http.StatusNotFound)
	})
}

// TestAwayInACall: a device whose way to the server is lost for some minutes
// finds its call as it was, with all that it missed. One that never comes back
// ends the call for the other side in the end.
func TestAwayInACall(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		a, b := w.talk(alice, bob)
		audits := func(d time.Duration) {
			for range d / (25 * time.Second) {
				time.Sleep(25 * time.Second)
				wantCode(t, bob.status(b, kandyapi.StatusConnected), http.StatusOK)
			}
		}
		time.Sleep(time.Second) // what came so far is confirmed
		alice.drop()
		audits(200 * time.Second)
		wantCode(t, bob.update(b, "hold"), http.StatusNoContent)
		time.Sleep(10 * time.Second)
		alice.openSocket()
		alice.offered(a, "hold")
		wantCode(t, alice.answer(a, "held"), http.StatusNoContent)
		bob.answered(b, "held")
		time.Sleep(20 * time.Second)
		wantCode(t, alice.status(a, kandyapi.StatusConnected), http.StatusOK)

		time.Sleep(time.Second)
		alice.drop()
		audits(285 * time.Second)
		for range 5 {
			time.Sleep(25 * time.Second)
			bob.status(b, kandyapi.StatusConnected)
		}
		bob.event(b, ended, kandyapi.ReasonLost, 408)
		time.Sleep(10 * time.Second)
		wantCode(t, alice.request("GET", alice.channel.ResourceURL, nil, nil), http.StatusNotFound)
	})
}

func TestListAndShow(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		a, b := w.talk(alice, bob)
		var list struct {
			List struct {
				Sessions []kandyapi.Session `json:"wrtcsSession"`
			} `json:"wrtcsSessionList"`
		}
		alice.want(http.StatusOK, "GET", kandyapi.SessionsPath(alice.user)+"?clientCorrelator=a", nil, &list)
		if len(list.List.Sessions) != 1 || list.List.Sessions[0].ResourceURL != a || list.List.Sessions[0].TParticipantAddress != "sip:bob@example.com" {
			t.Errorf("list %+v", list)
		}
		alice.want(http.StatusOK, "GET", kandyapi.SessionsPath(alice.user)+"?clientCorrelator=x", nil, &list)
		if len(list.List.Sessions) != 0 {
			t.Errorf("list %+v", list)
		}
		var session kandyapi.SessionBody
		bob.want(http.StatusOK, "GET", b, nil, &session)
		if session.Session.TParticipantAddress != "sip:alice@example.com" || session.Session.Status != kandyapi.StatusConnected {
			t.Errorf("session %+v", session.Session)
		}
		var status kandyapi.SessionStatusBody
		bob.want(http.StatusOK, "GET", b+"/status", nil, &status)
		if status.Status.Status != kandyapi.StatusConnected {
			t.Errorf("status %+v", status)
		}
	})
}
