package ui

import (
	"slices"
	"testing"

	"tring/engine"
	"tring/ui/desktop"
)

// fakeDesktop is a desktop that remembers what it was given.
type fakeDesktop struct {
	alerts    []desktop.Alert
	withdrawn []string
	closed    bool
}

func (f *fakeDesktop) Show(a desktop.Alert) { f.alerts = append(f.alerts, a) }
func (f *fakeDesktop) Withdraw(id string)   { f.withdrawn = append(f.withdrawn, id) }
func (f *fakeDesktop) Close()               { f.closed = true }

func (f *fakeDesktop) take() (titles, withdrawn []string) {
	for _, a := range f.alerts {
		titles = append(titles, a.Title)
	}
	withdrawn, f.alerts, f.withdrawn = f.withdrawn, nil, nil
	return titles, withdrawn
}

func TestRingsOnTheDesktopWhileAway(t *testing.T) {
	d := atHome(t, options{})
	d.w.alerts.setAway(false)
	d.showState("ring")
	if titles, _ := d.desktop.take(); len(titles) != 0 {
		t.Errorf("alerts %q in front of somebody who looks at the window", titles)
	}
	d.w.alerts.setAway(true)
	if len(d.desktop.alerts) != 1 {
		t.Fatalf("%d alerts", len(d.desktop.alerts))
	}
	alert := d.desktop.alerts[0]
	if alert.Title != "Bob Smith is calling" || alert.Body != "Video call · bob.smith@example.com" || alert.Kind != desktop.Ringing {
		t.Errorf("alert %+v", alert)
	}
	var buttons []string
	for _, b := range alert.Actions {
		buttons = append(buttons, b.Name)
	}
	if !slices.Equal(buttons, []string{alertVideo, alertVoice, alertDecline}) {
		t.Errorf("buttons %q", buttons)
	}
	d.desktop.take()
	d.change(func(s *engine.Snapshot) { s.Calls[0].RemoteName = "Bob S." })
	if titles, _ := d.desktop.take(); len(titles) != 0 {
		t.Errorf("told again: %q", titles)
	}
	d.w.alerts.setAway(false)
	if _, withdrawn := d.desktop.take(); !slices.Equal(withdrawn, []string{"call-1"}) {
		t.Errorf("withdrawn %q when the window is looked at", withdrawn)
	}
}

func TestAnswerFromTheDesktop(t *testing.T) {
	for action, want := range map[string]string{
		alertVideo: "Accept call-1 true", alertVoice: "Accept call-1 false", alertDecline: "Reject call-1", desktop.Open: "",
	} {
		d := atHome(t, options{})
		d.showState("ring")
		d.desktop.take()
		d.w.alerts.chosen("call-1", action)
		if want == "" {
			d.wantAsked()
			continue
		}
		d.wantAsked(want)
		d.w.alerts.chosen("call-1", action) // twice, or too late
		d.w.alerts.chosen("call-7", action)
		d.wantAsked()
		d.w.alerts.update()
		if _, withdrawn := d.desktop.take(); !slices.Equal(withdrawn, []string{"call-1"}) {
			t.Errorf("%s: withdrawn %q", action, withdrawn)
		}
	}
}

func TestMissedCallIsTold(t *testing.T) {
	for reason, wantMissed := range map[engine.EndReason]bool{
		engine.ReasonCancelledThere: true, engine.ReasonNoAnswer: true,
		engine.ReasonAnsweredElsewhere: false, engine.ReasonDeclinedElsewhere: false, engine.ReasonServerEnded: false,
	} {
		d := atHome(t, options{})
		d.showState("ring")
		d.desktop.take()
		d.change(func(s *engine.Snapshot) {
			s.Calls[0].State, s.Calls[0].End = engine.Cancelled, engine.EndInfo{Reason: reason}
		})
		titles, withdrawn := d.desktop.take()
		if wantMissed != slices.Equal(titles, []string{"Missed call from Bob Smith"}) || wantMissed != (len(withdrawn) == 0) {
			t.Errorf("%v: told %q, withdrawn %q", reason, titles, withdrawn)
		}
	}
}

func TestDesktopIsGivenBack(t *testing.T) {
	d := atHome(t, options{})
	d.w.stop()
	if !d.desktop.closed {
		t.Error("notifications are left behind")
	}
}
