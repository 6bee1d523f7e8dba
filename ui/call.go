package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// callScreen is a call of ours that was not answered yet, or an answered one.
// The two share the self-view and the bar, so that nothing jumps when the
// other side answers.
//
// There are a large picture and a small one. The large one is the far end and
// the small one ourselves, unless they are swapped (call_self.go).
type callScreen struct {
	w      *window
	root   *fyne.Container
	layout *callLayout
	videos videoLinks
	scene  scene

	ground       *widgets.Ground
	sensor       *widgets.Grip // under everything: notices the pointer
	remote, self *widgets.VideoView
	selfGround   *widgets.Ground
	grip         *widgets.Grip   // over the small picture
	selfMark     *widgets.Button // in its place while it is hidden
	dim          *widgets.Ground // over the last picture while nothing gets through

	swapped    bool
	selfHidden bool
	told       fault         // what is told to be wrong
	pictureOf  engine.CallID // whose far end's picture was seen, and is on
	lastTouch  time.Time     // of pointer or keys
	barHidden  bool

	// In the middle while there is no picture.
	person     *fyne.Container
	avatar     *widgets.Avatar
	personName *widgets.Paragraph
	personText *widgets.Paragraph
	resume     *widgets.Button
	resumeLine *fyne.Container

	// At the top left.
	info      *fyne.Container
	infoName  *widgets.Text
	infoClock *widgets.Text
	infoIcon  *widgets.Icon
	infoState *widgets.Text
	infoFault *widgets.Paragraph // what is wrong with sound and picture, and what helps

	corner     *fyne.Container
	logButton  *widgets.Button
	fullscreen *widgets.Button
	bar        *callBar
	badge      *callBadge
	numbers    *numbers
	infoGrip   *widgets.Grip // over the info: a click shows the numbers
	devices    *deviceMenu
	keypad     *keypad
}

func newCallScreen(w *window) *callScreen {
	s := &callScreen{w: w, layout: &callLayout{corner: w.prefs.corner()}}
	s.ground = widgets.NewGround(theme.ColorStage)
	s.sensor = widgets.NewGrip()
	s.remote = widgets.NewVideoView(w.pump, false, 0)
	s.remote.Margin = theme.ColorStage
	s.self = widgets.NewVideoView(w.pump, true, 10).Follow()
	s.remote.OnShape = func(int, int) { w.redraw() }
	s.self.OnShape = func(width, height int) {
		s.layout.selfShape = float32(width) / float32(height)
		w.redraw()
	}
	s.videos = videoLinks{remote: videoLink{view: s.remote}, self: videoLink{view: s.self}}
	s.dim = widgets.NewGround(theme.ColorStageDim)
	s.newPerson()
	s.newSelf()
	s.bar = newCallBar(w)
	s.badge = newCallBadge()
	s.numbers = newNumbers(w)
	s.infoGrip = widgets.NewGrip()
	s.infoGrip.OnTap = s.numbers.toggle
	s.infoGrip.Explain(w.tips, lang.L("Numbers of this call"), "N")
	s.devices = newDeviceMenu(w)
	s.keypad = newKeypad(w)
	s.root = container.New(s.layout, s.ground, s.sensor, s.remote, s.dim, s.person,
		s.selfGround, s.self, s.grip, s.selfMark, s.newInfo(), s.infoGrip, s.newCorner(), s.badge.root, s.numbers.root, s.devices.away, s.bar.root, s.keypad.root, s.devices.root)
	s.layout.s = s
	s.watchPointer()
	s.root.Hide()
	return s
}

func (s *callScreen) newPerson() {
	s.avatar = widgets.NewAvatar(120)
	s.personName = widgets.NewParagraph("", theme.ColorStageText, theme.SizeHeading).Center()
	s.personName.Bold, s.personName.MaxLines = true, 2
	s.personText = widgets.NewParagraph("", theme.ColorStageMuted, theme.SizeSubheading).Center()
	s.resume = widgets.NewButton(widgets.Positive, theme.IconPlay, lang.X("button.resume", "Resume"), s.w.toggleHold)
	s.resume.Height, s.resume.Width = 52, 160
	s.w.wire(s.resume)
	s.resumeLine = widgets.Row(0, layout.NewSpacer(), widgets.Pad(theme.Gap3, 0, s.resume), layout.NewSpacer())
	s.resumeLine.Hide()
	s.person = widgets.Column(theme.Gap2, s.avatar, gap(1, theme.Gap1), s.personName, s.personText, s.resumeLine)
}

func (s *callScreen) newInfo() fyne.CanvasObject {
	s.infoName = widgets.Styled("", theme.ColorStageText, theme.SizeSubheading).Strong().Cut()
	s.infoClock = widgets.Styled("", theme.ColorStageText, theme.SizeBody)
	s.infoIcon = widgets.NewIcon(theme.IconReconnect, theme.ColorStageWarn, 16)
	s.infoState = widgets.Styled("", theme.ColorStageWarn, theme.SizeBody).Cut()
	ground := widgets.NewGround(theme.ColorStageShade)
	ground.Radius = theme.SizeRadius
	s.infoFault = widgets.NewParagraph("", theme.ColorStageWarn, theme.SizeBody)
	s.infoFault.Hide()
	line := widgets.Row(theme.Gap2, s.infoClock, s.infoIcon, widgets.Grow(s.infoState))
	s.info = widgets.Backed(ground, widgets.Pad(theme.Gap2, theme.Gap3, widgets.Column(0, s.infoName, line, s.infoFault)))
	return s.info
}

func (s *callScreen) newCorner() fyne.CanvasObject {
	s.logButton = widgets.NewButton(widgets.Stage, theme.IconLog, "", s.w.toggleLog)
	s.fullscreen = widgets.NewButton(widgets.Stage, theme.IconFullscreen, "", s.w.toggleFullscreen)
	s.w.explain(s.logButton, lang.L("Show or hide the log"), "")
	s.w.explain(s.fullscreen, lang.L("Full screen"), "F")
	s.corner = widgets.Row(theme.Gap2, s.logButton, s.fullscreen)
	return s.corner
}

// show makes the screen say how the call is doing.
func (s *callScreen) show(sc scene, now time.Time) {
	if sc.call.ID != s.scene.call.ID {
		s.keypad.reset()
		s.devices.close()
		s.numbers.close()
		s.swapped = false
	}
	if sc.call.ID != s.scene.call.ID || sc.screen != s.scene.screen || sc.call.State != s.scene.call.State {
		s.lastTouch = now
	}
	s.scene = sc
	c := sc.call
	outgoing := sc.screen == screenOutgoing
	s.layout.outgoing = outgoing
	s.showPictures(c, outgoing)
	s.avatar.Set(c.RemoteName, c.RemoteAddress)
	s.personName.SetText(callName(c))
	setVisible(s.resumeLine, !outgoing && c.LocalHold)
	if outgoing {
		s.personText.SetText(outgoingState(c))
		s.keypad.close()
	} else {
		s.personText.SetText(pictureState(c, s.w.view.sawVideo[c.ID], s.w.recorder.quality(c.ID).fault))
		s.showInfo(c, now)
	}
	s.bar.show(c, outgoing, s.keypad.isOpen())
	s.showBadge()
	s.numbers.follow(now)
	s.devices.update(s.w.view.snapshot)
	s.hideBarIfIdle(now)
	s.root.Refresh()
}

// tick lets the clock go on and touches nothing else.
func (s *callScreen) tick(now time.Time) {
	width, fault, told := s.infoWidth(), s.infoFault.Text(), s.told
	s.showInfo(s.scene.call, now)
	if s.told != told { // it may be the picture's
		s.w.redraw()
		return
	}
	s.numbers.follow(now)
	s.hideBarIfIdle(now)
	if s.infoWidth() != width || s.infoFault.Text() != fault { // 9:59 became 10:00
		s.layout.Layout(nil, s.root.Size())
	}
}

func (s *callScreen) showInfo(c engine.Call, now time.Time) {
	s.infoName.SetText(callName(c))
	s.infoClock.SetText(clock(now.Sub(c.ConnectedAt)))
	cutOff := time.Duration(0)
	if since, is := s.w.view.cutOff[c.ID]; is {
		cutOff = now.Sub(since)
	}
	words, warn := callState(c, cutOff)
	if s.w.view.moving[c.ID] {
		words, warn = lang.L("Transferring…"), false
	}
	s.infoState.SetText(words)
	quality := callQuality{}
	if words == "" {
		quality = s.w.recorder.quality(c.ID)
	}
	s.told = quality.fault
	s.showFault(quality)
	setVisible(s.infoIcon, words != "" || quality.bars > 0)
	switch {
	case quality.bars > 0:
		s.infoIcon.Set(qualityIcon(quality))
	case warn:
		s.infoIcon.Set(theme.IconNetworkOff, theme.ColorStageWarn)
		s.infoState.SetColor(theme.ColorStageWarn)
	case held(c):
		s.infoIcon.Set(theme.IconPause, theme.ColorStageText)
		s.infoState.SetColor(theme.ColorStageText)
	default:
		s.infoIcon.Set(theme.IconConnecting, theme.ColorStageMuted)
		s.infoState.SetColor(theme.ColorStageMuted)
	}
}

// showFault says what is wrong and what helps; nothing if all is well.
func (s *callScreen) showFault(q callQuality) {
	text := q.sentence
	if q.advice != "" {
		text += " " + q.advice
	}
	s.infoFault.SetText(text)
	setVisible(s.infoFault, text != "")
}

// qualityIcon is how a call goes in bars; fewer than three are in the colour of
// a warning.
func qualityIcon(q callQuality) (theme.IconName, fyne.ThemeColorName) {
	switch q.bars {
	case 3:
		return theme.IconSignal3, theme.ColorStageText
	case 2:
		return theme.IconSignal2, theme.ColorStageWarn
	default:
		return theme.IconSignal1, theme.ColorStageWarn
	}
}

// faultWidth is enough for two lines of a sentence.
const faultWidth = 380

// infoWidth is the width in which nothing of the info is cut.
func (s *callScreen) infoWidth() float32 {
	line := s.infoClock.FullWidth()
	if s.infoState.Text() != "" {
		line += s.infoState.FullWidth() + theme.Gap2
	}
	if s.infoIcon.Visible() {
		line += s.infoIcon.MinSize().Width + theme.Gap2
	}
	if s.infoFault.Visible() {
		line = max(line, faultWidth)
	}
	return max(s.infoName.FullWidth(), line) + 2*theme.Gap3 + theme.Gap1
}

func (s *callScreen) setFullscreen(on bool) {
	icon, does := theme.IconFullscreen, lang.L("Full screen")
	if on {
		icon, does = theme.IconFullscreenExit, lang.L("Leave full screen")
	}
	s.fullscreen.Set(widgets.Stage, icon, "")
	s.fullscreen.Explain(s.w.tips, does, "F")
}

func (s *callScreen) keypadOpen() bool { return s.keypad.isOpen() }

// toggleKeypad shows the keypad with the keyboard on it, or takes it away.
func (s *callScreen) toggleKeypad() {
	if s.scene.screen != screenCall {
		return
	}
	if s.keypad.isOpen() {
		s.keypad.close()
	} else {
		s.devices.close()
		s.keypad.open()
	}
	s.w.redraw()
}

// typeDigit sends a tone for a digit typed anywhere and shows the keypad.
func (s *callScreen) typeDigit(digit string) {
	if !s.keypad.isOpen() {
		s.toggleKeypad()
	}
	s.keypad.press(digit)
}
