package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// callBanners are those about calls: who else rings, who else waits, what is
// shared, and whether the server is out of reach meanwhile.
func (w *window) callBanners() []banner {
	var shown []banner
	s := w.scene
	if s.second != nil {
		shown = append(shown, w.ringBanner(*s.second))
	}
	for _, c := range s.others {
		shown = append(shown, w.otherCallBanner(c))
	}
	if s.screen != screenCall && s.screen != screenOutgoing {
		return shown
	}
	for _, c := range append([]engine.Call{s.call}, s.others...) {
		if c.ScreenShared {
			shown = append(shown, w.sharingBanner(c))
		}
	}
	if w.view.snapshot.Registration.State != engine.Registered {
		shown = append(shown, w.offlineBanner())
	}
	return shown
}

// ringBanner is a call that rings while another one goes on, or rings too.
func (w *window) ringBanner(c engine.Call) banner {
	answering := w.view.answering[c.ID]
	front, inCall := w.frontCall()
	key := fmt.Sprintf("ring %s %s %t %t %t %s %t", c.ID, callName(c), c.OfferedVideo, answering, inCall, front.State, front.LocalHold)
	return still(key, func() fyne.CanvasObject {
		avatar := widgets.NewAvatar(40)
		avatar.Set(c.RemoteName, c.RemoteAddress)
		name := widgets.Styled(callName(c), theme.ColorText, theme.SizeSubheading).Strong().Cut()
		words := widgets.Styled(ringsWords(c.OfferedVideo), theme.ColorMuted, theme.SizeBody).Cut()
		if answering {
			words.SetText(lang.L("Connecting…"))
		}
		icon := theme.IconPhone
		if c.OfferedVideo {
			icon = theme.IconVideo
		}
		button := func(kind widgets.Kind, icon theme.IconName, text string, does, keys string, do func()) *widgets.Button {
			b := widgets.NewButton(kind, icon, text, do)
			b.SetEnabled(!answering)
			w.explain(b, does, keys)
			return b
		}
		answer := chord("S")
		if c.OfferedVideo {
			answer = chord("A")
		}
		word := lang.L("Answer")
		if inCall && front.State.Established() && !front.LocalHold {
			word = lang.L("Hold & answer")
		}
		buttons := []fyne.CanvasObject{button(widgets.Positive, icon, word, lang.L("Answer {{.Name}}", with{"Name": firstName(c)}), answer, func() { w.answer(c.ID, c.OfferedVideo) })}
		if inCall {
			end := lang.L("End & answer")
			if !front.State.Established() {
				end = lang.L("Cancel & answer")
			}
			buttons = append(buttons, button(widgets.Neutral, "", end, lang.L("The present call is over then"), chord("E"), func() { w.endAndAnswer(c.ID, c.OfferedVideo) }))
		}
		buttons = append(buttons, widgets.Pad(0, theme.Gap2, button(widgets.Negative, theme.IconClose, lang.L("Decline"), lang.L("Stops ringing on all your devices"), chord("D"), func() { w.reject(c.ID) })))
		return bannerCard(theme.ColorSurface, widgets.Fold(theme.Gap3,
			widgets.Row(theme.Gap3, avatar, widgets.Grow(widgets.Column(0, name, words))),
			widgets.Flow(theme.Gap2, fyne.TextAlignTrailing, buttons...)))
	})
}

// otherCallBanner is a call that is not in front: who, how, for how long, and
// the ways to go on.
func (w *window) otherCallBanner(c engine.Call) banner {
	consult := w.view.consult
	front, _ := w.frontCall()
	asking := consult.on() && consult.held == c.ID && consult.asked == front.ID
	key := fmt.Sprintf("other %s %s %t %t %s %t %t %s %s", c.ID, callName(c), c.LocalHold, c.RemoteHold, c.State,
		asking, consult.joining, front.State, callName(front))
	return banner{key, func() (fyne.CanvasObject, func(time.Time)) {
		icon := theme.IconPhone
		if c.LocalHold {
			icon = theme.IconPause
		}
		name := widgets.Styled(callName(c), theme.ColorText, theme.SizeSubheading).Strong().Cut()
		state := otherState(c)
		if asking {
			state = askingState(c, front, consult.joining)
		}
		words := widgets.Styled("", theme.ColorMuted, theme.SizeBody).Cut()
		tick := func(now time.Time) {
			if c.ConnectedAt.IsZero() {
				words.SetText(state)
				return
			}
			words.SetText(state + " · " + clock(now.Sub(c.ConnectedAt)))
		}
		return bannerCard(theme.ColorSurface, widgets.Fold(theme.Gap3,
			widgets.Row(theme.Gap3, widgets.NewIcon(icon, theme.ColorBusy, 22), widgets.Grow(widgets.Column(0, name, words))),
			w.otherCallButtons(c, front, asking))), tick
	}}
}

// otherCallButtons are Connect both and Cancel while somebody is asked, else
// Swap and End.
func (w *window) otherCallButtons(c, front engine.Call, asking bool) fyne.CanvasObject {
	button := func(kind widgets.Kind, icon theme.IconName, text string, do func()) *widgets.Button {
		b := widgets.NewButton(kind, icon, text, do)
		w.wire(b)
		return b
	}
	if asking {
		join := button(widgets.Primary, theme.IconJoin, lang.L("Connect both"), w.connectBoth)
		join.SetEnabled(front.State.Established() && !w.view.consult.joining)
		back := button(widgets.Neutral, "", lang.L("Cancel"), w.cancelConsultation)
		back.SetEnabled(!w.view.consult.joining)
		return widgets.Flow(theme.Gap2, fyne.TextAlignTrailing, join, back)
	}
	word := lang.L("Swap")
	if !front.State.Established() || !c.State.Established() {
		word = lang.L("Show")
	}
	return widgets.Flow(theme.Gap2, fyne.TextAlignTrailing,
		button(widgets.Neutral, theme.IconTransfer, word, func() { w.bringForward(c.ID) }),
		button(widgets.Plain, theme.IconPhoneDown, lang.X("button.end", "End"), func() { w.endOther(c) }))
}

// sharingBanner says that a screen is seen by somebody else, with the way out.
func (w *window) sharingBanner(c engine.Call) banner {
	return still("sharing "+string(c.ID)+callName(c), func() fyne.CanvasObject {
		text := widgets.NewParagraph(lang.L("You are sharing your screen with {{.Name}}.", with{"Name": firstName(c)}), theme.ColorText, theme.SizeBody)
		text.Bold, text.MaxLines = true, 2
		stop := widgets.NewButton(widgets.Negative, theme.IconClose, lang.L("Stop sharing"), func() { w.stopSharing(c.ID) })
		w.wire(stop)
		return bannerCard(theme.ColorPrimarySoft, widgets.Row(theme.Gap3,
			widgets.NewIcon(theme.IconShare, theme.ColorPrimaryText, 24), widgets.Grow(text), stop))
	})
}

// offlineBanner says in a call that the server is out of reach. Sound and
// picture do not need it: whether they get through is said elsewhere.
func (w *window) offlineBanner() banner {
	key := fmt.Sprintf("offline %d", w.view.snapshot.Registration.State)
	return banner{key, func() (fyne.CanvasObject, func(time.Time)) {
		b := widgets.NewBanner(false, "", "", nil)
		b.Icon.Set(theme.IconReconnect, theme.ColorBusy)
		tick := func(now time.Time) {
			cause, next := offlineWords(w.view.snapshot.Registration, now)
			b.Cause.SetText(cause)
			b.Next.SetText(next)
		}
		b.Next.Show()
		tick(w.cfg.Now())
		return b.Container, tick
	}}
}
