package checkup

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tring/engine"
)

var busy = &engine.Problem{Cause: "It is used by another program.", Next: "Close that program.", Err: engine.ErrDeviceBusy}

// judged is a row of a table: what a step says.
type judged struct {
	r     engine.CheckResult
	state engine.CheckState
	words string
}

// compare also wants a next step of whatever is not as it should be.
func compare(t *testing.T, tests map[string]judged) {
	t.Helper()
	for name, tt := range tests {
		if tt.r.State != tt.state || !strings.Contains(tt.r.Cause, tt.words) {
			t.Errorf("%s: %s %q, want %s %q", name, tt.r.State, tt.r.Cause, tt.state, tt.words)
		}
		if (tt.state == engine.CheckWarn || tt.state == engine.CheckFailed) && tt.r.Next == "" {
			t.Errorf("%s: no next step", name)
		}
		for _, f := range tt.r.Figures {
			if math.IsNaN(f.Value) || math.IsInf(f.Value, 0) || f.Name == "" || f.Unit == "" {
				t.Errorf("%s: figure %+v", name, f)
			}
		}
	}
}

// heard is three seconds of noise, and in the middle one of speech, with these
// levels in dBFS.
func heard(noise, voice float64) *Sound {
	random := rand.New(rand.NewPCG(1, 2))
	s := new(Sound)
	for n := range 300 {
		level := math.Pow(10, noise/20)
		if n >= 100 && n < 200 && n%20 < 14 { // syllables
			level = math.Pow(10, voice/20)
		}
		var pcm [480]float32
		for i := range pcm {
			pcm[i] = float32(max(-1, min(1, level*random.NormFloat64())))
		}
		s.Add(pcm[:])
	}
	return s
}

func constant(v float32) *Sound {
	s := new(Sound)
	for range 300 {
		s.Add([]float32{v, v, v, v})
	}
	return s
}

func TestMicrophone(t *testing.T) {
	mic := func(s *Sound) engine.CheckResult { return Microphone{Sound: s}.Judge() }
	compare(t, map[string]judged{
		"good":          {mic(heard(-65, -22)), engine.CheckOK, "hears you well"},
		"nobody speaks": {mic(heard(-65, -65)), engine.CheckOK, "Nobody spoke"},
		"hard to hear":  {mic(heard(-75, -50)), engine.CheckWarn, "hard to hear"},
		"noisy":         {mic(heard(-35, -15)), engine.CheckWarn, "loud around"},
		"distorted":     {mic(heard(-60, 0)), engine.CheckWarn, "distorts"},
		"digital nil":   {mic(constant(0)), engine.CheckFailed, "No sound at all"},
		"a constant":    {mic(constant(0.3)), engine.CheckFailed, "No sound at all"},
		"nothing came":  {mic(new(Sound)), engine.CheckFailed, "No sound at all"},
		"busy":          {Microphone{Problem: busy, Sound: constant(0)}.Judge(), engine.CheckFailed, busy.Cause},
		"broken":        {Microphone{Problem: errors.New("x"), Sound: new(Sound)}.Judge(), engine.CheckFailed, "could not be used"},
		"gated":         {Microphone{Woken: true, Problem: busy, Sound: constant(0)}.Judge(), engine.CheckOK, "Nobody spoke"},
		"other's fault": {Microphone{Problem: busy, Sound: heard(-65, -22)}.Judge(), engine.CheckOK, "hears you well"},
		"none":          {Microphone{None: true, Sound: new(Sound)}.Judge(), engine.CheckSkipped, "No microphone is chosen"},
		"a loud file":   {Microphone{Made: true, Sound: heard(-30, -16)}.Judge(), engine.CheckOK, ""},
	})
	figures := mic(heard(-65, -22)).Figures
	if len(figures) != 3 || figures[0].Name != engine.FigureLevel || math.Abs(figures[0].Value+22) > 1 || math.Abs(figures[1].Value+65) > 1 {
		t.Errorf("figures %v", figures)
	}
}

func TestSpeaker(t *testing.T) {
	works := Microphone{Sound: heard(-65, -22)}
	silent := Microphone{Sound: constant(0)}
	compare(t, map[string]judged{
		"heard":         {Speaker{Microphone: works, Heard: true, Level: 0.01, Delay: 90 * time.Millisecond}.Judge(), engine.CheckOK, "hears the speaker"},
		"gated":         {Speaker{Microphone: Microphone{Woken: true, Sound: constant(0)}, Heard: true}.Judge(), engine.CheckOK, "hears the speaker"},
		"not heard":     {Speaker{Microphone: works}.Judge(), engine.CheckWarn, "does not hear"},
		"busy":          {Speaker{Microphone: works, Problem: busy}.Judge(), engine.CheckFailed, busy.Cause},
		"none":          {Speaker{Microphone: works, None: true}.Judge(), engine.CheckSkipped, "No speaker"},
		"file":          {Speaker{Microphone: works, File: true}.Judge(), engine.CheckSkipped, "is a file"},
		"no microphone": {Speaker{Microphone: silent}.Judge(), engine.CheckSkipped, "no microphone to hear it"},
		"test tone":     {Speaker{Microphone: Microphone{Made: true, Sound: heard(-65, -22)}}.Judge(), engine.CheckSkipped, "no microphone to hear it"},
	})
}

// seen is two seconds of pictures at a rate, all alike.
func seen(rate, mean, deviation float64) *Pictures {
	p := new(Pictures)
	began := time.Unix(1000, 0)
	for n := range int(2 * rate) {
		p.Add(began.Add(time.Duration(float64(n)/rate*1e9)), 1280, 720, mean, deviation)
	}
	return p
}

func TestCamera(t *testing.T) {
	camera := func(p *Pictures) engine.CheckResult { return Camera{Pictures: p}.Judge() }
	compare(t, map[string]judged{
		"good":          {camera(seen(30, 0.4, 0.2)), engine.CheckOK, "30 pictures a second of 1280 × 720"},
		"15 a second":   {camera(seen(15, 0.4, 0.2)), engine.CheckOK, "15 pictures"},
		"slow":          {camera(seen(7.5, 0.4, 0.2)), engine.CheckWarn, "only 8 pictures"},
		"one picture":   {camera(seen(0.5, 0.4, 0.2)), engine.CheckWarn, "only 0 pictures"},
		"covered":       {camera(seen(30, 0.01, 0.005)), engine.CheckWarn, "is black"},
		"a dark room":   {camera(seen(30, 0.05, 0.1)), engine.CheckWarn, "is dark"},
		"nothing":       {camera(new(Pictures)), engine.CheckFailed, "gives no picture"},
		"busy":          {Camera{Pictures: new(Pictures), Problem: busy}.Judge(), engine.CheckFailed, busy.Cause},
		"stand-in":      {Camera{Pictures: seen(30, 0.4, 0.2), StandIn: busy}.Judge(), engine.CheckWarn, busy.Cause},
		"none":          {Camera{None: true, Pictures: new(Pictures)}.Judge(), engine.CheckSkipped, "No camera"},
		"a slow film":   {Camera{Made: true, Pictures: seen(10, 0.4, 0.2)}.Judge(), engine.CheckOK, "10 pictures"},
		"a black one":   {Camera{Made: true, Pictures: seen(25, 0, 0)}.Judge(), engine.CheckWarn, "is black"},
		"clock stopped": {camera(&Pictures{count: 60, width: 8, height: 8, bright: 30, spread: 10}), engine.CheckOK, ""},
	})
}

func TestServer(t *testing.T) {
	compare(t, map[string]judged{
		"good":    {Server{Host: "calls.example.com", Connect: 20 * time.Millisecond, Answer: 30 * time.Millisecond}.Judge(), engine.CheckOK, "calls.example.com answers."},
		"slow":    {Server{Host: "calls.example.com", Connect: 700 * time.Millisecond, Answer: 700 * time.Millisecond}.Judge(), engine.CheckWarn, "answers slowly"},
		"failed":  {Server{Host: "calls.example.com", Problem: busy}.Judge(), engine.CheckFailed, busy.Cause},
		"unknown": {Server{}.Judge(), engine.CheckSkipped, "No server"},
	})
	compare(t, map[string]judged{
		"signed in":   {Account(engine.RegistrationState{State: engine.Registered, Address: "alice@example.com"}), engine.CheckOK, "alice@example.com"},
		"refused":     {Account(engine.RegistrationState{State: engine.SignInRequired, Problem: busy}), engine.CheckFailed, busy.Cause},
		"offline":     {Account(engine.RegistrationState{}), engine.CheckSkipped, "not signed in"},
		"takes long":  {Account(engine.RegistrationState{State: engine.Registering}), engine.CheckFailed, "takes too long"},
		"on its way":  {Account(engine.RegistrationState{State: engine.Reconnecting, Problem: busy}), engine.CheckFailed, busy.Cause},
		"failed once": {Account(engine.RegistrationState{State: engine.Offline, Problem: busy}), engine.CheckFailed, busy.Cause},
	})
}

func TestWays(t *testing.T) {
	open, shut, none := Answers{Asked: 1, Took: time.Millisecond}, Answers{Asked: 2, Problem: busy}, Answers{}
	for name, tt := range map[string]struct {
		ways  Ways
		known bool
		want  string
	}{
		"all open":     {Ways{open, open, open}, true, "ok ok ok"},
		"no UDP":       {Ways{shut, open, none}, true, "warn ok skipped"},
		"UDP alone":    {Ways{open, shut, shut}, true, "ok warn warn"},
		"nothing":      {Ways{shut, shut, none}, true, "fail fail skipped"},
		"no relays":    {Ways{}, true, "skipped skipped skipped"},
		"nobody knows": {Ways{}, false, "skipped skipped skipped"},
		"one of two":   {Ways{{Asked: 2, Took: 1, Problem: busy}, none, none}, true, "ok skipped skipped"},
	} {
		var got []string
		for _, r := range tt.ways.Judge(tt.known) {
			got = append(got, r.State.String())
			if r.Cause == "" || r.State == engine.CheckFailed && r.Next == "" {
				t.Errorf("%s: %+v", name, r)
			}
		}
		if text := strings.Join(got, " "); text != tt.want {
			t.Errorf("%s: %s, want %s", name, text, tt.want)
		}
	}
}

func TestEcho(t *testing.T) {
	call := func(change func(*engine.Stats)) Echo {
		s := engine.Stats{
			RoundTrip: 30 * time.Millisecond,
			Audio:     &engine.AudioStats{Inbound: engine.AudioInbound{InboundStats: engine.InboundStats{Packets: 150}, Energy: 0.1}},
			Video: &engine.VideoStats{Inbound: engine.VideoInbound{
				InboundStats: engine.InboundStats{Packets: 400}, FramesDecoded: 90, FPS: 30, Width: 1280, Height: 720,
			}},
		}
		change(&s)
		return Echo{Stats: s, Loud: true, Video: true}
	}
	nothing := func(*engine.Stats) {}
	loses := func(s *engine.Stats) {
		s.Audio.Inbound.PacketsLost, s.Audio.Outbound.LossReported = 5, 0.05
		s.Video.Inbound.PacketsLost = 100
	}
	voice := call(func(s *engine.Stats) { s.Video = nil })
	voice.Video = false
	compare(t, map[string]judged{
		"sound":              {call(nothing).Sound(), engine.CheckOK, "Your sound comes back."},
		"lost":               {call(loses).Sound(), engine.CheckWarn, "8 % is lost"},
		"far away":           {call(func(s *engine.Stats) { s.RoundTrip = time.Second }).Sound(), engine.CheckWarn, "takes 1000 ms"},
		"silence":            {call(func(s *engine.Stats) { s.Audio.Inbound.Energy = 0 }).Sound(), engine.CheckWarn, "Only silence"},
		"no packet":          {call(func(s *engine.Stats) { s.Audio.Inbound.Packets = 0 }).Sound(), engine.CheckFailed, "does not come back"},
		"nothing":            {call(func(s *engine.Stats) { *s = engine.Stats{} }).Sound(), engine.CheckFailed, "does not come back"},
		"duplicates":         {call(func(s *engine.Stats) { s.Audio.Inbound.PacketsLost = -5 }).Sound(), engine.CheckOK, ""},
		"picture":            {call(nothing).Picture(), engine.CheckOK, "1280 × 720"},
		"picture lost":       {call(loses).Picture(), engine.CheckWarn, "20 % is lost"},
		"picture jerks":      {call(func(s *engine.Stats) { s.Video.Inbound.FPS = 3 }).Picture(), engine.CheckWarn, "jerks"},
		"no picture":         {call(func(s *engine.Stats) { s.Video.Inbound.FramesDecoded = 0 }).Picture(), engine.CheckFailed, "does not come back"},
		"no picture at all":  {call(func(s *engine.Stats) { s.Video = nil }).Picture(), engine.CheckFailed, "does not come back"},
		"no camera":          {voice.Picture(), engine.CheckSkipped, "no picture to send"},
		"no contact":         {Echo{Err: ErrNoContact}.Sound(), engine.CheckSkipped, "No echo contact"},
		"no contact either":  {Echo{Err: ErrNoContact}.Picture(), engine.CheckSkipped, "No echo contact"},
		"not signed in":      {Echo{Err: ErrNotSignedIn}.Sound(), engine.CheckSkipped, "not signed in"},
		"no path":            {Echo{Err: ErrNoPath}.Sound(), engine.CheckFailed, "no sound or picture gets through"},
		"no path, picture":   {Echo{Err: ErrNoPath}.Picture(), engine.CheckSkipped, "no sound or picture gets through"},
		"unknown":            {Echo{Err: busy}.Sound(), engine.CheckFailed, busy.Cause},
		"does not answer":    {Echo{Err: errors.New("x")}.Sound(), engine.CheckFailed, "does not answer"},
		"stopped by a call":  {Stopped(StoppedByCall), engine.CheckSkipped, "A call came"},
		"stopped by someone": {Stopped(StoppedByPerson), engine.CheckSkipped, "was stopped"},
	})
}
