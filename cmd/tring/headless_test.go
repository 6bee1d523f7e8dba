package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine"
	"tring/engine/enginetest"
)

// desk is a headless face before a scripted engine.
type desk struct {
	*headless
	fake     *enginetest.Fake
	text     bytes.Buffer
	commands chan input
	deadline chan time.Time
	code     chan int
}

var registered = engine.Event{Name: engine.EventSubscriptionChange, Subscribed: []string{"call"}}

// newDesk starts a face in the test's bubble of virtual time.
func newDesk(t *testing.T, demo bool) *desk {
	t.Helper()
	d := &desk{fake: enginetest.New(), commands: make(chan input, 8), deadline: make(chan time.Time, 1), code: make(chan int, 1)}
	d.headless = &headless{engine: d.fake, out: &lineWriter{w: &d.text}}
	if demo {
		d.show = newShow(d.headless, "echo@tring.demo", filepath.Join(t.TempDir(), "demo.png"))
	}
	ctx, cancel := context.WithCancel(t.Context())
	events := d.fake.Events(ctx)
	go func() {
		defer cancel()
		d.code <- d.loop(events, d.commands, make(chan os.Signal), d.deadline)
	}()
	t.Cleanup(func() { _ = d.fake.Close() })
	return d
}

func (d *desk) say(lines ...string) {
	for _, line := range lines {
		d.commands <- input{line: line}
	}
	synctest.Wait()
}

func (d *desk) emit(events ...engine.Event) {
	for _, ev := range events {
		d.fake.Emit(ev)
	}
	synctest.Wait()
}

func (d *desk) did() string {
	var all []string
	for _, a := range d.fake.Actions() {
		all = append(all, a.String())
	}
	return strings.Join(all, ", ")
}

func (d *desk) ends(t *testing.T, want int) {
	t.Helper()
	if code := <-d.code; code != want {
		t.Errorf("exit %d, want %d:\n%s", code, want, d.text.String())
	}
}

func TestCommandsWaitForTheSignIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, false)
		d.say("call bob video")
		close(d.commands)
		synctest.Wait()
		if did := d.did(); did != "" {
			t.Errorf("before the sign-in: %s", did)
		}
		d.emit(registered)
		if did := d.did(); did != "Call bob true" {
			t.Errorf("after it: %s", did)
		}
		d.ends(t, exitOK)
	})
}

func TestEndsOfHeadless(t *testing.T) {
	ends := map[string]struct {
		end  func(*desk)
		code int
	}{
		"log-in failed": {func(d *desk) { d.emit(engine.Event{Name: engine.EventSubscriptionError}) }, exitLoginFailed},
		"log-in failed after the end of input": {func(d *desk) {
			close(d.commands)
			d.emit(engine.Event{Name: engine.EventSubscriptionError})
		}, exitLoginFailed},
		"--duration before the log-in": {func(d *desk) { d.deadline <- time.Now() }, exitLoginFailed},
		"--duration":                   {func(d *desk) { d.emit(registered); d.deadline <- time.Now() }, exitOK},
		"quit":                         {func(d *desk) { d.emit(registered); d.say(" quit ") }, exitOK},
		"end of input":                 {func(d *desk) { d.emit(registered); close(d.commands) }, exitOK},
		"the sign-in expires later, then quit": {func(d *desk) {
			d.emit(registered, engine.Event{Name: engine.EventSubscriptionError})
			d.say("quit")
		}, exitOK},
		"the engine ends": {func(d *desk) { _ = d.fake.Close() }, exitFailure},
	}
	for name, tt := range ends {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, false)
				tt.end(d)
				d.ends(t, tt.code)
			})
		})
	}
}

func TestCommandsAreForTheNewestCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, false)
		d.emit(registered)
		d.say("hangup", "stats")
		if n := strings.Count(d.text.String(), "There is no call."); n != 2 || d.did() != "" {
			t.Errorf("without a call:\n%s", d.text.String())
		}
		d.fake.SetSnapshot(engine.Snapshot{Calls: []engine.Call{
			{ID: "1", State: engine.Connected},
			{ID: "2", State: engine.Ringing, Direction: engine.Incoming},
			{ID: "3", State: engine.OnHold},
			{ID: "4", State: engine.Ended},
		}})
		d.say("unhold", "answer video", "mute call=1", "hangup", "nonsense", "call=1", "", "dtmf 1 2")
		if did, want := d.did(), "Unhold 3, Accept 2 true, SetMuted 1 true, Hangup 3, SendDTMF 3 12"; did != want {
			t.Errorf("did %s\nwant %s", did, want)
		}
		if !strings.Contains(d.text.String(), `There is no command \"nonsense\"`) {
			t.Errorf("said:\n%s", d.text.String())
		}
		d.say("quit")
		d.ends(t, exitOK)
	})
}

// TestSeveralCalls: the words that are about more than one call.
func TestSeveralCalls(t *testing.T) {
	held := engine.Call{ID: "1", State: engine.OnHold, LocalHold: true, RemoteAddress: "bob@example.com"}
	talking := engine.Call{ID: "2", State: engine.Connected, RemoteAddress: "carol@example.com", Muted: true}
	rings := engine.Call{ID: "3", State: engine.Ringing, Direction: engine.Incoming}
	over := engine.Call{ID: "0", State: engine.Ended}
	tests := []struct {
		calls []engine.Call
		line  string
		did   string
		said  string
	}{
		{[]engine.Call{held, talking, rings}, "answer hold", "Hold 2, Accept 3 false", ""},
		{[]engine.Call{held, talking, rings}, "answer video end", "Hangup 2, Accept 3 true", ""},
		{[]engine.Call{held, talking, rings}, "answer video", "Accept 3 true", ""},
		{[]engine.Call{rings}, "answer loudly", "", "Write: answer"},
		{[]engine.Call{over, held, talking}, "swap", "Hold 2, Unhold 1", ""},
		{[]engine.Call{talking}, "swap", "", "no call on hold"},
		{nil, "swap", "", "no call on hold"},
		{[]engine.Call{held}, "swap", "Unhold 1", ""},
		{[]engine.Call{{ID: "9", State: engine.OnHold, LocalHold: true}, held, talking}, "swap call=9", "Hold 2, Unhold 9", ""},
		{[]engine.Call{over, held, talking}, "join", "TransferTo 1 2", ""},
		{[]engine.Call{held, talking, {ID: "5", State: engine.Connected}}, "join", "", "Write: join ID ID"},
		{[]engine.Call{held, talking, {ID: "5", State: engine.Connected}}, "join 5 1", "TransferTo 5 1", ""},
		{[]engine.Call{held, talking}, "join 2", "", "Write: join ID ID"},
		{[]engine.Call{held, rings}, "join", "", "Write: join ID ID"},
		{[]engine.Call{held, rings}, "forward dave", "Transfer 3 dave", ""},
		{[]engine.Call{talking}, "forward dave", "", "transfer ADDRESS"},
		{[]engine.Call{over, talking}, "calls", "", `"calls":[{"callId":"2","direction":"outgoing","with":"carol@example.com","withName":"","state":"Connected","localHold":false,"remoteHold":false,"muted":true,`},
		{nil, "call bob video as Al the Great", "Call bob true as Al the Great", ""},
		{nil, "call bob as Al", "Call bob false as Al", ""},
		{nil, "call as Al", "", "Write: call"},
		{nil, "camera USB Camera 2", "SelectDevice 0 USB Camera 2", ""},
		{nil, "speaker", "", "Write: speaker DEVICE"},
		{nil, "devices", "", `"devices":[{"role":"microphone","id":"m1","name":"Mic","default":true}],"chosen":{"camera":"auto","microphone":"m1","speaker":"none","ringer":"auto"}`},
		{nil, "screens", "Screens", `"screens":[{"id":"s1","kind":"screen","name":"Screen 1","width":800,"height":600},{"id":"w1","kind":"window","name":"My slides"`},
		{[]engine.Call{talking}, "share My slides", "Screens, ShareScreen 2 w1", ""},
		{[]engine.Call{talking}, "share s1", "Screens, ShareScreen 2 s1", ""},
		{[]engine.Call{talking}, "share s9", "Screens", `no screen or window \"s9\"`},
		{[]engine.Call{talking}, "share off", "ShareScreen 2", ""},
		{nil, "share s1", "", "There is no call."},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t, false)
			d.fake.SetScreens([]engine.Screen{{ID: "s1", Name: "Screen 1", Width: 800, Height: 600}, {ID: "w1", Name: "My slides", Kind: engine.Window}})
			d.emit(registered)
			d.fake.SetSnapshot(engine.Snapshot{
				Calls:   tt.calls,
				Devices: []engine.Device{{Kind: engine.Microphone, ID: "m1", Name: "Mic", Default: true}},
				Chosen:  engine.DeviceChoice{Camera: "auto", Microphone: "m1", Speaker: "none", Ringer: "auto"},
			})
			d.text.Reset()
			d.say(tt.line)
			said := d.text.String()
			if did := d.did(); did != tt.did || !strings.Contains(said, tt.said) || tt.said == "" && said != "" {
				t.Errorf("%q\n did %q\nwant %q\nsaid %s", tt.line, did, tt.did, said)
			}
			d.say("quit")
			d.ends(t, exitOK)
		})
	}
}

func state(s engine.CallState) engine.Event {
	return engine.Event{Name: engine.EventCallStateChange, CallID: "out-1", State: s}
}

// TestDemoAlwaysEnds: whatever goes wrong, the demo says so and ends.
func TestDemoAlwaysEnds(t *testing.T) {
	cases := map[string]func(*desk){
		"the call cannot be made": func(d *desk) {
			d.fake.Fail("Call", errors.New("no"))
			d.emit(registered)
		},
		"it is never answered":                         func(d *desk) { d.emit(registered, state(engine.Ringing)) },
		"it is never signed in":                        func(*desk) {},
		"the call fails":                               func(d *desk) { d.emit(registered, state(engine.Ended)) },
		"the contact hangs up":                         func(d *desk) { d.emit(registered, state(engine.Connected), state(engine.Ended)) },
		"there is no picture, and the hang-up is lost": func(d *desk) { d.emit(registered, state(engine.Connected)) },
		"there is no picture": func(d *desk) {
			d.emit(registered, state(engine.Connected))
			time.Sleep(showTime + 10*time.Second) // of the bubble
			d.emit(state(engine.Ended))
		},
	}
	for name, play := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, true)
				play(d)
				d.ends(t, exitFailure)
				if !strings.Contains(d.text.String(), ":error") {
					t.Errorf("no sentence:\n%s", d.text.String())
				}
			})
		})
	}
}

func TestLinesOfInput(t *testing.T) {
	r := bufio.NewReaderSize(strings.NewReader("call bob\r\n"+strings.Repeat("x", 3*maxLine)+"\n\nhangup"), maxLine)
	var got []string
	for {
		in, err := readLine(r)
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Error(err)
			}
			break
		}
		if in.err != nil {
			in.line = "too long"
		}
		got = append(got, in.line)
	}
	if text := strings.Join(got, "|"); text != "call bob|too long||hangup" {
		t.Errorf("read %q", text)
	}
}
