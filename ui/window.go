package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tring/engine"
	"tring/ui/desktop"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// minWindow is the least size of the window.
var minWindow = fyne.NewSize(480, 600)

// window is the one window and everything in it. All of it belongs to the
// main goroutine.
type window struct {
	cfg       Config
	app       fyne.App
	win       fyne.Window
	prefs     prefs
	presenter *presenter
	recorder  *recorder
	pump      *widgets.FramePump

	view    *view
	scene   scene
	account engine.Account // of the last sign-in asked for here
	toasts  []toast
	notes   []note

	signInScreen *signInScreen
	homeScreen   *homeScreen
	ringScreen   *ringScreen
	callScreen   *callScreen
	endScreen    *endScreen
	log          *logPanel
	banners      *bannerHost
	noteHost     *noteHost
	tips         *widgets.Tips
	sheet        *sheetHost
	checked      chan struct{} // closed at the end of the last check; nil before the first
	alerts       *alerts
	tray         *tray // nil where the desktop has none
	hidden       bool  // closed to the tray
	minimised    bool
	opened       bool          // was on the screen
	link         string        // address of a link that waits for the home screen
	callsOver    bool          // one ended since noteFootprint
	talking      engine.CallID // whose muted microphone Space holds open; "" if none
	windows      desktop.Windows
	awake        desktop.Awake
	zoom         zoom // does nothing in tests
	choiceBefore map[engine.DeviceKind]deviceMemory
	offAtStart   map[engine.DeviceKind]bool // was asked for by applyMedia; not heard of yet
	ringWindow   *ringWindow
	pip          *pipWindow
	split        *splitLayout
	body         *fyne.Container
	root         *fyne.Container
}

// newWindow builds the window without showing it.
func newWindow(cfg Config, a fyne.App) *window {
	w := &window{
		cfg: cfg, app: a, prefs: prefs{newSettings(cfg.Store)}, view: newView(),
		choiceBefore: map[engine.DeviceKind]deviceMemory{}, offAtStart: map[engine.DeviceKind]bool{},
	}
	a.Settings().SetTheme(theme.New(w.prefs.mode()))
	w.win = a.NewWindow("Tring")
	w.win.SetPadded(false)
	w.win.SetMaster()
	w.presenter = newPresenter(cfg, w.apply)
	w.recorder = newRecorder(cfg, func() { w.presenter.put(func() {}) })
	w.prefs.p.save = func(job func() error) { w.recorder.do(func() { w.recorder.complain(job()) }) }
	w.pump = widgets.NewFramePump(cfg.Do)
	w.account = w.prefs.account(cfg.Account)
	w.windows, w.awake = cfg.Windows, cfg.Awake
	w.ringWindow = newRingWindow(w)
	w.pip = &pipWindow{w: w}
	w.alerts = newAlerts(w, cfg.Desktop(func(id, action string) {
		w.presenter.post(func() { w.alerts.chosen(id, action) })
	}))

	w.tips = widgets.NewTips(w.later)
	w.banners = newBannerHost()
	w.noteHost = newNoteHost()
	w.sheet = newSheetHost(w)
	w.log = newLogPanel(w)
	w.signInScreen = newSignInScreen(w)
	w.homeScreen = newHomeScreen(w)
	w.ringScreen = newRingScreen(w)
	w.callScreen = newCallScreen(w)
	w.endScreen = newEndScreen(w)

	screens := container.NewStack(w.signInScreen.root, w.homeScreen.root,
		w.ringScreen.root, w.callScreen.root, w.endScreen.root)
	w.split = &splitLayout{}
	w.body = container.New(w.split, screens, w.log.root)
	// No ground: Fyne clears the window in the background's colour. Banners stay
	// above an open sheet: a second call can be answered from there.
	w.root = container.New(&rootLayout{},
		widgets.Column(0, w.banners.root, widgets.Grow(container.NewStack(w.body, w.sheet.root))), w.noteHost.root, w.tips.Layer)
	if sweeper := widgets.NewSweeper(); sweeper != nil {
		w.root.Add(sweeper)
	}
	w.win.SetContent(w.root)
	w.win.Resize(windowSize)
	w.win.SetCloseIntercept(w.close)
	w.bindKeys()
	w.view.stored = cfg.Store.Problem()
	w.homeScreen.reload()
	w.signInScreen.fill(w.account)
	w.redraw()
	return w
}

// start begins to follow the engine.
// A nil ticks or samples makes a ticker.
func (w *window) start(ticks, samples <-chan time.Time) {
	w.presenter.start(ticks)
	w.recorder.start(samples)
	w.alerts.follow()
	w.followStarts()
	w.applySound()
	w.applyMedia()
	w.checkKeyring()
	w.restore()
}

// stop detaches everything from the engine and joins the goroutines. It can be
// called more than once.
func (w *window) stop() {
	w.tips.Clear()
	w.windows.Close()
	w.awake.Close()
	w.ringWindow.close()
	w.pip.close()
	w.callScreen.devices.close()
	w.callScreen.videos.detachAll()
	w.sheet.close()
	w.homeScreen.recent.buryAll()
	w.presenter.stop()
	w.recorder.stop()
	w.pump.Stop()
	w.alerts.notifier.Close()
}

// apply takes what the presenter brings. Without a snapshot only time went by
// or something was logged.
func (w *window) apply(s *engine.Snapshot, events []engine.Event) {
	if w.recorder.dirty.Swap(false) {
		w.peopleChanged()
	}
	if s != nil { // first: events speak of its calls
		w.nameCalls(s)
		w.view.take(*s, w.cfg.Now())
		w.sayNews()
		w.alerts.update()
	}
	var lines []widgets.LogLine
	for _, e := range events {
		w.heed(e)
		lines = append(lines, logLine(e))
	}
	w.log.append(lines)
	if s != nil || len(events) > 0 && w.scene.screen.onStage() {
		w.redraw()
		return
	}
	w.tick()
}

// heed does what an event asks of the window, besides being listed.
func (w *window) heed(e engine.Event) {
	switch e.Name {
	case engine.EventCredential:
		w.keepCredential(e)
	case engine.EventDeviceChange:
		w.tellDevice(e)
	case engine.EventMutedSpeech:
		w.sayMuted()
	case engine.EventCallStateChange:
		w.callsOver = w.callsOver || e.State.Final()
	case engine.EventCallDTMF:
		w.sayDigit(e)
	case engine.EventCallOperation:
		w.heedOperation(e)
	}
}

// sayNews shows what take noticed.
func (w *window) sayNews() {
	for _, n := range w.view.news {
		w.say(note{about: n.about, icon: theme.IconInfo, text: n.text, call: true})
	}
	w.view.news = nil
}

// tick lets time go by: only what counts seconds changes, and a window at rest
// draws nothing.
func (w *window) tick() {
	now := w.cfg.Now()
	w.checkTalk()
	w.dropOldNotes(now)
	w.noteFootprint()
	w.homeScreen.recent.tick(now, w.homeScreen.watched())
	if w.dropOldToasts(now) || w.view.decide(now).screen != w.scene.screen {
		w.redraw()
		return
	}
	w.banners.tick(now)
	switch w.scene.screen {
	case screenSignIn:
		w.signInScreen.tick(now)
	case screenHome:
		w.homeScreen.tick(now)
	case screenCall:
		w.callScreen.tick(now)
	}
}

func (w *window) setLogVisible(on bool) {
	if w.split.open == on {
		return
	}
	w.split.open = on
	w.body.Refresh()
}

// toggleLog shows or hides the log. In a narrow window, where it would cover
// the screen, it starts hidden and covers it only while asked for.
func (w *window) toggleLog() {
	if w.split.narrow {
		w.split.covering = !w.split.covering
		if w.split.covering && !w.split.open {
			w.rememberLog(true)
		}
	} else {
		w.rememberLog(!w.split.open)
	}
	w.drawLog()
	w.body.Refresh()
}

func (w *window) rememberLog(open bool) {
	if w.scene.screen == screenHome {
		w.prefs.setLogOpen(open)
		return
	}
	w.log.openInCall = open
}

func (w *window) setFullscreen(on bool) {
	w.win.SetFullScreen(on)
	w.callScreen.setFullscreen(on)
}

// rootLayout gives every child the whole window and keeps the window from
// becoming unusably small.
type rootLayout struct{}

func (*rootLayout) MinSize([]fyne.CanvasObject) fyne.Size { return minWindow }

func (*rootLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}
