package codec

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/codec/vpx"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
	"go.uber.org/goleak"

	"tring/engine/internal/i420"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var testStart = time.Unix(1_700_000_000, 0)

func property(w, h int) prop.Media {
	return prop.Media{Video: prop.Video{Width: w, Height: h, FrameRate: 30}}
}

func newEncoder(t testing.TB, b codec.VideoEncoderBuilder, r video.Reader, w, h int) codec.ReadCloser {
	t.Helper()
	enc, err := b.BuildVideoEncoder(r, property(w, h))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { enc.Close() })
	return enc
}

func newDecoder(t testing.TB, pool *i420.Pool) *VP8Decoder {
	t.Helper()
	dec, err := NewVP8Decoder(pool)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dec.Close() })
	return dec
}

// next reads one frame and gives a copy.
func next(t testing.TB, enc codec.ReadCloser) []byte {
	t.Helper()
	b, release, err := enc.Read()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	return bytes.Clone(b)
}

// realFrames encodes the first n pictures of a small clip.
func realFrames(t testing.TB, w, h, n int) (frames [][]byte) {
	r := &clipReader{Clip: newClip(w, h, 30, 8), Pool: new(i420.Pool), Start: testStart}
	p := NewVP8Params()
	p.KeepAllFrames = true
	enc := newEncoder(t, p, r, w, h)
	for range n {
		frames = append(frames, next(t, enc))
	}
	return frames
}

func TestVP8RoundTripLooksTheSame(t *testing.T) {
	var pool i420.Pool
	film := newClip(320, 240, 30, 10)
	p := NewVP8Params()
	p.KeepAllFrames = true
	enc := newEncoder(t, p, &clipReader{Clip: film, Pool: &pool, Start: testStart}, 320, 240)
	dec := newDecoder(t, &pool)
	for i := range 30 {
		got, err := dec.Decode(next(t, enc))
		if err != nil {
			t.Fatal(err)
		}
		want := film.At(&pool, i, testStart)
		if db := psnr(got, want); db < 33 {
			t.Errorf("picture %d: %.1f dB", i, db)
		}
		got.Release()
		want.Release()
	}
}

// frameReader gives one frame a Read, as the decoders of mediadevices expect.
type frameReader struct{ frames [][]byte }

func (f *frameReader) Read(p []byte) (int, error) {
	if len(f.frames) == 0 {
		return 0, io.EOF
	}
	n := copy(p, f.frames[0])
	f.frames = f.frames[1:]
	return n, nil
}

func TestVP8OursIsDecodedByMediadevices(t *testing.T) {
	checkDecoder(t, vpx.BuildVideoDecoder, realFrames(t, 320, 240, 10))
	checkDecoder(t, VP8DecoderBuilder{}.BuildVideoDecoder, realFrames(t, 320, 240, 10))
}

func checkDecoder(t *testing.T, build func(io.Reader, prop.Media) (codec.VideoDecoder, error), frames [][]byte) {
	t.Helper()
	film := newClip(320, 240, 30, 8)
	dec, err := build(&frameReader{frames}, property(320, 240))
	if err != nil {
		t.Fatal(err)
	}
	var pool i420.Pool
	for i := range frames {
		img, release, err := dec.Read()
		if err != nil {
			t.Fatalf("frame %d: %v", i, err)
		}
		got, err := i420.FromImage(&pool, img)
		if err != nil {
			t.Fatal(err)
		}
		src := film.At(&pool, i, testStart)
		if db := psnr(got, src); db < 30 {
			t.Errorf("picture %d: %.1f dB", i, db)
		}
		src.Release()
		got.Release()
		release()
	}
	if _, _, err := dec.Read(); !errors.Is(err, io.EOF) {
		t.Errorf("after the last frame: %v", err)
	}
	if err := dec.Close(); err != nil {
		t.Error(err)
	}
}

func TestVP8TheirsIsDecodedByUs(t *testing.T) {
	var pool i420.Pool
	film := newClip(320, 240, 30, 8)
	b, err := VP8Builder(EncoderMediadevices, NewVP8Params())
	if err != nil {
		t.Fatal(err)
	}
	enc := newEncoder(t, b, &clipReader{Clip: film, Pool: &pool, Start: testStart}, 320, 240)
	dec := newDecoder(t, &pool)
	for i := range 10 {
		got, err := dec.Decode(next(t, enc))
		if err != nil {
			t.Fatal(err)
		}
		want := film.At(&pool, i, testStart)
		if db := psnr(got, want); db < 25 {
			t.Errorf("picture %d: %.1f dB", i, db)
		}
		want.Release()
		got.Release()
	}
}

func TestVP8Builder(t *testing.T) {
	for _, name := range []string{"", EncoderTring, EncoderMediadevices} {
		b, err := VP8Builder(name, NewVP8Params())
		if err != nil || b.RTPCodec().MimeType != "video/VP8" {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := VP8Builder("fancy", NewVP8Params()); err == nil {
		t.Error("an encoder that does not exist was given")
	}
}

func TestVP8KeyFramesOnlyOnRequest(t *testing.T) {
	film := newClip(160, 120, 30, 8)
	enc := newEncoder(t, NewVP8Params(), &clipReader{Clip: film, Pool: new(i420.Pool), Start: testStart}, 160, 120)
	for i := range 300 {
		asked := i == 100 || i == 101
		if asked {
			if err := enc.Controller().(codec.KeyFrameController).ForceKeyFrame(); err != nil {
				t.Fatal(err)
			}
		}
		h, err := ParseVP8Header(next(t, enc))
		if err != nil || h.KeyFrame != (i == 0 || asked) {
			t.Fatalf("frame %d: key %v, %v", i, h.KeyFrame, err)
		}
	}
	p := NewVP8Params()
	p.KeyFrameInterval = 10
	enc = newEncoder(t, p, &clipReader{Clip: film, Pool: new(i420.Pool), Start: testStart}, 160, 120)
	keys := 0
	for range 40 {
		if h, _ := ParseVP8Header(next(t, enc)); h.KeyFrame {
			keys++
		}
	}
	if keys < 4 {
		t.Errorf("%d key frames of 40 at an interval of 10", keys)
	}
}

func TestVP8SizesOddAndChanging(t *testing.T) {
	var pool i420.Pool
	var clips []*clip
	sizes := [][2]int{{320, 240}, {1, 1}, {175, 143}, {16, 16}, {641, 361}, {3, 200}, {640, 360}}
	for _, s := range sizes {
		clips = append(clips, newClip(s[0], s[1], 30, 2))
	}
	r := &clipReader{Pool: &pool, Start: testStart, Pick: func(i int) *clip { return clips[i/3%len(clips)] }}
	p := NewVP8Params()
	p.KeepAllFrames = true
	enc, dec := newEncoder(t, p, r, 1280, 720), newDecoder(t, &pool)
	for i := range 3 * len(sizes) {
		got, err := dec.Decode(next(t, enc))
		if err != nil {
			t.Fatalf("frame %d: %v", i, err)
		}
		size, want := sizes[i/3], clips[i/3].At(&pool, i, testStart)
		if got.Width() != size[0] || got.Height() != size[1] {
			t.Fatalf("frame %d is %dx%d, want %v", i, got.Width(), got.Height(), size)
		}
		if db := psnr(got, want); db < 24 {
			t.Errorf("frame %d of %v: %.1f dB", i, size, db)
		}
		// The last chroma line and column carry colour too.
		last := len(got.Cb) - 1
		if d := int(got.Cb[last]) - int(want.Cb[last]); d < -24 || d > 24 {
			t.Errorf("frame %d of %v: last chroma is off by %d", i, size, d)
		}
		want.Release()
		got.Release()
	}
}

func TestVP8SwitchesLeakNothing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	small, large := newClip(320, 240, 30, 1), newClip(640, 480, 30, 1)
	r := &clipReader{Pool: new(i420.Pool), Start: testStart, Pick: func(i int) *clip {
		if i%2 == 0 {
			return small
		}
		return large
	}}
	enc := newEncoder(t, NewVP8Params(), r, 320, 240)
	for range 20 {
		next(t, enc)
	}
	before := residentMB(t)
	for range 200 {
		next(t, enc)
	}
	if grown := residentMB(t) - before; grown > 100 { // leaking, it would be well over 1000
		t.Errorf("200 changes of size took %d MB", grown)
	}
}

func residentMB(t testing.TB) int {
	t.Helper()
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip(err)
	}
	var total, resident int
	if _, err := fmt.Sscan(string(data), &total, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * os.Getpagesize() >> 20
}

func TestVP8OtherLayouts(t *testing.T) {
	for _, img := range []image.Image{
		image.NewRGBA(image.Rect(0, 0, 64, 48)), image.NewGray(image.Rect(0, 0, 64, 48)),
		image.NewYCbCr(image.Rect(0, 0, 64, 48), image.YCbCrSubsampleRatio422),
	} {
		r := video.ReaderFunc(func() (image.Image, func(), error) { return img, func() {}, nil })
		enc := newEncoder(t, NewVP8Params(), r, 64, 48)
		if h, err := ParseVP8Header(next(t, enc)); err != nil || h.Width != 64 || h.Height != 48 {
			t.Errorf("%T: %+v, %v", img, h, err)
		}
	}
}

func TestVP8SpeedAndResilienceWhileRunning(t *testing.T) {
	var pool i420.Pool
	film := newClip(320, 240, 30, 8)
	p := NewVP8Params()
	p.KeepAllFrames = true
	enc := newEncoder(t, p, &clipReader{Clip: film, Pool: &pool, Start: testStart}, 320, 240)
	dec := newDecoder(t, &pool)
	for i := range 60 {
		if i%10 == 5 {
			c := enc.Controller()
			if err := errors.Join(c.(SpeedController).SetSpeed(i/3), c.(ResilienceController).SetErrorResilient(i%20 == 5)); err != nil {
				t.Fatal(err)
			}
		}
		got, err := dec.Decode(next(t, enc))
		if err != nil {
			t.Fatalf("frame %d: %v", i, err)
		}
		want := film.At(&pool, i, testStart)
		if db := psnr(got, want); db < 28 {
			t.Errorf("picture %d: %.1f dB", i, db)
		}
		want.Release()
		got.Release()
	}
}

func TestVP8CloseDoesNotWaitForTheCamera(t *testing.T) {
	asked, answer := make(chan struct{}), make(chan struct{})
	r := video.ReaderFunc(func() (image.Image, func(), error) {
		close(asked)
		<-answer
		return image.NewYCbCr(image.Rect(0, 0, 16, 16), image.YCbCrSubsampleRatio420), func() {}, nil
	})
	enc := newEncoder(t, NewVP8Params(), r, 16, 16)
	var wg sync.WaitGroup
	var err error
	wg.Go(func() { _, _, err = enc.Read() })
	<-asked
	for range 2 {
		if err := enc.Close(); err != nil { // would hang here
			t.Fatal(err)
		}
	}
	close(answer)
	wg.Wait()
	if !errors.Is(err, io.EOF) {
		t.Errorf("a Read overtaken by Close ended with %v", err)
	}
	if _, _, err := enc.Read(); !errors.Is(err, io.EOF) {
		t.Errorf("Read after Close: %v", err)
	}
	if err := enc.Controller().(codec.BitRateController).SetBitRate(1); !errors.Is(err, ErrClosed) {
		t.Errorf("SetBitRate after Close: %v", err)
	}
}

func TestVP8ReaderErrorsComeThrough(t *testing.T) {
	broken := errors.New("unplugged")
	r := video.ReaderFunc(func() (image.Image, func(), error) { return nil, nil, broken })
	if _, _, err := newEncoder(t, NewVP8Params(), r, 16, 16).Read(); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	huge := video.ReaderFunc(func() (image.Image, func(), error) {
		return image.NewYCbCr(image.Rect(0, 0, MaxVP8Side+2, 2), image.YCbCrSubsampleRatio420), func() {}, nil
	})
	if _, _, err := newEncoder(t, NewVP8Params(), huge, 16, 16).Read(); !errors.Is(err, ErrTooLarge) {
		t.Errorf("oversized picture: %v", err)
	}
}

func TestVP8ClockGrowsEvenly(t *testing.T) {
	c := newVP8Clock(30)
	at, last := testStart, int64(0)
	for i, step := range []time.Duration{
		0, 33 * time.Millisecond, 0, -time.Hour, 10 * time.Minute, 50 * time.Millisecond, time.Nanosecond,
	} {
		at = at.Add(step)
		pts, duration := c.next(at)
		if pts <= last || duration <= 0 || pts-last > 90000 {
			t.Errorf("step %d of %v: from %d to %d, lasting %d", i, step, last, pts, duration)
		}
		last = pts
	}
}

// A pause is no slow source: the frame after it gets the bits of one frame. A
// source that has become slow is followed.
func TestVP8ClockLeavesOutPauses(t *testing.T) {
	const usual, slow = 90000 / 30, 90000 / 5
	c := newVP8Clock(30)
	at := testStart
	step := func(gap time.Duration) int64 {
		at = at.Add(gap)
		_, duration := c.next(at)
		return duration
	}
	for range 30 {
		step(time.Second / 30)
	}
	if got := step(450 * time.Millisecond); got > 2*usual {
		t.Errorf("after a pause a picture lasts %d ticks", got)
	}
	if got := step(time.Second / 15); got < 2*usual-10 || got > 2*usual+10 {
		t.Errorf("a picture that was left out: %d ticks", got)
	}
	got := int64(0)
	for range 12 {
		got = step(time.Second / 5)
	}
	if got < slow-10 || got > slow+10 {
		t.Errorf("at five pictures a second one lasts %d ticks", got)
	}
}
