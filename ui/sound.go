package ui

import (
	"context"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// soundSettings are the microphone's level and what is done to its sound. The
// microphone is open as long as they are shown.
type soundSettings struct {
	w        *window
	root     *fyne.Container
	meter    *widgets.LevelMeter
	switches []*soundSwitch
	missing  *widgets.Paragraph
	stop     func()
}

// soundSwitch is one part of the processing.
type soundSwitch struct {
	*settingSwitch
	of func(*engine.SoundProcessing) *bool
}

// meterEvery is how often the level is drawn.
const meterEvery = 66 * time.Millisecond

func newSoundSettings(w *window) *soundSettings {
	s := &soundSettings{w: w, meter: widgets.NewLevelMeter(), stop: func() {}}
	s.missing = widgets.NewParagraph("", theme.ColorMuted, theme.SizeCaption)
	add := func(label string, of func(*engine.SoundProcessing) *bool) {
		sw := &soundSwitch{of: of}
		sw.settingSwitch = w.newSwitch(label, false, func(on bool) { s.choose(sw, on) })
		s.switches = append(s.switches, sw)
	}
	add(lang.L("Cancel echo"), func(p *engine.SoundProcessing) *bool { return &p.EchoCancellation })
	add(lang.L("Reduce noise"), func(p *engine.SoundProcessing) *bool { return &p.NoiseSuppression })
	add(lang.L("Level my voice"), func(p *engine.SoundProcessing) *bool { return &p.AutomaticGain })
	s.root = widgets.Column(theme.Gap2,
		widgets.Styled(lang.L("Speak: the bar shows how loud you are"), theme.ColorMuted, theme.SizeCaption), s.meter)
	for _, sw := range s.switches {
		s.root.Add(sw.button)
	}
	s.root.Add(s.missing)
	s.update(w.view.snapshot)
	return s
}

func (s *soundSettings) choose(sw *soundSwitch, on bool) {
	p := s.w.view.snapshot.Sound.Processing
	*sw.of(&p) = on
	s.w.prefs.setProcessing(p)
	s.w.tell(s.w.cfg.Engine.SetSoundProcessing(p))
}

// update shows what is on.
func (s *soundSettings) update(snapshot engine.Snapshot) {
	p := snapshot.Sound.Processing
	for _, sw := range s.switches {
		sw.set(*sw.of(&p))
		sw.button.SetEnabled(snapshot.Sound.Missing == "")
	}
	s.missing.SetText(translate(snapshot.Sound.Missing))
	setVisible(s.missing, snapshot.Sound.Missing != "")
}

// start opens the microphone and lets the meter move until end.
func (s *soundSettings) start() { s.stop = s.w.followLevel(s.meter) }

// end closes the microphone, unless a call uses it.
func (s *soundSettings) end() {
	s.stop()
	s.stop = func() {}
}

// toggleQuiet turns "do not disturb" on or off. It is not kept: a program that
// is started is meant to ring.
func (w *window) toggleQuiet() {
	w.tell(w.cfg.Engine.SetDoNotDisturb(!w.view.snapshot.Sound.DoNotDisturb))
}

// applySound tells the engine what was chosen before; at first all is on.
func (w *window) applySound() {
	all := engine.SoundProcessing{EchoCancellation: true, NoiseSuppression: true, AutomaticGain: true}
	if p := w.prefs.processing(); p != all {
		w.tell(w.cfg.Engine.SetSoundProcessing(p))
	}
}

// sayMuted reminds somebody who speaks and is not heard.
func (w *window) sayMuted() {
	w.say(note{about: "muted", icon: theme.IconMicOff, call: true, text: lang.L("You are muted. Press M to be heard, or hold Space while you speak.")})
}

// followLevel lets a meter show how loud the microphone is, until stop. Opening
// the microphone waits for the engine, so it happens off the main goroutine.
func (w *window) followLevel(meter *widgets.LevelMeter) (stop func()) {
	over := make(chan struct{})
	var posted atomic.Bool // one at most: Fyne's queue has no bound
	w.presenter.lookUp(24*time.Hour, func(ctx context.Context) {
		defer w.cfg.Engine.ListenToMicrophone()()
		ticker := time.NewTicker(meterEvery)
		defer ticker.Stop()
		for {
			select {
			case <-over:
				return
			case <-ctx.Done():
				return
			case <-ticker.C:
				l := w.cfg.Engine.SoundLevels().Microphone
				if posted.CompareAndSwap(false, true) {
					w.presenter.post(func() { posted.Store(false); meter.Set(l.RMS, l.Peak) })
				}
			}
		}
	})
	return func() { close(over) }
}
