package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// bannerHost is the strip above the screens: a second call that rings, calls
// on hold, notices of the machine, and what just went wrong.
type bannerHost struct {
	root   *fyne.Container
	ground *widgets.Ground
	list   *fyne.Container
	key    string // what is shown now, so that it is not rebuilt each second
}

func newBannerHost() *bannerHost {
	h := &bannerHost{list: widgets.Column(theme.Gap2), ground: widgets.NewGround(theme.ColorBackground)}
	h.root = widgets.Backed(h.ground, widgets.Pad(theme.Gap2, theme.Gap2, h.list))
	h.root.Hide()
	return h
}

// banner is one to be shown; key names all that it depends on.
type banner struct {
	key   string
	build func() fyne.CanvasObject
}

// show reports whether anything changed: then the window is to be laid out
// anew.
func (h *bannerHost) show(banners []banner) bool {
	keys := make([]string, len(banners))
	for i, b := range banners {
		keys[i] = b.key
	}
	key := strings.Join(keys, "\x00")
	if key == h.key {
		return false
	}
	h.key = key
	h.list.Objects = nil
	for _, b := range banners {
		h.list.Add(b.build())
	}
	setVisible(h.root, len(banners) > 0)
	return true
}

// drawBanners shows what belongs above the present screen.
func (w *window) drawBanners() {
	var shown []banner
	s := w.scene
	if s.second != nil {
		shown = append(shown, w.ringBanner(*s.second))
	}
	for _, c := range s.others {
		shown = append(shown, w.otherCallBanner(c))
	}
	if p := s.call.Problem; p != nil && (s.screen == screenCall || s.screen == screenOutgoing) {
		shown = append(shown, banner{"problem " + p.Error(), func() fyne.CanvasObject {
			return widgets.NewBanner(true, p.Cause, p.Next, nil).Container
		}})
	}
	if s.screen != screenRing && s.screen != screenEnd {
		for _, t := range w.toasts {
			shown = append(shown, w.toastBanner(t))
		}
	}
	if s.screen == screenHome {
		for _, n := range w.view.notices() {
			shown = append(shown, w.noticeBanner(n))
		}
	}
	ground := theme.ColorBackground
	if s.screen.onStage() {
		ground = theme.ColorStage
	}
	w.banners.ground.SetFill(ground)
	if w.banners.show(shown) {
		w.root.Refresh()
	}
}

// ringBanner is a call that rings while another one goes on.
func (w *window) ringBanner(c engine.Call) banner {
	answering := w.view.answering[c.ID]
	key := fmt.Sprintf("ring %s %s %t %t", c.ID, callName(c), c.OfferedVideo, answering)
	return banner{key, func() fyne.CanvasObject {
		avatar := widgets.NewAvatar(40)
		avatar.Set(c.RemoteName, c.RemoteAddress)
		name := widgets.Styled(callName(c), theme.ColorText, theme.SizeSubheading).Strong().Cut()
		words := widgets.Styled(callKind(c.OfferedVideo)+" is ringing", theme.ColorMuted, theme.SizeBody).Cut()
		icon := theme.IconPhone
		if c.OfferedVideo {
			icon = theme.IconVideo
		}
		answer := widgets.NewButton(widgets.Positive, icon, "Answer", func() { w.answer(c.ID, c.OfferedVideo) })
		reject := widgets.NewButton(widgets.Negative, theme.IconPhoneDown, "Reject", func() { w.reject(c.ID) })
		if answering {
			words.SetText("Connecting…")
		}
		answer.SetEnabled(!answering)
		reject.SetEnabled(!answering)
		w.wire(answer)
		w.wire(reject)
		return bannerCard(widgets.Row(theme.Gap3, avatar, widgets.Grow(widgets.Column(0, name, words)),
			answer, widgets.Pad(0, theme.Gap2, reject)))
	}}
}

// otherCallBanner is a call that was answered and is not in front.
func (w *window) otherCallBanner(c engine.Call) banner {
	key := fmt.Sprintf("other %s %s %t %s", c.ID, callName(c), c.LocalHold, c.State)
	return banner{key, func() fyne.CanvasObject {
		words := "is also in a call with you"
		if c.LocalHold {
			words = "is on hold"
		} else if !c.State.Established() {
			words = "is being called"
		}
		text := widgets.NewText(callName(c) + " " + words).Cut()
		swap := widgets.NewButton(widgets.Neutral, theme.IconTransfer, "Switch", func() { w.bringForward(c.ID) })
		w.wire(swap)
		return bannerCard(widgets.Row(theme.Gap3, widgets.NewIcon(theme.IconPause, theme.ColorBusy, 22), widgets.Grow(text), swap))
	}}
}

func (w *window) toastBanner(t toast) banner {
	return banner{"toast " + t.problem.Error(), func() fyne.CanvasObject {
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
	}}
}

func (w *window) noticeBanner(n engine.Problem) banner {
	return banner{"notice " + n.Error(), func() fyne.CanvasObject {
		return widgets.NewBanner(false, n.Cause, n.Next, func() {
			w.view.dismissed[n.Cause] = true
			w.redraw()
		}).Container
	}}
}

func bannerCard(o fyne.CanvasObject) fyne.CanvasObject {
	ground := widgets.NewGround(theme.ColorSurface)
	ground.Border, ground.Radius = theme.ColorOutline, theme.SizeRadius
	return widgets.Backed(ground, widgets.Pad(theme.Gap2, theme.Gap3, o))
}
