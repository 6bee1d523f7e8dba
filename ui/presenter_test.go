package ui

import (
	"log/slog"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/enginetest"
	"tring/ui/uitest"
)

func newTestPresenter(t *testing.T, deliver func(*engine.Snapshot, []engine.Event)) (*presenter, *enginetest.Fake, *uitest.Queue) {
	t.Helper()
	fake, queue := enginetest.New(), uitest.NewQueue()
	cfg := Config{Engine: fake, Do: queue.Do, Log: slog.New(slog.DiscardHandler)}.withDefaults()
	p := newPresenter(cfg, deliver)
	t.Cleanup(p.stop)
	return p, fake, queue
}

func TestPresenterMergesSnapshotsAndKeepsEvents(t *testing.T) {
	var revisions []uint64
	var events []engine.Event
	p, fake, queue := newTestPresenter(t, func(s *engine.Snapshot, e []engine.Event) {
		if s != nil {
			revisions = append(revisions, s.Revision)
		}
		events = append(events, e...)
	})
	p.start(make(chan time.Time))
	for range 100 {
		fake.Update(func(*engine.Snapshot) {})
		fake.Emit(engine.Event{Name: engine.EventNotice})
	}
	queue.Until(t, "everything", func() bool {
		return len(events) == 100 && len(revisions) > 0 && revisions[len(revisions)-1] == 100
	})
	for i := 1; i < len(revisions); i++ {
		if revisions[i] <= revisions[i-1] {
			t.Fatalf("snapshots out of order: %v", revisions)
		}
	}
}

func TestPresenterPostsOneAtATime(t *testing.T) {
	p, _, queue := newTestPresenter(t, func(*engine.Snapshot, []engine.Event) {})
	for range 10 {
		p.put(func() { p.addLocked(engine.Event{}) })
	}
	if n := queue.Drain(); n != 1 {
		t.Errorf("%d posts, want 1", n)
	}
	p.start(make(chan time.Time)) // so that stop has something to join
}

func TestPresenterBoundsEvents(t *testing.T) {
	var got []engine.Event
	p, _, queue := newTestPresenter(t, func(_ *engine.Snapshot, e []engine.Event) { got = append(got, e...) })
	for range 3 * maxWaitingEvents {
		p.put(func() { p.addLocked(engine.Event{}) })
	}
	p.put(func() { p.addLocked(engine.Event{Reason: "last"}) })
	queue.Drain()
	if len(got) > maxWaitingEvents || got[len(got)-1].Reason != "last" {
		t.Errorf("%d events were delivered", len(got))
	}
	p.start(make(chan time.Time))
}

func TestPresenterDeliversNothingAfterStop(t *testing.T) {
	delivered := 0
	p, fake, queue := newTestPresenter(t, func(*engine.Snapshot, []engine.Event) { delivered++ })
	p.start(make(chan time.Time))
	p.stop()
	p.stop()
	fake.Update(func(*engine.Snapshot) {})
	p.put(func() {})
	p.post(func() { delivered++ })
	queue.Drain()
	if delivered != 0 {
		t.Errorf("%d deliveries after the end", delivered)
	}
}

func TestPresenterSurvivesAFullKeyringQueue(t *testing.T) {
	p, _, _ := newTestPresenter(t, func(*engine.Snapshot, []engine.Event) {})
	for range 2 * cap(p.jobs) {
		p.inBackground(func() {}) // nobody works yet
	}
	p.start(make(chan time.Time))
}
