package ui

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// bannerHost is the strip above the screens: a second call that rings, calls
// on hold, what is shared, notices of the machine, and what just went wrong.
type bannerHost struct {
	root   *fyne.Container
	ground *widgets.Ground
	list   *fyne.Container
	key    string            // what is shown now, so that it is not rebuilt each second
	ticks  []func(time.Time) // of those that count seconds
}

func newBannerHost() *bannerHost {
	h := &bannerHost{list: widgets.Column(theme.Gap2), ground: widgets.NewGround(theme.ColorBackground)}
	h.root = widgets.Backed(h.ground, widgets.Pad(theme.Gap2, theme.Gap2, h.list))
	h.root.Hide()
	return h
}

// banner is one to be shown; key names all that it depends on, except for the
// time: what counts seconds is told them by the function that build returns.
type banner struct {
	key   string
	build func() (fyne.CanvasObject, func(now time.Time))
}

// still is a banner that does not depend on the time.
func still(key string, build func() fyne.CanvasObject) banner {
	return banner{key, func() (fyne.CanvasObject, func(time.Time)) { return build(), nil }}
}

// show reports whether anything changed: then the window is to be laid out
// anew.
func (h *bannerHost) show(banners []banner, now time.Time) bool {
	keys := make([]string, len(banners))
	for i, b := range banners {
		keys[i] = b.key
	}
	key := strings.Join(keys, "\x00")
	if key == h.key {
		h.tick(now)
		return false
	}
	h.key = key
	h.list.Objects, h.ticks = nil, nil
	for _, b := range banners {
		o, tick := b.build()
		h.list.Add(o)
		if tick != nil {
			h.ticks = append(h.ticks, tick)
		}
	}
	h.tick(now)
	setVisible(h.root, len(banners) > 0)
	return true
}

// tick lets seconds go on, and changes nothing else.
func (h *bannerHost) tick(now time.Time) {
	for _, tick := range h.ticks {
		tick(now)
	}
}

// drawBanners shows what belongs above the present screen.
func (w *window) drawBanners(now time.Time) {
	shown := w.callBanners()
	s := w.scene
	if p := s.call.Problem; p != nil && (s.screen == screenCall || s.screen == screenOutgoing) {
		shown = append(shown, still("problem "+p.Error(), func() fyne.CanvasObject {
			cause, next := problemWords(p)
			return widgets.NewBanner(true, cause, next, nil).Container
		}))
	}
	if s.screen != screenRing && s.screen != screenEnd {
		for _, t := range w.toasts {
			shown = append(shown, w.toastBanner(t))
		}
	}
	if s.screen == screenHome {
		if w.view.snapshot.Registration.State == engine.Reconnecting {
			shown = append(shown, w.reconnectBanner())
		}
		shown = append(shown, w.noticeBanners()...)
	}
	ground := theme.ColorBackground
	if s.screen.onStage() {
		ground = theme.ColorStage
	}
	w.banners.ground.SetFill(ground)
	if w.banners.show(shown, now) {
		w.root.Refresh()
	}
}

func (w *window) toastBanner(t toast) banner {
	return still("toast "+t.problem.Error(), func() fyne.CanvasObject {
		b := widgets.NewBanner(true, t.problem.Cause, t.problem.Next, func() {
			kept := w.toasts[:0]
			for _, other := range w.toasts {
				if other != t {
					kept = append(kept, other)
				}
			}
			w.toasts = kept
			w.redraw()
		})
		w.explain(b.Cross, lang.L("Hide this message"), "")
		return b.Container
	})
}

// noticeBanners are the notices, or the first of them with a way to the others:
// all of them would leave little of a small window.
func (w *window) noticeBanners() []banner {
	var shown []banner
	notices := w.view.notices()
	for _, n := range notices {
		if len(shown) == 1 && !w.view.allNotices {
			break
		}
		more := 0
		if len(shown) == 0 && !w.view.allNotices {
			more = len(notices) - 1
		}
		shown = append(shown, w.noticeBanner(n, more))
	}
	return shown
}

// noticeBanner is a notice; more is how many others can be shown.
func (w *window) noticeBanner(n engine.Problem, more int) banner {
	return still(fmt.Sprintf("notice %s %d", n.Error(), more), func() fyne.CanvasObject {
		var buttons []fyne.CanvasObject
		if more > 0 {
			all := widgets.NewButton(widgets.Neutral, "", lang.N("{{.Count}} more", more, with{"Count": more}), func() {
				w.view.allNotices = true
				w.redraw()
			})
			w.wire(all)
			buttons = append(buttons, all)
		}
		cause, next := problemWords(&n)
		b := widgets.NewBanner(false, cause, next, func() {
			w.view.dismissed[n.Cause] = true
			w.redraw()
		}, buttons...)
		w.explain(b.Cross, lang.L("Hide this message"), "")
		return b.Container
	})
}

// reconnectBanner says on the home screen that the server is out of reach, and
// the ways out.
func (w *window) reconnectBanner() banner {
	key := "reconnecting"
	if p := w.view.snapshot.Registration.Problem; p != nil {
		key += p.Error()
	}
	return banner{key, func() (fyne.CanvasObject, func(time.Time)) {
		again := widgets.NewButton(widgets.Neutral, theme.IconReconnect, lang.L("Try now"), func() { w.tell(w.cfg.Engine.Reconnect()) })
		out := widgets.NewButton(widgets.Plain, theme.IconSignOut, lang.L("Sign out"), w.signOut)
		w.wire(again)
		w.wire(out)
		cause := widgets.NewParagraph("", theme.ColorText, theme.SizeBody)
		cause.Bold = true
		next := widgets.NewParagraph("", theme.ColorText, theme.SizeBody)
		ground := widgets.NewGround(theme.ColorWarnSoft)
		ground.Radius = theme.SizeRadius
		tick := func(now time.Time) {
			first, then := reconnectWords(w.view.snapshot.Registration, now)
			cause.SetText(first)
			next.SetText(then)
		}
		tick(w.cfg.Now())
		words := widgets.Row(theme.Gap3, widgets.NewIcon(theme.IconReconnect, theme.ColorBusy, 22), widgets.Grow(widgets.Column(2, cause, next)))
		return widgets.Backed(ground, widgets.Pad(theme.Gap2, theme.Gap3, widgets.Fold(theme.Gap2, words, widgets.Flow(theme.Gap2, fyne.TextAlignTrailing, again, out)))), tick
	}}
}

func bannerCard(fill fyne.ThemeColorName, o fyne.CanvasObject) fyne.CanvasObject {
	ground := widgets.NewGround(fill)
	ground.Border, ground.Radius = theme.ColorOutline, theme.SizeRadius
	return widgets.Backed(ground, widgets.Pad(theme.Gap2, theme.Gap3, o))
}
