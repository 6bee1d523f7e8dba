package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

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
			return widgets.NewBanner(true, p.Cause, p.Next, nil).Container
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
		for _, n := range w.view.notices() {
			shown = append(shown, w.noticeBanner(n))
		}
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
		return widgets.NewBanner(true, t.problem.Cause, t.problem.Next, func() {
			kept := w.toasts[:0]
			for _, other := range w.toasts {
				if other != t {
					kept = append(kept, other)
				}
			}
			w.toasts = kept
			w.redraw()
		}).Container
	})
}

func (w *window) noticeBanner(n engine.Problem) banner {
	return still("notice "+n.Error(), func() fyne.CanvasObject {
		return widgets.NewBanner(false, n.Cause, n.Next, func() {
			w.view.dismissed[n.Cause] = true
			w.redraw()
		}).Container
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
		again := widgets.NewButton(widgets.Neutral, theme.IconReconnect, "Try now", w.retry)
		out := widgets.NewButton(widgets.Plain, theme.IconSignOut, "Sign out", w.signOut)
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
		return widgets.Backed(ground, widgets.Pad(theme.Gap2, theme.Gap3, widgets.Fold(theme.Gap2, words, widgets.Row(theme.Gap2, again, out)))), tick
	}}
}

func bannerCard(fill fyne.ThemeColorName, o fyne.CanvasObject) fyne.CanvasObject {
	ground := widgets.NewGround(fill)
	ground.Border, ground.Radius = theme.ColorOutline, theme.SizeRadius
	return widgets.Backed(ground, widgets.Pad(theme.Gap2, theme.Gap3, o))
}
