package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// transferSheet asks where a call is to go, and how: at once, or after a word
// with whom it goes to.
type transferSheet struct {
	w    *window
	call engine.Call
	to   *widgets.Entry
	err  *widgets.Paragraph
	now  *widgets.Button
	ask  *widgets.Button // nil for a call that still rings
}

// openTransfer is for an answered call.
func (w *window) openTransfer(c engine.Call) {
	s := w.newTransferSheet(c, lang.L("Transfer now"))
	s.ask = widgets.NewButton(widgets.Neutral, theme.IconPhone, lang.L("Ask first"), s.askFirst)
	s.ask.Disable()
	w.wire(s.ask)
	column := widgets.Column(theme.Gap3)
	for _, other := range w.view.snapshot.Calls {
		if other.ID == c.ID || !other.State.Established() {
			continue
		}
		join := widgets.NewButton(widgets.Primary, theme.IconJoin, lang.L("Connect with {{.Name}}", with{"Name": firstName(other)}), func() {
			w.sheet.close()
			w.join(c.ID, other.ID)
		})
		w.wire(join)
		column.Add(widgets.NewParagraph(lang.L("{{.Name}} and {{.Other}} go on talking with each other; your part of both calls ends.",
			with{"Name": firstName(c), "Other": firstName(other)}),
			theme.ColorMuted, theme.SizeBody))
		column.Add(join)
		column.Add(gap(1, theme.Gap1))
	}
	column.Add(widgets.NewParagraph(lang.L("Transfer now connects {{.Name}} with this address, and your part of the call ends. Ask first puts {{.Name}} on hold while you talk with the other person.",
		with{"Name": firstName(c)}), theme.ColorMuted, theme.SizeBody))
	column.Add(s.to)
	column.Add(s.err)
	column.Add(container.NewGridWithColumns(2, s.ask, s.now))
	w.sheet.open(lang.L("Transfer {{.Name}}", with{"Name": callName(c)}), 440, column, s.to)
}

// openForward is for a call that rings here.
func (w *window) openForward(c engine.Call) {
	s := w.newTransferSheet(c, lang.L("Forward"))
	cancel := widgets.NewButton(widgets.Neutral, "", lang.L("Cancel"), w.sheet.close)
	w.wire(cancel)
	w.sheet.open(lang.L("Forward {{.Name}}", with{"Name": callName(c)}), 440, widgets.Column(theme.Gap3,
		widgets.NewParagraph(lang.L("The call rings at this address in place of here."), theme.ColorMuted, theme.SizeBody),
		s.to, s.err, container.NewGridWithColumns(2, cancel, s.now)), s.to)
}

func (w *window) newTransferSheet(c engine.Call, word string) *transferSheet {
	s := &transferSheet{w: w, call: c, to: widgets.NewEntry(lang.L("Name, address or number"))}
	icon := theme.IconTransfer
	if !c.State.Established() {
		icon = theme.IconForward
	}
	s.now = widgets.NewButton(widgets.Primary, icon, word, s.transfer)
	s.now.Disable()
	s.err = widgets.NewParagraph("", theme.ColorBad, theme.SizeCaption)
	s.err.Hide()
	s.to.OnSubmitted = func(string) { s.transfer() }
	s.to.OnChanged = func(string) { s.check() }
	w.wireEntry(s.to)
	w.wire(s.now)
	return s
}

// address is what was typed, and whether it can be used: what the field on the
// home screen takes is taken here.
func (s *transferSheet) address() (string, bool) {
	address := strings.TrimSpace(s.to.Text)
	return address, callBlocked(s.w.view.snapshot.Registration, address) == ""
}

func (s *transferSheet) check() {
	s.fail("")
	address, usable := s.address()
	if address != "" && !usable {
		s.fail(callBlocked(s.w.view.snapshot.Registration, address))
	}
	s.now.SetEnabled(usable)
	if s.ask != nil {
		s.ask.SetEnabled(usable)
	}
}

// fail says under the field what is wrong; "" takes it away.
func (s *transferSheet) fail(text string) {
	if s.err.Text() == text {
		return
	}
	s.err.SetText(text)
	setVisible(s.err, text != "")
	s.w.sheet.root.Refresh()
}

// transfer hands the call over. A refused address stays in the field.
func (s *transferSheet) transfer() {
	address, usable := s.address()
	if !usable {
		return
	}
	if err := s.w.cfg.Engine.Transfer(s.call.ID, address); err != nil {
		s.fail(errorText(err))
		return
	}
	s.w.sheet.close()
}

// askFirst puts the call on hold and calls the third person.
func (s *transferSheet) askFirst() {
	address, usable := s.address()
	if !usable {
		return
	}
	if err := s.w.askFirst(s.call.ID, address); err != nil {
		s.fail(errorText(err))
	}
}

// askFirst begins a consultation about a call.
func (w *window) askFirst(id engine.CallID, address string) error {
	c, there := w.view.snapshot.Call(id)
	if !there || !c.State.Established() {
		return &engine.Problem{Cause: lang.L("That call is over."), Next: lang.L("Call the other person yourself.")}
	}
	if !c.LocalHold {
		if err := w.cfg.Engine.Hold(id); err != nil {
			return err
		}
	}
	asked, err := w.cfg.Engine.Call(address, engine.CallOptions{})
	if err != nil {
		if !c.LocalHold {
			w.tell(w.cfg.Engine.Unhold(id))
		}
		return err
	}
	w.view.consult = consultation{held: id, asked: asked}
	w.view.front = asked
	w.sheet.close()
	w.redraw()
	return nil
}

// connectBoth ends a consultation as it was meant.
func (w *window) connectBoth() {
	if k := w.view.consult; k.on() && !k.joining {
		w.join(k.held, k.asked)
	}
}

// join connects the far ends of two calls of ours.
func (w *window) join(id, other engine.CallID) {
	if err := w.cfg.Engine.TransferTo(id, other); err != nil {
		w.tell(err)
		return
	}
	w.view.moving[id], w.view.moving[other] = true, true
	w.view.consult.joining = w.view.consult.on()
	w.redraw()
}

// cancelConsultation ends the call to the third person and goes back to the
// one that waits.
func (w *window) cancelConsultation() {
	k := w.view.consult
	if !k.on() {
		return
	}
	w.view.consult = consultation{}
	w.view.front = k.held
	w.view.leaving[k.asked], w.view.quiet[k.asked] = true, true
	w.tell(w.cfg.Engine.Hangup(k.asked))
	if c, there := w.view.snapshot.Call(k.held); there && c.LocalHold {
		w.tell(w.cfg.Engine.Unhold(k.held))
	}
	w.redraw()
}

// heedOperation follows transfers: one that fails leaves the call here, and
// that must be said.
func (w *window) heedOperation(e engine.Event) {
	if e.Operation != "transfer" && e.Operation != "forward" || !e.Local {
		return
	}
	switch e.Phase {
	case "start":
		w.view.moving[e.CallID] = true
	case "finish":
	default:
		clear(w.view.moving)
		w.view.consult.joining = false
		c, _ := w.view.snapshot.Call(e.CallID)
		name := with{"Name": firstName(c)}
		text := lang.L("The transfer failed. You are still in the call with {{.Name}}.", name)
		switch {
		case e.Operation == "forward" || !c.State.Established():
			text = lang.L("The call could not be forwarded. {{.Name}} is still ringing here.", name)
		case w.view.consult.on():
			text = lang.L("They could not be connected. Both calls are still yours.")
		}
		w.say(note{about: "transfer", icon: theme.IconWarning, text: text, call: true})
		if e.Problem != nil && (c.Problem == nil || !sameProblem(c.Problem, e.Problem)) {
			w.tell(e.Problem)
		}
	}
}

// ringMore is what else can be done with a call that rings here.
func (w *window) ringMore(c engine.Call) {
	column := widgets.Column(theme.Gap2)
	add := func(icon theme.IconName, text string, do func()) {
		column.Add(w.sheetButton(icon, text, do))
	}
	add(theme.IconForward, lang.L("Forward…"), func() { w.openForward(c) })
	add(theme.IconClose, lang.L("Ignore here"), func() { w.ignore(c.ID) })
	add(theme.IconHelp, lang.L("Keyboard"), w.openHelp)
	w.sheet.open(lang.L("More"), 340, column, nil)
}

// sheetButton is one line of a sheet of actions: it closes the sheet first.
func (w *window) sheetButton(icon theme.IconName, text string, do func()) fyne.CanvasObject {
	b := widgets.NewButton(widgets.Neutral, icon, text, func() {
		w.sheet.close()
		do()
	})
	b.Leading = true
	w.wire(b)
	return b
}
