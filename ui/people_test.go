package ui

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"tring/engine"
	alert "tring/ui/desktop"
	"tring/ui/store"
	"tring/ui/uitest"
)

// names are those of the rows of a list of suggestions.
func (d *desk) suggested() []string {
	s := d.w.homeScreen.found
	var names []string
	for i := range s.rows() {
		names = append(names, s.person(i).Name)
	}
	return names
}

func TestTypingFindsPeople(t *testing.T) {
	for typed, want := range map[string]struct{ first, enter string }{
		"bob":             {"Bob Smith", "Call bob.smith@example.com true"},        // last with video
		"müll":            {"Anna Müller", "Call anna@example.com true"},           //
		"zo":              {"Zoë", "Call zoe@other.example false"},                 // last without
		"dav":             {"Dave", "Call dave@example.com false"},                 // from the history alone
		"xyz":             {"Call “xyz”", "Call xyz true"},                         // nobody known
		"carol@other.org": {"Call “carol@other.org”", "Call carol@other.org true"}, // an address is meant as it is
		"01701234567":     {"Call “01701234567”", "Call 01701234567 true"},
	} {
		d := atHome(t, options{filled: true})
		d.typeText(typed)
		if got := d.suggested(); len(got) == 0 || got[0] != want.first {
			t.Errorf("%q finds %q, want %q first", typed, got, want.first)
		}
		if d.w.homeScreen.lists.Visible() {
			t.Errorf("%q: the lists are still there", typed)
		}
		d.key(fyne.KeyReturn)
		d.wantAsked(want.enter)
		if d.w.homeScreen.number.Text != "" {
			t.Errorf("%q is still in the field", typed)
		}
		d.w.stop()
	}
}

func TestSuggestionsAreChosenByKey(t *testing.T) {
	d := atHome(t, options{filled: true})
	d.typeText("an")
	if got := d.suggested(); fmt.Sprint(got) != "[Anna Müller Call “an”]" {
		t.Fatalf("found %q", got)
	}
	if !strings.Contains(d.w.homeScreen.reason.Text(), "video call to Anna Müller") {
		t.Errorf("said %q", d.w.homeScreen.reason.Text())
	}
	d.key(fyne.KeyDown)
	d.key(fyne.KeyDown) // there is no third
	d.press(ctrlEnter())
	d.wantAsked("Call an true")
	d.typeText("an")
	d.key(fyne.KeyDown)
	d.key(fyne.KeyUp)
	test.Tap(d.w.homeScreen.voice)
	d.wantAsked("Call anna@example.com false")
	d.typeText("an")
	d.key(fyne.KeyEscape)
	if d.w.homeScreen.number.Text != "" || !d.w.homeScreen.lists.Visible() {
		t.Error("Escape does not end the search")
	}
}

func TestExactAddressIsChosen(t *testing.T) {
	d := atHome(t, options{})
	for _, c := range []store.Contact{
		{Name: "Anton", Favourite: true, Addresses: []store.Address{{Value: "anton@example.com"}}},
		{Name: "Somebody", Addresses: []store.Address{{Value: "ant@example.com"}}},
	} {
		if _, err := d.store.SaveContact(c); err != nil {
			t.Fatal(err)
		}
	}
	d.typeText("ant")
	d.key(fyne.KeyReturn)
	d.wantAsked("Call ant@example.com true")
}

func TestRecentCallsFromTheKeyboard(t *testing.T) {
	d := atHome(t, options{filled: true})
	d.key(fyne.KeyDown) // into the list
	d.key(fyne.KeyDown)
	d.key(fyne.KeyReturn)
	d.wantAsked("Call anna@example.com true")
	d.key(fyne.KeyEnd)
	d.key(fyne.KeyReturn)
	d.wantAsked("Call zoe@other.example false")
	d.press(ctrlEnter())
	d.wantAsked("Call zoe@other.example true")
	d.key(fyne.KeyHome)
	d.key(fyne.KeyUp) // back into the field
	d.typeText("x")
	if d.w.homeScreen.number.Text != "x" {
		t.Error("Up on the first row does not lead back into the field")
	}
	d.key(fyne.KeyEscape)
	d.key(fyne.KeyDown)
	d.typeText("bo") // from the list
	if d.w.homeScreen.number.Text != "bo" {
		t.Errorf("typing in the list leaves %q in the field", d.w.homeScreen.number.Text)
	}
}

func TestWithheldNumbersCannotBeCalled(t *testing.T) {
	d := atHome(t, options{filled: true})
	for i, e := range d.w.homeScreen.recent.entries {
		if e.Address == "" {
			d.w.homeScreen.recent.list.OnEnter(i)
			if p := d.w.homeScreen.recent.person(e); p.Actions[recentCall] != "" || p.Name != "Unknown caller" {
				t.Errorf("shown as %+v", p)
			}
		}
	}
	d.wantAsked()
}

func TestDeletedCallComesBackByUndo(t *testing.T) {
	d := atHome(t, options{filled: true})
	recent := d.w.homeScreen.recent
	before := len(recent.entries)
	d.key(fyne.KeyDown)
	d.key(fyne.KeyDelete)
	d.wantSaid("The call was deleted.")
	if len(recent.entries) != before-1 || d.w.homeScreen.recent.unseen() != 1 {
		t.Errorf("%d calls are shown, %d of them unseen", len(recent.entries), recent.unseen())
	}
	test.Tap(d.button("Undo"))
	if len(recent.entries) != before {
		t.Error("Undo does not bring it back")
	}
	recent.remove(recent.entries[0])
	d.tick(noteShown)
	d.settle()
	if n := len(d.store.History(store.Query{})); n != before-1 {
		t.Errorf("after the note is gone the history has %d calls", n)
	}
	recent.remove(recent.entries[0])
	d.w.stop()
	if n := len(d.store.History(store.Query{})); n != before-2 {
		t.Errorf("after the end the history has %d calls", n)
	}
}

func TestMissedCallsAreUnseenUntilLookedAt(t *testing.T) {
	d := atHome(t, options{filled: true})
	d.w.alerts.setAway(true)
	d.tick(time.Minute)
	d.tick(time.Minute)
	if n := d.store.MissedUnseen(); n != 2 {
		t.Fatalf("%d are unseen while nobody looks, want 2", n)
	}
	d.w.alerts.setAway(false)
	d.w.homeScreen.tabs.Choose(tabContacts)
	d.tick(time.Minute)
	d.tick(time.Minute)
	if n := d.store.MissedUnseen(); n != 2 {
		t.Errorf("%d are unseen behind another list, want 2", n)
	}
	d.w.homeScreen.tabs.Choose(tabRecent)
	d.tick(time.Second)
	d.tick(seenAfter)
	d.settle()
	if n := d.store.MissedUnseen(); n != 0 || d.w.homeScreen.recent.unseen() != 0 {
		t.Errorf("%d are unseen after somebody looked", n)
	}
	if _, err := d.store.BeginCall(store.Entry{Incoming: true, Address: "x", Outcome: store.Missed, Ended: d.now}); err != nil {
		t.Fatal(err)
	}
	d.settle()
	d.tick(time.Hour)
	d.tick(time.Hour)
	d.settle()
	if n := d.store.MissedUnseen(); n != 1 {
		t.Errorf("%d are unseen in front of an empty chair, want 1", n)
	}
	d.key(fyne.KeyDown)
	d.tick(seenAfter)
	d.settle()
	if n := d.store.MissedUnseen(); n != 0 || d.w.homeScreen.recent.unseen() != 0 {
		t.Errorf("%d are unseen after a key was pressed", n)
	}
}

func TestContactsNameCallers(t *testing.T) {
	d := atHome(t, options{})
	if _, err := d.store.SaveContact(store.Contact{Name: "Bobby", Addresses: []store.Address{{Value: "bob.smith@example.com"}}}); err != nil {
		t.Fatal(err)
	}
	d.showState("ring")
	if !contains(d.markup(), "Bobby") || d.desktop.alerts[0].Title != "Bobby is calling" {
		t.Error("the contact's name is not on the ring screen or the alert")
	}
	d.change(func(s *engine.Snapshot) {
		s.Calls[0].State, s.Calls[0].ConnectedAt, s.Calls[0].RemoteVideo = engine.Connected, d.now, false
	})
	if !contains(d.markup(), "Bobby") {
		t.Error("the contact's name is not in the call")
	}
	if name := d.fake.Snapshot().Calls[0].RemoteName; name != "Bob Smith" {
		t.Errorf("the engine's own snapshot was changed to %q", name)
	}
}

// edit types into the sheet that is open and saves.
func (d *desk) edit(name, address string) {
	d.t.Helper()
	d.typeText(name)
	entry := d.w.win.Canvas().Focused()
	d.w.win.Canvas().FocusNext()
	d.typeText(address)
	if d.w.win.Canvas().Focused() == entry {
		d.t.Fatal("Tab does not go on")
	}
	test.Tap(d.button("Save"))
	d.settle()
	d.queue.Drain()
}

func TestContactIsAddedEditedAndDeleted(t *testing.T) {
	d := atHome(t, options{})
	d.press(&desktop.CustomShortcut{KeyName: fyne.Key2, Modifier: fyne.KeyModifierShortcutDefault})
	if !contains(d.markup(), "No contacts yet", "Add contact") {
		t.Fatal("nothing says what will be there")
	}
	test.Tap(d.button("Add contact"))
	test.Tap(d.button("Save"))
	if !contains(d.markup(), "Enter a name.") {
		t.Error("an empty contact is not refused in words")
	}
	d.edit("Ada", "ada")
	if d.w.sheet.isOpen() || len(d.store.Contacts()) != 1 || len(d.w.homeScreen.contacts.contacts) != 1 {
		t.Fatalf("the contacts are %+v, shown %d", d.store.Contacts(), len(d.w.homeScreen.contacts.contacts))
	}
	d.w.openContact(d.store.Contacts()[0])
	test.Tap(d.button("Favourite"))
	d.settle()
	if !d.store.Contacts()[0].Favourite {
		t.Error("it is no favourite")
	}
	test.Tap(d.button("Edit"))
	test.Tap(d.button("Another address"))
	d.typeText("+49 1")
	test.Tap(d.button("Save"))
	d.settle()
	if c := d.store.Contacts()[0]; len(c.Addresses) != 2 || !c.Favourite {
		t.Errorf("after the change it is %+v", c)
	}
	d.w.deleteContact(d.store.Contacts()[0])
	d.settle()
	if len(d.store.Contacts()) != 0 {
		t.Error("it was not deleted")
	}
	test.Tap(d.button("Undo"))
	d.settle()
	if c := d.store.Contacts(); len(c) != 1 || c[0].Name != "Ada" {
		t.Errorf("after Undo the contacts are %+v", c)
	}
}

// memoryFile is a file of the dialog.
type memoryFile struct {
	bytes.Buffer

	closed bool
}

func (f *memoryFile) Close() error  { f.closed = true; return nil }
func (f *memoryFile) URI() fyne.URI { return storage.NewFileURI("/tmp/contacts.vcf") }

func TestContactsTravelAsVCards(t *testing.T) {
	d := atHome(t, options{filled: true})
	out := &memoryFile{}
	d.w.exportTo(out)
	d.settle()
	d.queue.Drain()
	d.wantSaid("6 contacts written to contacts.vcf.")
	if !out.closed {
		t.Error("the file was left open")
	}
	e := atHome(t, options{})
	in := &memoryFile{}
	if _, err := io.Copy(in, &out.Buffer); err != nil {
		t.Fatal(err)
	}
	e.w.importFrom(in)
	e.settle()
	e.queue.Drain()
	e.wantSaid("6 contacts added, 0 brought up to date.")
	bad := &memoryFile{}
	bad.WriteString("no such file")
	e.w.importFrom(bad)
	e.settle()
	e.queue.Drain()
	if len(e.w.toasts) != 1 || len(e.store.Contacts()) != 6 {
		t.Errorf("a file of something else: %v", e.w.toasts)
	}
}

func TestSupportTextNamesNobody(t *testing.T) {
	for _, e := range uitest.Calls(start) {
		e.Name = "Bob Smith"
		text := supportText(e, "1.2.3")
		for _, private := range []string{e.Address, e.Account, "Bob", "@"} {
			if private != "" && strings.Contains(text, private) {
				t.Errorf("%q is in\n%s", private, text)
			}
		}
		if !strings.Contains(text, e.Began.UTC().Format(time.RFC3339)) {
			t.Errorf("no time in\n%s", text)
		}
	}
}

func TestWhenIsShort(t *testing.T) {
	now := time.Date(2026, 3, 2, 0, 30, 0, 0, time.UTC) // a Monday
	for want, at := range map[string]time.Time{
		"00:10": now.Add(-20 * time.Minute), "Yesterday": now.Add(-time.Hour), "Saturday": now.AddDate(0, 0, -2),
		"23 Feb": now.AddDate(0, 0, -7), "31 Dec 2025": time.Date(2025, 12, 31, 9, 0, 0, 0, time.UTC), "3 Mar": now.AddDate(0, 0, 1),
	} {
		if got := when(at, now); got != want {
			t.Errorf("%v is %q, want %q", at, got, want)
		}
	}
}

func TestStoreThatFailsIsTold(t *testing.T) {
	d := atHome(t, options{})
	if err := d.store.Close(); err != nil {
		t.Fatal(err)
	}
	d.w.setFavourite(store.Contact{Name: "Ada", Addresses: []store.Address{{Value: "ada"}}}, true)
	d.settle()
	d.queue.Drain()
	if len(d.w.toasts) != 1 {
		t.Errorf("told %v", d.w.toasts)
	}
}

func TestHomeOpensWithTheListOfTheLastTime(t *testing.T) {
	d := atHome(t, options{filled: true, prefs: func(p prefs) { p.setTab(tabContacts) }})
	if !d.w.homeScreen.contacts.root.Visible() || d.w.homeScreen.recent.root.Visible() {
		t.Error("the contacts are not shown")
	}
	d.w.homeScreen.tabs.Choose(tabKeypad)
	if d.w.prefs.tab() != tabKeypad {
		t.Error("the keypad is not remembered")
	}
}

func TestUnwritableStoreIsANotice(t *testing.T) {
	d := atHome(t, options{})
	s, err := store.Open(t.Context(), "/dev/null/tring.db", d.clock)
	if err == nil {
		t.Fatal("a file can be made below /dev/null")
	}
	d.w.cfg.Store = s
	d.w.peopleChanged()
	if !contains(d.markup(), s.Problem().Cause) {
		t.Errorf("nothing says %q", s.Problem().Cause)
	}
}

func TestReconnectBannerHasWaysOut(t *testing.T) {
	d := atHome(t, options{})
	d.showState("home-reconnecting")
	d.w.homeScreen.recent.redial(store.Entry{Address: "bob"}) // says why not
	d.wantSaid("Calls work again as soon as the connection is back.")
	test.Tap(d.button("Try now"))
	d.wantAsked("Reconnect")
	test.Tap(d.button("Sign out"))
	d.wantAsked("SignOut")
}

func TestSeveralNoticesTakeOneRow(t *testing.T) {
	d := atHome(t, options{})
	d.change(func(s *engine.Snapshot) {
		s.Notices = []engine.Problem{{Cause: "First."}, {Cause: "Second."}, {Cause: "Third."}}
	})
	if m := d.markup(); !contains(m, "First.") || contains(m, "Second.") {
		t.Error("not the first notice alone")
	}
	test.Tap(d.button("2 more"))
	if !contains(d.markup(), "First.", "Second.", "Third.") {
		t.Error("the others do not appear")
	}
}

// The list must not be slower for being long: what is drawn are a dozen rows.
func BenchmarkScroll5000Calls(b *testing.B) {
	s := store.Memory(func() time.Time { return start })
	for _, e := range uitest.ManyCalls(store.MaxCalls, start) {
		if _, err := s.BeginCall(e); err != nil {
			b.Fatal(err)
		}
	}
	a := test.NewTempApp(b)
	w := newWindow(Config{Store: s, Desktop: func(alert.Chosen) alert.Notifier { return &fakeDesktop{} }}.withDefaults(), a)
	defer w.win.Close()
	w.homeScreen.root.Show()
	w.win.Resize(windowSize)
	list := w.homeScreen.recent.list
	b.Run("reload", func(b *testing.B) {
		for b.Loop() {
			w.homeScreen.recent.reload()
		}
	})
	b.Run("scroll", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			list.Select(i * 7 % store.MaxCalls)
		}
	})
}
