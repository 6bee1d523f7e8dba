package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"

	"tring/ui/theme"
)

func TestMain(m *testing.M) {
	test.NewApp()
	goleak.VerifyTestMain(m, goleak.IgnoreCurrent())
}

// newApp is a fresh app in Tring's light look.
func newApp(t *testing.T) fyne.App {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.New(theme.Light))
	return a
}

// shown puts o into a window of that size.
func shown(t *testing.T, o fyne.CanvasObject, width, height float32) fyne.Window {
	t.Helper()
	w := newApp(t).NewWindow("")
	t.Cleanup(w.Close)
	w.SetPadded(false)
	w.SetContent(o)
	w.Resize(fyne.NewSize(width, height))
	return w
}
