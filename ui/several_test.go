package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tring/engine"
	"tring/ui/uitest"
	"tring/ui/widgets"
)

// button finds what is shown with that word.
func (d *desk) button(word string) *widgets.Button {
	d.t.Helper()
	for _, o := range test.LaidOutObjects(d.w.root) {
		if b, is := o.(*widgets.Button); is && b.Text() == word {
			return b
		}
	}
	d.t.Fatalf("there is no button %q", word)
	return nil
}

func TestSecondCallButtons(t *testing.T) {
	for word, want := range map[string][]string{
		"Hold & answer": {"Hold call-1", "Accept call-2 true"},
		"End & answer":  {"Hangup call-1", "Accept call-2 true"},
		"Decline":       {"Reject call-2"},
	} {
		d := atHome(t, options{})
		d.showState("second")
		test.Tap(d.button(word))
		d.wantAsked(want...)
		d.w.stop()
	}
}

func TestEndAndAnswerByKey(t *testing.T) {
	d := atHome(t, options{})
	d.showState("ring")
	d.press(callShortcut(fyne.KeyE)) // there is nothing to end
	d.wantAsked()
	d.showState("second")
	d.press(callShortcut(fyne.KeyE))
	d.press(callShortcut(fyne.KeyE))
	d.wantAsked("Hangup call-1", "Accept call-2 true")
	d.change(func(s *engine.Snapshot) {
		s.Calls[0].State, s.Calls[0].End.Reason = engine.Ended, engine.ReasonHungUpHere
		s.Calls[1].State, s.Calls[1].ConnectedAt = engine.Connected, d.now
	})
	d.wantScreen(screenCall)
	if d.w.scene.call.ID != "call-2" {
		t.Errorf("in front is %q", d.w.scene.call.ID)
	}
	d.wantSaid() // it was our own doing
}

func TestASecondCallWhileWeCall(t *testing.T) {
	d := atHome(t, options{})
	d.showState("ringing")
	d.change(func(s *engine.Snapshot) {
		s.Calls = append(s.Calls, uitest.Carol(engine.Ringing, engine.Incoming, d.now))
	})
	test.Tap(d.button("Cancel & answer"))
	d.wantAsked("Hangup call-1", "Accept call-2 true")
}

func TestSwap(t *testing.T) {
	d := atHome(t, options{})
	d.showState("two")
	if !strings.Contains(d.markup(), "On hold · 1:23") {
		t.Error("the other call does not say how long it lasts")
	}
	d.tick(2 * time.Second)
	if !strings.Contains(d.markup(), "On hold · 1:25") {
		t.Error("the other call's time stands still")
	}
	d.key(fyne.KeyX)
	d.wantAsked("Hold call-2", "Unhold call-1")
	if d.w.scene.call.ID != "call-1" {
		t.Error("the other call is not in front")
	}
	d.key(fyne.KeyH) // acts on the one in front
	d.wantAsked("Unhold call-1")
	test.Tap(d.button("Swap"))
	d.wantAsked() // the engine did not do anything yet: each is as wished
	if d.w.scene.call.ID != "call-2" {
		t.Error("Swap does not swap")
	}
}

func TestTheOtherCallComesBack(t *testing.T) {
	d := atHome(t, options{})
	d.showState("one-left")
	d.wantScreen(screenCall)
	d.wantSaid("Carol Jones hung up. Bob Smith is still on hold.")
	if got := d.w.callScreen.personText.Text(); got != "You put Bob Smith on hold" {
		t.Errorf("it says %q", got)
	}
	test.Tap(d.w.callScreen.resume)
	d.wantAsked("Unhold call-1")
	d.tick(noteShown)
	d.wantSaid()
}

func TestTransferNow(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.key(fyne.KeyT)
	d.typeText("t")
	if !d.button("Transfer now").Disabled() || !d.button("Ask first").Disabled() {
		t.Error("without an address there is nothing to be done")
	}
	d.fake.Fail("Transfer", &engine.Problem{Cause: "That is not an address.", Next: "Write it like bob@example.com."})
	d.typeText("a b") // the field is empty, though t opened it
	d.key(fyne.KeyReturn)
	if !d.w.sheet.isOpen() || !strings.Contains(d.markup(), "That is not an address.") {
		t.Error("a refused address must be said where it was typed")
	}
	d.fake.Fail("Transfer", nil)
	test.Tap(d.button("Transfer now"))
	d.wantAsked("Transfer call-1 a b", "Transfer call-1 a b")
	if d.w.sheet.isOpen() {
		t.Error("the sheet stays")
	}
	d.log(engine.Event{Name: engine.EventCallOperation, CallID: "call-1", Operation: "transfer", Phase: "start", Local: true})
	if got := d.w.callScreen.infoState.Text(); got != "Transferring…" {
		t.Errorf("it says %q", got)
	}
	d.log(engine.Event{
		Name: engine.EventCallOperation, CallID: "call-1", Operation: "transfer", Phase: "error", Local: true,
		Problem: &engine.Problem{Cause: "There is nobody called a.", Next: "Check the address."},
	})
	d.wantSaid("The transfer failed. You are still in the call with Bob Smith.")
	if d.w.callScreen.infoState.Text() != "" || !strings.Contains(d.markup(), "There is nobody called a.") {
		t.Error("the failure is not told")
	}
}

func TestAskFirstThenConnect(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.w.openTransfer(d.w.scene.call)
	d.typeText("carol")
	test.Tap(d.button("Ask first"))
	d.wantAsked("Hold call-1", "Call carol false")
	d.w.view.consult = consultation{}
	d.consult()
	d.asked()
	asked := string(d.w.view.consult.asked)
	test.Tap(d.button("Connect both"))
	d.wantAsked("TransferTo call-1 " + asked)
	if !d.button("Connect both").Disabled() {
		t.Error("nothing says that they are being connected")
	}
	d.log(engine.Event{Name: engine.EventCallOperation, CallID: "call-1", Operation: "transfer", Phase: "error", Local: true})
	d.wantSaid("They could not be connected. Both calls are still yours.")
	if d.button("Connect both").Disabled() {
		t.Error("it cannot be tried again")
	}
	test.Tap(d.button("Connect both"))
	d.change(func(s *engine.Snapshot) {
		for i := range s.Calls {
			s.Calls[i].State, s.Calls[i].End.Reason = engine.Ended, engine.ReasonTransferred
		}
	})
	d.wantScreen(screenEnd)
	if got := d.w.endScreen.headline.Text(); got != "Call transferred" {
		t.Errorf("the end says %q", got)
	}
}

func TestAskFirstThenGoBack(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.consult()
	asked := string(d.w.view.consult.asked)
	d.asked()
	test.Tap(d.button("Cancel"))
	d.wantAsked("Hangup "+asked, "Unhold call-1")
	if d.w.scene.call.ID != "call-1" || len(d.w.scene.others) != 0 {
		t.Error("the first call is not back")
	}
}

func TestTheThirdPersonDeclines(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.consult()
	d.change(func(s *engine.Snapshot) {
		s.Calls[1].State, s.Calls[1].End.Reason = engine.Ended, engine.ReasonDeclined
	})
	d.wantSaid("Carol Jones declined. Bob Smith is still on hold.")
	if d.w.view.consult.on() || d.w.scene.call.ID != "call-1" {
		t.Error("the consultation is not over")
	}
}

func TestAskFirstFails(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.fake.Fail("Call", errors.New("no"))
	if err := d.w.askFirst("call-1", "carol"); err == nil {
		t.Error("no error")
	}
	d.wantAsked("Hold call-1", "Call carol false", "Unhold call-1")
	if err := d.w.askFirst("gone", "carol"); err == nil {
		t.Error("no error for a call that is over")
	}
}

func TestConnectTwoCalls(t *testing.T) {
	d := atHome(t, options{})
	d.showState("two")
	d.w.openTransfer(d.w.scene.call)
	test.Tap(d.button("Connect with Bob Smith"))
	d.wantAsked("TransferTo call-2 call-1")
}

func TestForward(t *testing.T) {
	d := atHome(t, options{})
	d.showState("ring")
	test.Tap(d.w.ringScreen.more)
	test.Tap(d.button("Forward…"))
	d.typeText("carol")
	d.key(fyne.KeyReturn)
	d.wantAsked("Transfer call-1 carol")
	d.log(engine.Event{Name: engine.EventCallOperation, CallID: "call-1", Operation: "forward", Phase: "error", Local: true})
	d.wantSaid("The call could not be forwarded. Bob Smith is still ringing here.")
}

func TestTheServerIsLostInACall(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call-offline-cut")
	shown := func() string { return d.markup() }
	if s := shown(); !strings.Contains(s, "Reconnecting in 8 s.") || !strings.Contains(s, "the call goes on") {
		t.Error("the lost server is not told")
	}
	d.tick(3 * time.Second)
	if s := shown(); !strings.Contains(s, "Reconnecting in 5 s.") || !strings.Contains(s, "Reconnecting… (3 s)") {
		t.Error("the two reconnections do not count apart")
	}
	test.Tap(d.w.callScreen.bar.end)
	d.wantAsked("Hangup call-1")
}
