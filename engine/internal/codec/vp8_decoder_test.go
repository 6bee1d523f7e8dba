package codec

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"tring/engine/internal/i420"
)

// keyHeader is the start of a key frame that claims a size.
func keyHeader(w, h, first, length int) []byte {
	b := make([]byte, max(length, 10))
	tag := first<<5 | 1<<4
	b[0], b[1], b[2] = byte(tag), byte(tag>>8), byte(tag>>16)
	b[3], b[4], b[5] = 0x9d, 0x01, 0x2a
	b[6], b[7], b[8], b[9] = byte(w), byte(w>>8), byte(h), byte(h>>8)
	return b
}

func TestVP8DecoderRefusesNonsense(t *testing.T) {
	dec := newDecoder(t, new(i420.Pool))
	noStart := keyHeader(16, 16, 10, 40)
	noStart[3] = 0
	for name, c := range map[string]struct {
		frame []byte
		want  error
	}{
		"nothing":           {nil, ErrVP8Frame},
		"two bytes":         {[]byte{0x10, 0}, ErrVP8Frame},
		"too many bytes":    {make([]byte, MaxVP8Frame+1), ErrTooLarge},
		"16383 squared":     {keyHeader(16383, 16383, 10, 40), ErrTooLarge},
		"4096 squared":      {keyHeader(4096, 4096, 10, 40), ErrTooLarge},
		"5000 wide":         {keyHeader(5000, 16, 10, 40), ErrTooLarge},
		"no width":          {keyHeader(0, 16, 10, 40), ErrVP8Frame},
		"no start code":     {noStart, ErrVP8Frame},
		"short key frame":   {keyHeader(16, 16, 10, 40)[:8], ErrVP8Frame},
		"partition too big": {keyHeader(16, 16, 100, 40), ErrVP8Frame},
		"no partition":      {keyHeader(16, 16, 0, 40), ErrVP8Frame},
		"version 7":         {[]byte{0x1e, 1, 0, 0, 0, 0}, ErrVP8Frame},
		"interframe first":  {[]byte{0x31, 0, 0, 0, 0}, ErrNoKeyFrame},
	} {
		if p, err := dec.Decode(c.frame); !errors.Is(err, c.want) || p != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestVP8DecoderWaitsForAKeyFrameAfterDamage(t *testing.T) {
	frames := realFrames(t, 64, 48, 4)
	dec := newDecoder(t, new(i420.Pool))
	decode := func(frame []byte) error {
		p, err := dec.Decode(frame)
		if p != nil {
			p.Release()
		}
		return err
	}
	if err := errors.Join(decode(frames[0]), decode(frames[1])); err != nil {
		t.Fatal(err)
	}
	if err := decode(frames[2][:4]); err == nil {
		t.Fatal("a stump was decoded")
	}
	if err := decode(frames[3]); !errors.Is(err, ErrNoKeyFrame) {
		t.Errorf("after damage: %v", err)
	}
	if err := errors.Join(decode(frames[0]), decode(frames[1])); err != nil {
		t.Errorf("after a new key frame: %v", err)
	}
}

func TestVP8DecoderKeepsPicturesApart(t *testing.T) {
	frames := realFrames(t, 64, 48, 2)
	dec := newDecoder(t, new(i420.Pool))
	first, err := dec.Decode(frames[0])
	if err != nil {
		t.Fatal(err)
	}
	before := bytes.Clone(first.Y)
	second, err := dec.Decode(frames[1])
	if err != nil {
		t.Fatal(err)
	}
	if &first.Y[0] == &second.Y[0] || !bytes.Equal(before, first.Y) {
		t.Error("a picture changed while it was owned")
	}
	first.Release()
	second.Release()
}

func TestVP8DecoderAfterClose(t *testing.T) {
	frames := realFrames(t, 64, 48, 1)
	dec := newDecoder(t, new(i420.Pool))
	for range 2 {
		if err := dec.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := dec.Decode(frames[0]); !errors.Is(err, ErrClosed) {
		t.Errorf("Decode after Close: %v", err)
	}
	r, err := VP8DecoderBuilder{}.BuildVideoDecoder(&frameReader{}, property(64, 48))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Read(); !errors.Is(err, io.EOF) {
		t.Errorf("no frames: %v", err)
	}
	if err := errors.Join(r.Close(), r.Close()); err != nil {
		t.Error(err)
	}
}

// FuzzVP8Decode changes real frames: a key frame, then the fuzzed frame, then a
// good one, which must not crash either.
func FuzzVP8Decode(f *testing.F) {
	frames := realFrames(f, 64, 48, 4)
	for _, frame := range frames {
		f.Add(frame)
		f.Add(frame[:len(frame)/2])
		for _, at := range []int{0, 3, 6, 10, len(frame) / 2} {
			broken := bytes.Clone(frame)
			broken[at%len(broken)] ^= 0xff
			f.Add(broken)
		}
	}
	f.Add(keyHeader(4096, 2048, 10, 40))
	var pool i420.Pool
	f.Fuzz(func(t *testing.T, frame []byte) {
		if h, err := ParseVP8Header(frame); err == nil && h.Width*h.Height > 1<<20 {
			t.Skip("allowed, but slow to allocate a thousand times a second")
		}
		dec := newDecoder(t, &pool)
		for _, data := range [][]byte{frames[0], frame, frames[1]} {
			p, err := dec.Decode(data)
			if err == nil && p != nil {
				if p.Width() > MaxVP8Side || p.Height() > MaxVP8Side {
					t.Errorf("picture of %dx%d", p.Width(), p.Height())
				}
				p.Release()
			}
		}
	})
}
