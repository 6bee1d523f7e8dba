package video

import (
	"testing"
	"time"

	"tring/engine/internal/codec"
	"tring/engine/internal/i420"
)

// In steady state a picture makes no garbage on its way into a frame, even while
// the target changes.
func TestSenderMakesNoGarbage(t *testing.T) {
	hub := NewHub(nil)
	defer hub.Close()
	p := codec.NewVP8Params()
	p.KeepAllFrames = true
	s := NewSender(SenderConfig{
		Hub: hub, Builder: p, BitrateBPS: 30_000, MaxFPS: 30,
		Write: func(EncodedFrame) error { return nil },
	})
	defer s.Close()
	var pool i420.Pool
	picture := painted(&pool, 320, 240, 0)
	defer picture.Release()
	at := time.Unix(1000, 0)
	s.now = func() time.Time { return at } // whatever else the machine does
	i := 0
	send := func() { // the loop waits for pictures meanwhile: nobody is subscribed
		i++
		at = at.Add(time.Second / 30)
		picture.CapturedAt = at
		s.SetTargetBitRate(30_000 + i%100*50)
		s.send(picture)
	}
	for range 100 {
		send()
	}
	if n := testing.AllocsPerRun(200, send); n > 0 {
		t.Errorf("%.0f allocations a picture", n)
	}
	if stats := s.Stats(); stats.FramesEncoded != 301 || stats.Width != 240 {
		t.Errorf("%+v", stats)
	}
}

// In steady state a frame makes no garbage on its way from packets to pictures.
func TestReceiverMakesNoGarbage(t *testing.T) {
	s := newStream(t)
	r := &Receiver{order: reorder{wait: defaultWait}, assembly: assembler{needKey: true}, log: logger(nil)}
	r.emit = r.decode
	defer r.closeDecoder()
	now := time.Now()
	receive := func(i int) func() {
		packets := s.frame(false)
		at := now.Add(time.Duration(i) * time.Second / 30)
		return func() {
			for _, p := range packets {
				r.order.push(p, beginsKeyFrame(p), at)
			}
			r.advance(at)
			r.gallery.next(at.Add(time.Hour)).Release()
		}
	}
	const warm, count = 50, 100
	var steps []func()
	for i := range warm + count + 1 {
		steps = append(steps, receive(i))
	}
	for _, step := range steps[:warm] {
		step()
	}
	i := warm
	if n := testing.AllocsPerRun(count, func() { steps[i](); i++ }); n > 0 {
		t.Errorf("%.0f allocations a frame", n)
	}
	if n := r.Stats().FramesDecoded; n != warm+count+1 {
		t.Errorf("%d frames decoded", n)
	}
}
