package ui

import (
	"testing"
	"time"

	"tring/engine"
)

// line is a call's measurements, two seconds apart, of which each step says
// what happens in them.
type line struct {
	judge qualityJudge
	call  engine.Call
	stats engine.Stats
	got   callQuality
}

// seconds2 is what happens in two seconds.
type seconds2 struct {
	lossIn, lossOut float64
	concealed       time.Duration
	frozen          time.Duration
	trip            time.Duration
	limited         engine.Limit
	sent, camera    float64 // 30 if 0; none if negative
	shown           int     // pictures of the far end: 60, or one of the following
}

const (
	noPackets = 1 + iota // no picture comes
	notShown             // what comes cannot be decoded
)

func newLine() *line {
	return &line{
		call: engine.Call{
			ID: "1", State: engine.Connected, Media: engine.MediaFlowing, RemoteName: "Anna",
			SendingVideo: true, RemoteVideo: true,
		},
		stats: engine.Stats{Time: time.Unix(1700000000, 0)},
	}
}

func (l *line) step(s seconds2) callQuality {
	usual := func(fps float64) float64 {
		if fps == 0 {
			return 30
		}
		return max(fps, 0)
	}
	before := l.stats
	in := func(b engine.InboundStats, n float64) engine.InboundStats {
		b.Packets += uint64(n * (1 - s.lossIn))
		b.PacketsLost += int64(n * s.lossIn)
		return b
	}
	audio, video := engine.AudioStats{}, engine.VideoStats{}
	if before.Audio != nil {
		audio, video = *before.Audio, *before.Video
	}
	audio.Inbound.InboundStats = in(audio.Inbound.InboundStats, 100)
	audio.Inbound.Concealed += s.concealed
	audio.Outbound.Packets += 100
	audio.Outbound.LossReported = s.lossOut
	if s.shown != noPackets {
		video.Inbound.InboundStats = in(video.Inbound.InboundStats, 400)
	}
	if s.shown == 0 {
		video.Inbound.FramesDecoded += 60
	}
	video.Inbound.FreezeTime += s.frozen
	video.Outbound.Packets += 400
	video.Outbound.LossReported = s.lossOut
	video.Outbound.Limited = s.limited
	video.Outbound.FPS, video.Outbound.CameraFPS = usual(s.sent), usual(s.camera)
	l.stats = engine.Stats{
		CallID: "1", Time: before.Time.Add(2 * time.Second), RoundTrip: s.trip, Transport: "direct",
		Audio: &audio, Video: &video,
	}
	l.got = l.judge.take(l.stats, l.call)
	return l.got
}

func (l *line) steps(n int, s seconds2) callQuality {
	for range n {
		l.step(s)
	}
	return l.got
}

func TestQualityNamesTheSideAtFault(t *testing.T) {
	const second = time.Second
	tests := []struct {
		name     string
		is       seconds2
		call     func(*engine.Call)
		bars     int
		side     side
		sentence string
	}{
		{"all well", seconds2{trip: 80 * time.Millisecond}, nil, 3, nobody, ""},
		{"a little loss is repaired", seconds2{lossIn: 0.02, lossOut: 0.02}, nil, 3, nobody, ""},
		{"loss there", seconds2{lossOut: 0.06}, nil, 2, here, "Your connection loses what you send: Anna may see and hear gaps."},
		{"much loss there", seconds2{lossOut: 0.2, lossIn: 0.01}, nil, 1, here, "Your connection loses what you send: Anna may see and hear gaps."},
		{"loss there, smaller picture", seconds2{lossOut: 0.06, limited: engine.LimitedByConnection}, nil, 2, here, "Your connection loses what you send: Anna sees a smaller picture."},
		{"loss there, voice", seconds2{lossOut: 0.06}, func(c *engine.Call) { c.SendingVideo = false }, 2, here, "Your connection loses what you send: Anna may hear gaps."},
		{"loss here", seconds2{lossIn: 0.06, lossOut: 0.01}, nil, 2, there, "Anna’s connection is weak; nothing to fix here."},
		{"much loss here", seconds2{lossIn: 0.15, frozen: second}, nil, 1, there, "Anna’s connection is weak; nothing to fix here."},
		{"loss both ways", seconds2{lossIn: 0.05, lossOut: 0.06}, nil, 2, between, "The connection between you and Anna is weak, both ways."},
		{"no name", seconds2{lossIn: 0.06}, func(c *engine.Call) { c.RemoteName, c.RemoteAddress = "", "bob@example.com" }, 2, there, "bob’s connection is weak; nothing to fix here."},
		{"narrow", seconds2{limited: engine.LimitedByConnection}, nil, 2, here, "Your connection is slow: Anna sees a smaller picture."},
		{"busy", seconds2{limited: engine.LimitedByComputer}, nil, 2, here, "This computer is busy: Anna sees a smaller picture."},
		{"very busy", seconds2{limited: engine.LimitedByComputer, sent: 9.8}, nil, 1, here, "This computer is busy: Anna sees only 10 pictures a second."},
		{"a screen may be slow", seconds2{limited: engine.LimitedByComputer, sent: 4, camera: 4}, func(c *engine.Call) { c.ScreenShared = true }, 3, nobody, ""},
		{"dark", seconds2{camera: 8, sent: 8}, nil, 2, here, "Your camera gives only 8 pictures a second; more light helps."},
		{"camera dead", seconds2{camera: -1, sent: -1}, nil, 1, here, "Your camera gives no picture."},
		{"camera off", seconds2{camera: -1, sent: -1}, func(c *engine.Call) { c.SendingVideo = false }, 3, nobody, ""},
		{"far", seconds2{trip: 610 * time.Millisecond}, nil, 2, between, "Sound takes 0.6 s to Anna and back: let each other finish."},
		{"very far", seconds2{trip: 1400 * time.Millisecond}, nil, 1, between, "Sound takes 1.4 s to Anna and back: let each other finish."},
		{"bursts", seconds2{concealed: 200 * time.Millisecond}, nil, 2, there, "Sound from Anna arrives unevenly; nothing to fix here."},
		{"stands still", seconds2{frozen: 400 * time.Millisecond}, nil, 2, there, "Anna’s picture stands still at times; nothing to fix here."},
		{"no picture", seconds2{shown: noPackets}, nil, 2, there, "Anna sends no picture; nothing to fix here."},
		{"no picture and none promised", seconds2{shown: noPackets}, func(c *engine.Call) { c.RemoteVideo = false }, 3, nobody, ""},
		{"a picture that cannot be shown", seconds2{shown: notShown}, nil, 2, between, "Anna’s picture arrives, but cannot be shown."},
		{"no picture to stand still", seconds2{frozen: 400 * time.Millisecond}, func(c *engine.Call) { c.RemoteVideo = false }, 3, nobody, ""},
	}
	for _, tt := range tests {
		l := newLine()
		if tt.call != nil {
			tt.call(&l.call)
		}
		got := l.steps(6, tt.is)
		if got.bars != tt.bars || got.side != tt.side || got.sentence != tt.sentence {
			t.Errorf("%s: got %+v, want %d bars, side %d, %q", tt.name, got, tt.bars, tt.side, tt.sentence)
		}
		if got.side == there && got.advice != "" {
			t.Errorf("%s: there is nothing to fix here, and yet: %q", tt.name, got.advice)
		}
	}
}

func TestQualityDoesNotFlicker(t *testing.T) {
	l := newLine()
	if got := l.step(seconds2{}); got.bars != 0 {
		t.Errorf("one measurement says nothing yet, not %+v", got)
	}
	l.steps(2, seconds2{})
	if got := l.step(seconds2{trip: 600 * time.Millisecond}); got.bars != 3 {
		t.Errorf("told at once: %+v", got)
	}
	if got := l.step(seconds2{}); got.bars != 3 {
		t.Errorf("a moment was told: %+v", got)
	}
	told := l.steps(3, seconds2{trip: 600 * time.Millisecond})
	if told.bars != 2 {
		t.Fatalf("what lasts was not told: %+v", told)
	}
	for i := range 20 { // around the limit
		trip := 390 * time.Millisecond
		if i%2 == 0 {
			trip = 450 * time.Millisecond
		}
		if got := l.step(seconds2{trip: trip}); got != told {
			t.Fatalf("after %d steps around the limit: %+v, before %+v", i, got, told)
		}
	}
	if got := l.steps(3, seconds2{trip: 50 * time.Millisecond}); got != told {
		t.Errorf("taken back at once: %+v", got)
	}
	if got := l.steps(2, seconds2{trip: 50 * time.Millisecond}); got.bars != 3 || got.sentence != "" {
		t.Errorf("still told: %+v", got)
	}
}

func TestAPictureThatStandsStill(t *testing.T) {
	l := newLine()
	l.steps(4, seconds2{})
	if got := l.steps(2, seconds2{shown: noPackets}); got.sentence != "" {
		t.Errorf("a moment was told: %+v", got)
	}
	if got := l.step(seconds2{shown: noPackets}); got.sentence != "Anna’s picture stands still; nothing to fix here." || got.bars != 1 || got.side != there {
		t.Errorf("what lasts was not told: %+v", got)
	}
	if got := l.step(seconds2{frozen: 9 * time.Second}); got.sentence != "" || got.bars != 3 { // counted once it is over
		t.Errorf("it moves, and yet: %+v", got)
	}
	if got := l.steps(3, seconds2{}); got.sentence != "" {
		t.Errorf("what is over is told once more: %+v", got)
	}
	if got := l.steps(4, seconds2{shown: notShown}); got.side != between || got.advice == "" {
		t.Errorf("packets without pictures: %+v", got)
	}
}

func TestQualityTellsWhatIsWorse(t *testing.T) {
	l := newLine()
	if got := l.steps(4, seconds2{limited: engine.LimitedByConnection}); got.side != here || got.bars != 2 {
		t.Fatalf("narrow: %+v", got)
	}
	got := l.steps(4, seconds2{limited: engine.LimitedByConnection, lossIn: 0.3})
	if got.sentence != "Anna’s connection is weak; nothing to fix here." || got.bars != 1 {
		t.Errorf("then much loss: %+v", got)
	}
	got = l.steps(5, seconds2{limited: engine.LimitedByConnection, lossIn: 0.05})
	if got.sentence != "Anna’s connection is weak; nothing to fix here." || got.bars != 2 {
		t.Errorf("then less of it: %+v", got)
	}
}

func TestQualityOfACallThatDoesNotFlow(t *testing.T) {
	l := newLine()
	l.steps(4, seconds2{lossOut: 0.2})
	l.call.LocalHold = true
	if got := l.step(seconds2{lossOut: 0.2}); got != (callQuality{}) {
		t.Errorf("on hold: %+v", got)
	}
	l.call.LocalHold = false
	if got := l.step(seconds2{}); got.bars != 0 {
		t.Errorf("just back: %+v", got)
	}
	if got := l.step(seconds2{}); got.bars != 3 {
		t.Errorf("back: %+v", got)
	}
	l.call.Media = engine.MediaInterrupted
	if got := l.step(seconds2{}); got != (callQuality{}) {
		t.Errorf("cut off: %+v", got)
	}
	l.call.Media = engine.MediaFlowing
	l.steps(2, seconds2{})
	l.stats.Audio, l.stats.Video = nil, nil // counters begin anew
	l.stats.Audio, l.stats.Video = &engine.AudioStats{}, &engine.VideoStats{}
	if got := l.step(seconds2{}); got.bars != 3 {
		t.Errorf("after a new transport: %+v", got)
	}
}

func TestRecorderJudgesCalls(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	l := newLine()
	l.step(seconds2{lossOut: 0.2})
	d.sample(l.stats)
	for range 4 {
		l.step(seconds2{lossOut: 0.2})
		d.sample(l.stats)
	}
	id := d.w.view.snapshot.Calls[0].ID
	if got := d.w.recorder.quality(id); got.bars != 1 || got.side != here {
		t.Errorf("the call goes %+v", got)
	}
	d.change(func(s *engine.Snapshot) { s.Calls[0].State, s.Calls[0].EndedAt = engine.Ended, d.now })
	if got := d.w.recorder.quality(id); got != (callQuality{}) {
		t.Errorf("a call that is over goes %+v", got)
	}
}

// TestQualityIsSaidInTheCall: bars beside the clock, and a sentence with what
// helps only while something is wrong.
func TestQualityIsSaidInTheCall(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	id := d.w.scene.call.ID
	const sentence = "Your connection loses what you send: Bob sees a smaller picture."
	d.w.recorder.judge(id, callQuality{bars: 2, side: here, sentence: sentence, advice: "Move nearer to the Wi-Fi, or use a cable."})
	d.tick(time.Second)
	if got := d.w.callScreen.infoFault.Text(); got != sentence+" Move nearer to the Wi-Fi, or use a cable." || !d.w.callScreen.infoFault.Visible() {
		t.Errorf("says %q", got)
	}
	if d.w.callScreen.info.Size().Width < faultWidth {
		t.Error("the sentence has no room")
	}
	d.w.callScreen.layout.over = true
	d.w.callScreen.setBarHidden(true)
	if !d.w.callScreen.info.Visible() {
		t.Error("the fault goes with the bar")
	}
	d.w.recorder.judge(id, callQuality{bars: 3})
	d.tick(time.Second)
	if d.w.callScreen.infoFault.Visible() || !d.w.callScreen.infoIcon.Visible() {
		t.Error("a good call is not shown by bars alone")
	}
}

// A far picture that is promised and does not come is no riddle.
func TestNoPictureIsSaid(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	if got := d.w.callScreen.personText.Text(); got != "Waiting for Bob Smith’s picture…" {
		t.Errorf("at first: %q", got)
	}
	id := d.w.scene.call.ID
	d.w.recorder.judge(id, callQuality{fault: faultNoPicture, bars: 2, side: there, sentence: "Bob Smith sends no picture; nothing to fix here."})
	d.tick(time.Second)
	if got := d.w.callScreen.personText.Text(); got != "Bob Smith sends no picture" {
		t.Errorf("later: %q", got)
	}
	d.change(func(s *engine.Snapshot) { s.Calls[0].Media = engine.MediaInterrupted })
	if got := d.w.callScreen.personText.Text(); got != "" {
		t.Errorf("while nothing gets through: %q", got)
	}
}
