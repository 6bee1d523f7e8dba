package widgets

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tring/ui/theme"
)

// LevelMeter is a bar that is as long as a sound is loud, with a mark at its
// loudest moment of late. It belongs to the main goroutine.
type LevelMeter struct {
	widget.BaseWidget

	OnStage bool // drawn for the dark stage

	rms, peak float32 // 0 to 1 of the bar
}

// NewLevelMeter is a meter at rest.
func NewLevelMeter() *LevelMeter {
	m := &LevelMeter{}
	m.ExtendBaseWidget(m)
	return m
}

// quietest is the level at the left end of the bar, in dB of full scale: what a
// quiet room gives.
const quietest = -60

// along is a level of 0 to 1 as a place on the bar, which counts in dB as ears
// do.
func along(level float64) float32 {
	if !(level > 0) {
		return 0
	}
	return float32(min(max(1-20*math.Log10(level)/quietest, 0), 1))
}

// Set shows levels of 0 to 1 of full scale.
func (m *LevelMeter) Set(rms, peak float64) {
	r, p := along(rms), along(peak)
	if r == m.rms && p == m.peak {
		return
	}
	m.rms, m.peak = r, p
	m.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (m *LevelMeter) CreateRenderer() fyne.WidgetRenderer {
	r := &levelRenderer{m: m}
	for _, o := range []**canvas.Rectangle{&r.track, &r.bar, &r.mark} {
		*o = canvas.NewRectangle(color.Transparent)
	}
	r.Refresh()
	return r
}

type levelRenderer struct {
	m                *LevelMeter
	track, bar, mark *canvas.Rectangle
}

func (r *levelRenderer) Destroy()           {}
func (r *levelRenderer) MinSize() fyne.Size { return fyne.NewSize(80, 8) }
func (r *levelRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.track, r.bar, r.mark}
}

func (r *levelRenderer) Layout(size fyne.Size) {
	const markWidth = 3
	r.track.Resize(size)
	r.bar.Move(fyne.NewPos(0, 0)) // where it is mirrored from
	r.bar.Resize(fyne.NewSize(size.Width*r.m.rms, size.Height))
	r.mark.Resize(fyne.NewSize(markWidth, size.Height))
	r.mark.Move(fyne.NewPos(max(0, size.Width*r.m.peak-markWidth), 0))
	r.mark.Hidden = r.m.peak == 0
	Mirror(size.Width, r.bar, r.mark)
}

// tooLoud is where the peak is so near full scale that speech is cut off.
const tooLoud = 0.97

func (r *levelRenderer) Refresh() {
	track, fill, loud := theme.ColorTrack, theme.ColorGood, theme.ColorBad
	if r.m.OnStage {
		track, fill, loud = theme.ColorStageButton, theme.ColorStageGood, theme.ColorStageWarn
	}
	if r.m.peak >= tooLoud {
		fill = loud
	}
	for _, o := range []*canvas.Rectangle{r.track, r.bar, r.mark} {
		o.CornerRadius = 4
	}
	r.track.FillColor = theme.Color(r.m, track)
	r.bar.FillColor, r.mark.FillColor = theme.Color(r.m, fill), theme.Color(r.m, fill)
	r.Layout(r.m.Size())
	canvas.Refresh(r.m)
}
