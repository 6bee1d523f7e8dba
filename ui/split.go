package ui

import (
	"fyne.io/fyne/v2"

	"tring/ui/widgets"
)

// narrowBelow is the width under which the log does not fit beside a screen.
const narrowBelow = 820

// splitLayout puts the log (second object) beside the screens (first one). In
// a narrow window the log is out of sight, or covers everything.
type splitLayout struct {
	open     bool // wanted
	covering bool // asked for in a narrow window
	narrow   bool // as laid out last
}

// MinSize is small: the window decides.
func (*splitLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, 100) }

func (l *splitLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	screens, log := objects[0], objects[1]
	l.narrow = size.Width < narrowBelow
	logWidth := max(300, min(420, size.Width*0.32))
	switch {
	case !l.open || l.narrow && !l.covering:
		setVisible(log, false)
		screens.Resize(size)
		setVisible(screens, true)
	case l.narrow:
		setVisible(screens, false)
		setVisible(log, true)
		log.Move(fyne.NewPos(0, 0))
		log.Resize(size)
	default:
		l.covering = false
		setVisible(screens, true)
		setVisible(log, true)
		screens.Resize(fyne.NewSize(size.Width-logWidth, size.Height))
		log.Move(fyne.NewPos(size.Width-logWidth, 0))
		log.Resize(fyne.NewSize(logWidth, size.Height))
	}
	screens.Move(fyne.NewPos(0, 0))
	widgets.Mirror(size.Width, screens, log)
}

// setVisible shows or hides o if that is a change.
func setVisible(o fyne.CanvasObject, on bool) {
	switch {
	case on && !o.Visible():
		o.Show()
	case !on && o.Visible():
		o.Hide()
	}
}
