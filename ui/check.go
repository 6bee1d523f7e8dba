package ui

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// The size of the steps' list stays the same while sentences come in.
const (
	checkWidth  = 520
	checkHeight = 380
)

// checkPatience is more than a check takes.
const checkPatience = time.Minute

// checkSheet is a check before a call, as it goes: what it comes to on top, and
// below it the steps.
type checkSheet struct {
	w    *window
	stop context.CancelFunc // of the check that was begun last
	run  int                // counts checks: what older ones say is left out

	running bool
	refused error // why there is no check; nil if there is
	results [engine.CheckSteps]engine.CheckResult

	icon           *widgets.Icon
	words, hint    *widgets.Paragraph
	meter          *widgets.LevelMeter
	again, copying *widgets.Button
	contact        *widgets.Entry // nil where the echo contact is known
	rows           [engine.CheckSteps]*checkRow
}

// openCheck checks at once.
func (w *window) openCheck() {
	c := &checkSheet{w: w, stop: func() {}}
	w.sheet.openBelow(lang.L("Check before a call"), fyne.NewSize(checkWidth, checkHeight), c.head(), c.steps())
	w.sheet.onClose = func() {
		c.run++
		c.stop()
	}
	c.start()
}

// head is what it comes to, and what can be done. It stays in sight.
func (c *checkSheet) head() fyne.CanvasObject {
	c.icon = widgets.NewIcon(theme.IconConnecting, theme.ColorPrimaryText, 28)
	c.words = widgets.NewParagraph("", theme.ColorText, theme.SizeSubheading)
	c.words.Bold = true
	c.hint = widgets.NewParagraph("", theme.ColorMuted, theme.SizeBody)
	c.meter = widgets.NewLevelMeter()
	c.again = widgets.NewButton(widgets.Primary, theme.IconReconnect, lang.L("Check again"), c.start)
	c.copying = widgets.NewButton(widgets.Neutral, theme.IconCopy, lang.L("Copy"), c.copyReport)
	c.w.wire(c.again)
	c.w.wire(c.copying)
	return widgets.TintedCard(theme.ColorBackground, widgets.Column(theme.Gap3,
		widgets.Row(theme.Gap3, c.icon, widgets.Grow(widgets.Column(theme.Gap1, c.words, c.hint))),
		container.NewStack(gap(1, c.meter.MinSize().Height), c.meter), container.NewGridWithColumns(2, c.again, c.copying)))
}

func (c *checkSheet) steps() fyne.CanvasObject {
	steps := widgets.Column(theme.Gap3)
	for step := range engine.CheckSteps {
		c.rows[step] = newCheckRow(step)
		steps.Add(c.rows[step].root)
	}
	if c.w.view.snapshot.DemoContact == "" {
		steps.Add(c.contactRow())
	}
	return widgets.Pad(0, theme.Gap2, steps)
}

// contactRow is who sends back what one says and shows: no server tells.
func (c *checkSheet) contactRow() fyne.CanvasObject {
	c.contact = widgets.NewEntry(lang.L("for example echo@example.com"))
	c.contact.SetText(c.w.prefs.echoContact())
	c.w.wireEntry(c.contact)
	c.contact.OnChanged = c.w.prefs.setEchoContact
	c.contact.OnSubmitted = func(string) {
		if !c.running {
			c.start()
		}
	}
	return widgets.Column(theme.Gap1, settingRow(lang.L("Echo contact"), theme.IconEcho, c.contact),
		widgets.NewParagraph(lang.L("It answers and sends back your sound and your picture."), theme.ColorMuted, theme.SizeCaption))
}

// start begins a check in place of the one before.
func (c *checkSheet) start() {
	c.stop()
	ctx, cancel := context.WithCancel(context.Background())
	c.run++
	c.stop, c.running, c.refused = cancel, true, nil
	c.results = [engine.CheckSteps]engine.CheckResult{}
	for step := range engine.CheckSteps {
		c.results[step].Step = step
	}
	c.draw()
	account := c.w.account
	options := engine.CheckOptions{Server: account.Server, CAFile: account.CAFile}
	if c.contact != nil {
		options.EchoContact = c.w.prefs.echoContact()
	}
	run, before, done := c.run, c.w.checked, make(chan struct{})
	c.w.checked = done
	c.w.presenter.lookUp(checkPatience, func(whole context.Context) {
		defer close(done)
		defer cancel()
		defer context.AfterFunc(whole, cancel)()
		if before != nil { // the engine does one at a time
			<-before
		}
		c.follow(ctx, run, options)
	})
}

// follow runs a check off the main goroutine, and shows what it tells.
func (c *checkSheet) follow(ctx context.Context, run int, options engine.CheckOptions) {
	told, err := c.w.cfg.Engine.Check(ctx, options)
	if err != nil {
		c.show(run, func() { c.running, c.refused = false, err })
		return
	}
	ticker := time.NewTicker(meterEvery)
	defer ticker.Stop()
	for {
		select {
		case r, more := <-told:
			if !more {
				c.show(run, func() { c.running = false })
				return
			}
			c.show(run, func() {
				if r.Step >= 0 && r.Step < engine.CheckSteps {
					c.results[r.Step] = r
				}
			})
		case <-ticker.C:
			l := c.w.cfg.Engine.SoundLevels().Microphone
			c.w.presenter.post(func() {
				if c.run == run {
					c.meter.Set(l.RMS, l.Peak)
				}
			})
		}
	}
}

// show changes what is known on the main goroutine, unless the sheet has gone on.
func (c *checkSheet) show(run int, change func()) {
	c.w.presenter.post(func() {
		if c.run == run {
			change()
			c.draw()
		}
	})
}

// draw shows what is known.
func (c *checkSheet) draw() {
	v := c.verdict()
	c.icon.Set(v.icon, v.color)
	c.words.SetText(v.words)
	c.hint.SetText(v.hint)
	setVisible(c.hint, v.hint != "")
	setVisible(c.meter, c.running)
	if !c.running {
		c.meter.Set(0, 0)
	}
	c.again.SetEnabled(!c.running)
	c.copying.SetEnabled(!c.running && c.refused == nil)
	c.copying.Set(widgets.Neutral, theme.IconCopy, lang.L("Copy"))
	for step, row := range c.rows {
		row.show(c.results[step])
	}
	c.w.sheet.relayout()
}

func (c *checkSheet) verdict() checkVerdict {
	switch {
	case c.running:
		return checkVerdict{theme.IconConnecting, theme.ColorPrimaryText, lang.L("Checking. Say something."), lang.L("You will hear a short tone, and then yourself.")}
	case c.refused != nil:
		v := checkVerdict{icon: theme.IconCrossCircle, color: theme.ColorBad, words: errorText(c.refused)}
		if p := (*engine.Problem)(nil); errors.As(c.refused, &p) {
			v.words, v.hint = problemWords(p)
		}
		return v
	}
	return judgeCheck(c.results[:])
}

// copyReport puts what was found on the clipboard.
func (c *checkSheet) copyReport() {
	r := c.w.view.snapshot.Registration
	hide := []string{r.Address, r.Account.User, c.w.prefs.echoContact(), c.w.view.snapshot.DemoContact}
	c.w.app.Clipboard().SetContent(c.w.without(checkReport(c.w.cfg.Version, c.results[:], hide)))
	c.copying.Set(widgets.Neutral, theme.IconCheck, lang.X("check.copied", "Copied"))
}
