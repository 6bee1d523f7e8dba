package ui

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver"

	"tring/engine"
	"tring/ui/desktop"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// windowSize is the size of the window at its first start.
var windowSize = fyne.NewSize(1000, 680)

// Run shows the window and blocks until the user quits. It must be called on
// the main goroutine. When it returns, nothing of the window is attached to
// the engine any more; closing the engine is up to the caller.
func Run(cfg Config) error {
	if cfg.Engine == nil {
		return errors.New("ui: no engine given")
	}
	log := cfg.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if cfg.Windows == nil {
		cfg.Windows = desktop.NewWindows(log)
	}
	if cfg.Awake == nil {
		cfg.Awake = desktop.NewAwake(log)
	}
	cfg = cfg.withDefaults()
	drawLean()
	drawDirectly(log)
	a := app.NewWithID(AppID)
	a.SetIcon(theme.AppIcon())
	chosen := prefs{newSettings(cfg.Store)}
	speak(chosen, cfg.Log)
	if cfg.Desktop == nil {
		cfg.Desktop = func(chosen desktop.Chosen) desktop.Notifier {
			return desktop.New(theme.AppPicture(), desktop.NewPlain(a), chosen, cfg.Log)
		}
	}
	if cfg.Autostart == nil && cfg.Demo == nil {
		cfg.Autostart = desktop.NewAutostart(desktop.Program{
			ID: AppID, Name: "Tring", Comment: "Video calls on your own server", Args: []string{"--hidden"},
		})
	}
	hasTray := findTray(context.Background())
	zoom := newZoom(os.Getenv(scaleVariable), a.Settings().Scale())
	zoom.set(chosen.zoom())
	w := newWindow(cfg, a)
	w.zoom = zoom
	w.start(nil, nil)
	defer w.stop()
	// On the main goroutine, before the loop ends: after that Fyne would run
	// what is posted on the goroutine that posts it.
	w.win.SetOnClosed(w.stop)
	there := hasTray()
	if cfg.Hidden && !there {
		there = awaitTray(context.Background())
	}
	host, can := a.(trayHost)
	w.hidden = cfg.Hidden && there && can
	if !w.hidden {
		w.open()
	}
	if w.opened && !opened(w.win) { // running Fyne without a window would wait for ever
		return &engine.Problem{
			Cause: "The window could not be opened: this display offers no OpenGL.",
			Next:  "Install the system's OpenGL driver (Mesa on Linux), or use tring --headless.",
		}
	}
	if there && can {
		w.tray = newTray(w, host)
		w.tray.update()
	}
	a.Run()
	widgets.DrawNoMore()
	return nil
}

// opened reports whether the system gave a window. Fyne logs a failure and goes
// on without one.
func opened(win fyne.Window) bool {
	native, ok := win.(driver.NativeWindow)
	if !ok {
		return true
	}
	there := true
	native.RunNative(func(context any) {
		switch c := context.(type) {
		case driver.X11WindowContext:
			there = c.WindowHandle != 0
		case driver.WindowsWindowContext:
			there = c.HWND != 0
		case driver.MacWindowContext:
			there = c.NSWindow != 0
		}
	})
	return there
}
