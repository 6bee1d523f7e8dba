package ui

import (
	"log/slog"
	"os"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tring/engine"
	"tring/ui/desktop"
	"tring/ui/store"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// pressNamed presses the button with that word.
func (d *desk) pressNamed(word string) {
	d.t.Helper()
	for _, o := range test.LaidOutObjects(d.w.root) {
		if b, is := o.(*widgets.Button); is && b.Text() == word {
			test.Tap(b)
			return
		}
	}
	d.t.Fatalf("there is no button %q", word)
}

// twoMicrophones is a machine with a headset besides what is built in.
func (d *desk) twoMicrophones() {
	d.change(func(s *engine.Snapshot) {
		s.Devices = []engine.Device{
			{Kind: engine.Microphone, ID: "mic0", Name: "Built-in", Default: true},
			{Kind: engine.Microphone, ID: "mic1", Name: "Headset"},
		}
	})
	d.asked()
}

func TestSettingsOpenOnlyWhatTheyShow(t *testing.T) {
	d := atHome(t, options{})
	d.w.openSettings()
	if d.fake.Sinks() != 1 {
		t.Error("the preview does not show the camera")
	}
	d.w.win.Canvas().Focus(d.segments())
	d.key(fyne.KeyRight)
	if d.fake.Sinks() != 0 {
		t.Error("the camera stays open behind the page for sound")
	}
	d.until("the microphone", func() bool { d.asked(); return d.listening == 1 })
	d.key(fyne.KeyRight)
	d.until("the microphone's end", func() bool { d.asked(); return d.listening == 0 })
	if !contains(d.markup(), "Calls ring on") {
		t.Error("Right does not go on to ringing")
	}
	d.key(fyne.KeyEscape)
	d.w.openSettings()
	if !contains(d.markup(), "Calls ring on") {
		t.Error("the settings do not open where they were left")
	}
}

func (d *desk) segments() *widgets.Segments {
	for _, o := range test.LaidOutObjects(d.w.sheet.root) {
		if s, is := o.(*widgets.Segments); is {
			return s
		}
	}
	d.t.Fatal("there is no bar of pages")
	return nil
}

func TestChosenDeviceIsTakenAgain(t *testing.T) {
	d := atHome(t, options{})
	d.twoMicrophones()
	d.w.openSettingsAt(pageSound)
	d.asked()
	list := d.selectOf("Headset")
	list.SetSelected("Headset")
	d.wantAsked("SetDevicePreference 1 mic1, Headset", "SelectDevice 1 mic1")
	list.SetSelected("Built-in")
	d.wantAsked("SetDevicePreference 1 mic0, Built-in, mic1, Headset", "SelectDevice 1 mic0")
	if !contains(d.markup(), "While it is unplugged") {
		t.Error("nobody is told what stands in")
	}
	list.SetSelected("None")
	d.wantAsked("SelectDevice 1 none")
	order := d.w.prefs.deviceOrder(engine.Microphone)

	again := newDesk(t, options{prefs: func(p prefs) {
		p.setDeviceOrder(engine.Microphone, order)
		p.setDeviceOff(engine.Camera, true)
	}})
	again.wantAsked("SelectDevice 0 none", "SetDevicePreference 1 mic0, Built-in, mic1, Headset")
	again.twoMicrophones()
	again.change(func(s *engine.Snapshot) { s.InUse.Microphone = "mic1" })
	again.w.openSettingsAt(pageSound)
	if got := again.selectOf("Headset").Selected; got != "Headset" {
		t.Errorf("%q shows as chosen, want what is preferred and used", got)
	}
	again.asked()
	again.selectOf("Headset").SetSelected("Automatic")
	again.wantAsked("SetDevicePreference 1 ", "SelectDevice 1 auto")
	if n := len(again.w.prefs.deviceOrder(engine.Microphone)); n != 0 {
		t.Errorf("%d devices are remembered after the choice of none", n)
	}
}

// Undo brings back what was used and what is remembered.
func TestUndoOfADeviceChoice(t *testing.T) {
	d := atHome(t, options{prefs: func(p prefs) { p.setDeviceOrder(engine.Microphone, []remembered{{"mic0", "Built-in"}}) }})
	d.twoMicrophones()
	d.w.chooseDevice(engine.Microphone, "mic1")
	d.log(engine.Event{Name: engine.EventDeviceChange, DeviceKind: engine.Microphone, DeviceName: "Headset", DeviceUndo: engine.DeviceAuto})
	d.asked()
	d.w.undoLast()
	d.wantAsked("SetDevicePreference 1 mic0, Built-in", "SelectDevice 1 auto")
	if order := d.w.prefs.deviceOrder(engine.Microphone); len(order) != 1 || order[0].id != "mic0" {
		t.Errorf("remembered: %v", order)
	}
}

func TestNobodyIsToldAtTheStartWhatIsOff(t *testing.T) {
	d := newDesk(t, options{prefs: func(p prefs) { p.setDeviceOff(engine.Camera, true) }})
	d.showState("home")
	off := engine.Event{Name: engine.EventDeviceChange, DeviceKind: engine.Camera, DeviceName: engine.DeviceNone, DeviceUndo: engine.DeviceAuto}
	d.log(off)
	d.wantSaid()
	d.log(off) // now somebody chose it
	d.wantSaid("Now going without camera.")
}

func TestAbsentDeviceHasItsName(t *testing.T) {
	known := remembered{"alsa_input.usb-1234", "Headset"}
	for chosen, want := range map[string]string{
		known.id: "Headset (unplugged)", "/home/me/speech.wav": "File speech.wav", "alsa_input.pci-1": "alsa_input.pci-1 (unplugged)",
	} {
		options := deviceOptions(nil, engine.Microphone, chosen, known)
		if got := options[len(options)-1].label; got != want {
			t.Errorf("%s is called %q, want %q", chosen, got, want)
		}
	}
}

func TestVideoLimitsAreChosenAndKept(t *testing.T) {
	d := atHome(t, options{})
	d.w.openSettings()
	d.asked()
	d.selectOf("Full HD, 1920×1080").SetSelected("Full HD, 1920×1080")
	d.wantAsked("SetVideoLimits 1080 lines 0 bit/s")
	d.selectOf("600 kbit/s at most").SetSelected("600 kbit/s at most")
	d.wantAsked("SetVideoLimits 1080 lines 600000 bit/s")
	kept := d.w.prefs.videoLimits()
	again := newDesk(t, options{prefs: func(p prefs) { p.setVideoLimits(kept) }})
	again.wantAsked("SetVideoLimits 1080 lines 600000 bit/s")
}

func TestRingerIsHeardAndKept(t *testing.T) {
	d := atHome(t, options{})
	d.w.openSettingsAt(pageRinging)
	d.asked()
	d.pressNamed("Play a tone")
	d.wantAsked("PlayTestTone 3")
	for _, o := range test.LaidOutObjects(d.w.sheet.root) {
		if s, is := o.(*widgets.Slider); is {
			d.w.win.Canvas().Focus(s)
		}
	}
	d.key(fyne.KeyLeft)
	d.wantAsked("SetRingerVolume 0.95")
	again := newDesk(t, options{prefs: func(p prefs) { p.setRingerVolume(0.5) }})
	again.wantAsked("SetRingerVolume 0.5")
}

func TestNotificationsAreSwitchedOff(t *testing.T) {
	d := newDesk(t, options{})
	d.w.openSettingsAt(pageRinging)
	d.pressNamed("A notification for a call that rings: on")
	d.key(fyne.KeyEscape)
	d.showState("ring")
	if titles, _ := d.desktop.take(); len(titles) != 0 {
		t.Errorf("the desktop was told %q", titles)
	}
}

func TestStaySignedInIsTakenBack(t *testing.T) {
	d := newDesk(t, options{stored: engine.Secret{RefreshToken: "r"}})
	d.showState("home")
	d.until("the keyring", func() bool { return d.w.signInScreen.vault })
	d.w.openSettingsAt(pageAccount)
	d.pressNamed("Keep me signed in: on")
	d.until("the keyring's forgetting", func() bool {
		d.secrets.mu.Lock()
		defer d.secrets.mu.Unlock()
		return d.secrets.deleted == 1
	})
	if d.w.prefs.keep() {
		t.Error("the next sign-in would be kept")
	}
}

// fakeLog is a log of two lines.
type fakeLog struct{ level slog.Level }

func (f *fakeLog) Level() slog.Level      { return f.level }
func (f *fakeLog) SetLevel(l slog.Level)  { f.level = l }
func (*fakeLog) File() string             { return "/var/log/tring.log" }
func (*fakeLog) Tail(int) ([]byte, error) { return []byte("line 1\nline 2 of Headset\n"), nil }

func TestSupportReport(t *testing.T) {
	d := atHome(t, options{})
	log := &fakeLog{}
	d.w.cfg.Diagnostics = log
	d.w.openSettingsAt(pageHelp)
	d.pressNamed("Copy for support")
	d.until("the report", func() bool { return contains(d.markup(), "Copied, without names and addresses") })
	text := d.w.app.Clipboard().Content()
	if !contains(text, "Tring 1.2.3", "libvpx: v1.12.0", "1 cameras", "line 1\nline 2 of (device)") || contains(text, "alice") || contains(text, "Headset") {
		t.Errorf("the report says:\n%s", text)
	}
	choice := "Everything, until Tring quits"
	d.selectOf(choice).SetSelected(choice)
	if log.level != slog.LevelDebug {
		t.Errorf("the level is %v", log.level)
	}
}

// fakeAwake remembers the wishes.
type fakeAwake struct {
	desktop.LetSleep
	wishes []bool
}

func (f *fakeAwake) Keep(on bool) {
	if n := len(f.wishes); n == 0 || f.wishes[n-1] != on {
		f.wishes = append(f.wishes, on)
	}
}

func TestDisplayStaysOnWithAPicture(t *testing.T) {
	d := atHome(t, options{})
	awake := &fakeAwake{}
	d.w.awake = awake
	d.w.redraw()
	d.showState("call")
	d.change(func(s *engine.Snapshot) { s.Calls[0].RemoteVideo, s.Calls[0].SendingVideo = false, false })
	d.showState("call")
	d.showState("home")
	if want := []bool{false, true, false, true, false}; !slices.Equal(awake.wishes, want) {
		t.Errorf("wished %v, want %v", awake.wishes, want)
	}
}

func TestHighContrastIsKept(t *testing.T) {
	d := atHome(t, options{})
	d.w.openSettingsAt(pageWindow)
	d.selectOf("High contrast").SetSelected("High contrast")
	if d.w.prefs.mode() != theme.HighContrast {
		t.Errorf("%q is kept", d.w.prefs.mode())
	}
	d.selectOf("150 %").SetSelected("150 %")
	if d.w.prefs.zoom() != 150 {
		t.Errorf("%d is kept", d.w.prefs.zoom())
	}
}

func TestZoomEnlargesWhatTheSystemWants(t *testing.T) {
	for _, c := range []struct {
		wanted   string
		settings float32
		percent  int
		want     string
	}{{"", 0, 100, "1.000"}, {"2", 0, 150, "3.000"}, {"", 1.5, 200, "3.000"}, {"auto", 0, 125, "1.250"}} {
		t.Setenv(scaleVariable, "")
		newZoom(c.wanted, c.settings).set(c.percent)
		if got := os.Getenv(scaleVariable); got != c.want {
			t.Errorf("%+v: the scale is %s", c, got)
		}
	}
}

func TestSettingsSurviveInTheStore(t *testing.T) {
	s := store.Memory(time.Now)
	p := prefs{newSettings(s)}
	p.setRingerVolume(0.35)
	p.setZoom(175)
	p.setKeep(false)
	p.setDeviceOrder(engine.Speaker, []remembered{{"id\"1", "Tab\\Name"}, {"2", "ü"}})
	again := prefs{newSettings(s)}
	if again.ringerVolume() != 0.35 || again.zoom() != 175 || again.keep() || !slices.Equal(again.deviceOrder(engine.Speaker), p.deviceOrder(engine.Speaker)) {
		t.Errorf("kept: %v", s.Settings())
	}
	for key := range s.Settings() { // whatever stands in the file
		if err := s.SetSetting(key, "\x00[{"); err != nil {
			t.Fatal(err)
		}
	}
	damaged := prefs{newSettings(s)}
	if damaged.ringerVolume() != 1 || damaged.zoom() != 100 || !damaged.keep() || damaged.deviceOrder(engine.Speaker) != nil {
		t.Error("what is damaged is not what holds when nothing was set")
	}
}
