package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// screensPatience bounds how long screens and windows are looked for: a
// permission may have to be given meanwhile.
const screensPatience = 20 * time.Second

// toggleShare ends sharing, or asks what is to be shared.
func (w *window) toggleShare() {
	c, ok := w.frontCall()
	switch {
	case !ok || !c.State.Established():
	case c.ScreenShared:
		w.stopSharing(c.ID)
	default:
		w.openShare(c)
	}
}

// shareSheet lets choose a screen or window by its picture.
type shareSheet struct {
	w       *window
	call    engine.CallID
	body    *fyne.Container
	refresh *widgets.Button
	open    bool
}

func (w *window) openShare(c engine.Call) {
	s := &shareSheet{w: w, call: c.ID, body: widgets.Column(theme.Gap3), open: true}
	s.refresh = widgets.NewButton(widgets.Neutral, theme.IconReconnect, lang.L("Refresh"), s.look)
	w.wire(s.refresh)
	w.sheet.open(lang.L("Share with {{.Name}}", with{"Name": callName(c)}), 660, widgets.Column(theme.Gap3, s.body,
		widgets.Row(theme.Gap3, widgets.Grow(widgets.NewParagraph(
			lang.L("What you choose is seen in place of your camera until you stop."), theme.ColorMuted, theme.SizeCaption)), s.refresh)), nil)
	w.sheet.onClose = func() { s.open = false }
	s.look()
}

// look asks the engine off the main goroutine: taking the pictures takes a
// moment. An answer that comes after the sheet is gone is dropped.
func (s *shareSheet) look() {
	if s.refresh.Disabled() {
		return
	}
	s.refresh.Disable()
	busy := widget.NewActivity()
	busy.Start()
	s.show(widgets.Row(theme.Gap3, busy, widgets.Grow(widgets.NewParagraph(lang.L("Looking for screens and windows…"), theme.ColorMuted, theme.SizeBody))))
	s.w.presenter.lookUp(screensPatience, func(ctx context.Context) {
		screens, err := s.w.cfg.Engine.Screens(ctx)
		s.w.presenter.post(func() {
			busy.Stop()
			if !s.open {
				return
			}
			s.refresh.Enable()
			s.answer(screens, err)
		})
	})
}

// answer shows what was found, or why nothing was.
func (s *shareSheet) answer(screens []engine.Screen, err error) {
	switch {
	case err != nil:
		cause, next := lang.L("Screens and windows cannot be listed: {{.Reason}}.", with{"Reason": err.Error()}), lang.L("Try again with Refresh.")
		var known *engine.Problem
		if errors.As(err, &known) {
			cause, next = problemWords(known)
		}
		s.show(widgets.NewBanner(true, cause, next, nil).Container)
	case len(screens) == 0:
		s.show(widgets.NewParagraph(lang.L("There is nothing here that can be shared."), theme.ColorMuted, theme.SizeBody))
	default:
		s.show(append(s.section(lang.L("Screens"), engine.WholeScreen, screens), s.section(lang.L("Windows"), engine.Window, screens)...)...)
	}
}

func (s *shareSheet) section(title string, kind engine.ScreenKind, screens []engine.Screen) []fyne.CanvasObject {
	var tiles []fyne.CanvasObject
	for i, screen := range screens {
		if screen.Kind != kind {
			continue
		}
		tile := widgets.NewTile(screenName(screen, i), screenSize(screen), screen.Thumbnail, func() { s.choose(screen.ID) })
		tile.OnKey, tile.OnRune = s.w.typedKey, s.w.typedRune
		tiles = append(tiles, tile)
	}
	if tiles == nil {
		return nil
	}
	return []fyne.CanvasObject{
		widgets.Styled(title, theme.ColorPrimaryText, theme.SizeBody).Strong(),
		widgets.Tiles(theme.Gap3, tiles...),
	}
}

// screenName is never empty.
func screenName(s engine.Screen, index int) string {
	switch {
	case s.Name != "":
		return s.Name
	case s.Kind == engine.Window:
		return lang.L("Window without a title")
	default:
		return lang.L("Screen {{.Number}}", with{"Number": index + 1})
	}
}

// screenSize is the size in pixels, unless the name tells it.
func screenSize(s engine.Screen) string {
	if s.Width <= 0 || s.Height <= 0 || strings.Contains(s.Name, fmt.Sprintf("%d×%d", s.Width, s.Height)) {
		return ""
	}
	return fmt.Sprintf("%d × %d", s.Width, s.Height)
}

func (s *shareSheet) choose(id string) {
	s.w.sheet.close()
	s.w.tell(s.w.cfg.Engine.ShareScreen(s.call, id))
}

func (s *shareSheet) show(objects ...fyne.CanvasObject) {
	s.body.Objects = objects
	s.w.sheet.root.Refresh()
}
