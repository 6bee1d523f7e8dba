package ui

import (
	"time"

	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/widgets"
)

// later runs f on the main goroutine after a while, unless stop is called
// before. What still waits when the window goes is not run.
func (w *window) later(d time.Duration, f func()) (stop func()) {
	if w.cfg.Later != nil {
		return w.cfg.Later(d, f)
	}
	timer := time.AfterFunc(d, func() { w.presenter.post(f) })
	return func() { timer.Stop() }
}

// explain makes a button's tip and hands on the keys that it has no use for.
func (w *window) explain(b *widgets.Button, name, keys string) {
	w.wire(b)
	b.Explain(w.tips, name, keys)
}

// explain says what the buttons do now.
func (b *callBar) explain(c engine.Call, outgoing bool) {
	name := with{"Name": firstName(c)}
	mic, camera, share, hold := lang.L("Turn the microphone off"), lang.L("Turn the camera off"), lang.L("Share a screen or window"), lang.L("Put {{.Name}} on hold", name)
	if c.Muted {
		mic = lang.L("Turn the microphone on, or hold Space to speak")
	}
	if !c.SendingVideo || c.ScreenShared {
		camera = lang.L("Turn the camera on")
	}
	if c.ScreenShared {
		share = lang.L("Stop sharing")
	}
	if c.LocalHold {
		hold = lang.L("Go on with {{.Name}}", name)
	}
	end := lang.L("End the call")
	if outgoing {
		end = lang.L("Give up calling")
	}
	tips := b.w.tips
	b.mic.Explain(tips, mic, "M")
	b.camera.Explain(tips, camera, "V")
	b.share.Explain(tips, share, "S")
	b.keypad.Explain(tips, lang.L("Keypad for tones"), "D")
	b.hold.Explain(tips, hold, "H")
	b.more.Explain(tips, lang.L("What else can be done"), "")
	b.end.Explain(tips, end, chord("H"))
}
