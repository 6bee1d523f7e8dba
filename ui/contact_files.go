package ui

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"

	"tring/engine"
	"tring/ui/theme"
)

// vCardName is what an exported file is called at first.
const vCardName = "contacts.vcf"

// importContacts asks for a file of vCards and takes them over.
func (w *window) importContacts() {
	d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			w.tell(fileProblem(lang.L("The file could not be opened."), err))
		case file != nil:
			w.importFrom(file)
		}
	}, w.win)
	d.SetFilter(storage.NewExtensionFileFilter([]string{".vcf", ".vcard"}))
	w.showFiles(d)
}

// showFiles gives a dialog the room that there is.
func (w *window) showFiles(d *dialog.FileDialog) {
	size := w.win.Canvas().Size()
	d.Resize(fyne.NewSize(min(760, size.Width-2*theme.Gap4), min(560, size.Height-2*theme.Gap4)))
	d.Show()
}

// importFrom reads a file where waiting hurts nobody, and says what came of it.
func (w *window) importFrom(file fyne.URIReadCloser) {
	w.recorder.do(func() {
		added, merged, problems, err := w.cfg.Store.ImportVCard(file)
		_ = file.Close() // only read
		w.presenter.post(func() {
			if err != nil {
				w.tell(err)
				return
			}
			w.say(note{about: "import", icon: theme.IconPeople, text: importWords(added, merged, len(problems))})
			for _, p := range problems {
				w.cfg.Log.Info("import of contacts", "left out", p)
			}
		})
	})
}

// importWords say how many contacts a file brought.
func importWords(added, merged, left int) string {
	text := lang.N("{{.Count}} contacts added, {{.Merged}} brought up to date.", added, with{"Count": added, "Merged": merged})
	if left > 0 {
		text = join(text, lang.N("{{.Count}} entries could not be taken over.", left, with{"Count": left}))
	}
	return text
}

// exportContacts asks where to, and writes all contacts there.
func (w *window) exportContacts() {
	d := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		switch {
		case err != nil:
			w.tell(fileProblem(lang.L("The file could not be made."), err))
		case file != nil:
			w.exportTo(file)
		}
	}, w.win)
	d.SetFileName(vCardName)
	w.showFiles(d)
}

func (w *window) exportTo(file fyne.URIWriteCloser) {
	n := len(w.cfg.Store.Contacts())
	w.recorder.do(func() {
		err := errors.Join(w.cfg.Store.ExportVCard(file), file.Close())
		w.presenter.post(func() {
			if err != nil {
				w.tell(fileProblem(lang.L("The contacts could not be written."), err))
				return
			}
			w.say(note{about: "export", icon: theme.IconExport, text: lang.N("{{.Count}} contacts written to {{.File}}.", n, with{"Count": n, "File": file.URI().Name()})})
		})
	})
}

func fileProblem(cause string, err error) error {
	return &engine.Problem{Cause: cause, Next: lang.L("Choose another place, or check that there is room and that you may write there."), Err: err}
}
