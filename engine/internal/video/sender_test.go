package video

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"testing"
	"time"

	mdcodec "github.com/pion/mediadevices/pkg/codec"
	mdvideo "github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"tring/engine"
	"tring/engine/internal/codec"
	"tring/engine/internal/i420"
)

// rig is a sender on a fake camera; frames come out of a channel.
type rig struct {
	pool   i420.Pool
	hub    *Hub
	camera chan *fakeCamera
	sender *Sender
	frames chan EncodedFrame
}

func newRig(t *testing.T, config SenderConfig) *rig {
	t.Helper()
	r := &rig{hub: NewHub(nil), camera: make(chan *fakeCamera, 4), frames: make(chan EncodedFrame, 64)}
	r.hub.SetOpener(opened(r.camera))
	if config.Builder == nil {
		p := codec.NewVP8Params()
		p.KeepAllFrames = true
		config.Builder = p
	}
	config.Hub = r.hub
	config.Write = func(f EncodedFrame) error {
		f.Data = append([]byte(nil), f.Data...)
		r.frames <- f
		return errors.New("network trouble") // must not matter
	}
	r.sender = NewSender(config)
	t.Cleanup(func() {
		r.sender.Close()
		r.sender.Close()
		r.hub.Close()
	})
	return r
}

// encode has picture i encoded and gives its frame.
func (r *rig) encode(t *testing.T, c *fakeCamera, w, h, i int) EncodedFrame {
	t.Helper()
	p := painted(&r.pool, w, h, i)
	p.CapturedAt = time.Unix(1000, 0).Add(time.Duration(i) * time.Second / 30)
	c.give(t, p)
	return within(t, r.frames, "frame")
}

func TestSenderEncodesWithCaptureTime(t *testing.T) {
	r := newRig(t, SenderConfig{})
	r.sender.SetActive(true)
	camera := within(t, r.camera, "camera")
	first := r.encode(t, camera, 160, 120, 0)
	if !first.KeyFrame || first.Width != 160 || first.Height != 120 {
		t.Errorf("first frame: %+v", first)
	}
	for i := 1; i < 10; i++ {
		f := r.encode(t, camera, 160, 120, i)
		if d := int(f.RTPTime-first.RTPTime) - 3000*i; d < -1 || d > 1 {
			t.Errorf("frame %d is %d from where it should be", i, d)
		}
		if f.KeyFrame {
			t.Errorf("frame %d is a key frame unasked", i)
		}
	}
	r.sender.ForceKeyFrame()
	if f := r.encode(t, camera, 160, 120, 10); !f.KeyFrame {
		t.Error("no key frame on request")
	}
	if s := r.sender.Stats(); s.FramesEncoded != 11 || s.KeyFrames != 2 || s.Width != 160 || s.Height != 120 || s.EncodeTime <= 0 {
		t.Errorf("stats %+v", s)
	}
}

func TestSenderInactiveLeavesTheCameraAlone(t *testing.T) {
	r := newRig(t, SenderConfig{})
	r.sender.SetActive(true)
	camera := within(t, r.camera, "camera")
	r.encode(t, camera, 64, 48, 0)
	r.sender.SetActive(false)
	within(t, camera.closed, "closing of the camera")
	r.sender.SetActive(true)
	r.sender.SetActive(true)
	camera = within(t, r.camera, "camera again")
	if f := r.encode(t, camera, 64, 48, 1); !f.KeyFrame {
		t.Error("no key frame after hold")
	}
}

func TestSenderShrinksForASmallBitrate(t *testing.T) {
	r := newRig(t, SenderConfig{BitrateBPS: 2_000_000})
	r.sender.SetActive(true)
	camera := within(t, r.camera, "camera")
	for _, c := range []struct {
		at, bps, width int
		why            string
	}{
		{0, 2_000_000, 640, "plenty"},
		{1, 80_000, 320, "too little for more"},
		{2, 2_000_000, 320, "a moment after it changed"},
		{70, 100_000, 320, "enough to stay, not to grow"},
		{71, 125_000, 480, "enough to grow by one"},
		{140, 2_000_000, 640, "plenty again"},
		{141, 167_000, 640, "enough to stay"},
	} {
		r.sender.SetTargetBitRate(c.bps)
		if f := r.encode(t, camera, 640, 480, c.at); f.Width != c.width || f.Height != c.width*3/4 {
			t.Errorf("%s: %d bit/s give %dx%d, want %d wide", c.why, c.bps, f.Width, f.Height, c.width)
		}
	}
	if s := r.sender.Stats(); s.TargetBPS != 167_000 || s.KeyFrames != 4 {
		t.Errorf("stats %+v", s)
	}
}

func TestSenderSpacesKeyFrames(t *testing.T) {
	r := newRig(t, SenderConfig{})
	r.sender.SetActive(true)
	camera := within(t, r.camera, "camera")
	var keys []int
	for i := range 40 {
		r.sender.ForceKeyFrame()
		if r.encode(t, camera, 64, 48, i).KeyFrame {
			keys = append(keys, i)
		}
	}
	for i, want := range []int{0, 9, 18, 27, 36} { // 300 ms are 9 pictures
		if len(keys) != 5 || keys[i] != want {
			t.Fatalf("key frames at %v", keys)
		}
	}
}

// failingBuilder makes encoders that break.
type failingBuilder struct {
	mdcodec.VideoEncoderBuilder
	built chan struct{}
	reads int // until failure
}

type failingEncoder struct {
	mdcodec.ReadCloser
	left int
}

func (b *failingBuilder) BuildVideoEncoder(r mdvideo.Reader, p prop.Media) (mdcodec.ReadCloser, error) {
	b.built <- struct{}{}
	enc, err := b.VideoEncoderBuilder.BuildVideoEncoder(r, p)
	return &failingEncoder{enc, b.reads}, err
}

func (e *failingEncoder) Read() ([]byte, func(), error) {
	if e.left--; e.left < 0 {
		return nil, nil, errors.New("broken")
	}
	return e.ReadCloser.Read()
}

func TestSenderReplacesABrokenEncoder(t *testing.T) {
	p := codec.NewVP8Params()
	p.KeepAllFrames = true
	b := &failingBuilder{VideoEncoderBuilder: p, built: make(chan struct{}, 9), reads: 2}
	r := newRig(t, SenderConfig{Builder: b})
	r.sender.SetActive(true)
	camera := within(t, r.camera, "camera")
	within(t, chanOf(r.encode(t, camera, 64, 48, 0)), "frame")
	r.encode(t, camera, 64, 48, 1)
	within(t, b.built, "encoder")
	deadline := time.After(20 * time.Second)
	for i := 2; ; i++ { // pictures are lost until the next attempt
		q := painted(&r.pool, 64, 48, i)
		camera.give(t, q)
		select {
		case f := <-r.frames:
			within(t, b.built, "second encoder")
			if !f.KeyFrame {
				t.Error("the new encoder does not begin with a key frame")
			}
			return
		case <-deadline:
			t.Fatal("the encoder was not replaced")
		default:
		}
	}
}

// watchedBuilder makes encoders that tell what they are asked for.
type watchedBuilder struct {
	mdcodec.VideoEncoderBuilder
	resilient chan bool
	speeds    chan int
}

type watchedEncoder struct {
	mdcodec.ReadCloser
	b *watchedBuilder
}

func (b *watchedBuilder) BuildVideoEncoder(r mdvideo.Reader, p prop.Media) (mdcodec.ReadCloser, error) {
	enc, err := b.VideoEncoderBuilder.BuildVideoEncoder(r, p)
	return &watchedEncoder{enc, b}, err
}

func (e *watchedEncoder) Controller() mdcodec.EncoderController { return e }

func (e *watchedEncoder) SetErrorResilient(on bool) error {
	e.b.resilient <- on
	return e.ReadCloser.Controller().(codec.ResilienceController).SetErrorResilient(on)
}

func (e *watchedEncoder) SetSpeed(speed int) error {
	e.b.speeds <- speed
	return e.ReadCloser.Controller().(codec.SpeedController).SetSpeed(speed)
}

func TestSenderPreparesForReportedLoss(t *testing.T) {
	p := codec.NewVP8Params()
	p.KeepAllFrames = true
	b := &watchedBuilder{p, make(chan bool, 9), make(chan int, 9)}
	r := newRig(t, SenderConfig{Builder: b})
	r.sender.SetActive(true)
	camera := within(t, r.camera, "camera")
	for i, loss := range []float64{0, math.NaN(), -1, 0.05, 0.05, 2, 0} {
		r.sender.SetLoss(loss)
		r.encode(t, camera, 64, 48, i)
	}
	if !within(t, b.resilient, "resilience") || len(b.resilient) != 0 {
		t.Error("resilience was not switched on once")
	}
	r.encode(t, camera, 64, 48, 7+11*30)
	if within(t, b.resilient, "end of resilience") {
		t.Error("still prepared for loss")
	}
	if got, want := within(t, b.speeds, "speed"), ladder[usualRung].speed; got != want {
		t.Errorf("speed %d, want %d", got, want)
	}
}

func TestSenderTellsWhatLimitsIt(t *testing.T) {
	for _, c := range []struct {
		rung, step int
		want       engine.Limit
	}{
		{usualRung, 0, engine.Unlimited},
		{2, 0, engine.Unlimited}, // costs next to nothing
		{4, 0, engine.LimitedByComputer},
		{4, 3, engine.LimitedByConnection},
		{usualRung, 1, engine.LimitedByConnection},
		{len(ladder) - 1, 4, engine.LimitedByComputer},
	} {
		s := &Sender{govern: newGovernor()}
		s.govern.at, s.fit.step = c.rung, c.step
		if got := s.limited(); got != c.want {
			t.Errorf("rung %d, step %d: %d, want %d", c.rung, c.step, got, c.want)
		}
	}
	r := newRig(t, SenderConfig{})
	r.sender.SetActive(true)
	camera := within(t, r.camera, "camera")
	for i := range 3 {
		r.encode(t, camera, 64, 48, i)
	}
	if s := r.sender.Stats(); s.CameraFPS <= 0 || s.Limited != engine.Unlimited {
		t.Errorf("%v pictures a second from the camera, limit %d", s.CameraFPS, s.Limited)
	}
}

func chanOf[T any](v T) <-chan T {
	c := make(chan T, 1)
	c <- v
	return c
}

func TestSenderWorksWithMediadevices(t *testing.T) {
	b, err := codec.VP8Builder(codec.EncoderMediadevices)
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, SenderConfig{Builder: b})
	r.sender.SetActive(true)
	camera := within(t, r.camera, "camera")
	for i := range 15 {
		if i == 12 {
			r.sender.ForceKeyFrame()
		}
		if f := r.encode(t, camera, 160, 120, i); f.KeyFrame != (i == 0 || i == 12) {
			t.Errorf("frame %d: key %v", i, f.KeyFrame)
		}
	}
}

func TestSenderCloseWhileTheCameraOpens(t *testing.T) {
	hub := NewHub(nil)
	defer hub.Close()
	hub.SetOpener(func(ctx context.Context) (Source, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	s := NewSender(SenderConfig{Hub: hub, Builder: codec.NewVP8Params(), Write: func(EncodedFrame) error { return nil }})
	s.SetActive(true)
	s.Close()
	s.SetActive(true)
}

func TestPacerKeepsTheMean(t *testing.T) {
	for _, c := range []struct{ source, limit, want int }{{30, 15, 15}, {30, 20, 20}, {60, 30, 30}, {30, 0, 30}, {25, 30, 25}, {30, 7, 7}} {
		p := newPacer(float64(c.limit))
		sent := 0
		for i := range 10 * c.source {
			jitter := time.Duration(i%3-1) * 2 * time.Millisecond
			if p.due(time.Unix(50, 0).Add(time.Duration(i)*time.Second/time.Duration(c.source) + jitter)) {
				sent++
			}
		}
		if d := sent - 10*c.want; d < -5 || d > 5 {
			t.Errorf("%d a second limited to %d: %d in ten seconds", c.source, c.limit, sent)
		}
	}
	p := newPacer(30)
	if !p.due(time.Unix(100, 0)) || !p.due(time.Unix(50, 0)) {
		t.Error("a picture from a clock that is behind was left out")
	}
}

func TestRTPClockAlwaysGrows(t *testing.T) {
	c := newRTPClock()
	at := time.Unix(1000, 0)
	last := c.at(at)
	for _, step := range []struct {
		by   time.Duration
		want int32
	}{{time.Second, 90000}, {0, 3000}, {-time.Hour, 3000}, {10 * time.Minute, 54_000_000}, {time.Second / 30, 3000}} {
		at = at.Add(step.by)
		now := c.at(at)
		if d := int32(now-last) - step.want; d < -1 || d > 1 {
			t.Errorf("after %v: %d", step.by, int32(now-last))
		}
		last = now
	}
}

// TestSenderBehind: while what was written waits, pictures are left out before
// they are encoded, and the next one goes on where the last one was.
func TestSenderBehind(t *testing.T) {
	var behind atomic.Bool
	r := newRig(t, SenderConfig{Behind: behind.Load})
	r.sender.SetActive(true)
	camera := within(t, r.camera, "camera")
	r.encode(t, camera, 160, 120, 0)
	behind.Store(true)
	for i := 1; i < 4; i++ {
		p := painted(&r.pool, 160, 120, i)
		p.CapturedAt = time.Unix(1000, 0).Add(time.Duration(i) * time.Second / 30)
		camera.give(t, p)
	}
	behind.Store(false)
	f := r.encode(t, camera, 160, 120, 10)
	if f.KeyFrame {
		t.Error("a key frame, though nothing was lost")
	}
	if n := r.sender.Stats().FramesEncoded; n != 2 && n != 3 { // the last one given may have come after
		t.Errorf("%d pictures encoded", n)
	}
}
