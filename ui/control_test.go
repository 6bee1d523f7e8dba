package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tring/engine"
	"tring/ui/uitest"
)

func atHome(t *testing.T, o options) *desk {
	t.Helper()
	o.account = uitest.Alice
	d := newDesk(t, o)
	d.showState("home")
	d.asked()
	return d
}

func ctrlEnter() fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierShortcutDefault}
}

func TestCallingFromTheKeyboard(t *testing.T) {
	d := atHome(t, options{})
	d.key(fyne.KeyReturn) // nothing typed yet
	d.wantAsked()
	d.typeText("bob")
	d.key(fyne.KeyReturn)
	d.wantAsked("Call bob true")
	d.typeText("bob")
	test.Tap(d.w.homeScreen.voice)
	d.wantAsked("Call bob false")
	d.typeText("bob")
	d.key(fyne.KeyReturn) // the last mode
	d.wantAsked("Call bob false")
	d.typeText("bob")
	d.press(ctrlEnter())
	d.wantAsked("Call bob true")
}

func TestDialPadFillsTheField(t *testing.T) {
	d := atHome(t, options{})
	d.w.win.Canvas().Unfocus()
	d.typeText("+49~1")
	d.key(fyne.KeyBackspace)
	d.w.homeScreen.pad.OnDigit("7")
	if got := d.w.homeScreen.number.Text; got != "+497" {
		t.Errorf("the field holds %q", got)
	}
	d.key(fyne.KeyReturn)
	d.wantAsked("Call +497 true")
}

func TestCallButtonsSayWhyTheyAreOff(t *testing.T) {
	d := atHome(t, options{})
	s := d.w.homeScreen
	if !s.video.Disabled() || !strings.Contains(s.reason.Text(), "Enter a name") {
		t.Errorf("with an empty field: %q", s.reason.Text())
	}
	s.number.SetText("bob")
	if s.video.Disabled() || s.voice.Disabled() {
		t.Error("with an address the buttons must be on")
	}
	d.fake.Update(func(s *engine.Snapshot) { s.Registration.State = engine.Reconnecting })
	d.until("reconnecting", func() bool { return s.video.Disabled() })
	if !strings.Contains(s.reason.Text(), "connection is back") {
		t.Errorf("while reconnecting: %q", s.reason.Text())
	}
	test.Tap(s.video)
	d.key(fyne.KeyReturn)
	d.wantAsked()
}

func TestFailedCallIsToldAndFades(t *testing.T) {
	d := atHome(t, options{})
	d.fake.Fail("Call", &engine.Problem{Cause: "That is not an address.", Next: "Write it like bob@example.com."})
	d.typeText("???")
	d.w.homeScreen.number.SetText("a b")
	d.key(fyne.KeyReturn)
	if !strings.Contains(test.RenderToMarkup(d.w.win.Canvas()), "That is not an address.") {
		t.Error("the failure is not shown")
	}
	d.tick(toastShown + time.Second)
	if len(d.w.toasts) != 0 || d.w.banners.root.Visible() {
		t.Error("the failure is shown for ever")
	}
}

func TestDemo(t *testing.T) {
	d := newDesk(t, options{demo: true})
	actions := d.fake.Actions()
	if len(actions) != 1 || actions[0].Method != "SignIn" || actions[0].Secret.Password != "demo" {
		t.Fatalf("the demo asked for %v", actions)
	}
	d.showState("home-demo")
	test.Tap(d.w.homeScreen.echo)
	d.wantAsked("Call " + uitest.EchoContact + " true")
	d.log(engine.Event{Name: engine.EventCredential, Secret: engine.Secret{RefreshToken: "x"}})
	d.w.stop()
	if (d.secrets.stored != engine.Secret{}) {
		t.Error("the demo's sign-in was kept")
	}
}

func TestRingingLeavesTheFocusAlone(t *testing.T) {
	d := atHome(t, options{})
	d.typeText("bo")
	d.showState("ring")
	d.wantScreen(screenRing)
	if d.w.win.Canvas().Focused() != d.w.homeScreen.number {
		t.Error("ringing took the keyboard away")
	}
	d.typeText("b ")
	d.key(fyne.KeyEscape)
	d.wantAsked() // neither letters, space nor Escape answer or reject
	if d.w.homeScreen.number.Text != "bob " {
		t.Errorf("what was typed got lost: %q", d.w.homeScreen.number.Text)
	}
	d.press(callShortcut(fyne.KeyS)) // while the field has the keyboard
	d.wantAsked("Accept call-1 false")
	d.press(callShortcut(fyne.KeyS)) // twice is once
	d.wantAsked()
	if d.w.ringScreen.kind.Text() != "Connecting…" {
		t.Error("nothing says that the answer is on its way")
	}
}

func TestRingButtons(t *testing.T) {
	tests := []struct {
		name  string
		state string
		do    func(*desk)
		want  string
		shown screen
	}{
		{"answer with video", "ring", func(d *desk) { test.Tap(d.w.ringScreen.video) }, "Accept call-1 true", screenRing},
		{"answer voice only", "ring", func(d *desk) { test.Tap(d.w.ringScreen.voice) }, "Accept call-1 false", screenRing},
		{"reject", "ring", func(d *desk) { test.Tap(d.w.ringScreen.reject) }, "Reject call-1", screenHome},
		{"ignore", "ring", func(d *desk) { test.Tap(d.w.ringScreen.ignore) }, "Ignore call-1", screenHome},
		{"key for video", "ring", func(d *desk) { d.press(callShortcut(fyne.KeyA)) }, "Accept call-1 true", screenRing},
		{"key for video in a voice call", "ring-voice", func(d *desk) { d.press(callShortcut(fyne.KeyA)) }, "Accept call-1 false", screenRing},
		{"key for decline", "ring", func(d *desk) { d.press(callShortcut(fyne.KeyD)) }, "Reject call-1", screenHome},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := atHome(t, options{})
			d.showState(tt.state)
			tt.do(d)
			d.wantAsked(tt.want)
			d.wantScreen(tt.shown)
		})
	}
}

func TestSecondCall(t *testing.T) {
	d := atHome(t, options{})
	d.showState("second")
	d.wantScreen(screenCall)
	if d.w.scene.call.ID != "call-1" {
		t.Error("the second call pushed the first one aside")
	}
	d.press(callShortcut(fyne.KeyA))
	d.wantAsked("Hold call-1", "Accept call-2 true")

	d.showState("two")
	if d.w.scene.call.ID != "call-2" || len(d.w.scene.others) != 1 {
		t.Fatalf("in front is %q", d.w.scene.call.ID)
	}
	d.w.bringForward("call-1")
	d.wantAsked("Hold call-2", "Unhold call-1")
	if d.w.scene.call.ID != "call-1" {
		t.Error("the call chosen is not in front")
	}
}

func TestCallKeys(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	if d.w.win.Canvas().Focused() != nil {
		t.Fatal("something has the keyboard; single keys would be eaten")
	}
	for _, k := range []fyne.KeyName{fyne.KeyM, fyne.KeyV, fyne.KeyH, fyne.KeyEscape} {
		d.key(k)
	}
	d.wantAsked("SetMuted call-1 true", "SetVideo call-1 false", "Hold call-1")
	d.key(fyne.KeyF11)
	if !d.w.win.FullScreen() {
		t.Error("F11 does not fill the screen")
	}
	d.key(fyne.KeyEscape)
	if d.w.win.FullScreen() {
		t.Error("Escape does not leave full screen")
	}
	d.wantAsked()
	d.press(callShortcut(fyne.KeyM))
	d.press(callShortcut(fyne.KeyO))
	d.press(callShortcut(fyne.KeyH))
	d.wantAsked("SetMuted call-1 false", "SetVideo call-1 false", "Hangup call-1") // M muted it before
}

func TestKeypad(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.key(fyne.KeyD)
	d.typeText("1h*")
	d.key(fyne.KeyH) // a letter is not for the window while the pad is open
	d.wantAsked("SendDTMF call-1 1", "SendDTMF call-1 *")
	d.key(fyne.KeyM) // but muting cannot wait
	d.wantAsked("SetMuted call-1 true")
	for _, k := range []fyne.KeyName{fyne.KeyEscape, fyne.KeyD} {
		d.key(k)
		if d.w.callScreen.keypadOpen() {
			t.Errorf("%s does not close the pad", k)
		}
		d.key(fyne.KeyD)
	}
	d.key(fyne.KeyEscape)
	d.typeText("5") // opens it by itself
	d.wantAsked("SendDTMF call-1 5")
	if !d.w.callScreen.keypadOpen() || d.w.callScreen.keypad.sent.Text() != "1*5" {
		t.Errorf("the pad shows %q", d.w.callScreen.keypad.sent.Text())
	}
}

func TestFocusedButtonHandsKeysOn(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.w.win.Canvas().Focus(d.w.callScreen.bar.hold)
	d.key(fyne.KeyM)
	d.key(fyne.KeySpace)
	d.wantAsked("SetMuted call-1 true", "Hold call-1")
}

func TestCancelAndEnd(t *testing.T) {
	d := atHome(t, options{})
	d.showState("ringing")
	d.wantScreen(screenOutgoing)
	test.Tap(d.w.callScreen.bar.end)
	d.wantAsked("Hangup call-1")
	d.wantScreen(screenHome) // at once

	d.show(uitest.Registered())
	d.showState("end")
	d.wantScreen(screenEnd)
	test.Tap(d.w.endScreen.again)
	d.wantAsked("Call bob.smith@example.com true")
	d.wantScreen(screenHome)

	d.show(uitest.Registered())
	d.showState("end")
	d.tick(endShown)
	d.wantScreen(screenHome)
}

func TestVideoIsAttachedWhileSeen(t *testing.T) {
	d := atHome(t, options{})
	attached := func() [2]bool {
		return [2]bool{d.fake.Attached("call-1", engine.RemoteVideo), d.fake.Attached("call-1", engine.LocalVideo)}
	}
	for _, step := range []struct {
		state string
		want  [2]bool
	}{
		{"ring", [2]bool{false, false}},
		{"ringing", [2]bool{false, true}},
		{"call", [2]bool{true, true}},
		{"call-muted", [2]bool{true, false}},
		{"call-voice", [2]bool{false, false}},
		{"call", [2]bool{true, true}},
		{"end", [2]bool{false, false}},
	} {
		d.showState(step.state)
		if got := attached(); got != step.want {
			t.Errorf("%s: remote and local attached %v, want %v", step.state, got, step.want)
		}
	}
}

func TestAvatarGivesWayToThePicture(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	if !d.w.callScreen.person.Visible() {
		t.Error("without a picture there is nobody to see")
	}
	d.fake.Push("call-1", engine.RemoteVideo, 1280, 720, nil)
	d.until("the picture", func() bool { return !d.w.callScreen.person.Visible() })
	d.fake.Update(func(s *engine.Snapshot) { s.Calls[0].RemoteVideo = false })
	d.until("the avatar", func() bool { return d.w.callScreen.person.Visible() })
	if got := d.w.callScreen.personText.Text(); got != "Bob Smith turned the camera off" {
		t.Errorf("it says %q", got)
	}
}

func TestTimersGoOn(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call-reconnecting")
	d.tick(7 * time.Second)
	if got := d.w.callScreen.infoState.Text(); got != "Reconnecting… (7 s)" {
		t.Errorf("state %q", got)
	}
	if got := d.w.callScreen.infoClock.Text(); got != "1:30" {
		t.Errorf("clock %q", got)
	}
}

func TestSheetsCloseForACall(t *testing.T) {
	d := atHome(t, options{})
	d.w.openSettings()
	d.wantAsked("RefreshDevices")
	d.key(fyne.KeyEscape)
	if d.w.sheet.isOpen() {
		t.Error("Escape does not close a sheet")
	}
	if d.w.win.Canvas().Focused() != d.w.homeScreen.number {
		t.Error("the cursor is not back in the field")
	}
	d.w.openSettings()
	d.showState("ring")
	if d.w.sheet.isOpen() {
		t.Error("a ringing call is behind a sheet")
	}
}

func TestTabStaysInASheet(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.w.openMore()
	canvas := d.w.win.Canvas()
	seen := map[fyne.Focusable]bool{}
	for range 20 {
		canvas.FocusNext()
		at := canvas.Focused()
		if at == fyne.Focusable(d.w.callScreen.bar.end) || at == fyne.Focusable(d.w.callScreen.fullscreen) {
			t.Fatal("Tab left the sheet for what lies under it")
		}
		seen[at] = true
	}
	if len(seen) < 8 {
		t.Errorf("Tab reaches %d things", len(seen))
	}
	canvas.Focus(d.button("Transfer…"))
	canvas.FocusPrevious()
	canvas.FocusPrevious()
	d.key(fyne.KeyEscape)
	if d.w.sheet.isOpen() || canvas.Focused() != nil {
		t.Error("Escape does not close the sheet from its edge")
	}
}

func TestKeysOfTheCallComeFirstInACall(t *testing.T) {
	d := atHome(t, options{})
	for state, first := range map[string]string{"home": "Anywhere", "call": "In a call"} {
		d.showState(state)
		d.w.openHelp()
		markup := d.markup()
		for _, other := range []string{"Anywhere", "Before a call", "In a call"} {
			if strings.Index(markup, ">"+other+"<") < strings.Index(markup, ">"+first+"<") {
				t.Errorf("%s: %q comes before %q", state, other, first)
			}
		}
		d.w.sheet.close()
	}
}

func TestTransfer(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.w.openTransfer(d.w.scene.call)
	d.typeText(" carol ")
	d.key(fyne.KeyReturn)
	d.wantAsked("Transfer call-1 carol")
}

func TestLogCopiesAndClears(t *testing.T) {
	d := atHome(t, options{})
	d.log(uitest.SampleEvents(start)...)
	text := logText(d.w.log.list.Lines())
	if n := strings.Count(text, "\n"); n != len(uitest.SampleEvents(start)) || !strings.Contains(text, "2026-11-22T09:30:00Z  subscription:change") {
		t.Errorf("copied\n%s", text)
	}
	d.w.log.clear()
	if len(d.w.log.list.Lines()) != 0 || !d.w.log.empty.Visible() {
		t.Error("the log was not cleared")
	}
	d.w.toggleLog()
	if d.w.log.root.Visible() {
		t.Error("the log was not hidden")
	}
	d.showState("call")
	if d.w.log.root.Visible() {
		t.Error("the log is in the way of a call")
	}
	d.w.toggleLog()
	if !d.w.log.root.Visible() {
		t.Error("the log cannot be shown in a call")
	}
}

func TestLogInANarrowWindow(t *testing.T) {
	d := atHome(t, options{size: small})
	if d.w.log.root.Visible() {
		t.Error("the log covers a narrow window")
	}
	d.w.toggleLog()
	if !d.w.log.root.Visible() || d.w.homeScreen.root.Size().Width < small.Width {
		t.Error("the log cannot be shown")
	}
	d.w.toggleLog()
	if d.w.log.root.Visible() {
		t.Error("the log cannot be hidden")
	}
}

func TestSettingsChooseDevices(t *testing.T) {
	d := atHome(t, options{})
	d.w.openSettings()
	d.asked()
	d.w.tell(d.w.cfg.Engine.SelectDevice(engine.Camera, "cam0"))
	if got := d.asked(); !slices.Equal(got, []string{"SelectDevice 0 cam0"}) {
		t.Errorf("asked for %v", got)
	}
}
