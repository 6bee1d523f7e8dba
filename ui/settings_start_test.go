package ui

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tring/ui/widgets"
)

// fakeAutostart is a system's start at log-in. It belongs to one job at a time.
type fakeAutostart struct {
	on, missing bool
	err         error
}

func (f *fakeAutostart) Available() bool { return !f.missing }
func (f *fakeAutostart) Enabled() bool   { return f.on }
func (f *fakeAutostart) Set(on bool) error {
	if f.err == nil {
		f.on = on
	}
	return f.err
}

// autostartButton is the switch on the page of the window's settings; nil
// without one.
func (d *desk) autostartButton() *widgets.Button {
	column := container.NewVBox()
	d.w.addAutostart(column)
	if len(column.Objects) == 0 {
		return nil
	}
	b := column.Objects[0].(*widgets.Button)
	d.until("the state", func() bool { return !b.Disabled() })
	return b
}

func TestAutostartSwitch(t *testing.T) {
	d := atHome(t, options{})
	if d.autostartButton() != nil {
		t.Error("there is a switch that does nothing")
	}
	auto := &fakeAutostart{}
	d.w.cfg.Autostart = auto
	b := d.autostartButton()
	if b.Text() != "Start when I log in: off" {
		t.Errorf("it says %q before it was asked for", b.Text())
	}
	for _, want := range []string{"Start when I log in: on", "Start when I log in: off"} {
		b.Tapped(&fyne.PointEvent{})
		d.until("the change", func() bool { return !b.Disabled() })
		if b.Text() != want || auto.on != (want == "Start when I log in: on") {
			t.Errorf("it says %q and is %v, want %q", b.Text(), auto.on, want)
		}
	}
	auto.err = errors.New("no room")
	b.Tapped(&fyne.PointEvent{})
	d.until("the failure", func() bool { return !b.Disabled() })
	if b.Text() != "Start when I log in: off" || !contains(d.markup(), "The system did not take the change: no room.") {
		t.Errorf("a failure is not said; the switch says %q", b.Text())
	}
	auto.missing = true
	if d.autostartButton() != nil {
		t.Error("there is a switch where nothing can be done")
	}
}
