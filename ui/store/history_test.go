package store

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"tring/engine"
)

func TestOutcomeOf(t *testing.T) {
	incoming := map[engine.EndReason]Outcome{
		engine.ReasonNone: Over, engine.ReasonHungUpHere: Declined, engine.ReasonHungUpThere: Over,
		engine.ReasonCancelledHere: Declined, engine.ReasonCancelledThere: Missed, engine.ReasonDeclinedHere: Declined,
		engine.ReasonDeclined: Declined, engine.ReasonBusy: Busy, engine.ReasonNoAnswer: Missed,
		engine.ReasonUnknownUser: UnknownUser, engine.ReasonUnreachable: Unreachable,
		engine.ReasonAnsweredElsewhere: AnsweredElsewhere, engine.ReasonDeclinedElsewhere: DeclinedElsewhere,
		engine.ReasonTransferred: Forwarded, engine.ReasonNetworkLost: Failed, engine.ReasonRefused: Failed,
		engine.ReasonServerEnded: Over, engine.EndReason(99): Over,
	}
	outgoing := map[engine.EndReason]Outcome{
		engine.ReasonHungUpHere: Cancelled, engine.ReasonCancelledHere: Cancelled,
		engine.ReasonCancelledThere: NoAnswer, engine.ReasonNoAnswer: NoAnswer,
	}
	for reason, in := range incoming {
		out, ok := outgoing[reason]
		if !ok {
			out = in
		}
		for direction, want := range map[engine.Direction]Outcome{engine.Incoming: in, engine.Outgoing: out} {
			c := engine.Call{Direction: direction, State: engine.Ringing, End: engine.EndInfo{Reason: reason}}
			if got := OutcomeOf(c); got != Ringing {
				t.Errorf("%v while it rings: %q", reason, got)
			}
			c.State = engine.Cancelled
			if got := OutcomeOf(c); got != want || !got.Known() {
				t.Errorf("%v, direction %v: %q, want %q", reason, direction, got, want)
			}
			c.ConnectedAt = start
			if got := OutcomeOf(c); got != Answered {
				t.Errorf("%v after the answer: %q", reason, got)
			}
		}
	}
	for reason := engine.ReasonNone; reason.String() != "Unknown"; reason++ {
		if _, ok := incoming[reason]; !ok {
			t.Errorf("%v is not tested", reason)
		}
	}
}

func TestFromCall(t *testing.T) {
	c := engine.Call{
		Direction: engine.Incoming, State: engine.Ended, RemoteAddress: "bob@example.com", RemoteName: "Bob", OfferedVideo: true,
		StartedAt: start, ConnectedAt: start.Add(time.Second), EndedAt: start.Add(time.Minute),
	}
	want := Entry{
		Account: "me", Address: "bob@example.com", Name: "Bob", Incoming: true, Video: true,
		Began: start, Answered: start.Add(time.Second), Ended: start.Add(time.Minute), Outcome: Answered,
	}
	got := FromCall("me", c)
	if got != want || got.Length() != 59*time.Second {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if l := (Entry{Answered: start, Ended: start.Add(-time.Second)}).Length(); l != 0 {
		t.Errorf("a clock that was set back gives %v", l)
	}
}

func TestACallFromRingToEnd(t *testing.T) {
	both(t, func(t *testing.T, s *Store, again func() *Store) {
		e := Entry{Account: "me@example.com", Address: "sip:bob@example.com", Name: "Bob\u202e\n Jr", Incoming: true, Video: true}
		id, err := s.BeginCall(e)
		if err != nil {
			t.Fatal(err)
		}
		rings, _ := s.Call(id)
		if rings.Outcome != Ringing || !rings.Began.Equal(start) || rings.Name != "Bob  Jr" || rings.Address != "bob@example.com" {
			t.Errorf("it rings: %+v", rings)
		}
		e.ID, e.Answered, e.Ended, e.Outcome = id, start.Add(time.Second), start.Add(time.Hour), Answered
		e.Receipt = &Receipt{
			SetUp: 67 * time.Millisecond, RoundTrip: time.Millisecond, Relayed: true, Width: 1280, Height: 720, LossOut: math.NaN(), LossIn: 7,
			Freezes: 2, FrozenFor: time.Second, DeviceChanges: 1, Interruptions: 3,
		}
		if err := s.UpdateCall(e); err != nil {
			t.Fatal(err)
		}
		want := *e.Receipt
		want.LossOut, want.LossIn = 0, 1
		got, ok := again().Call(id)
		if !ok || got.Outcome != Answered || got.Length() != time.Hour-time.Second || !got.Began.Equal(start) || !got.Video || !got.Incoming {
			t.Errorf("%+v", got)
		}
		if got.Receipt == nil || *got.Receipt != want {
			t.Errorf("receipt %+v, want %+v", got.Receipt, want)
		}
	})
}

// TestCrashLeavesNoOpenCalls: an incoming call that rang was missed, one that
// was answered went on until it was last noted.
func TestCrashLeavesNoOpenCalls(t *testing.T) {
	path := filePath(t)
	s := opened(t, path)
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	for _, e := range []Entry{
		{Incoming: true},
		{},
		{Incoming: true, Answered: at(5), Outcome: Answered},
		{Answered: at(5), Outcome: Ringing},
		{Incoming: true, Outcome: Declined},
		{Incoming: true, Outcome: Ringing, Ended: at(9)},
		{Incoming: true, Outcome: Missed, Ended: at(9), Seen: true},
		{Incoming: true, Outcome: Answered, Answered: at(5)},
	} {
		id, err := s.BeginCall(e)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Touch(id, at(int(id))); err != nil {
			t.Fatal(err)
		}
		if err := s.Touch(id, at(1)); err != nil { // late, and of no weight
			t.Fatal(err)
		}
	}
	s.Close()
	s = opened(t, path)
	want := []struct {
		outcome Outcome
		ended   time.Time
	}{
		{Missed, at(1)},
		{Failed, at(2)},
		{Answered, at(5)},
		{Answered, at(5)},
		{Declined, at(5)},
		{Missed, at(9)},
		{Missed, at(9)},
		{Answered, at(8)},
	}
	for i, w := range want {
		if e, ok := s.Call(int64(i + 1)); !ok || e.Outcome != w.outcome || !e.Ended.Equal(w.ended) {
			t.Errorf("call %d: %q, ended %v, want %q, %v", i+1, e.Outcome, e.Ended, w.outcome, w.ended)
		}
	}
	if n := s.MissedUnseen(); n != 2 {
		t.Errorf("%d missed", n)
	}
}

func TestMissedUntilSeen(t *testing.T) {
	both(t, func(t *testing.T, s *Store, again func() *Store) {
		e := Entry{Address: "bob", Incoming: true}
		id, err := s.BeginCall(e)
		if err != nil {
			t.Fatal(err)
		}
		if n := s.MissedUnseen(); n != 0 {
			t.Errorf("%d are missed while it rings", n)
		}
		e.ID, e.Outcome, e.Ended = id, Missed, start
		if err := s.UpdateCall(e); err != nil {
			t.Fatal(err)
		}
		if _, err := s.BeginCall(Entry{Address: "eve", Incoming: true, Outcome: AnsweredElsewhere, Ended: start}); err != nil {
			t.Fatal(err)
		}
		if n := s.MissedUnseen(); n != 1 {
			t.Errorf("%d are missed", n)
		}
		if missed := s.History(Query{MissedOnly: true}); len(missed) != 1 || missed[0].ID != id || missed[0].Seen {
			t.Errorf("missed: %+v", missed)
		}
		s = again()
		if n := s.MissedUnseen(); n != 1 {
			t.Errorf("%d are missed after a restart", n)
		}
		if err := s.MarkSeen(); err != nil {
			t.Fatal(err)
		}
		e.Receipt = &Receipt{} // what is written late does not make it new
		if err := s.UpdateCall(e); err != nil {
			t.Fatal(err)
		}
		if n := again().MissedUnseen(); n != 0 {
			t.Errorf("%d are missed after they were seen", n)
		}
	})
}

func TestHistoryInPages(t *testing.T) {
	both(t, func(t *testing.T, s *Store, again func() *Store) {
		if _, err := s.SaveContact(Contact{Name: "Bärbel", Addresses: reach("", "b7@example.com")}); err != nil {
			t.Fatal(err)
		}
		for i := range 25 {
			if _, err := s.BeginCall(Entry{Address: fmt.Sprintf("b%d@example.com", i), Name: fmt.Sprintf("Caller %d", i%10), Ended: start, Outcome: Failed}); err != nil {
				t.Fatal(err)
			}
		}
		s = again()
		var ids []int64
		for q := (Query{Limit: 10}); ; q.Before = ids[len(ids)-1] {
			page := s.History(q)
			if len(page) == 0 {
				break
			}
			for _, e := range page {
				ids = append(ids, e.ID)
			}
		}
		if len(ids) != 25 || ids[0] != 25 || ids[24] != 1 {
			t.Errorf("pages: %v", ids)
		}
		for typed, want := range map[string]int{"": 25, "caller 3": 3, "CALL": 25, "b12": 1, "barb": 1, "xyz": 0, "example": 25, "b7@example.com": 1} {
			if got := s.History(Query{Text: typed}); len(got) != want {
				t.Errorf("%q finds %d calls, want %d", typed, len(got), want)
			}
		}
		if err := s.DeleteCall(24); err != nil {
			t.Fatal(err)
		}
		s = again()
		wantProblem(t, s.UpdateCall(Entry{ID: 24}), ErrNotFound)
		wantProblem(t, s.Touch(24, start), ErrNotFound)
		if got := s.History(Query{Limit: 2}); len(got) != 2 || got[1].ID != 23 {
			t.Errorf("after one was deleted: %+v", got)
		}
		id, err := s.BeginCall(Entry{Address: "now"})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.ClearHistory(); err != nil {
			t.Fatal(err)
		}
		if got := s.History(Query{}); len(got) != 1 || got[0].ID != id {
			t.Errorf("cleared in a call: %+v", got)
		}
		if err := s.DeleteCall(id); err != nil {
			t.Fatal(err)
		}
		if got := again().History(Query{}); len(got) != 0 {
			t.Errorf("cleared: %+v", got)
		}
	})
}

func TestHistoryIsBounded(t *testing.T) {
	s, path := func() (*Store, string) {
		path := filePath(t)
		s := opened(t, path)
		populate(s, MaxCalls, 0)
		s.changeAll()
		return s, path
	}()
	for range 3 {
		if _, err := s.BeginCall(Entry{Address: "new"}); err != nil {
			t.Fatal(err)
		}
	}
	want := s.History(Query{Limit: 2 * MaxCalls})
	if len(want) != MaxCalls || want[0].ID != MaxCalls+3 || want[MaxCalls-1].ID != 4 {
		t.Errorf("%d calls", len(want))
	}
	s.complete()
	want = s.History(Query{Limit: 2 * MaxCalls})
	s.Close()
	got := opened(t, path).History(Query{Limit: 2 * MaxCalls})
	for i := range got {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("call %d: %+v, want %+v", i, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d calls in the file", len(got))
	}
}

func TestHostileCalls(t *testing.T) {
	both(t, func(t *testing.T, s *Store, again func() *Store) {
		id, err := s.BeginCall(Entry{Address: strings.Repeat("ä", 100000), Name: "\xff\x00" + strings.Repeat("\u0301", 1000), Outcome: "'; DROP TABLE calls"})
		if err != nil {
			t.Fatal(err)
		}
		e, ok := again().Call(id)
		if !ok || len(e.Address) > maxText || len(e.Name) > maxText || e.Outcome != Over {
			t.Errorf("%d bytes of address, %d of name, %q", len(e.Address), len(e.Name), e.Outcome)
		}
	})
}
