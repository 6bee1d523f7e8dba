package ui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"github.com/go-gl/glfw/v3.3/glfw"

	"tring/ui/desktop"
	"tring/ui/theme"
)

// floatWish is what a small window beside the main one is to be like.
type floatWish struct {
	title  string
	size   fyne.Size
	corner desktop.Corner
	bare   bool   // without a frame, and never with the keyboard
	closed func() // its cross was pressed
}

// openFloat shows content in a window of its own, above others, which does not
// take the keyboard. Each time it is a new one: window managers forget what
// such a window is to be like once it was hidden.
func (w *window) openFloat(content fyne.CanvasObject, wish floatWish) fyne.Window {
	win := w.app.NewWindow(wish.title)
	win.SetPadded(false)
	win.SetContent(content)
	win.Resize(wish.size)
	win.SetCloseIntercept(wish.closed)
	native, is := win.(driver.NativeWindow)
	if !is { // of tests
		win.Show()
		return win
	}
	// Fyne offers neither of the two, and leaves the hints as they are.
	glfw.WindowHint(glfw.Floating, glfw.True)
	glfw.WindowHint(glfw.FocusOnShow, glfw.False)
	defer func() {
		glfw.WindowHint(glfw.Floating, glfw.False)
		glfw.WindowHint(glfw.FocusOnShow, glfw.True)
	}()
	areas := workAreas()
	win.SetIcon(&lastMoment{Resource: theme.AppIcon(), then: func() {
		native.RunNative(func(context any) {
			scale := win.Canvas().Scale()
			w.windows.Prepare(context, desktop.Float{
				Corner: wish.corner, Bare: wish.bare, Areas: areas, Margin: int(theme.Gap4 * scale),
				Size: image.Pt(int(wish.size.Width*scale), int(wish.size.Height*scale)),
			})
		})
	}})
	win.Show()
	return win
}

// lastMoment is an icon that tells when it is drawn. Fyne asks for a window's
// icon after it made the window and before it shows it: the one moment to say
// how the window is to come.
type lastMoment struct {
	fyne.Resource

	then func()
}

// Content implements fyne.Resource.
func (m *lastMoment) Content() []byte {
	if then := m.then; then != nil {
		m.then = nil
		then()
	}
	return m.Resource.Content()
}

// workAreas are the parts of the screens that no panel covers.
func workAreas() []image.Rectangle {
	var areas []image.Rectangle
	for _, monitor := range glfw.GetMonitors() {
		x, y, width, height := monitor.GetWorkarea()
		areas = append(areas, image.Rect(x, y, x+width, y+height))
	}
	return areas
}
