package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tring/ui/theme"
)

// Tone colours the name of a LogLine.
type Tone int

// The tones.
const (
	ToneNormal Tone = iota
	ToneGood
	ToneBad
)

// LogLine is one entry of a LogList.
type LogLine struct {
	Time time.Time
	Name string // of the event, shown as it is
	Text string // in plain words
	Tone Tone
}

const (
	maxLogLines = 2000
	logTrim     = 200 // this many go at once, since all heights have to move up
	logWrap     = 6   // lines of text of one entry
)

// LogList is a bounded running log, newest at the bottom. It follows the end
// unless somebody scrolled up to read.
type LogList struct {
	widget.BaseWidget

	lines []LogLine
	list  *widget.List
	wrap  *wrapper
	width float32
	end   float32 // the scroll offset of the end when we last went there
}

// NewLogList is an empty log.
func NewLogList() *LogList {
	l := &LogList{}
	l.list = widget.NewList(
		func() int { return len(l.lines) },
		func() fyne.CanvasObject { return newLogRow(l) },
		func(id widget.ListItemID, o fyne.CanvasObject) { o.(*logRow).set(l.lines[id]) },
	)
	l.list.HideSeparators = true
	l.list.OnSelected = func(id widget.ListItemID) { l.list.Unselect(id) }
	l.ExtendBaseWidget(l)
	return l
}

// Lines are the entries, oldest first. The slice must not be changed.
func (l *LogList) Lines() []LogLine { return l.lines }

// Append adds entries at the end and drops the oldest ones beyond 2000.
func (l *LogList) Append(lines ...LogLine) {
	if len(lines) == 0 {
		return
	}
	follow := l.list.GetScrollOffset() >= l.end-1
	first := len(l.lines)
	l.lines = append(l.lines, lines...)
	if len(l.lines) > maxLogLines {
		drop := min(len(l.lines), len(l.lines)-maxLogLines+logTrim)
		l.lines = append([]LogLine(nil), l.lines[drop:]...)
		first = 0
	}
	l.measure(first)
	l.list.Refresh()
	if follow {
		l.list.ScrollToBottom()
		l.end = l.list.GetScrollOffset()
	}
}

// Clear forgets all entries.
func (l *LogList) Clear() {
	l.lines, l.end = nil, 0
	l.list.ScrollToTop()
	l.list.Refresh()
}

// measure tells the list the heights of the entries from first on.
func (l *LogList) measure(first int) {
	if l.width <= 0 {
		return
	}
	for i := first; i < len(l.lines); i++ {
		l.list.SetItemHeight(i, l.heightOf(l.lines[i]))
	}
}

func (l *LogList) wrapped(text string) []string {
	size := theme.Size(l, theme.SizeBody)
	if l.wrap == nil || l.wrap.size != size {
		l.wrap = newWrapper(size, fyne.TextStyle{})
	}
	return l.wrap.lines(text, l.width-2*theme.Gap3, logWrap)
}

func (l *LogList) heightOf(line LogLine) float32 {
	head := fyne.MeasureText("Mg", theme.Size(l, theme.SizeCaption), fyne.TextStyle{}).Height
	body := fyne.MeasureText("Mg", theme.Size(l, theme.SizeBody), fyne.TextStyle{}).Height
	return head + float32(len(l.wrapped(line.Text)))*body + theme.Gap2
}

// CreateRenderer implements fyne.Widget.
func (l *LogList) CreateRenderer() fyne.WidgetRenderer { return &logListRenderer{l} }

type logListRenderer struct{ l *LogList }

func (r *logListRenderer) Destroy()                     {}
func (r *logListRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.l.list} }
func (r *logListRenderer) MinSize() fyne.Size           { return fyne.NewSize(160, 80) }
func (r *logListRenderer) Refresh()                     { r.l.list.Refresh() }

func (r *logListRenderer) Layout(size fyne.Size) {
	l := r.l
	if size.Width != l.width {
		l.width = size.Width
		l.measure(0)
	}
	follow := l.list.GetScrollOffset() >= l.end-1
	l.list.Resize(size)
	if follow && len(l.lines) > 0 {
		l.list.ScrollToBottom()
		l.end = l.list.GetScrollOffset()
	}
}

// logRow draws one LogLine: time and name in small print, words below.
type logRow struct {
	widget.BaseWidget

	log  *LogList
	line LogLine
}

func newLogRow(log *LogList) *logRow {
	r := &logRow{log: log}
	r.ExtendBaseWidget(r)
	return r
}

func (r *logRow) set(line LogLine) {
	r.line = line
	r.Refresh()
}

func (r *logRow) CreateRenderer() fyne.WidgetRenderer {
	d := &logRowRenderer{row: r, clock: canvas.NewText("", nil), name: canvas.NewText("", nil)}
	d.Refresh()
	return d
}

type logRowRenderer struct {
	row         *logRow
	clock, name *canvas.Text
	body        []fyne.CanvasObject
}

func (d *logRowRenderer) Destroy() {}

func (d *logRowRenderer) Objects() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{d.clock, d.name}, d.body...)
}

func (d *logRowRenderer) MinSize() fyne.Size { return fyne.NewSize(100, 40) }

func (d *logRowRenderer) Layout(size fyne.Size) {
	head := d.clock.MinSize()
	y := theme.Gap1
	d.clock.Move(fyne.NewPos(theme.Gap3, y))
	d.clock.Resize(head)
	d.name.Move(fyne.NewPos(theme.Gap3+head.Width+theme.Gap2, y))
	d.name.Resize(fyne.NewSize(max(0, size.Width-head.Width-2*theme.Gap3-theme.Gap2), head.Height))
	y += head.Height
	for _, o := range d.body {
		height := o.MinSize().Height
		o.Move(fyne.NewPos(theme.Gap3, y))
		o.Resize(fyne.NewSize(size.Width-2*theme.Gap3, height))
		y += height
	}
	Mirror(size.Width, d.Objects()...)
}

func (d *logRowRenderer) Refresh() {
	line := d.row.line
	caption := theme.Size(d.row, theme.SizeCaption)
	d.clock.Text = line.Time.Format("15:04:05")
	d.clock.Color, d.clock.TextSize = theme.Color(d.row, theme.ColorMuted), caption
	d.name.Text, d.name.Alignment = line.Name, align(fyne.TextAlignLeading)
	d.name.TextSize, d.name.TextStyle = caption, fyne.TextStyle{Bold: true}
	d.name.Color = theme.Color(d.row, map[Tone]fyne.ThemeColorName{
		ToneNormal: theme.ColorPrimaryText, ToneGood: theme.ColorGood, ToneBad: theme.ColorBad,
	}[line.Tone])
	d.body = d.body[:0]
	for _, text := range d.row.log.wrapped(line.Text) {
		t := canvas.NewText(visual(text), theme.Color(d.row, theme.ColorText))
		t.Alignment = align(fyne.TextAlignLeading)
		t.TextSize = theme.Size(d.row, theme.SizeBody)
		d.body = append(d.body, t)
	}
	d.Layout(d.row.Size())
	canvas.Refresh(d.row)
}
