package desktop

import "fyne.io/fyne/v2"

// plain shows alerts by Fyne: without buttons, and they cannot be withdrawn.
type plain struct{ app fyne.App }

// NewPlain shows alerts by app.
func NewPlain(app fyne.App) Notifier { return plain{app} }

// Show implements Notifier.
func (p plain) Show(a Alert) { p.app.SendNotification(fyne.NewNotification(a.Title, a.Body)) }

// Withdraw implements Notifier.
func (plain) Withdraw(string) {}

// Close implements Notifier.
func (plain) Close() {}
