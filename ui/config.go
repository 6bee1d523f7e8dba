package ui

import (
	"log/slog"
	"time"

	"fyne.io/fyne/v2"

	"tring/engine"
	"tring/ui/desktop"
	"tring/ui/store"
)

// AppID names the program to the desktop; preferences are kept under it.
const AppID = "app.tring.softphone"

// SecretStore keeps sign-ins in the system's keyring. Its methods may block;
// they are never called on the main goroutine.
type SecretStore interface {
	Load(engine.Account) (engine.Secret, bool)
	Save(engine.Account, engine.Secret) error
	Delete(engine.Account) error
	// Available says whether there is a keyring, and if not, why in one
	// sentence.
	Available() (bool, string)
}

// Demo is the built-in demonstration: it signs in by itself and has somebody
// to call.
type Demo struct {
	Account engine.Account
	Secret  engine.Secret
	Contact string // address of the echo contact
}

// Config is what Run needs.
type Config struct {
	Engine  engine.Engine  // stays the caller's: closed by it, after Run
	Secrets SecretStore    // nil: nothing is kept
	Log     *slog.Logger   // nil discards
	Demo    *Demo          // nil outside the demo
	Version string         // shown in the settings
	Store   *store.Store   // history and contacts; stays the caller's; nil: forgotten at the end
	Account engine.Account // prefilled in the sign-in form; empty fields come from the last time
	Secret  engine.Secret  // with a whole Account: signs in at once, without being asked

	// Diagnostics is the log behind Log; nil where it can be neither read nor changed.
	Diagnostics Diagnostics

	// Link is one to call, as it came with the start; Starts are those of later
	// starts of the program, "" without one: the window comes to the front. Links
	// come from anywhere and are checked here.
	Link   string
	Starts <-chan string

	// Autostart starts Tring at log-in; nil for the system's own, none in the demo.
	Autostart desktop.Autostart

	// Hidden starts in the tray, where there is one.
	Hidden bool

	// Desktop makes what rings outside the window; nil for the system's own. What
	// is chosen there is told on any goroutine.
	Desktop func(desktop.Chosen) desktop.Notifier

	// Windows places small windows of our own; nil leaves that to the system.
	Windows desktop.Windows

	// Awake keeps the display on; nil lets it sleep.
	Awake desktop.Awake

	Do  func(func())     // runs a function on the main goroutine; nil for fyne.Do
	Now func() time.Time // nil for time.Now

	// Later runs a function on the main goroutine after a while, unless stop is
	// called before; nil for a timer.
	Later func(time.Duration, func()) (stop func())
}

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Do == nil {
		c.Do = fyne.Do
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Store == nil {
		c.Store = store.Memory(c.Now)
	}
	if c.Windows == nil {
		c.Windows = desktop.NoWindows{}
	}
	if c.Awake == nil {
		c.Awake = desktop.LetSleep{}
	}
	if c.Secrets == nil {
		c.Secrets = noSecrets{}
	}
	return c
}

// noSecrets is the keyring of a program that was given none.
type noSecrets struct{}

func (noSecrets) Load(engine.Account) (engine.Secret, bool) { return engine.Secret{}, false }
func (noSecrets) Save(engine.Account, engine.Secret) error  { return nil }
func (noSecrets) Delete(engine.Account) error               { return nil }
func (noSecrets) Available() (bool, string) {
	return false, "This system has no keyring that Tring can use."
}
