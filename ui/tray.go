package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/desktop"
	"tring/ui/theme"
)

// trayPatience bounds the question whether there is a tray; the window does
// not wait longer for it.
const trayPatience = 300 * time.Millisecond

// A start at log-in may come before the desktop's tray: it waits for it that
// long, and asks so often.
const (
	logInPatience = 10 * time.Second
	logInAsks     = 500 * time.Millisecond
)

// trayHost is the part of Fyne's desktop app that shows an icon in the tray.
type trayHost interface {
	SetSystemTrayMenu(*fyne.Menu)
	SetSystemTrayIcon(fyne.Resource)
}

// tray is the program's icon beside the clock: its state, and the way back to
// a window that was closed.
type tray struct {
	w     *window
	host  trayHost
	state trayState
}

// trayState is all that the tray shows.
type trayState struct {
	badge   theme.Badge
	words   string // of the account
	call    string // whom we talk to
	muted   bool
	ringing bool
}

func newTray(w *window, host trayHost) *tray { return &tray{w: w, host: host} }

// findTray asks in the background whether the desktop has a tray. The answer
// must come before Fyne's loop begins, which starts the tray.
func findTray(ctx context.Context) (answer func() bool) {
	ctx, cancel := context.WithTimeout(ctx, trayPatience)
	found := make(chan bool, 1)
	go func() { // ends with ctx, and is waited for by answer
		defer cancel()
		found <- desktop.HasTray(ctx)
	}()
	return func() bool { return <-found }
}

// awaitTray waits for a tray that comes with the desktop itself.
func awaitTray(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, logInPatience)
	defer cancel()
	for {
		once, end := context.WithTimeout(ctx, trayPatience)
		there := desktop.HasTray(once)
		end()
		if there {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(logInAsks):
		}
	}
}

// update shows how things are, if that changed.
func (t *tray) update() {
	if t == nil {
		return
	}
	state := t.w.trayState()
	if state == t.state {
		return
	}
	if state.badge != t.state.badge {
		t.host.SetSystemTrayIcon(theme.TrayIcon(state.badge))
	}
	t.state = state
	t.host.SetSystemTrayMenu(t.menu())
}

// trayState is how things are. Seconds are left out: the menu would be made
// anew each second.
func (w *window) trayState() trayState {
	r := w.view.snapshot.Registration
	status := registrationStatus(engine.RegistrationState{State: r.State}, w.cfg.Now())
	s := trayState{words: status.words, badge: theme.BadgeOffline}
	if r.State == engine.Registered {
		s.badge = theme.BadgeNone
	}
	if c, ok := w.frontCall(); ok {
		s.call, s.muted, s.badge = callName(c), c.Muted, theme.BadgeCall
		if c.Muted {
			s.badge = theme.BadgeMuted
		}
	}
	if _, rings := w.ringing(); rings {
		s.ringing, s.badge = true, theme.BadgeCall
	}
	return s
}

func (t *tray) menu() *fyne.Menu {
	w := t.w
	status := fyne.NewMenuItem(t.state.words, nil)
	status.Disabled = true
	items := []*fyne.MenuItem{status, fyne.NewMenuItem(lang.L("Open Tring"), w.raise)}
	if t.state.call != "" {
		mute := fyne.NewMenuItem(lang.L("Mute the microphone"), w.toggleMute)
		mute.Checked = t.state.muted
		items = append(items, fyne.NewMenuItemSeparator(),
			mute, fyne.NewMenuItem(lang.L("End the call with {{.Name}}", with{"Name": t.state.call}), w.hangUp))
	}
	quit := fyne.NewMenuItem(lang.L("Quit"), w.quit)
	quit.IsQuit = true
	return fyne.NewMenu("Tring", append(items, fyne.NewMenuItemSeparator(), quit)...)
}

// close is what the window's cross means: with a tray the program goes on
// there, and can be called.
func (w *window) close() {
	if w.tray == nil || !w.prefs.stayInTray() || w.scene.screen == screenSignIn {
		w.quit()
		return
	}
	w.hide()
	if !w.prefs.trayTold() {
		w.prefs.setTrayTold()
		w.alerts.notifier.Show(desktop.Alert{
			ID: "tray", Kind: desktop.Missed, Title: lang.L("Tring goes on"),
			Body: lang.L("Calls still ring. Open or quit it by its icon beside the clock."),
		})
	}
}

// hide takes the window from sight. Its pictures stop.
func (w *window) hide() {
	w.hidden = true
	w.redraw()
	w.win.Hide()
	w.alerts.update()
}

// raise brings the window to the front, as somebody just asked for.
func (w *window) raise() {
	w.hidden, w.minimised = false, false
	w.redraw()
	w.open()
	w.win.RequestFocus()
	if native, is := w.win.(driver.NativeWindow); is {
		native.RunNative(w.windows.Front)
	}
}

// open puts the window on the screen.
func (w *window) open() {
	w.win.Show()
	if !w.opened {
		w.opened = true
		w.followMinimised()
	}
}

// quit ends the program; in a call it asks first.
func (w *window) quit() {
	c, ok := w.frontCall()
	switch {
	case ok && c.State.Established():
	case !w.opened: // Fyne does not close what it never opened
		w.stop()
		w.app.Quit()
		return
	default:
		w.win.Close()
		return
	}
	if w.hidden {
		w.raise()
	}
	w.openQuit(c)
}
