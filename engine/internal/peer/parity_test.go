package peer

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtp"
	pionnet "github.com/pion/transport/v4"

	"tring/engine"
	"tring/engine/internal/peer/congestion"
)

// dropNet loses what drop says of what is sent.
type dropNet struct {
	network
	drop func(b []byte) bool
}

func (n dropNet) ListenUDP(name string, address *net.UDPAddr) (pionnet.UDPConn, error) {
	conn, err := n.network.ListenUDP(name, address)
	return dropConn{conn, n.drop}, err
}

type dropConn struct {
	pionnet.UDPConn
	drop func(b []byte) bool
}

func (c dropConn) WriteTo(b []byte, to net.Addr) (int, error) {
	if c.drop(b) {
		return len(b), nil
	}
	return c.UDPConn.WriteTo(b, to)
}

// eachEleventh loses each eleventh packet of video, whatever is in it: neither
// always parity nor never, as five or six packets make a frame.
func eachEleventh() func(b []byte) bool {
	var mu sync.Mutex
	count := 0
	return func(b []byte) bool {
		mu.Lock()
		defer mu.Unlock()
		if len(b) < 500 {
			return false
		}
		count++
		return count%11 == 0
	}
}

// requests reports whether an encrypted packet is a generic NACK, of which type
// and format are in the clear.
func requests(b []byte) bool {
	return len(b) > 1 && b[0]&0x1f == 1 && b[1] == 205
}

// lossyCall is a call of which a's video gets lost, and no request of b's comes
// through. whole is told of each frame that arrived, by its number.
func lossyCall(t *testing.T, munge func(string) string, change func(*Config), whole func(frame byte)) *call {
	c := &call{t: t, a: newParty(t, "a", change), munge: munge, label: 1}
	c.b = newParty(t, "b", func(config *Config) {
		hear := config.OnInbound
		config.OnInbound = func(in *InboundTrack) {
			if in.Kind() == Audio {
				hear(in)
				return
			}
			c.b.readers.Go(func() { readFrames(t, in, whole) })
		}
	})
	for p, drop := range map[*party]func([]byte) bool{c.a: eachEleventh(), c.b: requests} {
		n, err := newNetwork()
		if err != nil {
			t.Fatal(err)
		}
		p.conn.network = dropNet{n, drop}
	}
	return c
}

const (
	partsOfFrame = 4
	sizeOfFrame  = partsOfFrame * (maxPayload - vp8Descriptor)
)

// readFrames tells of frames that are whole. All bytes of a frame are its number.
func readFrames(t *testing.T, in *InboundTrack, whole func(frame byte)) {
	parts := make(map[uint32]int)
	for {
		p, err := in.ReadRTP()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Error(err)
			return
		}
		body := p.Payload[vp8Descriptor:]
		if !bytes.Equal(body, bytes.Repeat(body[:1], len(body))) || len(body) != maxPayload-vp8Descriptor {
			t.Errorf("a packet of %d bytes, frame %d", len(body), body[0])
		}
		if parts[p.Timestamp]++; parts[p.Timestamp] == partsOfFrame {
			whole(body[0])
		}
	}
}

// TestParityRepairs: where each eleventh packet is lost and nothing can be asked
// for, nearly every frame arrives all the same, over one transport and over two.
func TestParityRepairs(t *testing.T) {
	for _, mode := range modes {
		t.Run(mode.name, func(t *testing.T) {
			var c *call
			frames := 0
			c = lossyCall(t, mode.munge, mode.change, func(byte) { c.b.note(func() { frames++ }) })
			c.exchange(c.a, c.b, withVideo, withVideo)
			c.b.awaitState(engine.MediaFlowing)
			c.a.awaitState(engine.MediaFlowing)
			l := c.a.conn.link.Load()
			l.mu.Lock()
			l.estimator = calmPath{l.estimator}
			l.mu.Unlock()
			const sent = 60
			for n := range sent {
				l.mu.Lock() // a path that is known to lose
				l.redundancy.Note(1000, 100, true, time.Now())
				l.mu.Unlock()
				if err := c.a.conn.WriteVideo(bytes.Repeat([]byte{byte(n)}, sizeOfFrame), uint32(n)*3000, false); err != nil {
					t.Fatal(err)
				}
				<-time.After(20 * time.Millisecond)
			}
			// Nearly each second frame loses a packet.
			c.b.await("frames", func() bool { return frames >= sent*8/10 })
			stats := c.b.conn.Stats().Video.Inbound
			if stats.Recovered < sent/4 {
				t.Errorf("%d packets were recovered", stats.Recovered)
			}
			if again := c.a.conn.Stats().Video.Outbound.Retransmitted; again > sent {
				t.Errorf("%d packets were sent again", again)
			}
		})
	}
}

var parityLines = regexp.MustCompile(`a=(rtpmap:49 |fmtp:49 |ssrc-group:FEC-FR )[^\r\n]*\r?\n`)

// withoutParity is what a browser does: it does not answer what it does not know.
func withoutParity(sdp string) string {
	return strings.ReplaceAll(parityLines.ReplaceAllString(sdp, ""), " 49\r\n", "\r\n")
}

// TestParityIsAgreed: in each description of a call between two of us, whoever
// offers and whatever is on hold, and in none where one side does not know it.
func TestParityIsAgreed(t *testing.T) {
	for _, mode := range modes {
		for _, knows := range []bool{true, false} {
			var texts []string
			c := newCall(t, func(text string) string {
				if !knows {
					text = withoutParity(text)
				}
				texts = append(texts, text)
				return mode.munge(text)
			}, mode.change)
			c.exchange(c.a, c.b, voice, voice)
			texts = nil
			c.exchange(c.a, c.b, voiceSees, withVideo)
			c.exchange(c.b, c.a, withVideo, withVideo)
			c.exchange(c.a, c.b, videoHeld, withVideo)
			c.exchange(c.a, c.b, withVideo, withVideo)
			c.check("parity", everything)
			for i, text := range texts {
				d, err := parseSDP(text)
				if err != nil {
					t.Fatal(err)
				}
				video := d.sections[1]
				if (video.fecType != 0) != knows || (video.fecSSRC != 0) != (knows && video.dir.send) || video.fecSSRC == video.rtxSSRC && video.dir.send {
					t.Errorf("%s, known %v, description %d: payload type %d, source %d", mode.name, knows, i, video.fecType, video.fecSSRC)
				}
			}
			for _, p := range []*party{c.a, c.b} {
				if got := p.conn.link.Load().fecType.Load(); (got == parityPayload) != knows {
					t.Errorf("%s, known %v: %s uses payload type %d", mode.name, knows, p.name, got)
				}
			}
		}
	}
}

// TestChromiumsParity: a browser that would take parity only as long as it sends
// nothing is not sent any.
func TestChromiumsParity(t *testing.T) {
	for _, name := range []string{"sdk-4.9.0-in-chromium-156.15.offer", "sdk-5.2.0-in-chromium-156.15.offer"} {
		text, err := os.ReadFile("testdata/sdp/" + name + ".sdp")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text, []byte(parityEncoding)) {
			t.Fatalf("%s has no parity", name)
		}
		d, err := parseSDP(string(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range d.sections {
			if s.fecType != 0 {
				t.Errorf("%s: payload type %d", name, s.fecType)
			}
		}
	}
}

// TestProtectedForm: what the sender protects is what the receiver makes of the
// packet as it was sent.
func TestProtectedForm(t *testing.T) {
	for _, numbering := range []uint8{0, 3} {
		p := rtp.Packet{Header: *header(mainSSRC, 700), Payload: []byte{1, 2, 3}}
		p.Marker = true
		want := appendPacket(nil, &p.Header, p.Payload, numbering)
		if numbering != 0 {
			if err := p.SetExtension(numbering, []byte{0xab, 0xcd}); err != nil {
				t.Fatal(err)
			}
		}
		sent, err := p.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		clearExtension(sent, numbering)
		if !bytes.Equal(sent, want) {
			t.Errorf("numbers %d: %x and %x", numbering, sent, want)
		}
		for n := range sent {
			clearExtension(bytes.Clone(sent[:n]), numbering)
		}
	}
}

// TestParityFollowsItsFrame: it leaves behind the packets that it protects, with
// numbers of its own and as part of what is numbered over all.
func TestParityFollowsItsFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(t)
		w.link.fecSSRC = 3003
		w.link.protect(parityPayload)
		w.link.redundancy.Note(1000, 50, true, time.Now())
		w.link.mu.Lock()
		w.link.estimator = calmPath{w.link.estimator}
		w.link.mu.Unlock()
		video := w.sender(mimeVP8, mainSSRC)
		for seq := range uint16(9) {
			h := header(mainSSRC, seq)
			h.Marker = seq == 8
			_, _ = video.Write(h, make([]byte, 1000), nil)
		}
		time.Sleep(time.Second)
		sent, _ := w.take()
		if len(sent) != 12 {
			t.Fatalf("%d packets left", len(sent))
		}
		for i, p := range sent[9:] {
			if p.SSRC != 3003 || p.PayloadType != parityPayload || p.Marker || p.GetExtension(3) == nil || p.SequenceNumber != sent[9].SequenceNumber+uint16(i) {
				t.Errorf("%+v", p.Header)
			}
			if size := p.MarshalSize(); size > 1200-16 {
				t.Errorf("%d bytes", size)
			}
		}
		w.link.protect(0)
		h := header(mainSSRC, 9)
		h.Marker = true
		_, _ = video.Write(h, make([]byte, 1000), nil)
		time.Sleep(time.Second)
		if sent, _ := w.take(); len(sent) < 1 || sent[0].SSRC != mainSSRC || sent[len(sent)-1].SSRC == 3003 {
			t.Errorf("%d packets left", len(sent))
		}
	})
}

// calmPath is a path on which nothing queues.
type calmPath struct{ congestion.Estimator }

func (calmPath) Calm() bool { return true }
