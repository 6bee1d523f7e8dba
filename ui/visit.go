package ui

import (
	"errors"

	"fyne.io/fyne/v2/lang"

	"tring/ui/link"
	"tring/ui/theme"
)

// IsLink reports whether an argument of the command line is meant to be a link
// to call: whether it begins with sip:, tel: or kandy:.
func IsLink(s string) bool { return link.Is(s) }

// followStarts brings the window to the front whenever the program is started
// again, and takes the links that come with that.
func (w *window) followStarts() {
	if w.cfg.Link != "" {
		w.openLink(w.cfg.Link)
	}
	if w.cfg.Starts == nil {
		return
	}
	ctx := w.presenter.ctx
	w.presenter.readers.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case link, open := <-w.cfg.Starts:
				if !open {
					return
				}
				w.presenter.post(func() { w.startedAgain(link) })
			}
		}
	})
}

func (w *window) startedAgain(link string) {
	w.raise()
	if link != "" {
		w.openLink(link)
	}
}

// openLink puts the address of a link into the field, as soon as that is there.
// It never calls by itself: a link comes from anywhere.
func (w *window) openLink(text string) {
	address, err := link.Parse(text)
	if err != nil {
		w.cfg.Log.Info("a link cannot be used", "error", err)
		w.say(note{about: "link", icon: theme.IconInfo, text: linkWords(err)})
		return
	}
	w.link = address
	switch w.scene.screen {
	case screenHome:
		w.dropNotes("link") // of one that could not be read
		w.placeLink()
	case screenEnd:
		w.view.ended = nil
		w.redraw()
	case screenSignIn:
		w.say(note{about: "link", icon: theme.IconInfo, text: lang.L("{{.Address}} waits until you are signed in.", with{"Address": address})})
	default:
		w.say(note{about: "link", icon: theme.IconInfo, text: lang.L("{{.Address}} waits until this call is over.", with{"Address": address})})
	}
}

// placeLink fills the field of the home screen, which is to be seen.
func (w *window) placeLink() {
	if w.link == "" {
		return
	}
	address := w.link
	w.link = ""
	w.homeScreen.offer(address)
	if !w.sheet.isOpen() {
		w.homeScreen.focus()
	}
}

// linkWords is what is wrong with a link.
func linkWords(err error) string {
	switch {
	case errors.Is(err, link.ErrLong):
		return lang.L("This link is too long to be an address.")
	case errors.Is(err, link.ErrNobody):
		return lang.L("This link names nobody to call. It should look like sip:bob@example.com.")
	case errors.Is(err, link.ErrNumber):
		return lang.L("There is no telephone number in this link. It should look like tel:+491701234567.")
	case errors.Is(err, link.ErrHost):
		return lang.L("What follows the @ in this link is not the name of a server.")
	case errors.Is(err, link.ErrScheme):
		return lang.L("Tring opens links that begin with sip:, tel: or kandy:.")
	default:
		return lang.L("This link cannot be read: it has characters that no address has. Copy it once more, or type the address.")
	}
}
