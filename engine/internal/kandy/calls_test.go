package kandy

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine"
	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

const acceptance, answerNote, offerNote = "wrtcsAcceptanceNotification", "wrtcsAnswerNotification", "wrtcsOfferNotification"

func TestOutgoingCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		leg, err := s.Invite(t.Context(), "bob@example.com", "Alice", "v=0 offer")
		if err != nil || leg != "s-1" {
			t.Fatal(leg, err)
		}
		f.push(eventText("n-1", "s-1", "Ringing", ""), sdpText(acceptance, "answer", "n-2", "s-1", "v=0 answer"),
			sdpText(answerNote, "answer", "n-3", "s-1", "v=0 later"), sdpText(offerNote, "offer", "n-4", "s-1", "v=0 re"),
			eventText("n-5", "s-1", "SessionEnded", ""))
		next[signaling.RemoteRinging](t, s)
		if e := next[signaling.Accepted](t, s); e.Answer != "v=0 answer" {
			t.Errorf("%+v", e)
		}
		if e := next[signaling.Answered](t, s); e.Answer != "v=0 later" {
			t.Errorf("%+v", e)
		}
		if e := next[signaling.Offered](t, s); e.Offer != "v=0 re" {
			t.Errorf("%+v", e)
		}
		if e := next[signaling.Finished](t, s); e.Cancelled || e.End.Reason != engine.ReasonHungUpThere {
			t.Errorf("%+v", e)
		}
	})
}

func TestEarlyNotificationsWaitForInvite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		next[signaling.CredentialChanged](t, s)
		path := kandyapi.SessionsPath(testUser)
		f.on("POST "+path, func(w http.ResponseWriter, _ *http.Request) {
			f.push(eventText("n-1", "s-9", "Ringing", ""), sdpText(acceptance, "answer", "n-2", "s-9", "v=0 answer"),
				eventText("n-2", "s-9", "SessionEnded", ""), eventText("n-x", "s-other", "Ringing", ""))
			time.Sleep(7 * time.Second) // longer than EarlyHold
			reply(w, 201, `{"wrtcsSession":{"resourceURL":"`+path+`/s-9"}}`)
		})
		var returned bool
		invited := make(chan struct{})
		go func() {
			defer close(invited)
			if leg, err := s.Invite(t.Context(), "bob@example.com", "", "v=0"); leg != "s-9" || err != nil {
				t.Errorf("Invite: %s %v", leg, err)
			}
			returned = true
		}()
		e := next[signaling.RemoteRinging](t, s)
		<-invited
		if !returned || e.Leg != "s-9" {
			t.Errorf("%+v came before Invite returned", e)
		}
		next[signaling.Accepted](t, s)
		synctest.Wait()
		if len(s.queue.waiting) != 0 {
			t.Errorf("more events: %v", s.queue.waiting)
		}
		if n := len(s.legs.early); n != 1 {
			t.Errorf("%d early notifications left", n)
		}
		time.Sleep(6 * time.Second)
		f.push(eventText("n-y", "s-other2", "Ringing", ""))
		synctest.Wait()
		if n := len(s.legs.early); n != 1 || s.legs.early[0].leg != "s-other2" {
			t.Errorf("stale notifications stay: %v", s.legs.early)
		}
	})
}

func TestIncomingRepeatedReorderedLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		cancelled := eventText("n-1", "s-1", "Cancelled", `,"reason":"Answered elsewhere","statusCode":200`)
		invitation := invitationText("n-2", "s-1", "v=0")
		// The end outruns the beginning, and both are repeated.
		f.push(cancelled, invitation, cancelled, invitation, invitationText("n-3", "s-1", "v=0"), eventText("n-4", "s-1", "SessionEnded", ""))
		in := next[signaling.Incoming](t, s)
		if in != (signaling.Incoming{Leg: "s-1", From: "bob@example.com", DisplayName: "Bob B.", Offer: "v=0"}) {
			t.Errorf("%+v", in)
		}
		want := signaling.Finished{Leg: "s-1", Cancelled: true, End: engine.EndInfo{Reason: engine.ReasonAnsweredElsewhere, StatusCode: 200, Text: "Answered elsewhere"}}
		if e := next[signaling.Finished](t, s); e != want {
			t.Errorf("%+v, want %+v", e, want)
		}
		f.push(`{"unknown":{"id":"1"}}`, `not json`, `{}`, `[]`, `{"wrtcsEventNotification":{"id":"n-9"}}`, invitationText("n-5", "s-2", ""))
		if e := next[signaling.Incoming](t, s); e.Leg != "s-2" || e.Offer != "" {
			t.Errorf("slow start: %+v", e)
		}
	})
}

func TestSlowStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		f.push(invitationText("n-1", "s-1", ""))
		if e := next[signaling.Incoming](t, s); e.Offer != "" {
			t.Errorf("%+v", e)
		}
		if err := s.Answer(t.Context(), "s-1", "v=0 offer"); err != nil {
			t.Error(err)
		}
		f.push(sdpText(acceptance, "answer", "n-2", "s-1", "v=0 answer"), eventText("n-3", "s-1", "SessionEnded", ""))
		if e := next[signaling.Accepted](t, s); e.Answer != "v=0 answer" {
			t.Errorf("%+v", e)
		}
		if e := next[signaling.Finished](t, s); e.Cancelled || e.End.Reason != engine.ReasonHungUpThere {
			t.Errorf("%+v", e)
		}
		// Ended before the far end accepted, it was never answered.
		f.push(invitationText("n-4", "s-2", ""))
		next[signaling.Incoming](t, s)
		if err := s.Answer(t.Context(), "s-2", "v=0 offer"); err != nil {
			t.Error(err)
		}
		f.push(eventText("n-5", "s-2", "SessionEnded", ""))
		if e := next[signaling.Finished](t, s); !e.Cancelled || e.End.Reason != engine.ReasonCancelledThere {
			t.Errorf("%+v", e)
		}
	})
}

func TestAbandonedInviteIsTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		path := kandyapi.SessionsPath(testUser)
		f.on("POST "+path, func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(3 * time.Second)
			reply(w, 201, `{"wrtcsSession":{"resourceURL":"`+path+`/s-1"}}`)
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.Invite(ctx, "bob@example.com", "", "v=0"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Invite: %v", engineErr(err))
		}
		time.Sleep(5 * time.Second)
		if f.count("DELETE", path+"/s-1") != 1 {
			t.Error("the call rings on")
		}
	})
}

func TestHangupIsToldLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		path := kandyapi.SessionPath(testUser, "s-1")
		f.net.Cut()
		if err := s.Hangup(t.Context(), "s-1"); !errors.Is(err, engine.ErrServerUnreachable) {
			t.Error(err)
		}
		time.Sleep(20 * time.Second)
		f.net.Heal()
		time.Sleep(40 * time.Second)
		if n := f.count("DELETE", path); n != 1 {
			t.Errorf("told %d times", n)
		}
		f.on("DELETE "+path, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, "POL0001", "no") })
		if err := s.Hangup(t.Context(), "s-1"); err == nil {
			t.Error("refused, and no error")
		}
		f.net.Cut()
		_ = s.Hangup(t.Context(), "s-1")
		s.Close(t.Context()) // ends the attempts
		if n := f.count("DELETE", path); n != 2 {
			t.Errorf("told %d times", n)
		}
	})
}

func TestInviteRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		for _, c := range []struct {
			status int
			reason engine.EndReason
			words  string
		}{
			{404, engine.ReasonUnknownUser, "There is nobody called bob@example.com on this server."},
			{480, engine.ReasonUnreachable, "not signed in"},
			{486, engine.ReasonBusy, "another call"},
			{603, engine.ReasonDeclined, "declined"},
			{400, engine.ReasonRefused, "No valid address bob"},
		} {
			f.on("POST "+kandyapi.SessionsPath(testUser), func(w http.ResponseWriter, _ *http.Request) {
				refuse(w, c.status, "SVC0004", "No valid address %1", "bob")
			})
			_, err := s.Invite(t.Context(), "bob@example.com", "", "v=0")
			var refused *signaling.RefusedError
			var problem *engine.Problem
			if !errors.As(err, &refused) || !errors.As(err, &problem) {
				t.Fatalf("%d: %T %v", c.status, err, err)
			}
			if refused.End.Reason != c.reason || refused.End.StatusCode != c.status || !strings.Contains(problem.Cause, c.words) {
				t.Errorf("%d: %+v %q", c.status, refused.End, problem.Cause)
			}
		}
	})
}

func TestLegRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		ctx, path := t.Context(), kandyapi.SessionPath(testUser, "s-1")
		for what, err := range map[string]error{
			"ringing": s.Ringing(ctx, "s-1"), "answer": s.Answer(ctx, "s-1", "v=0"), "offer": s.Offer(ctx, "s-1", "v=0"),
			"forward": s.Forward(ctx, "s-1", "carol@example.com"), "transfer": s.Transfer(ctx, "s-1", "carol@example.com", "s-2"),
			"busy": s.RejectBusy(ctx, "s-1"), "hangup": s.Hangup(ctx, "s-1"),
		} {
			if err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		if alive, err := s.Audit(ctx, "s-1"); !alive || err != nil {
			t.Error("audit", alive, err)
		}
		f.on("PUT "+path+"/status", func(w http.ResponseWriter, _ *http.Request) {
			reply(w, 200, `{"wrtcsSessionStatus":{"status":"Closed"}}`)
		})
		if alive, err := s.Audit(ctx, "s-1"); alive || err != nil {
			t.Error("audit of a closed one", alive, err)
		}
		gone := func(w http.ResponseWriter, _ *http.Request) { refuse(w, 404, "SVC0002", "gone") }
		f.on("PUT "+path+"/status", gone)
		f.on("DELETE "+path, gone)
		if alive, err := s.Audit(ctx, "s-1"); alive || err != nil {
			t.Error("audit of a gone one", alive, err)
		}
		if err := s.Hangup(ctx, "s-1"); err != nil {
			t.Error("hangup of a gone one", err)
		}
		if err := s.Ringing(ctx, "s-1"); !errors.Is(err, signaling.ErrGone) {
			t.Error("ringing of a gone one", err)
		}
		conflict := func(w http.ResponseWriter, _ *http.Request) { refuse(w, 409, "SVC0009", "busy") }
		f.on("PUT "+path+"/update", conflict)
		f.on("PUT "+path+"/answer", conflict)
		if err := s.Offer(ctx, "s-1", "v=0"); !errors.Is(err, signaling.ErrGlare) {
			t.Error("glare", err)
		}
		if err := s.Answer(ctx, "s-1", "v=0"); !errors.Is(err, signaling.ErrGone) {
			t.Error("too late", err)
		}
		f.on("PUT "+path+"/status", func(w http.ResponseWriter, _ *http.Request) { refuse(w, 500, "SVC0001", "ouch") })
		if alive, err := s.Audit(ctx, "s-1"); !alive || !errors.Is(err, engine.ErrServerFailed) {
			t.Error("audit of a sick server", alive, err)
		}
		for _, hostile := range []signaling.LegID{"", ".", "..", "a/b", "x?y", "a b"} {
			if err := s.Ringing(ctx, hostile); err == nil {
				t.Errorf("leg %q was taken", hostile)
			}
		}
	})
}

func TestICEServers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		cfg := f.config()
		cfg.ICEServers = []signaling.ICEServer{
			{URLs: []string{"stun:stun.example.com"}},
			{URLs: []string{"turns:turn.example.com:443?transport=tcp", "http://x"}},
			{URLs: []string{"turn:own"}, Username: "me", Credential: "mine"},
		}
		s := f.signInWith(t, cfg, engine.Secret{Password: testPassword})
		synctest.Wait()
		list, err := s.ICEServers(t.Context())
		if err != nil || len(list) != 3 || list[0].Username != "" || list[1].Credential != "turn-pass" || len(list[1].URLs) != 1 || list[2].Username != "me" {
			t.Errorf("%+v %v", list, err)
		}
		time.Sleep(6 * time.Minute)
		f.on("POST "+kandyapi.TurnPath(testUser), func(w http.ResponseWriter, _ *http.Request) { refuse(w, 500, "x", "y") })
		if list, err = s.ICEServers(t.Context()); err != nil || len(list) != 2 {
			t.Errorf("without credentials: %+v %v", list, err)
		}
	})
}
