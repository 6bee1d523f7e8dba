package widgets

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"tring/ui/theme"
)

// waiting is what was asked for later.
type waiting struct {
	after time.Duration
	do    func()
}

func (w *waiting) later(d time.Duration, f func()) func() {
	w.after, w.do = d, f
	return func() { w.do = nil }
}

// pass lets the time go by for which is waited.
func (w *waiting) pass() {
	if do := w.do; do != nil {
		w.do = nil
		do()
	}
}

// tipped is a button at a place of a window of 400 x 300, and the window's tips.
func tipped(t *testing.T, at fyne.Position) (*Button, *Tips, *waiting) {
	t.Helper()
	clock := &waiting{}
	tips := NewTips(clock.later)
	b := NewButton(Plain, theme.IconLog, "", nil).Explain(tips, "Show or hide the log of what happened", "L")
	place := container.NewWithoutLayout(b)
	shown(t, container.NewStack(place, tips.Layer), 400, 300)
	b.Resize(fyne.NewSquareSize(44))
	b.Move(at)
	return b, tips, clock
}

func pointer(at fyne.Position) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{AbsolutePosition: at.AddXY(22, 40)}}
}

func TestTipStaysInTheWindowAndClearOfThePointer(t *testing.T) {
	for name, at := range map[string]fyne.Position{
		"top left": {}, "top right": {X: 356}, "bottom left": {Y: 256}, "bottom right": {X: 356, Y: 256}, "middle": {X: 180, Y: 120},
	} {
		t.Run(name, func(t *testing.T) {
			b, tips, clock := tipped(t, at)
			b.MouseIn(pointer(at))
			if tips.Layer.Visible() || clock.after != tipPatience {
				t.Fatal("it does not wait")
			}
			clock.pass()
			if !tips.Layer.Visible() {
				t.Fatal("it does not come")
			}
			card := tips.layout.card
			from, to := card.Position(), card.Position().Add(card.Size())
			if from.X < 0 || from.Y < 0 || to.X > 400 || to.Y > 300 {
				t.Errorf("it lies at %v to %v, over the edge", from, to)
			}
			if from.Y < at.Y+44 && to.Y > at.Y {
				t.Errorf("it lies at %v to %v, over the button at %v", from, to, at)
			}
			if hand := at.Y + 40; from.Y > at.Y && from.Y < hand+20 {
				t.Errorf("it begins at %v, under the pointer at %v", from.Y, hand)
			}
		})
	}
}

func TestTipGoes(t *testing.T) {
	for name, how := range map[string]func(*Button, *waiting){
		"leave":    func(b *Button, _ *waiting) { b.MouseOut() },
		"press":    func(b *Button, _ *waiting) { b.MouseDown(nil) },
		"hide":     func(b *Button, _ *waiting) { b.Hide() },
		"keyboard": func(b *Button, _ *waiting) { b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyA}) },
		"time":     func(_ *Button, c *waiting) { c.pass() },
	} {
		t.Run(name, func(t *testing.T) {
			b, tips, clock := tipped(t, fyne.NewPos(100, 100))
			b.MouseIn(pointer(b.Position()))
			how(b, &waiting{}) // before it came
			b.Show()
			if name != "time" {
				clock.pass()
				if tips.Layer.Visible() {
					t.Fatal("it comes all the same")
				}
				b.MouseIn(pointer(b.Position()))
			}
			clock.pass()
			if !tips.Layer.Visible() {
				t.Fatal("it does not come")
			}
			how(b, clock)
			if tips.Layer.Visible() || clock.do != nil {
				t.Error("it stays")
			}
		})
	}
}

func TestTipFollowsTheKeyboardAndWhatTheButtonDoes(t *testing.T) {
	b, tips, clock := tipped(t, fyne.NewPos(100, 100))
	b.FocusGained()
	clock.pass()
	b.Explain(tips, "Off", "")
	if !tips.Layer.Visible() || tips.name.Text() != "Off" || tips.chip.Visible() {
		t.Errorf("it says %q", tips.name.Text())
	}
	b.FocusLost()
	if tips.Layer.Visible() {
		t.Error("it stays without the keyboard")
	}
	silent := NewButton(Plain, "", "OK", nil)
	silent.MouseIn(nil)
	silent.MouseMoved(nil)
	silent.MouseOut()
}
