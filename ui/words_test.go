package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tring/engine"
	"tring/ui/uitest"
	"tring/ui/widgets"
)

func TestEventWords(t *testing.T) {
	problem := &engine.Problem{Cause: "The camera is busy.", Next: "Close the other program."}
	tests := []struct {
		event engine.Event
		want  string
		tone  widgets.Tone
	}{
		{engine.Event{Name: engine.EventSubscriptionChange, Subscribed: []string{"call", "presence"}}, "Subscribed to: call, presence.", widgets.ToneGood},
		{engine.Event{Name: engine.EventSubscriptionChange, Reason: "signed out"}, "Not subscribed to any service. signed out", widgets.ToneNormal},
		{engine.Event{Name: engine.EventSubscriptionError, Problem: problem}, "The camera is busy. Close the other program.", widgets.ToneBad},
		{engine.Event{Name: engine.EventCallStart, Remote: "bob@x", Video: true}, "Video call to bob@x started.", widgets.ToneNormal},
		{engine.Event{Name: engine.EventCallReceive, Remote: "bob@x", RemoteName: "Bob"}, "Voice call from Bob (bob@x) is coming in.", widgets.ToneNormal},
		{engine.Event{Name: engine.EventCallReceive}, "Voice call from somebody unknown is coming in.", widgets.ToneNormal},
		{engine.Event{Name: engine.EventCallStateChange, Previous: engine.Ringing, State: engine.Connected}, "Ringing → Connected.", widgets.ToneGood},
		{engine.Event{Name: engine.EventCallStateChange, Previous: engine.Connected, State: engine.OnHold, RemoteHold: true}, "Connected → On Hold: held by the other side.", widgets.ToneNormal},
		{engine.Event{Name: engine.EventCallStateChange, Previous: engine.Connected, State: engine.OnHold, LocalHold: true}, "Connected → On Hold: held here.", widgets.ToneNormal},
		{engine.Event{Name: engine.EventCallStateChange, Previous: engine.OnHold, State: engine.OnHold, LocalHold: true, RemoteHold: true}, "On Hold → On Hold: held by both sides.", widgets.ToneNormal},
		{engine.Event{Name: engine.EventCallStateChange, Previous: engine.Ringing, State: engine.Ended, End: engine.EndInfo{Reason: engine.ReasonBusy, StatusCode: 486, Text: "Busy Here"}}, "Ringing → Ended: Busy (486 Busy Here).", widgets.ToneNormal},
		{engine.Event{Name: engine.EventCallStateChange, Previous: engine.Ringing, State: engine.Cancelled, End: engine.EndInfo{Reason: engine.ReasonAnsweredElsewhere}}, "Ringing → Cancelled: Answered on another device.", widgets.ToneNormal},
		{engine.Event{Name: engine.EventCallError, Problem: problem}, "The camera is busy. Close the other program.", widgets.ToneBad},
		{engine.Event{Name: engine.EventCallError}, "Something went wrong; no details were given.", widgets.ToneBad},
		{engine.Event{Name: engine.EventCallMediaConnection, Media: engine.MediaFlowing}, "Sound and picture have a way.", widgets.ToneGood},
		{engine.Event{Name: engine.EventCallMediaConnection, Media: engine.MediaFailed}, "No way was found for sound and picture.", widgets.ToneBad},
		{engine.Event{Name: engine.EventCallMedia, MediaKind: "audio", SinceAnswer: 80 * time.Millisecond}, "First sound heard, 80 ms after the answer.", widgets.ToneGood},
		{engine.Event{Name: engine.EventCallOperation, Operation: "hold", Phase: "start", Local: true}, "Hold started.", widgets.ToneNormal},
		{engine.Event{Name: engine.EventCallOperation, Operation: "addVideo", Phase: "finish"}, "Turning the camera on done, asked for by the other side.", widgets.ToneGood},
		{engine.Event{Name: engine.EventCallOperation, Operation: "dance", Phase: "error", Local: true, Reason: "timeout"}, "Operation dance failed. timeout", widgets.ToneBad},
		{engine.Event{Name: engine.EventCallDTMF, Operation: "5"}, "The other side pressed 5.", widgets.ToneNormal},
		{engine.Event{Name: engine.EventDeviceChange}, "Cameras, microphones or speakers changed.", widgets.ToneNormal},
		{engine.Event{Name: engine.EventNotice, Problem: problem}, "The camera is busy. Close the other program.", widgets.ToneBad},
		{engine.Event{Name: engine.EventCredential, Secret: engine.Secret{RefreshToken: "hush"}}, "The server renewed the sign-in.", widgets.ToneNormal},
	}
	for _, tt := range tests {
		got, tone := eventWords(tt.event)
		if got != tt.want || tone != tt.tone {
			t.Errorf("%s: got %q (%d), want %q (%d)", tt.event.Name, got, tone, tt.want, tt.tone)
		}
	}
}

func TestEndWordsCoverEveryReason(t *testing.T) {
	c := engine.Call{RemoteName: "Bob", RemoteAddress: "bob@x"}
	want := map[engine.EndReason]string{
		engine.ReasonDeclined:          "Declined",
		engine.ReasonNoAnswer:          "No answer",
		engine.ReasonBusy:              "Busy",
		engine.ReasonAnsweredElsewhere: "Answered on another device",
		engine.ReasonNetworkLost:       "Network lost",
		engine.ReasonUnknownUser:       "There is nobody called bob@x",
		engine.ReasonUnreachable:       "Bob is not signed in",
		engine.ReasonHungUpThere:       "Bob hung up",
		engine.ReasonHungUpHere:        "Call ended",
		engine.ReasonCancelledThere:    "Bob gave up calling",
	}
	for r := engine.ReasonNone; r <= engine.ReasonServerEnded; r++ {
		c.End.Reason = r
		headline, _ := endWords(c)
		if headline == "" || reasonWords(r) == "" {
			t.Errorf("reason %d has no words", r)
		}
		if w, known := want[r]; known && headline != w {
			t.Errorf("reason %d: got %q, want %q", r, headline, w)
		}
	}
	c.Direction, c.End.Reason = engine.Incoming, engine.ReasonNoAnswer
	if headline, _ := endWords(c); headline != "You did not answer" {
		t.Errorf("a missed call says %q", headline)
	}
}

func TestRegistrationStatus(t *testing.T) {
	tests := []struct {
		state engine.RegistrationState
		want  string
	}{
		{engine.RegistrationState{}, "Offline"},
		{engine.RegistrationState{State: engine.Registering}, "Connecting"},
		{engine.RegistrationState{State: engine.Registered}, "Ready"},
		{engine.RegistrationState{State: engine.Reconnecting, RetryAt: start.Add(2500 * time.Millisecond)}, "Reconnecting in 3 s"},
		{engine.RegistrationState{State: engine.Reconnecting, RetryAt: start.Add(-time.Second)}, "Reconnecting now"},
		{engine.RegistrationState{State: engine.Reconnecting}, "Reconnecting now"},
		{engine.RegistrationState{State: engine.SignInRequired}, "Sign in again"},
	}
	for _, tt := range tests {
		if got := registrationStatus(tt.state, start); got.words != tt.want || got.icon == "" {
			t.Errorf("got %+v, want %q", got, tt.want)
		}
	}
}

func TestCallState(t *testing.T) {
	bob := engine.Call{RemoteAddress: "bob@x", State: engine.Connected, Media: engine.MediaFlowing}
	change := func(f func(*engine.Call)) engine.Call { c := bob; f(&c); return c }
	tests := []struct {
		call   engine.Call
		cutOff time.Duration
		want   string
		warn   bool
	}{
		{bob, 0, "", false},
		{change(func(c *engine.Call) { c.RemoteHold = true }), 0, "bob put you on hold", false},
		{change(func(c *engine.Call) { c.LocalHold = true }), 0, "You put bob on hold", false},
		{change(func(c *engine.Call) { c.Media = engine.MediaInterrupted }), 7 * time.Second, "Reconnecting… (7 s)", true},
		{change(func(c *engine.Call) { c.Media = engine.MediaConnecting }), 0, "Connecting…", false},
		{change(func(c *engine.Call) { c.Media = engine.MediaFailed }), 0, "No sound or picture gets through", true},
	}
	for _, tt := range tests {
		if got, warn := callState(tt.call, tt.cutOff); got != tt.want || warn != tt.warn {
			t.Errorf("got %q %t, want %q %t", got, warn, tt.want, tt.warn)
		}
	}
	if got := pictureState(change(func(c *engine.Call) { c.RemoteName = "Anna" }), true, faultNone); got != "Anna turned the camera off" {
		t.Errorf("got %q", got)
	}
}

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0:00", 7 * time.Second: "0:07", 754 * time.Second: "12:34", 3723 * time.Second: "1:02:03",
	} {
		if got := clock(d); got != want {
			t.Errorf("clock(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestTidyServer(t *testing.T) {
	tests := []struct {
		typed, want string
		fine        bool
	}{
		{"", "", false},
		{"calls.example.com", "https://calls.example.com", true},
		{" https://calls.example.com:8443/ ", "https://calls.example.com:8443", true},
		{"http://127.0.0.1:8080", "http://127.0.0.1:8080", true},
		{"http://[::1]:8080", "http://[::1]:8080", true},
		{"http://localhost", "http://localhost", true},
		{"http://calls.example.com", "http://calls.example.com", false},
		{"http://localhost.example.com", "http://localhost.example.com", false},
		{"ftp://calls.example.com", "ftp://calls.example.com", false},
		{"https://", "https://", false},
		{"https://a b", "https://a b", false},
	}
	for _, tt := range tests {
		got, problem := tidyServer(tt.typed)
		if (problem == "") != tt.fine || tt.fine && got != tt.want {
			t.Errorf("tidyServer(%q) = %q, %q", tt.typed, got, problem)
		}
	}
}

func FuzzTidyServer(f *testing.F) {
	f.Add("http://127.0.0.1")
	f.Add("https://%zz")
	f.Fuzz(func(t *testing.T, typed string) {
		server, problem := tidyServer(typed)
		if problem == "" && !strings.HasPrefix(strings.ToLower(server), "http") {
			t.Errorf("%q was taken as %q", typed, server)
		}
	})
}

func TestDeviceOptions(t *testing.T) {
	devices := []engine.Device{
		{Kind: engine.Camera, ID: "a", Name: "Webcam"},
		{Kind: engine.Camera, ID: "b", Name: "Webcam"},
		{Kind: engine.Camera, ID: engine.DeviceTest, Name: "Test picture"},
		{Kind: engine.Microphone, ID: "m", Name: "Headset"},
	}
	list := func(kind engine.DeviceKind, chosen string) string {
		var parts []string
		for _, o := range deviceOptions(devices, kind, chosen) {
			parts = append(parts, fmt.Sprintf("%s=%s", o.label, o.choice))
		}
		return strings.Join(parts, " ")
	}
	if got, want := list(engine.Camera, engine.DeviceAuto), "Automatic=auto Webcam=a Webcam (2)=b Test pattern=test None=none"; got != want {
		t.Errorf("got %q", got)
	}
	if got := list(engine.Camera, "/films/clip.y4m"); !strings.HasSuffix(got, " File clip.y4m=/films/clip.y4m") {
		t.Errorf("got %q", got)
	}
	if got := list(engine.Microphone, "Headset"); !strings.HasSuffix(got, " Headset (chosen)=Headset") {
		t.Errorf("got %q", got)
	}
	if got, want := list(engine.Speaker, ""), "Automatic=auto None=none"; got != want {
		t.Errorf("got %q", got)
	}
}

func TestEchoWords(t *testing.T) {
	if got := echoWords(nil); !strings.Contains(got, "test pattern") || !strings.Contains(got, "without sound") {
		t.Errorf("without devices: %q", got)
	}
	if got := echoWords(uitest.Registered().Devices); strings.Contains(got, "no ") {
		t.Errorf("with devices: %q", got)
	}
}

func TestLogTextHasISOTimes(t *testing.T) {
	text := logText([]widgets.LogLine{{Time: start, Name: "call:start", Text: "a\nb"}})
	if text != "2026-11-22T09:30:00Z  call:start  a b\n" {
		t.Errorf("got %q", text)
	}
}

func TestStatsText(t *testing.T) {
	s := engine.Stats{Time: start, Transport: "relay", RoundTrip: 42 * time.Millisecond, Video: &engine.VideoStats{}, Audio: &engine.AudioStats{}}
	s.Video.Inbound.Width, s.Video.Inbound.Height, s.Video.Inbound.Codec = 1280, 720, "VP8"
	text := statsText(s)
	for _, want := range []string{"Path: relay, round trip 42.0 ms", "VP8 1280×720", "Sound received: no codec yet"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if !strings.Contains(statsText(engine.Stats{}), "not chosen yet") {
		t.Error("an empty measurement has no path")
	}
}

func TestLongNamesInSentences(t *testing.T) {
	for name, want := range map[string]string{
		"Bob Smith": "Bob Smith", "": "Unknown caller",
		"a.very.long.address.indeed.that.goes.on@example.com": "a.very.long.address.indeed.that.…",
		"Maria Anna Sofia Cecilia Kalogeropoulos":             "Maria Anna Sofia Cecilia…",
		"Donaudampfschifffahrtsgesellschaftskapitän":          "Donaudampfschifffahrtsgesellscha…",
	} {
		if got := firstName(engine.Call{RemoteName: name}); got != want {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
	}
}
