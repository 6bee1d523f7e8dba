package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// sheetHost shows one sheet at a time: a card in the middle of the dimmed
// window. It is part of the window's own content rather than a Fyne overlay,
// so that shortcuts keep working and a ringing call is never behind it.
type sheetHost struct {
	w        *window
	root     *fyne.Container
	card     *sheetCard            // the one that is shown, or was
	onClose  func()                // told once, when the sheet goes
	onUpdate func(engine.Snapshot) // told of each snapshot while it is shown
}

func newSheetHost(w *window) *sheetHost {
	h := &sheetHost{w: w, root: container.NewStack()}
	h.root.Hide()
	return h
}

// open shows content under a title; focus, unless nil, gets the keyboard.
func (h *sheetHost) open(title string, width float32, content fyne.CanvasObject, focus fyne.Focusable) {
	h.show(title, &sheetCard{width: width}, content, focus)
}

// openBelow shows content in a card that stays as high as it is, below a bar that
// does not scroll with it.
func (h *sheetHost) openBelow(title string, size fyne.Size, bar, content fyne.CanvasObject) {
	h.show(title, &sheetCard{width: size.Width, height: size.Height, bar: bar}, content, nil)
}

func (h *sheetHost) show(title string, card *sheetCard, content fyne.CanvasObject, focus fyne.Focusable) {
	h.leave()
	h.w.tips.Clear()
	h.w.endTalk()
	h.w.callScreen.devices.close()
	cross := widgets.NewButton(widgets.Plain, theme.IconClose, "", h.close)
	h.w.explain(cross, lang.L("Close"), lang.X("key.escape", "Escape"))
	header := widgets.Row(theme.Gap2,
		widgets.Grow(widgets.Styled(title, theme.ColorText, theme.SizeSubheading).Strong().Cut()), cross)
	ground := widgets.NewGround(theme.ColorSurface)
	ground.Border, ground.Radius = theme.ColorOutline, theme.SizeCardRadius
	start := newGate(h.w, nil)
	back := func() { h.w.win.Canvas().Focus(start) }
	card.ground, card.header, card.scroll = newBlocker(ground), header, container.NewVScroll(container.New(&besideScrollBar{}, content))
	card.content = content
	objects := []fyne.CanvasObject{newScrim(h.close), card.ground, newGate(h.w, back), start}
	if card.bar != nil {
		objects = append(objects, card.bar)
	}
	objects = append(objects, card.scroll, header, newGate(h.w, back))
	h.card = card
	h.root.Objects = []fyne.CanvasObject{container.New(card, objects...)}
	h.root.Show()
	h.root.Refresh()
	if focus == nil {
		focus = start
	}
	h.w.win.Canvas().Focus(focus)
}

// isOpen reports whether a sheet is shown.
func (h *sheetHost) isOpen() bool { return h.root.Visible() }

// close takes the sheet away.
func (h *sheetHost) close() {
	if !h.isOpen() {
		return
	}
	h.root.Hide()
	h.root.Objects = nil
	h.w.tips.Clear()
	h.w.win.Canvas().Unfocus()
	h.leave()
	if h.w.scene.screen == screenHome {
		h.w.homeScreen.focus()
	}
}

// leave lets what was shown go: it may be tied to the engine.
func (h *sheetHost) leave() {
	then := h.onClose
	h.onClose, h.onUpdate = nil, nil
	if then != nil {
		then()
	}
}

// update hands a snapshot to the sheet that is shown.
func (h *sheetHost) update(s engine.Snapshot) {
	if h.onUpdate != nil {
		h.onUpdate(s)
	}
}

// relayout gives content that changed the room that it needs now.
func (h *sheetHost) relayout() {
	if !h.isOpen() {
		return
	}
	h.root.Objects[0].Refresh()
	h.card.content.Refresh()
	h.card.scroll.Content.Refresh()
	h.card.scroll.Refresh()
}

// typedKey scrolls what does not fit.
func (h *sheetHost) typedKey(k *fyne.KeyEvent) {
	const line = 40
	page := h.card.scroll.Size().Height - line
	by := map[fyne.KeyName]float32{fyne.KeyUp: -line, fyne.KeyDown: line, fyne.KeyPageUp: -page, fyne.KeyPageDown: page}[k.Name]
	if by != 0 {
		most := h.card.scroll.Content.Size().Height - h.card.scroll.Size().Height
		to := min(max(h.card.scroll.Offset.Y+by, 0), max(most, 0))
		h.card.scroll.ScrollToOffset(fyne.NewPos(0, to))
	}
}

// scrollUp shows the beginning of other content.
func (h *sheetHost) scrollUp() {
	h.relayout()
	if h.isOpen() {
		h.card.scroll.ScrollToTop()
	}
}

// sheetCard lays out scrim, card ground, two gates, a bar if there is one,
// scrolled content, header and the last gate. The order is that of Tab: the cross
// comes last.
type sheetCard struct {
	width, height float32           // of the card and of its content; height 0 is what that needs
	bar           fyne.CanvasObject // may be nil

	ground, header, content fyne.CanvasObject
	scroll                  *container.Scroll
}

func (*sheetCard) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, 100) }

func (l *sheetCard) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	width := min(l.width, size.Width-2*theme.Gap4)
	inner := width - 2*theme.Gap4
	head := l.header.MinSize().Height
	bar := float32(0)
	if l.bar != nil {
		bar = l.bar.MinSize().Height + theme.Gap3
	}
	content := l.height
	if content == 0 {
		content = widgets.HeightFor(l.content, inner)
	}
	content = min(content, size.Height-head-bar-3*theme.Gap4-theme.Gap6)
	height := content + head + bar + 3*theme.Gap4 - theme.Gap2
	at := fyne.NewPos((size.Width-width)/2, (size.Height-height)/2)
	l.ground.Move(at)
	l.ground.Resize(fyne.NewSize(width, height))
	l.header.Move(at.AddXY(theme.Gap4, theme.Gap3))
	l.header.Resize(fyne.NewSize(inner, head))
	y := theme.Gap3 + head + theme.Gap2
	if l.bar != nil {
		l.bar.Move(at.AddXY(theme.Gap4, y))
		l.bar.Resize(fyne.NewSize(inner, bar-theme.Gap3))
	}
	l.scroll.Move(at.AddXY(theme.Gap4, y+bar))
	l.scroll.Resize(fyne.NewSize(inner+scrollBarRoom, content))
}

// scrollBarRoom is what the scroll bar takes of the card's padding, rather than of
// the content.
const scrollBarRoom = theme.Gap3

// besideScrollBar keeps content clear of the bar.
type besideScrollBar struct{}

func (*besideScrollBar) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(scrollBarRoom, 0)
}

func (*besideScrollBar) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, size.Width-scrollBarRoom, size.Height)
}

// scrim dims what lies under a sheet; a tap on it closes the sheet.
type scrim struct {
	widget.BaseWidget

	tapped func()
}

func newScrim(tapped func()) *scrim {
	s := &scrim{tapped: tapped}
	s.ExtendBaseWidget(s)
	return s
}

func (s *scrim) Tapped(*fyne.PointEvent)          { s.tapped() }
func (s *scrim) TappedSecondary(*fyne.PointEvent) { s.tapped() }

func (s *scrim) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(widgets.NewGround(theme.ColorScrim))
}

// blocker keeps taps from reaching what lies under it.
type blocker struct {
	widget.BaseWidget

	content fyne.CanvasObject
	tapped  func() // nil for nothing
}

func newBlocker(content fyne.CanvasObject) *blocker {
	b := &blocker{content: content}
	b.ExtendBaseWidget(b)
	return b
}

func (b *blocker) Tapped(*fyne.PointEvent) {
	if b.tapped != nil {
		b.tapped()
	}
}

func (b *blocker) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.content) }

// gap is empty room of that size.
func gap(width, height float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(width, height))
	return r
}
