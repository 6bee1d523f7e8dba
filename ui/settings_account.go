package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// accountPage is who one is, where, and how the connection is doing.
func (w *window) accountPage() settingsPage {
	face := widgets.NewAvatar(56)
	name := widgets.Styled("", theme.ColorText, theme.SizeSubheading).Strong().Cut()
	address := widgets.Styled("", theme.ColorMuted, theme.SizeBody).Cut()
	icon := widgets.NewIcon(theme.IconOffline, theme.ColorMuted, 16)
	words := widgets.Styled("", theme.ColorMuted, theme.SizeBody).Strong().Cut()
	again := widgets.NewButton(widgets.Neutral, theme.IconReconnect, lang.L("Try again now"), func() { w.tell(w.cfg.Engine.Reconnect()) })
	out := widgets.NewButton(widgets.Neutral, theme.IconSignOut, lang.L("Sign out"), func() {
		w.sheet.close()
		w.signOut()
	})
	w.wire(again)
	w.wire(out)
	account := w.view.snapshot.Registration.Account
	update := func(s engine.Snapshot) {
		r := s.Registration
		shown := r.Name
		if shown == "" {
			shown = r.Address
		}
		face.Set(shown, r.Address)
		name.SetText(shown)
		address.SetText(r.Address)
		st := registrationStatus(r, w.cfg.Now())
		icon.Set(st.icon, st.color)
		words.SetText(st.words)
		words.SetColor(st.color)
		setVisible(again, r.State == engine.Reconnecting)
	}
	update(w.view.snapshot)
	column := widgets.Column(theme.Gap3,
		widgets.Row(theme.Gap3, face, widgets.Grow(widgets.Column(2, name, address, widgets.Row(theme.Gap1, icon, widgets.Grow(words))))),
		factLine(lang.L("Server"), account.Server), factLine(lang.L("Client ID"), account.ClientID), again)
	if w.cfg.Demo == nil {
		column.Add(w.keepSwitch())
	}
	column.Add(out)
	return settingsPage{root: column, update: update}
}

// keepSwitch is whether the next start signs in by itself. What the keyring holds
// goes at once when it is turned off.
func (w *window) keepSwitch() fyne.CanvasObject {
	s := w.newSwitch(lang.L("Keep me signed in"), w.signInScreen.vault && w.prefs.keep(), func(on bool) {
		w.prefs.setKeep(on)
		if on {
			w.say(note{about: "keep", icon: theme.IconInfo, text: lang.L("This holds from your next sign-in on.")})
			return
		}
		w.forget(w.view.snapshot.Registration.Account)
	})
	if w.signInScreen.vault {
		return s.button
	}
	s.button.SetEnabled(false)
	return widgets.Column(theme.Gap1, s.button,
		widgets.NewParagraph(w.signInScreen.keepNote.Text(), theme.ColorMuted, theme.SizeCaption))
}
