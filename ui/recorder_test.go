package ui

import (
	"context"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"tring/engine"
	"tring/ui/store"
	"tring/ui/uitest"
)

// only is the one call of the history.
func (d *desk) only() store.Entry {
	d.t.Helper()
	calls := d.store.History(store.Query{})
	if len(calls) != 1 {
		d.t.Fatalf("%d calls in the history: %+v", len(calls), calls)
	}
	return calls[0]
}

// sample lets the recorder measure once. It takes the second only when it is
// done with the first.
func (d *desk) sample(s engine.Stats) {
	d.t.Helper()
	d.fake.SetStats(s)
	d.samples <- d.now
	d.settle()
}

// settle waits until the recorder did what it was asked for before.
func (d *desk) settle() {
	d.t.Helper()
	done := make(chan struct{})
	d.w.recorder.do(func() { close(done) })
	d.until("the recorder", func() bool {
		select {
		case <-done:
			return true
		default:
			return false
		}
	})
	d.written()
}

func TestHistoryIsWrittenWhenItRings(t *testing.T) {
	d := atHome(t, options{})
	d.showState("ring")
	e := d.only()
	if !e.Incoming || e.Outcome != store.Ringing || e.Address != "bob.smith@example.com" || !e.Video || e.Account != "alice@example.com" || !e.Ended.IsZero() {
		t.Errorf("while it rings: %+v", e)
	}
	d.change(func(s *engine.Snapshot) {
		s.Calls[0].State, s.Calls[0].EndedAt = engine.Cancelled, d.now
		s.Calls[0].End.Reason = engine.ReasonCancelledThere
	})
	if e := d.only(); e.Outcome != store.Missed || !e.Ended.Equal(d.now) || e.Seen {
		t.Errorf("after the caller gave up: %+v", e)
	}
	d.change(func(s *engine.Snapshot) { s.Calls = nil })
	d.only()
}

func TestOnlyMissedCallsAreMissed(t *testing.T) {
	for reason, want := range map[engine.EndReason]store.Outcome{
		engine.ReasonAnsweredElsewhere: store.AnsweredElsewhere, engine.ReasonDeclinedHere: store.Declined,
		engine.ReasonNoAnswer: store.Missed, engine.ReasonServerEnded: store.Over,
	} {
		d := atHome(t, options{})
		d.showState("ring")
		d.change(func(s *engine.Snapshot) {
			s.Calls[0].State, s.Calls[0].EndedAt, s.Calls[0].End.Reason = engine.Cancelled, d.now, reason
		})
		if e := d.only(); e.Outcome != want {
			t.Errorf("%v is written as %q, want %q", reason, e.Outcome, want)
		}
		d.w.stop()
	}
}

// statsAt are those of a call that lost so many packets.
func statsAt(packets uint64, lost int64) engine.Stats {
	in := engine.InboundStats{Packets: packets, PacketsLost: lost}
	return engine.Stats{
		RoundTrip: 40 * time.Millisecond, Transport: "direct",
		Audio: &engine.AudioStats{Inbound: engine.AudioInbound{InboundStats: in}},
		Video: &engine.VideoStats{
			Inbound: engine.VideoInbound{InboundStats: in, Width: 1280, Height: 720, Freezes: 1, FreezeTime: 400 * time.Millisecond},
		},
	}
}

func TestReceiptOfACall(t *testing.T) {
	d := atHome(t, options{})
	d.showState("ringing")
	d.tick(5 * time.Second)
	answered := d.now
	d.change(func(s *engine.Snapshot) {
		s.Calls[0].State, s.Calls[0].ConnectedAt, s.Calls[0].Media = engine.Connected, answered, engine.MediaFlowing
	})
	d.log(
		engine.Event{Name: engine.EventCallMedia, CallID: "call-1", MediaKind: "video", Width: 640, Height: 360, SinceAnswer: 180 * time.Millisecond},
		engine.Event{Name: engine.EventCallMedia, CallID: "call-1", MediaKind: "audio", SinceAnswer: 120 * time.Millisecond},
		engine.Event{Name: engine.EventDeviceChange, Time: d.now, DeviceKind: engine.Microphone, DeviceName: "Jabra"},
		engine.Event{Name: engine.EventDeviceChange, Time: d.now, DeviceKind: engine.Speaker, DeviceName: "Jabra"},
	)
	d.settle()
	d.sample(statsAt(980, 20))
	d.sample(statsAt(1960, 40))
	d.sample(statsAt(98, 2)) // a new transport begins anew
	d.change(func(s *engine.Snapshot) { s.Calls[0].Media = engine.MediaInterrupted })
	d.change(func(s *engine.Snapshot) { s.Calls[0].Media = engine.MediaFlowing })
	d.tick(time.Minute)
	d.change(func(s *engine.Snapshot) {
		s.Calls[0].State, s.Calls[0].EndedAt, s.Calls[0].End.Reason = engine.Ended, d.now, engine.ReasonHungUpThere
	})
	e := d.only()
	if e.Outcome != store.Answered || !e.Answered.Equal(answered) || e.Length() != time.Minute || e.Receipt == nil {
		t.Fatalf("the call is written as %+v", e)
	}
	want := store.Receipt{
		SetUp: 120 * time.Millisecond, RoundTrip: 40 * time.Millisecond, Width: 1280, Height: 720,
		LossIn: 0.02, Freezes: 1, FrozenFor: 400 * time.Millisecond, DeviceChanges: 1, Interruptions: 1,
	}
	if *e.Receipt != want {
		t.Errorf("the receipt is\n%+v, want\n%+v", *e.Receipt, want)
	}
	d.wantScreen(screenEnd)
	if m := d.markup(); !contains(m, "1:00", "Quality: fair", "The connection broke off once.", "Call again", "Details") {
		t.Error("the end does not tell the length, the quality and its reason")
	}
	d.resize(windowSize)
	test.AssertRendersToMarkup(t, "end-quality.xml", d.w.win.Canvas())
	test.Tap(d.button("Details"))
	if m := d.markup(); !contains(m, "Quality: fair", "up to 1280×720", "Copy for support") {
		t.Error("Details does not show the receipt")
	}
}

func TestHoldIsNoFreeze(t *testing.T) {
	var m meter
	video := func(freezes uint64, frozen time.Duration) engine.Stats {
		return engine.Stats{Video: &engine.VideoStats{Inbound: engine.VideoInbound{Freezes: freezes, FreezeTime: frozen}}}
	}
	m.sample(video(0, 0), false)
	m.sample(video(0, 0), true)
	m.sample(video(1, 30*time.Second), false) // found when the picture came back
	m.sample(video(2, 31*time.Second), false)
	if r := m.receipt(); r.Freezes != 1 || r.FrozenFor != time.Second {
		t.Errorf("%d freezes for %v, want one for a second", r.Freezes, r.FrozenFor)
	}
}

func TestQualityIsJudgedHonestly(t *testing.T) {
	call := func(length time.Duration, r *store.Receipt) store.Entry {
		return store.Entry{Outcome: store.Answered, Answered: start, Ended: start.Add(length), Receipt: r}
	}
	for _, tt := range []struct {
		e            store.Entry
		word, reason string
	}{
		{call(time.Minute, nil), "", ""},
		{call(time.Second, &store.Receipt{RoundTrip: time.Second}), "", ""},
		{store.Entry{Outcome: store.Missed, Ended: start.Add(time.Minute), Receipt: &store.Receipt{}}, "", ""},
		{call(time.Minute, &store.Receipt{LossIn: 0.01, RoundTrip: 90 * time.Millisecond}), "Quality: good", ""},
		{call(time.Minute, &store.Receipt{LossIn: 0.02}), "Quality: fair", "2.0 % of what was sent to you was lost on the way."},
		{call(time.Minute, &store.Receipt{LossIn: 0.02, LossOut: 0.2}), "Quality: poor", "20 % of what you sent was lost on the way."},
		{call(time.Minute, &store.Receipt{Interruptions: 2}), "Quality: poor", "The connection broke off twice."},
		{call(10*time.Minute, &store.Receipt{Freezes: 3, FrozenFor: 2 * time.Second}), "Quality: good", ""},
		{call(time.Minute, &store.Receipt{Freezes: 3, FrozenFor: 4 * time.Second}), "Quality: poor", "The picture stood still 3 times, for 4.0 s in all."},
		{call(time.Minute, &store.Receipt{RoundTrip: 400 * time.Millisecond}), "Quality: fair", "The way there and back took 0.40 s."},
	} {
		if v := quality(tt.e); v.words != tt.word || v.reason != tt.reason {
			t.Errorf("%+v is %q %q, want %q %q", *cmpReceipt(tt.e), v.words, v.reason, tt.word, tt.reason)
		}
	}
}

func cmpReceipt(e store.Entry) *store.Receipt {
	if e.Receipt == nil {
		return &store.Receipt{}
	}
	return e.Receipt
}

func TestCallsGoOnBeingTouched(t *testing.T) {
	dir := t.TempDir() + "/t.db"
	clock := func() time.Time { return start }
	s, err := store.Open(t.Context(), dir, clock)
	if err != nil {
		t.Fatal(err)
	}
	c := uitest.Call(engine.Connected, engine.Outgoing, start)
	r := newRecorder(Config{Store: s}.withDefaults(), func() {})
	r.cfg.Now = func() time.Time { return start.Add(time.Minute) }
	r.take(engine.Snapshot{Calls: []engine.Call{c}})
	r.cfg.Engine = failingStats{}
	r.sample(t.Context())
	// The program dies here: nothing ends the call.
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = store.Open(t.Context(), dir, clock)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	calls := s.History(store.Query{})
	if len(calls) != 1 || !calls[0].Ended.Equal(start.Add(time.Minute)) || calls[0].Outcome != store.Answered {
		t.Errorf("after a crash the history has %+v", calls)
	}
}

func TestQuittingEndsTheCallInTheHistory(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.tick(time.Minute)
	d.w.stop()
	if e := d.only(); e.Ended.IsZero() || e.Outcome != store.Answered {
		t.Errorf("after the end of the program: %+v", e)
	}
}

func TestCallsAreWrittenOnce(t *testing.T) {
	d := atHome(t, options{})
	d.showState("two")
	d.change(func(s *engine.Snapshot) { s.Calls[0].Muted = true })
	names := []string{}
	for _, e := range d.store.History(store.Query{}) {
		names = append(names, e.Name)
	}
	if !slices.Equal(names, []string{"Carol Jones", "Bob Smith"}) {
		t.Errorf("the history has %q", names)
	}
}

// failingStats is an engine that cannot measure.
type failingStats struct{ engine.Engine }

func (failingStats) Stats(context.Context, engine.CallID) (engine.Stats, error) {
	return engine.Stats{}, engine.ErrNoSuchCall
}
