package ui

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"

	"tring/engine"
	"tring/engine/enginetest"
	"tring/ui/desktop"
	"tring/ui/language"
	"tring/ui/store"
	"tring/ui/theme"
	"tring/ui/uitest"
)

func TestMain(m *testing.M) {
	time.Local = time.UTC // times of the day are part of what is compared
	test.NewApp()
	if err := language.Use("en"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m, goleak.IgnoreCurrent())
}

// start is what the clock of a desk says at first.
var start = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

// desk is a window with a scripted engine, a clock and a queue in place of
// Fyne's main goroutine; the test is that goroutine.
type desk struct {
	t       *testing.T
	w       *window
	fake    *enginetest.Fake
	queue   *uitest.Queue
	secrets *fakeSecrets
	desktop *fakeDesktop
	closed  bool // the window
	waits   []*wait

	listening int // how often the microphone is open; see asked
	ticks     chan time.Time
	samples   chan time.Time // for the recorder
	store     *store.Store
	mu        sync.Mutex
	now       time.Time // written by tick alone
}

// options change a desk before the window is made.
type options struct {
	demo     bool
	account  engine.Account
	snapshot *engine.Snapshot // of the engine at the start
	stored   engine.Secret    // in the keyring
	secret   engine.Secret    // from the command line
	noVault  bool
	size     fyne.Size
	prefs    func(prefs)
	filled   bool // the store has sample calls and contacts
	starts   chan string
}

func newDesk(t *testing.T, o options) *desk {
	t.Helper()
	a := test.NewTempApp(t)
	d := &desk{t: t, fake: enginetest.New(), queue: uitest.NewQueue(), now: start, ticks: make(chan time.Time), samples: make(chan time.Time)}
	d.secrets = &fakeSecrets{stored: o.stored, missing: o.noVault}
	if o.snapshot != nil {
		d.fake.SetSnapshot(*o.snapshot)
	}
	d.desktop = &fakeDesktop{}
	d.store = store.Memory(d.clock)
	p := prefs{newSettings(d.store)}
	p.setMode(theme.Light)
	if o.prefs != nil {
		o.prefs(p)
	}
	if o.filled {
		if err := uitest.Fill(d.store, start); err != nil {
			t.Fatal(err)
		}
	}
	cfg := Config{
		Desktop: func(desktop.Chosen) desktop.Notifier { return d.desktop },
		Engine:  d.fake, Secrets: d.secrets, Version: "1.2.3", Secret: o.secret, Account: o.account,
		Do: d.queue.Do, Now: d.clock, Store: d.store, Later: d.later, Starts: o.starts,
	}
	if o.demo {
		cfg.Demo = &Demo{Account: uitest.Alice, Secret: engine.Secret{Password: "demo"}, Contact: uitest.EchoContact}
	}
	d.w = newWindow(cfg.withDefaults(), a)
	d.w.win.SetOnClosed(func() { d.closed = true })
	d.w.opened = true
	d.w.start(d.ticks, d.samples)
	t.Cleanup(func() {
		d.w.stop()
		if !d.closed { // the test driver takes it once
			d.w.win.Close()
		}
		if n := d.fake.Sinks(); n != 0 {
			t.Errorf("%d video sinks are still attached", n)
		}
		if given, released, twice := d.fake.Frames(); given != released || twice != 0 {
			t.Errorf("%d frames given, %d released, %d of them more than once", given, released, twice)
		}
	})
	if o.size == (fyne.Size{}) {
		o.size = windowSize
	}
	d.resize(o.size)
	d.until("the first snapshot", func() bool { return d.w.view.started })
	d.until("the keyring", func() bool { return d.w.signInScreen.vault || o.noVault && d.w.signInScreen.keepNote.Visible() })
	return d
}

// clock is what the window and the recorder go by.
func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

// wait is what the window asked for later.
type wait struct {
	at time.Time
	do func()
}

// later has tick do it.
func (d *desk) later(by time.Duration, f func()) func() {
	it := &wait{d.clock().Add(by), f}
	d.waits = append(d.waits, it)
	return func() { it.do = nil }
}

// doWaiting does what was to be done by now.
func (d *desk) doWaiting() {
	var left []*wait
	due := d.waits
	d.waits = nil
	for _, it := range due {
		switch {
		case it.do == nil:
		case it.at.After(d.clock()):
			left = append(left, it)
		default:
			it.do()
		}
	}
	d.waits = append(left, d.waits...)
}

// written waits until the recorder has written what is to be seen.
func (d *desk) written() {
	d.t.Helper()
	revision := d.fake.Snapshot().Revision
	d.until("the history", func() bool {
		if d.w.recorder.seen.Load() >= revision && !d.w.recorder.dirty.Load() {
			return true
		}
		d.w.recorder.do(func() {}) // it tells when it did
		return false
	})
}

// resize settles heights that depend on widths, as the next repaint would.
func (d *desk) resize(size fyne.Size) {
	d.w.win.Resize(size.AddWidthHeight(1, 1))
	d.w.win.Resize(size)
}

func (d *desk) until(what string, done func() bool) {
	d.t.Helper()
	d.queue.Until(d.t, what, done)
}

// show publishes a snapshot and waits until the window has it.
func (d *desk) show(s engine.Snapshot) {
	d.t.Helper()
	d.fake.SetSnapshot(s)
	revision := d.fake.Snapshot().Revision
	d.until("the snapshot", func() bool { return d.w.view.snapshot.Revision >= revision })
	d.written()
}

// showState goes to a sample state, by way of what comes before it.
func (d *desk) showState(name string) {
	d.t.Helper()
	for _, s := range uitest.States() {
		if s.Name != name {
			continue
		}
		if s.Before != nil {
			d.show(s.Before(d.now))
		}
		d.show(s.Snapshot(d.now))
		if len(s.Events) > 0 {
			d.log(s.Events...)
		}
		return
	}
	d.t.Fatalf("there is no state %q", name)
}

// openShare opens the sheet for sharing and waits for the answer.
func (d *desk) openShare(screens []engine.Screen) {
	d.t.Helper()
	d.fake.SetScreens(screens)
	d.w.openShare(d.w.scene.call)
	d.until("the screens", d.shareAnswered)
}

func (d *desk) shareAnswered() bool {
	return !contains(d.markup(), "Looking for screens")
}

// markup is all that is shown.
func (d *desk) markup() string { return test.RenderToMarkup(d.w.win.Canvas()) }

func contains(text string, all ...string) bool {
	for _, part := range all {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

// consult puts call-1 on hold to ask Carol, who answered.
func (d *desk) consult() {
	d.t.Helper()
	if err := d.w.askFirst("call-1", "carol"); err != nil {
		d.t.Fatal(err)
	}
	d.change(func(s *engine.Snapshot) {
		s.Calls[0].State, s.Calls[0].LocalHold, s.Calls[0].RemoteVideo = engine.OnHold, true, false
		c := uitest.Carol(engine.Connected, engine.Outgoing, d.now)
		c.ID = d.w.view.consult.asked
		s.Calls = append(s.Calls, c)
	})
}

// change changes the snapshot and waits until the window has it.
func (d *desk) change(f func(*engine.Snapshot)) {
	d.t.Helper()
	d.fake.Update(f)
	revision := d.fake.Snapshot().Revision
	d.until("the snapshot", func() bool { return d.w.view.snapshot.Revision >= revision })
	d.written()
}

// wantSaid checks the notes that are shown.
func (d *desk) wantSaid(want ...string) {
	d.t.Helper()
	var got []string
	for _, n := range d.w.notes {
		got = append(got, n.text)
	}
	if !slices.Equal(got, want) {
		d.t.Errorf("said %q, want %q", got, want)
	}
}

// tick lets time pass. Once the second tick is taken, the first one's delivery
// is posted.
func (d *desk) tick(by time.Duration) {
	d.t.Helper()
	d.mu.Lock()
	d.now = d.now.Add(by)
	d.mu.Unlock()
	d.doWaiting()
	d.ticks <- d.now
	d.ticks <- d.now
	d.queue.Drain()
}

// log emits events and waits until they are listed.
func (d *desk) log(events ...engine.Event) {
	d.t.Helper()
	want := len(d.w.log.list.Lines()) + len(events)
	for _, e := range events {
		d.fake.Emit(e)
	}
	d.until("the log", func() bool { return len(d.w.log.list.Lines()) >= want })
}

// asked is what the engine was asked for since the last time.
func (d *desk) asked() []string {
	var lines []string
	for _, a := range d.fake.Actions() {
		switch a.Method {
		case "ListenToMicrophone", "StopListening": // on a goroutine of its own, at any time
			d.listening += map[string]int{"ListenToMicrophone": 1, "StopListening": -1}[a.Method]
			continue
		}
		lines = append(lines, a.String())
	}
	return lines
}

// wantAsked compares it.
func (d *desk) wantAsked(want ...string) {
	d.t.Helper()
	got := d.asked()
	if len(got) != len(want) {
		d.t.Errorf("asked for %q, want %q", got, want)
		return
	}
	for i := range got {
		if got[i] != want[i] {
			d.t.Errorf("asked for %q, want %q", got, want)
			return
		}
	}
}

func (d *desk) wantScreen(want screen) {
	d.t.Helper()
	if got := d.w.scene.screen; got != want {
		d.t.Fatalf("the screen is %d, want %d", got, want)
	}
}

// key presses a key as the real driver would hand it out.
func (d *desk) key(name fyne.KeyName) {
	e := &fyne.KeyEvent{Name: name}
	if focused := d.w.win.Canvas().Focused(); focused != nil {
		focused.TypedKey(e)
	} else {
		d.w.win.Canvas().OnTypedKey()(e)
	}
}

// typeText types characters.
func (d *desk) typeText(text string) {
	for _, r := range text {
		if focused := d.w.win.Canvas().Focused(); focused != nil {
			focused.TypedRune(r)
		} else {
			d.w.win.Canvas().OnTypedRune()(r)
		}
	}
}

// press sends a shortcut as the real driver would.
func (d *desk) press(s fyne.Shortcut) {
	if focused, ok := d.w.win.Canvas().Focused().(fyne.Shortcutable); ok {
		focused.TypedShortcut(s)
		return
	}
	d.w.win.Canvas().(fyne.Shortcutable).TypedShortcut(s)
}

// fakeSecrets is a keyring in memory.
type fakeSecrets struct {
	mu      sync.Mutex
	stored  engine.Secret
	missing bool
	deleted int
}

func (f *fakeSecrets) Load(engine.Account) (engine.Secret, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.stored, f.stored != engine.Secret{}
}

func (f *fakeSecrets) Save(_ engine.Account, s engine.Secret) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.missing {
		return errors.New("no keyring")
	}
	f.stored = s
	return nil
}

func (f *fakeSecrets) Delete(engine.Account) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stored = engine.Secret{}
	f.deleted++
	return nil
}

func (f *fakeSecrets) Available() (bool, string) {
	return !f.missing, "No keyring is running."
}
