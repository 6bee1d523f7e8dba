//go:build unix

package codec

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/codec/vpx"

	"tring/engine/internal/i420"
)

// BenchmarkVP8Encode compares the encoders on the clip of a person at a desk, in
// real time at 30 pictures a second, since that of mediadevices goes by the
// wall clock. Run it with -benchtime=150x: five seconds each.
//
//	cpu-ms/frame   CPU time of all threads per picture
//	kbit/s         reached, against asked-kbit/s
//	dB             PSNR of luma after decoding
//	fps            pictures a second; less than 30 if it is too slow
func BenchmarkVP8Encode(b *testing.B) {
	for _, size := range []struct{ w, h, bps int }{{640, 480, 1_000_000}, {1280, 720, 2_500_000}} {
		film := newClip(size.w, size.h, 30, 24)
		base := codec.BaseParams{BitRate: size.bps}
		ours, slow := NewVP8Params(), NewVP8Params()
		ours.BaseParams, slow.BaseParams = base, base
		slow.Speed = 6
		theirs, err := vpx.NewVP8Params()
		if err != nil {
			b.Fatal(err)
		}
		theirs.BaseParams = base
		params := NewVP8Params()
		params.BaseParams = base
		tuned, err := VP8Builder(EncoderMediadevices, params)
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range []struct {
			name    string
			builder codec.VideoEncoderBuilder
		}{{"tring", ours}, {"tring-speed6", slow}, {"mediadevices", plainBuilder{&theirs}}, {"mediadevices-tuned", tuned}} {
			b.Run(fmt.Sprintf("%dx%d/%s", size.w, size.h, c.name), func(b *testing.B) {
				benchmarkEncoder(b, c.builder, film, size.w, size.h, size.bps)
			})
		}
	}
}

func benchmarkEncoder(b *testing.B, builder codec.VideoEncoderBuilder, film *clip, w, h, bps int) {
	const interval = time.Second / 30
	start := time.Now()
	var sources []int // which picture each frame shows
	r := &clipReader{Clip: film, Pool: new(i420.Pool), Start: start, Each: func(i int) {
		sources = append(sources, i)
		<-time.After(time.Until(start.Add(time.Duration(i) * interval)))
	}}
	enc := newEncoder(b, builder, r, w, h)
	var frames [][]byte
	var shown []int
	b.ResetTimer()
	cpu := cpuTime()
	for range b.N {
		data, release, err := enc.Read()
		if err != nil {
			b.Fatal(err)
		}
		frames = append(frames, bytes.Clone(data))
		shown = append(shown, sources[len(sources)-1])
		release()
	}
	cpu, took := cpuTime()-cpu, time.Since(start)
	b.StopTimer()
	bytes := 0
	for _, f := range frames {
		bytes += len(f)
	}
	seconds := max(float64(sources[len(sources)-1]+1)/30, took.Seconds())
	b.ReportMetric(cpu.Seconds()*1000/float64(b.N), "cpu-ms/frame")
	b.ReportMetric(float64(bytes)*8/1000/seconds, "kbit/s")
	b.ReportMetric(float64(bps)/1000, "asked-kbit/s")
	b.ReportMetric(quality(b, film, frames, shown), "dB")
	b.ReportMetric(float64(b.N)/seconds, "fps")
	b.ReportMetric(0, "ns/op") // is the frame interval, and says nothing
}

// quality is the mean PSNR of the frames against what they show.
func quality(b *testing.B, film *clip, frames [][]byte, shown []int) float64 {
	var pool i420.Pool
	dec := newDecoder(b, &pool)
	var sum float64
	for i, frame := range frames {
		got, err := dec.Decode(frame)
		if err != nil {
			b.Fatal(err)
		}
		want := film.At(&pool, shown[i], testStart)
		sum += psnr(got, want)
		got.Release()
		want.Release()
	}
	return sum / float64(len(frames))
}

func BenchmarkVP8Decode(b *testing.B) {
	for _, size := range [][2]int{{640, 480}, {1280, 720}} {
		frames := realFrames(b, size[0], size[1], 30)
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			dec := newDecoder(b, new(i420.Pool))
			for i := 0; b.Loop(); i++ {
				p, err := dec.Decode(frames[i%len(frames)])
				if err != nil {
					b.Fatal(err)
				}
				p.Release()
			}
		})
	}
}
