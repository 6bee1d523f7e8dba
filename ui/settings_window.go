package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/ui/language"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// windowPage is how the window looks and behaves.
func (w *window) windowPage() settingsPage {
	column := widgets.Column(theme.Gap3, w.modeSelect(), w.zoomSelect(), w.languageSelect())
	if w.tray != nil {
		column.Add(w.traySelect())
	}
	w.addAutostart(column)
	return settingsPage{root: column}
}

// modeSelect is how the window looks.
func (w *window) modeSelect() fyne.CanvasObject {
	choices := []choice[theme.Mode]{
		{lang.L("As the system"), theme.System},
		{lang.L("Light"), theme.Light},
		{lang.L("Dark"), theme.Dark},
		{lang.L("High contrast"), theme.HighContrast},
	}
	return choiceRow(w, lang.X("setting.look", "Look"), theme.IconEye, choices, w.prefs.mode(), func(m theme.Mode) {
		w.prefs.setMode(m)
		w.app.Settings().SetTheme(theme.New(m))
	})
}

// zoomSelect is how large everything is. It holds at once.
func (w *window) zoomSelect() fyne.CanvasObject {
	var choices []choice[int]
	for _, percent := range zooms {
		choices = append(choices, choice[int]{lang.L("{{.Percent}} %", with{"Percent": percent}), percent})
	}
	return choiceRow(w, lang.L("Size of text and controls"), theme.IconFullscreen, choices, w.prefs.zoom(), func(percent int) {
		w.prefs.setZoom(percent)
		w.zoom.set(percent)
		w.app.Settings().SetTheme(theme.New(w.prefs.mode())) // all windows take their scale anew
	})
}

// languageSelect says what the window speaks. Its texts are said already, so
// the choice holds from the next start on.
func (w *window) languageSelect() fyne.CanvasObject {
	choices := append([]language.Language{{Code: language.System, Name: lang.L("As the system")}}, language.All()...)
	selected := choices[0].Name
	var names []string
	for _, l := range choices {
		names = append(names, l.Name)
		if l.Code == w.prefs.language() {
			selected = l.Name
		}
	}
	list := widgets.NewSelect(names, selected, func(name string) {
		for _, l := range choices {
			if l.Name == name && l.Code != w.prefs.language() {
				w.prefs.setLanguage(l.Code)
				w.say(note{about: "language", icon: theme.IconInfo, text: lang.L("Tring speaks this language from its next start on.")})
			}
		}
	})
	list.OnKey = w.typedKey
	return settingRow(lang.L("Language"), theme.IconLanguage, list)
}

// traySelect says what the window's cross means.
func (w *window) traySelect() fyne.CanvasObject {
	labels := []string{lang.L("Tring goes on in the tray"), lang.L("Tring quits")}
	selected := labels[1]
	if w.prefs.stayInTray() {
		selected = labels[0]
	}
	list := widgets.NewSelect(labels, selected, func(label string) { w.prefs.setStayInTray(label == labels[0]) })
	list.OnKey = w.typedKey
	return settingRow(lang.L("When the window is closed"), theme.IconClose, list)
}
