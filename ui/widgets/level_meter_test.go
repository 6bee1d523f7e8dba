package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestLevelsCountAsEarsDo(t *testing.T) {
	for level, want := range map[float64]float32{0: 0, 0.001: 0, 0.0316: 0.5, 1: 1, 2: 1, -1: 0} {
		if got := along(level); got < want-0.01 || got > want+0.01 {
			t.Errorf("%v lies at %v, want %v", level, got, want)
		}
	}
}

// The bar stays in its track, however often it is drawn.
func TestLevelFromTheRight(t *testing.T) {
	test.NewTempApp(t)
	SetRightToLeft(true)
	t.Cleanup(func() { SetRightToLeft(false) })
	m := NewLevelMeter()
	r := test.TempWidgetRenderer(t, m).(*levelRenderer)
	m.Resize(fyne.NewSize(200, 8))
	for range 3 {
		m.Set(0.0316, 0.1)
		r.Layout(m.Size())
		if left, right := r.bar.Position().X, r.bar.Position().X+r.bar.Size().Width; right != 200 || left < 95 || left > 105 {
			t.Errorf("half a level is drawn from %v to %v of 200", left, right)
		}
	}
}
