package device

import (
	"image"
	"testing"
	"time"

	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"tring/engine/internal/codec"
	"tring/engine/internal/i420"
)

// TestTimeCodeVP8 reads the code after VP8 at rates that are far too low, at
// full size and scaled to half before it is encoded.
func TestTimeCodeVP8(t *testing.T) {
	for _, test := range []struct{ width, height, rate int }{{640, 480, 250_000}, {320, 240, 100_000}, {1280, 720, 500_000}} {
		pool := new(i420.Pool)
		pattern := newPattern(max(640, test.width), max(480, test.height))
		full := pool.Get(pattern.width, pattern.height)
		at := patternTime
		source := video.ReaderFunc(func() (image.Image, func(), error) {
			at = at.Add(time.Second / 30)
			pattern.draw(full, at)
			p := pool.Get(test.width, test.height)
			if err := i420.Scale(p, full); err != nil {
				return nil, nil, err
			}
			p.CapturedAt = at
			return p, p.Release, nil
		})
		params := codec.NewVP8Params()
		params.BitRate = test.rate
		params.KeepAllFrames = true
		encoder, err := params.BuildVideoEncoder(source, prop.Media{Video: prop.Video{Width: test.width, Height: test.height, FrameRate: 30}})
		if err != nil {
			t.Fatal(err)
		}
		decoder, err := codec.NewVP8Decoder(pool)
		if err != nil {
			t.Fatal(err)
		}
		read := 0
		for range 60 {
			frame, release, err := encoder.Read()
			if err != nil {
				t.Fatal(err)
			}
			p, err := decoder.Decode(frame)
			release()
			if err != nil {
				t.Fatal(err)
			}
			if code, ok := TimeCode(p); ok && code == stamp(at) {
				read++
			} else if ok {
				t.Errorf("%v: read %d, want %d", test, code, stamp(at))
			}
			p.Release()
		}
		if read < 58 {
			t.Errorf("%v: %d of 60 time codes were readable", test, read)
		}
		encoder.Close()
		decoder.Close()
	}
}
