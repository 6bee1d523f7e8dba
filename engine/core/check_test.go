package core_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tring/engine"
	"tring/engine/core"
	"tring/engine/switchboard"
	"tring/engine/switchboard/echo"
)

// echoOffice is an office in which echo@example.com answers, and alice has a
// phone.
func echoOffice(t *testing.T, devices engine.DeviceChoice) (*office, *phone) {
	t.Helper()
	o := newOfficeWith(t, switchboard.Config{
		Contacts: map[string]switchboard.Contact{"echo": echo.New(echo.Options{LoopbackOnly: true})},
		TURN:     switchboard.TURN{Relay: &switchboard.Relay{Listen: "127.0.0.1:0", PublicIP: netip.MustParseAddr("127.0.0.1"), PrivatePeers: true}},
	})
	o.addUser("alice")
	return o, o.phoneWith("alice", devices)
}

var testDevices = engine.DeviceChoice{Camera: engine.DeviceTest, Microphone: engine.DeviceTest, Speaker: engine.DeviceNone}

// checked runs a whole check and gives how its steps ended. Each has to be told at
// its end exactly once.
func checked(t *testing.T, c *core.Core, options engine.CheckOptions) map[engine.CheckStep]engine.CheckResult {
	t.Helper()
	told, err := c.Check(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	return ends(t, told)
}

func ends(t *testing.T, told <-chan engine.CheckResult) map[engine.CheckStep]engine.CheckResult {
	t.Helper()
	all := map[engine.CheckStep]engine.CheckResult{}
	for r := range told {
		if !r.State.Over() {
			continue
		}
		if old, twice := all[r.Step]; twice {
			t.Errorf("%s ended twice: %+v, %+v", r.Step, old, r)
		}
		if r.Cause == "" {
			t.Errorf("%s has no words", r.Step)
		}
		all[r.Step] = r
	}
	if len(all) != int(engine.CheckSteps) {
		t.Errorf("%d steps ended", len(all))
	}
	for step := range engine.CheckSteps {
		t.Logf("%-10s %-7s %s %s %v %v", step, all[step].State, all[step].Cause, all[step].Next, all[step].Figures, all[step].Took)
	}
	return all
}

// want compares states, in the order of the steps. On a busy machine, what works
// may be too slow to be good.
func want(t *testing.T, all map[engine.CheckStep]engine.CheckResult, states string) {
	t.Helper()
	var got []string
	for step := range engine.CheckSteps {
		state := all[step].State
		if state == engine.CheckWarn {
			state = engine.CheckOK
		}
		got = append(got, state.String())
	}
	if text := strings.Join(got, " "); text != states {
		t.Errorf("got  %s\nwant %s", text, states)
	}
}

func figure(r engine.CheckResult, name string) float64 {
	for _, f := range r.Figures {
		if f.Name == name {
			return f.Value
		}
	}
	return -1
}

func TestCheck(t *testing.T) {
	t.Parallel()
	_, alice := echoOffice(t, testDevices)
	watched := make(chan int, 1)
	ctx, cancel := context.WithCancel(t.Context())
	seen := alice.Watch(ctx)
	go func() {
		most := 0
		for s := range seen {
			most = max(most, len(s.Calls))
		}
		watched <- most
	}()
	all := checked(t, alice.Core, engine.CheckOptions{EchoContact: "echo"})
	cancel()
	want(t, all, "ok skipped ok ok ok ok ok skipped ok ok")
	if w, fps := figure(all[engine.CheckCamera], engine.FigureWidth), figure(all[engine.CheckCamera], engine.FigureRate); w != 640 || fps < 1 {
		t.Errorf("camera: %v", all[engine.CheckCamera].Figures)
	}
	if all[engine.CheckSound].Took <= 0 || figure(all[engine.CheckSound], engine.FigureLoss) < 0 {
		t.Errorf("sound: %+v", all[engine.CheckSound])
	}
	if n := <-watched; n != 0 {
		t.Errorf("%d calls were seen", n)
	}
	for _, ev := range strings.Split(alice.told(), "\n") {
		if strings.Contains(ev, "call:") {
			t.Errorf("a face was told of %s", ev)
		}
	}
	_, err := alice.Check(t.Context(), engine.CheckOptions{}) // the next one may begin at once
	if err != nil {
		t.Error(err)
	}
}

// TestCheckFails: what is missing is said, and in the right place.
func TestCheckFails(t *testing.T) {
	t.Parallel()
	silent := filepath.Join(t.TempDir(), "silent.wav")
	if err := os.WriteFile(silent, silentWAV(), 0o600); err != nil {
		t.Fatal(err)
	}
	nowhere := httptest.NewServer(http.NotFoundHandler())
	nowhere.Close()
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(untrusted.Close)
	tests := map[string]struct {
		devices engine.DeviceChoice
		server  string
		states  string
		step    engine.CheckStep
		words   string
	}{
		"no server known": {testDevices, "", "ok skipped ok skipped skipped skipped skipped skipped skipped skipped", engine.CheckServer, "No server is known."},
		"no server there": {testDevices, nowhere.URL, "ok skipped ok fail skipped skipped skipped skipped skipped skipped", engine.CheckServer, "Nothing answers at"},
		"wrong certificate": {
			testDevices, untrusted.URL, "ok skipped ok fail skipped skipped skipped skipped skipped skipped",
			engine.CheckServer, "Nobody known vouches for the certificate of " + strings.TrimPrefix(untrusted.URL, "https://") + ".",
		},
		"silent microphone": {
			engine.DeviceChoice{Camera: engine.DeviceNone, Microphone: silent, Speaker: engine.DeviceNone},
			"",
			"fail skipped skipped skipped skipped skipped skipped skipped skipped skipped", engine.CheckMicrophone, "No sound at all comes from the microphone.",
		},
		"no microphone": {
			engine.DeviceChoice{Camera: engine.DeviceNone, Microphone: "gone", Speaker: engine.DeviceNone},
			"",
			"fail skipped skipped skipped skipped skipped skipped skipped skipped skipped", engine.CheckMicrophone, "",
		},
		"no camera": {
			engine.DeviceChoice{Camera: filepath.Join(t.TempDir(), "gone.y4m"), Microphone: engine.DeviceNone, Speaker: engine.DeviceNone},
			"",
			"skipped skipped fail skipped skipped skipped skipped skipped skipped skipped", engine.CheckCamera, "gone.y4m does not exist.",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPhone(t, "nobody", core.Config{Devices: tt.devices})
			all := checked(t, p.Core, engine.CheckOptions{Server: tt.server, EchoContact: "echo@example.com"})
			want(t, all, tt.states)
			if r := all[tt.step]; !strings.Contains(r.Cause, tt.words) || r.Next == "" {
				t.Errorf("%s says %q %q", tt.step, r.Cause, r.Next)
			}
		})
	}
}

// silentWAV is a second of digital silence: 8 kHz, 8 bit.
func silentWAV() []byte {
	b := append([]byte("RIFF\x64\x1f\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x40\x1f\x00\x00"), make([]byte, 8000)...)
	for i := range b[44:] {
		b[44+i] = 0x80
	}
	return b
}

func TestCheckOfAnEchoThatIsNotThere(t *testing.T) {
	t.Parallel()
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	all := checked(t, o.phone("alice").Core, engine.CheckOptions{EchoContact: "nobody"})
	if r := all[engine.CheckSound]; r.State != engine.CheckFailed || !strings.Contains(r.Cause, "nobody@example.com") {
		t.Errorf("the sound says %+v", r)
	}
}

// TestCheckAndCalls: a check does not run during a call, and ends at once when one
// comes.
func TestCheckAndCalls(t *testing.T) {
	t.Parallel()
	o, alice := echoOffice(t, testDevices)
	o.addUser("bob")
	bob := o.phone("bob")
	for _, begin := range []func() engine.CallID{
		func() engine.CallID { // she calls
			id, err := alice.Call("bob", engine.CallOptions{})
			alice.must(err)
			return id
		},
		func() engine.CallID { // she is called
			_, err := bob.Call("alice", engine.CallOptions{})
			bob.must(err)
			return alice.awaitCall()
		},
	} {
		told, err := alice.Check(t.Context(), engine.CheckOptions{EchoContact: "echo"})
		if err != nil {
			t.Fatal(err)
		}
		for r := range told {
			if r.Step == engine.CheckSound && r.State == engine.CheckRunning {
				break
			}
		}
		if _, err := alice.Check(t.Context(), engine.CheckOptions{}); !errors.Is(err, engine.ErrWrongState) {
			t.Errorf("a second check: %v", err)
		}
		id := begin()
		var last engine.CheckResult
		for last = range told { //nolint:revive // to its end
		}
		if last.State != engine.CheckSkipped || !strings.HasPrefix(last.Cause, "A call came in between") {
			t.Errorf("ended with %+v", last)
		}
		if _, err := alice.Check(t.Context(), engine.CheckOptions{}); !errors.Is(err, engine.ErrWrongState) || !strings.Contains(fmt.Sprint(err), "would disturb") {
			t.Errorf("a check during a call: %v", err)
		}
		alice.must(alice.Hangup(id))
		alice.awaitState(engine.Ended)
	}
}

// TestCheckIsGivenUp: it ends at once with its context, and with the engine.
func TestCheckIsGivenUp(t *testing.T) {
	t.Parallel()
	_, alice := echoOffice(t, testDevices)
	ctx, cancel := context.WithCancel(t.Context())
	told, err := alice.Check(ctx, engine.CheckOptions{EchoContact: "echo"})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for step, r := range ends(t, told) {
		if step == engine.CheckSound && (r.State != engine.CheckSkipped || r.Cause != "The check was stopped.") {
			t.Errorf("ended with %+v", r)
		}
	}
	if told, err = alice.Check(t.Context(), engine.CheckOptions{}); err != nil {
		t.Fatal(err)
	}
	alice.must(alice.Close())
	for range told { //nolint:revive // is closed
	}
	if _, err := alice.Check(t.Context(), engine.CheckOptions{}); !errors.Is(err, engine.ErrClosed) {
		t.Errorf("of a closed engine: %v", err)
	}
}
