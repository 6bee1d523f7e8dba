package peer

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	pionnet "github.com/pion/transport/v4"

	"tring/engine"
)

func TestDTMF(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		ctx := testContext(t)
		c.exchange(c.a, c.b, voice, voice)
		c.check("start", onlyAudio)
		if err := c.a.conn.SendDTMF(ctx, "1#a"); err != nil {
			t.Fatal(err)
		}
		c.b.await("digits", func() bool { return c.b.digits == "1#A" })
		if err := c.b.conn.SendDTMF(ctx, "00"); err != nil {
			t.Fatal(err)
		}
		c.a.await("digits", func() bool { return c.a.digits == "00" })
		c.check("after digits", onlyAudio)
	})
}

func TestDTMFRefused(t *testing.T) {
	ctx := testContext(t)
	c := newCall(t, untouched)
	for _, digits := range []string{"", "x", "1 2", "+49"} {
		if err := c.a.conn.SendDTMF(ctx, digits); !errors.Is(err, engine.ErrNotSupported) {
			t.Errorf("%q: %v", digits, err)
		}
	}
	if err := c.a.conn.SendDTMF(ctx, "1"); !errors.Is(err, engine.ErrWrongState) {
		t.Errorf("before the call: %v", err)
	}
	c.munge = func(sdp string) string { return strings.ReplaceAll(sdp, "telephone-event", "telephone-tune") }
	ofAnswer, _ := c.exchange(c.a, c.b, voice, voice)
	if ofAnswer.TelephoneEvent {
		t.Error("telephone events seen")
	}
	c.check("start", onlyAudio)
	if err := c.a.conn.SendDTMF(ctx, "1"); !errors.Is(err, engine.ErrNotSupported) {
		t.Errorf("no events negotiated: %v", err)
	}
}

func TestDTMFPauseIsCancelled(t *testing.T) {
	c := newCall(t, untouched)
	c.exchange(c.a, c.b, voice, voice)
	c.check("start", onlyAudio)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := c.a.conn.SendDTMF(ctx, ",,,,1"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestKeyFrameRequest(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("start", everything)
		track := c.b.tracksOf(Video)[0]
		track.RequestKeyFrame()
		track.RequestKeyFrame() // too soon: does nothing
		c.a.await("key-frame request", func() bool { return c.a.asked > 0 })
		if n := c.b.conn.Stats().Video.Inbound.KeyFrameRequests; n != 1 {
			t.Errorf("%d requests counted", n)
		}
		if track.CodecMime() != mimeVP8 || track.ClockRate() != 90000 || track.PayloadType() != 96 || track.SSRC() == 0 {
			t.Errorf("track %s/%d, type %d, SSRC %d", track.CodecMime(), track.ClockRate(), track.PayloadType(), track.SSRC())
		}
	})
}

// lossyNet drops outgoing packets of a machine.
type lossyNet struct {
	network
	drop func(packet []byte) bool
}

func (n lossyNet) ListenUDP(name string, address *net.UDPAddr) (pionnet.UDPConn, error) {
	conn, err := n.network.ListenUDP(name, address)
	return lossyConn{conn, n.drop}, err
}

type lossyConn struct {
	pionnet.UDPConn
	drop func([]byte) bool
}

func (c lossyConn) WriteTo(b []byte, to net.Addr) (int, error) {
	if c.drop(b) {
		return len(b), nil
	}
	return c.UDPConn.WriteTo(b, to)
}

// makeLossy rebuilds a party's Conn on a network that drops.
func makeLossy(p *party, drop func([]byte) bool) {
	n, err := newNetwork()
	if err != nil {
		p.t.Fatal(err)
	}
	p.conn.network = lossyNet{n, drop}
}

func TestLostPacketsAreSentAgain(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		var dropped atomic.Int32
		makeLossy(c.a, func(b []byte) bool {
			isVideo := len(b) > 12 && b[0]>>6 == 2 && b[1]&0x7f == 96
			if isVideo && b[3]%5 == 0 {
				dropped.Add(1)
				return true
			}
			return false
		})
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("start", everything)
		const first, count = 5000, 100
		for i := range count {
			c.a.say(Video, uint32(first+i), 1)
		}
		ctx := testContext(t)
		ticker := time.NewTicker(5 * time.Millisecond)
		defer ticker.Stop()
		for missing := count; missing > 0; {
			select {
			case <-ticker.C:
				c.a.say(Video, 1, 1) // a loss is seen by what comes after it
			case <-ctx.Done():
				t.Fatalf("%d of %d frames missing, %d packets dropped", missing, count, dropped.Load())
			}
			missing = 0
			c.b.mu.Lock()
			for i := range count {
				if c.b.heard[Video][uint32(first+i)] == 0 {
					missing++
				}
			}
			c.b.mu.Unlock()
		}
		c.b.mu.Lock()
		for i := range count {
			if n := c.b.heard[Video][uint32(first+i)]; n != 1 {
				t.Errorf("frame %d came %d times", i, n)
			}
		}
		c.b.mu.Unlock()
		if s := c.a.conn.Stats(); s.Video.Outbound.Retransmitted == 0 || dropped.Load() == 0 {
			t.Errorf("%d dropped, %d sent again", dropped.Load(), s.Video.Outbound.Retransmitted)
		}
		if s := c.b.conn.Stats(); s.Video.Inbound.PacketsLost == 0 {
			t.Error("no loss counted")
		}
	})
}

func TestStats(t *testing.T) {
	c := newCall(t, untouched)
	if s := c.a.conn.Stats(); s.Transport != "" || s.Audio.Outbound.Packets != 0 {
		t.Errorf("before the call: %+v", s)
	}
	c.exchange(c.a, c.b, withVideo, withVideo)
	c.check("start", everything)
	a, b := c.a.conn.Stats(), c.b.conn.Stats()
	for _, s := range []struct {
		name     string
		out      OutboundStats
		in       InboundStats
		codec    string
		overhead uint64
	}{
		{"audio", a.Audio.Outbound, b.Audio.Inbound, "opus", 56},
		{"video", a.Video.Outbound, b.Video.Inbound, "VP8", 69},
	} {
		if s.out.Codec != s.codec || s.in.Codec != s.codec {
			t.Errorf("%s: codecs %q and %q", s.name, s.out.Codec, s.in.Codec)
		}
		if s.in.Packets < 3 || s.out.Packets < s.in.Packets || s.out.Bytes != s.out.Packets*s.overhead || s.in.Bytes != s.in.Packets*s.overhead {
			t.Errorf("%s: sent %d packets, %d bytes; received %d, %d", s.name, s.out.Packets, s.out.Bytes, s.in.Packets, s.in.Bytes)
		}
		if s.in.PacketsLost != 0 || s.out.BitrateBPS == 0 || s.in.BitrateBPS == 0 || s.in.Jitter > time.Second {
			t.Errorf("%s: %+v, %+v", s.name, s.out, s.in)
		}
	}
	if a.Transport != "direct" || a.RoundTrip <= 0 || a.RoundTrip > time.Second {
		t.Errorf("path %q, round trip %v", a.Transport, a.RoundTrip)
	}
}

func TestCloseInEveryPhase(t *testing.T) {
	ctx := context.Background()
	phases := []struct {
		name string
		run  func(c *call)
	}{
		{"new", func(*call) {}},
		{"offered", func(c *call) { _, _ = c.a.conn.Offer(ctx, withVideo) }},
		{"answered", func(c *call) {
			offer, _ := c.a.conn.Offer(ctx, withVideo)
			_, _, _ = c.b.conn.Answer(ctx, c.munge(offer), withVideo)
		}},
		{"connecting", func(c *call) { c.exchange(c.a, c.b, withVideo, withVideo) }},
		{"flowing", func(c *call) {
			c.exchange(c.a, c.b, withVideo, withVideo)
			c.check("start", everything)
		}},
		{"reoffered", func(c *call) {
			c.exchange(c.a, c.b, voice, voice)
			_, _ = c.a.conn.Offer(ctx, withVideo)
		}},
		{"restarting", func(c *call) {
			c.exchange(c.a, c.b, withVideo, withVideo)
			_, _ = c.a.conn.RestartICE(ctx, withVideo)
		}},
		{"fresh", func(c *call) {
			c.exchange(c.a, c.b, withVideo, withVideo)
			_, _ = c.a.conn.FreshOffer(ctx, withVideo)
		}},
	}
	for _, phase := range phases {
		t.Run(phase.name, func(t *testing.T) {
			inAllModes(t, func(t *testing.T, c *call, _ bool) {
				phase.run(c)
				for range 2 {
					if err := c.a.conn.Close(); err != nil {
						t.Error(err)
					}
				}
				if _, err := c.a.conn.Offer(ctx, voice); !errors.Is(err, engine.ErrClosed) {
					t.Errorf("offer after Close: %v", err)
				}
				if _, _, err := c.a.conn.Answer(ctx, chromiumOffer, voice); !errors.Is(err, engine.ErrClosed) {
					t.Errorf("answer after Close: %v", err)
				}
				if _, err := c.a.conn.SetAnswer(ctx, chromiumOffer); !errors.Is(err, engine.ErrClosed) {
					t.Errorf("set answer after Close: %v", err)
				}
				if err := c.a.conn.SendDTMF(ctx, "1"); !errors.Is(err, engine.ErrClosed) && !errors.Is(err, engine.ErrWrongState) {
					t.Errorf("digits after Close: %v", err)
				}
				c.a.say(Audio, 1, 1)
				c.a.conn.AbandonOffer()
				if c.a.conn.Sending(Audio) {
					t.Error("sending after Close")
				}
			})
		})
	}
}

// TestCloseMeanwhile closes while both sides negotiate and write.
func TestCloseMeanwhile(t *testing.T) {
	for i := range 10 {
		c := newCall(t, untouched)
		begun := make(chan struct{})
		done := make(chan struct{})
		go func() {
			defer close(done)
			close(begun)
			offer, err := c.a.conn.Offer(context.Background(), withVideo)
			if err != nil {
				return
			}
			answer, _, err := c.b.conn.Answer(context.Background(), offer, withVideo)
			if err != nil {
				return
			}
			_, _ = c.a.conn.SetAnswer(context.Background(), answer)
			for range 100 {
				_ = c.a.conn.WriteAudio([]byte{1, 2, 3, 4}, 1, false)
			}
		}()
		<-begun
		if i%2 == 0 {
			c.b.close()
		}
		c.a.close()
		<-done
	}
}
