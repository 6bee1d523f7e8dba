package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// barPatience is for how long the bar of a video call stays without a touch of
// pointer or keys.
const barPatience = 3 * time.Second

// newSelf makes the small picture's frame, handle and stand-in.
func (s *callScreen) newSelf() {
	s.selfGround = widgets.NewGround(theme.ColorStageButton)
	s.selfGround.Radius = theme.SizeRadius
	s.selfMark = widgets.NewButton(widgets.Stage, theme.IconVideo, lang.L("You are on camera"), s.toggleSelf)
	s.w.explain(s.selfMark, lang.L("Show my picture"), "I")
	s.grip = widgets.NewGrip()
	s.grip.OnDrag = func(dx, dy float32) {
		if s.layout.outgoing {
			return
		}
		s.layout.dragged.DX += dx
		s.layout.dragged.DY += dy
		s.layout.Layout(nil, s.root.Size())
	}
	s.grip.OnDrop = func() {
		if s.layout.outgoing {
			return
		}
		s.setCorner(s.layout.nearest(s.root.Size()))
	}
	s.grip.OnSecond = s.selfMenu
	s.grip.OnDoubleTap = s.toggleSwap
}

// showPictures attaches the views to what they show, and shows those that have
// something to show.
func (s *callScreen) showPictures(c engine.Call, outgoing bool) {
	remoteOn := !outgoing && c.RemoteVideo && !held(c) && !s.w.hidden && !s.w.minimised
	if !remoteOn {
		s.pictureOf = ""
	}
	onCamera := c.SendingVideo && !held(c) // on hold nobody sees us
	selfOn := onCamera && (outgoing || !s.selfHidden) && !s.w.hidden && !s.w.minimised
	swapped := s.swapped && remoteOn && selfOn
	large, small := engine.RemoteVideo, engine.LocalVideo
	if swapped {
		large, small = small, large
	}
	mirrored := !c.ScreenShared // text must stay readable
	s.remote.SetMirror(swapped && mirrored)
	s.self.SetMirror(!swapped && mirrored)
	s.videos.remote.set(s.w.cfg.Engine, remoteOn, c.ID, large)
	s.videos.self.set(s.w.cfg.Engine, selfOn, c.ID, small)

	if far := s.view(engine.RemoteVideo, swapped); remoteOn && far.HasPicture() {
		s.pictureOf = c.ID
	}
	picture := remoteOn && s.pictureOf == c.ID
	s.layout.over = picture
	setVisible(s.person, !picture)
	setVisible(s.remote, remoteOn)
	setVisible(s.dim, picture && c.Media == engine.MediaInterrupted)
	setVisible(s.self, selfOn)
	setVisible(s.selfGround, selfOn)
	setVisible(s.grip, selfOn)
	tip := lang.L("Drag it to a corner; a double click swaps, the right button hides")
	if outgoing {
		tip = ""
	}
	s.grip.Explain(s.w.tips, tip, "")
	setVisible(s.selfMark, onCamera && !selfOn)
	word, icon := lang.L("You are on camera"), theme.IconVideo
	if c.ScreenShared {
		word, icon = lang.L("Your screen is seen"), theme.IconShare
	}
	s.selfMark.Set(widgets.Stage, icon, word)
	fill := theme.ColorStage
	if s.layout.over {
		fill = theme.ColorStageShade
	}
	s.bar.ground.SetFill(fill)
}

// view is where a picture is shown.
func (s *callScreen) view(source engine.VideoSource, swapped bool) *widgets.VideoView {
	if (source == engine.RemoteVideo) != swapped {
		return s.remote
	}
	return s.self
}

// toggleSwap makes the small picture the large one and the reverse.
func (s *callScreen) toggleSwap() {
	if s.scene.screen != screenCall || !s.scene.call.RemoteVideo {
		return
	}
	s.swapped = !s.swapped
	s.layout.selfShape = 0
	s.w.redraw()
}

// nextCorner moves our own picture on to the next corner.
func (s *callScreen) nextCorner() {
	if s.scene.screen == screenCall && s.self.Visible() {
		s.setCorner((s.layout.corner + 1) % corners)
	}
}

// setCorner puts the small picture into a corner, and keeps it there.
func (s *callScreen) setCorner(c corner) {
	s.layout.corner = c
	s.layout.dragged = fyne.Delta{}
	s.w.prefs.setCorner(c)
	s.layout.Layout(nil, s.root.Size())
}

// selfMenu shows what can be done with our own picture.
func (s *callScreen) selfMenu(at fyne.Position) {
	if s.layout.outgoing {
		return
	}
	var items []*fyne.MenuItem
	if s.scene.call.RemoteVideo {
		items = append(items, s.w.menuItem(theme.IconTransfer, lang.L("Swap the pictures"), s.toggleSwap))
	}
	s.w.popUp(at, append(items,
		s.w.menuItem(theme.IconForward, lang.L("Next corner"), s.nextCorner),
		s.w.menuItem(theme.IconEyeOff, lang.L("Hide my picture"), s.toggleSelf))...)
}

// toggleSelf hides our own picture or shows it again. Hidden, a mark says that
// we are on camera.
func (s *callScreen) toggleSelf() {
	s.selfHidden = !s.selfHidden
	s.w.redraw()
}

// watchPointer brings the bar back as soon as the pointer moves.
func (s *callScreen) watchPointer() {
	s.grip.OnMove = s.touch
	s.sensor.OnMove = s.touch
	s.infoGrip.OnMove = s.touch
	for _, b := range append(s.bar.buttons(), s.logButton, s.fullscreen, s.selfMark, s.resume) {
		b.OnHover = s.touch
	}
}

// touch is called at each sign of life: a key, or the pointer moving.
func (s *callScreen) touch() {
	s.lastTouch = s.w.cfg.Now()
	s.setBarHidden(false)
}

// hideBarIfIdle takes bar and corner buttons off the picture of a video call
// that just goes on. It never does while they are in use, or while there is
// something to say or to do.
func (s *callScreen) hideBarIfIdle(now time.Time) {
	c := s.scene.call
	w := s.w
	idle := now.Sub(s.lastTouch) >= barPatience
	calm := s.scene.screen == screenCall && s.layout.over && c.Media == engine.MediaFlowing && c.Problem == nil && !w.view.moving[c.ID]
	inUse := w.sheet.isOpen() || s.keypad.isOpen() || s.devices.isOpen() || w.win.Canvas().Focused() != nil ||
		s.bar.hovered() || s.logButton.Hovered() || s.fullscreen.Hovered()
	s.setBarHidden(idle && calm && !inUse)
}

func (s *callScreen) setBarHidden(on bool) {
	changed := on != s.barHidden
	s.barHidden = on
	if changed && on {
		s.w.tips.Clear()
	}
	setVisible(s.bar.root, !on)
	setVisible(s.corner, !on && s.scene.screen == screenCall)
	setVisible(s.info, (!on || s.infoFault.Text() != "") && s.scene.screen == screenCall)
	setVisible(s.infoGrip, s.info.Visible())
	if changed {
		s.showBadge()
		s.layout.placeBadge(s.root.Size())
	}
}

func (s *callScreen) showBadge() {
	s.badge.show(s.scene.call, s.w.talking != "" && s.w.talking == s.scene.call.ID, s.barHidden)
}
