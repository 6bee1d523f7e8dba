package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tring/engine"
	"tring/ui/uitest"
)

// showNumbers opens the panel of numbers and waits for two measurements.
func (d *desk) showNumbers() {
	d.t.Helper()
	for i := range 2 {
		d.fake.SetStats(uitest.Stats(10 + i))
		if i == 0 {
			d.key(fyne.KeyN)
		} else {
			d.tick(time.Second)
		}
		d.until("the numbers", func() bool { return len(d.w.callScreen.numbers.past) == i+1 })
	}
}

func TestNumbers(t *testing.T) {
	d := atHome(t, options{})
	d.key(fyne.KeyN)
	d.wantAsked()
	d.w.win.Canvas().Unfocus()
	d.showState("call")
	d.asked()
	d.showNumbers()
	d.wantAsked("Stats call-1", "Stats call-1")
	if !contains(d.markup(), "1280×720, 30/s", "960×540, 25/s", "1.6 Mbit/s", "980 kbit/s", "opus", "38 ms", "direct, UDP", "twice, 1.3 s in all", "the connection") {
		t.Error("a figure is missing")
	}
	test.Tap(d.w.callScreen.numbers.copy)
	if !strings.Contains(d.w.app.Clipboard().Content(), "Path: direct") {
		t.Errorf("copied %q", d.w.app.Clipboard().Content())
	}
	d.fake.Fail("Stats", engine.ErrWrongState)
	d.tick(time.Second)
	d.key(fyne.KeyM) // the keys of the call go on working
	d.key(fyne.KeyEscape)
	if d.w.callScreen.numbers.root.Visible() {
		t.Error("Escape does not close it")
	}
	d.asked()
	d.tick(time.Minute)
	d.wantAsked()

	test.Tap(d.w.callScreen.infoGrip)
	if !d.w.callScreen.numbers.isOpen() {
		t.Error("a click on the quality does not open it")
	}
	d.showState("end")
	if d.w.callScreen.numbers.isOpen() {
		t.Error("it outlives the call")
	}
	d.tick(time.Second)
}

func TestNumbersChangeNothingButThemselves(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.showNumbers()
	before := d.w.callScreen.numbers.root.Size()
	d.fake.SetStats(engine.Stats{Time: start, Transport: "relay", Protocol: "tls", Audio: &engine.AudioStats{}})
	d.tick(time.Second)
	d.until("a voice call's numbers", func() bool { return contains(d.markup(), "through a relay, TLS") })
	if after := d.w.callScreen.numbers.root.Size(); after.Height >= before.Height {
		t.Errorf("it stays %v high with fewer lines", after.Height)
	}
	if contains(d.markup(), "Stood still") {
		t.Error("a picture's number without a picture")
	}
}

func TestWordsOfNumbers(t *testing.T) {
	for want, got := range map[string]string{
		"–": bitRateless(), "0 kbit/s": bitRate(499), "1 kbit/s": bitRate(500), "1.0 Mbit/s": bitRate(1_000_000),
		"4.2 ms": millis(4200 * time.Microsecond), "61 ms": millis(61 * time.Millisecond), "VP8, opus": codecs("video/VP8", "audio/opus"),
		"never": stills(0, 0), "once, 0.50 s in all": stills(1, 500*time.Millisecond),
		"none":               processingWords(engine.SoundState{}),
		"echo, noise, level": processingWords(engine.SoundState{Processing: engine.SoundProcessing{EchoCancellation: true, NoiseSuppression: true, AutomaticGain: true}}),
		"this computer":      limitWords(engine.LimitedByComputer),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// bitRateless is a codec that is not known.
func bitRateless() string { return codecs("", "") }
