package desktop

import (
	"image"
	"log/slog"
	"runtime"
	"time"
)

// Alert is one notification. A later one with the same ID replaces it.
type Alert struct {
	ID      string // of the call it is about
	Title   string
	Body    string
	Kind    Kind
	Actions []Action // buttons, the most important first; not every desktop shows them
}

// Kind says how an alert behaves.
type Kind int

const (
	// Ringing stays until it is withdrawn.
	Ringing Kind = iota
	// Missed stays in the desktop's list until it is looked at.
	Missed
)

// Action is a button of an alert.
type Action struct {
	Name  string // what Chosen tells
	Label string
}

// Open is the name of the action that a click on the alert itself means.
const Open = "default"

// Notifier shows alerts. Its methods return at once and may be called from any
// goroutine; failures are logged, since an alert is always beside something
// that the window shows too.
type Notifier interface {
	Show(Alert)
	Withdraw(id string)
	// Close withdraws what rings and waits, a second at the most.
	Close()
}

// Chosen is told what was pressed, on a goroutine of the Notifier's.
type Chosen func(id, action string)

// New is the Notifier of this system, with the program's icon; instead shows
// what the system cannot. It returns at once.
func New(icon image.Image, instead Notifier, chosen Chosen, log *slog.Logger) Notifier {
	switch runtime.GOOS {
	case "windows", "darwin":
		return instead
	}
	return newFreedesktop("", icon, instead, chosen, log)
}

// closePatience bounds how long a desktop that does not answer delays the end
// of the program.
const closePatience = time.Second
