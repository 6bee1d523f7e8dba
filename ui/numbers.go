package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

const (
	numbersEvery = time.Second     // how often they are measured anew
	numbersPast  = 5               // measurements that shares are taken over
	numbersWidth = float32(420)    // of the panel, at most
	numbersLabel = float32(118)    // of its first column
	numbersLines = 16              // at most
	numbersTitle = theme.Touch + 2 // height of the line with its name and buttons
)

// numbers is a panel over the picture of a call with its live figures: for who
// wants to know, or has to tell somebody who helps. It takes no keyboard, so the
// call's keys go on working, and only the words that change are drawn anew.
type numbers struct {
	w    *window
	root *fyne.Container
	copy *widgets.Button
	rows [numbersLines]numberRow
	grid *fyne.Container

	of     engine.CallID  // the call that is measured; "" while it is closed
	asked  time.Time      // when it was measured last
	asking bool           // a measurement is under way
	past   []engine.Stats // the newest last
}

// numberRow is a figure: of what comes in and of what goes out, or only one.
type numberRow struct {
	root          *fyne.Container
	label, in, to *widgets.Text
	alone         bool // the figure is the only one
}

func newNumbers(w *window) *numbers {
	n := &numbers{w: w}
	column := widgets.Column(3)
	for i := range n.rows {
		r := numberRow{
			label: widgets.Styled("", theme.ColorStageMuted, theme.SizeCaption).Cut(),
			in:    widgets.Styled("", theme.ColorStageText, theme.SizeCaption).Cut(),
			to:    widgets.Styled("", theme.ColorStageText, theme.SizeCaption).Cut(),
		}
		r.root = container.New(&numberRowLayout{}, r.label, r.in, r.to)
		n.rows[i] = r
		column.Add(r.root)
	}
	n.rows[0].in.Bold, n.rows[0].to.Bold = true, true
	n.grid = column
	n.copy = widgets.NewButton(widgets.Stage, theme.IconCopy, lang.L("Copy"), n.copyAll)
	w.explain(n.copy, lang.L("Copy all numbers, for whoever helps"), "")
	cross := widgets.NewButton(widgets.Stage, theme.IconClose, "", n.close)
	w.explain(cross, lang.L("Close"), "N")
	title := widgets.Styled(lang.L("Numbers of this call"), theme.ColorStageText, theme.SizeBody).Strong().Cut()
	header := widgets.Row(theme.Gap2, widgets.Grow(title), n.copy, cross)
	ground := widgets.NewGround(theme.ColorStageBar)
	ground.Border, ground.Radius = theme.ColorStageButton, theme.SizeCardRadius
	n.root = container.New(&numbersLayout{}, newBlocker(ground), header, container.NewVScroll(column))
	n.root.Hide()
	return n
}

func (n *numbers) isOpen() bool { return n.of != "" }

// toggle opens the panel for the call in front, or closes it.
func (n *numbers) toggle() {
	if n.isOpen() {
		n.close()
		return
	}
	if n.w.scene.screen != screenCall {
		return
	}
	n.of, n.past, n.asked = n.w.scene.call.ID, nil, time.Time{}
	n.copy.Set(widgets.Stage, theme.IconCopy, lang.L("Copy"))
	n.show()
	n.root.Show()
	n.follow(n.w.cfg.Now())
	n.w.redraw()
}

func (n *numbers) close() {
	if !n.isOpen() {
		return
	}
	n.of = ""
	n.root.Hide()
	n.w.tips.Clear()
	n.w.redraw()
}

// follow measures the call anew if it is time to. It is off the main goroutine
// that the engine is asked.
func (n *numbers) follow(now time.Time) {
	if !n.isOpen() || n.asking || now.Sub(n.asked) < numbersEvery-50*time.Millisecond {
		return
	}
	n.asking, n.asked = true, now
	id := n.of
	n.w.presenter.lookUp(statsPatience, func(ctx context.Context) {
		stats, err := n.w.cfg.Engine.Stats(ctx, id)
		n.w.presenter.post(func() {
			n.asking = false
			if err == nil && n.of == id { // without media there is nothing to measure yet
				n.take(stats)
			}
		})
	})
}

func (n *numbers) take(s engine.Stats) {
	if k := len(n.past); k > 0 && restarted(n.past[k-1], s) {
		n.past = nil
	}
	n.past = append(n.past, s)
	if over := len(n.past) - numbersPast; over > 0 {
		n.past = n.past[over:]
	}
	lines := n.shown()
	n.show()
	if n.shown() != lines { // a line more or less
		n.w.redraw()
	}
}

func (n *numbers) shown() int {
	shown := 0
	for _, r := range n.rows {
		if r.root.Visible() {
			shown++
		}
	}
	return shown
}

// show puts the figures into their lines.
func (n *numbers) show() {
	c, _ := n.w.view.snapshot.Call(n.of)
	lines := numberLines(n.past, c, n.w.view.snapshot.Sound)
	for i, r := range n.rows {
		setVisible(r.root, i < len(lines))
		if i < len(lines) {
			r.label.SetText(lines[i].label)
			r.in.SetText(lines[i].in)
			r.to.SetText(lines[i].to)
			if alone := lines[i].to == ""; alone != r.alone {
				n.rows[i].alone = alone
				r.root.Refresh()
			}
		}
	}
}

// copyAll puts the whole measurement on the clipboard.
func (n *numbers) copyAll() {
	if len(n.past) == 0 {
		return
	}
	n.w.app.Clipboard().SetContent(statsText(n.past[len(n.past)-1]))
	n.copy.Set(widgets.Stage, theme.IconCheck, lang.L("Copied"))
}

// height is what all of it needs.
func (n *numbers) height() float32 {
	return numbersTitle + n.grid.MinSize().Height + 2*theme.Gap3
}

// numbersLayout lays out ground, header and the scrolled lines.
type numbersLayout struct{}

// MinSize is small: callLayout decides.
func (*numbersLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 100) }

func (*numbersLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, size.Width, size.Height)
	place(objects[1], theme.Gap4, theme.Gap2, size.Width-theme.Gap4-theme.Gap2, theme.Touch)
	top := numbersTitle + theme.Gap3
	place(objects[2], theme.Gap4, top, size.Width-theme.Gap4-theme.Gap2, max(0, size.Height-top-theme.Gap3))
	widgets.Mirror(size.Width, objects[1:]...)
}

// numberRowLayout puts a label and two figures into columns. A figure that stands
// alone has the room of two.
type numberRowLayout struct{}

func (*numberRowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, objects[0].MinSize().Height)
}

func (*numberRowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	label := min(numbersLabel, size.Width*0.32)
	width := (size.Width - label - 2*theme.Gap2) / 2
	place(objects[0], 0, 0, label, size.Height)
	in := width
	if t, is := objects[2].(*widgets.Text); is && t.Text() == "" {
		in = 2*width + theme.Gap2
	}
	place(objects[1], label+theme.Gap2, 0, in, size.Height)
	place(objects[2], label+width+2*theme.Gap2, 0, width, size.Height)
	widgets.Mirror(size.Width, objects...)
}
