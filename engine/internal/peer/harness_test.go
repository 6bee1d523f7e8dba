package peer

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tring/engine"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			code = 1
		}
	}
	os.Exit(code)
}

// patience bounds every wait of a test.
const patience = 20 * time.Second

func testContext(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// party is one side of a call in a test: a Conn and what it has heard.
type party struct {
	t    testing.TB
	name string
	conn *Conn

	mu      sync.Mutex
	changed chan struct{}          // closed and replaced at every change
	heard   [kinds]map[uint32]int  // packets by label
	tracks  [kinds][]*InboundTrack // in the order of OnInbound
	states  []engine.MediaState
	digits  string
	asked   int // key-frame requests
	readers sync.WaitGroup
}

func newParty(t testing.TB, name string, change ...func(*Config)) *party {
	p := &party{t: t, name: name, changed: make(chan struct{})}
	for k := range kinds {
		p.heard[k] = make(map[uint32]int)
	}
	config := Config{LoopbackOnly: true, Handlers: Handlers{
		OnInbound:         p.onInbound,
		OnState:           func(s engine.MediaState) { p.note(func() { p.states = append(p.states, s) }) },
		OnKeyFrameRequest: func() { p.note(func() { p.asked++ }) },
		OnDTMF:            func(d rune) { p.note(func() { p.digits += string(d) }) },
	}}
	for _, f := range change {
		f(&config)
	}
	conn, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	p.conn = conn
	t.Cleanup(p.close)
	return p
}

func (p *party) close() {
	if err := p.conn.Close(); err != nil {
		p.t.Errorf("%s: Close: %v", p.name, err)
	}
	p.readers.Wait()
}

func (p *party) note(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *party) onInbound(in *InboundTrack) {
	p.note(func() { p.tracks[in.Kind()] = append(p.tracks[in.Kind()], in) })
	p.readers.Add(1)
	go func() {
		defer p.readers.Done()
		for {
			packet, err := in.ReadRTP()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				p.t.Errorf("%s: ReadRTP: %v", p.name, err)
				return
			}
			payload := packet.Payload
			if in.Kind() == Video && len(payload) > vp8Descriptor {
				payload = payload[vp8Descriptor+1:]
			}
			if len(payload) >= 4 {
				label := binary.BigEndian.Uint32(payload)
				p.note(func() { p.heard[in.Kind()][label]++ })
			}
		}
	}()
}

// await waits until condition, called with the lock held, is true.
func (p *party) await(what string, condition func() bool) {
	p.t.Helper()
	ctx := testContext(p.t)
	for {
		p.mu.Lock()
		ok, changed := condition(), p.changed
		p.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			p.t.Fatalf("%s: no %s; states %v", p.name, what, p.states)
		}
	}
}

// tracksOf are the tracks handed over so far.
func (p *party) tracksOf(k Kind) []*InboundTrack {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.tracks[k])
}

func (p *party) awaitState(s engine.MediaState) {
	p.t.Helper()
	p.await("media state", func() bool { return len(p.states) > 0 && p.states[len(p.states)-1] == s })
}

// say writes n packets of a kind that bear label.
func (p *party) say(k Kind, label uint32, n int) {
	p.t.Helper()
	var payload []byte
	if k == Video {
		payload = append(payload, 1) // not a key frame: nothing before one is repaired
	}
	payload = binary.BigEndian.AppendUint32(payload, label)
	payload = append(payload, make([]byte, 40)...)
	for range n {
		stamp := uint32(time.Now().UnixMicro())
		var err error
		if k == Audio {
			err = p.conn.WriteAudio(payload, stamp, false)
		} else {
			err = p.conn.WriteVideo(payload, stamp, false)
		}
		if err != nil {
			p.t.Errorf("%s: write %v: %v", p.name, k, err)
		}
	}
}

// call is a test's two sides and what its signalling does to descriptions.
type call struct {
	t      testing.TB
	a, b   *party
	munge  func(string) string
	label  uint32
	silent [2][kinds][]uint32 // labels that must never arrive, at a and b
}

var groupLine = regexp.MustCompile("a=group:BUNDLE[^\r\n]*\r?\n")

// withoutGroup is what SDK pages up to 4.15 do to every description.
func withoutGroup(sdp string) string { return groupLine.ReplaceAllString(sdp, "") }

func untouched(sdp string) string { return sdp }

func newCall(t testing.TB, munge func(string) string, change ...func(*Config)) *call {
	return &call{t: t, a: newParty(t, "a", change...), b: newParty(t, "b"), munge: munge, label: 1}
}

var (
	voice     = Wanted{Audio: Wish{Send: true, Recv: true}}
	voiceSees = Wanted{Audio: Wish{Send: true, Recv: true}, Video: Wish{Recv: true}}
	withVideo = Wanted{Audio: Wish{Send: true, Recv: true}, Video: Wish{Send: true, Recv: true}}
	videoHeld = Wanted{Audio: withVideo.Audio, Video: withVideo.Video, Hold: true}
	voiceHeld = Wanted{Audio: voice.Audio, Hold: true}
)

// exchange lets one side offer and the other answer, and gives what each says
// of the other.
func (c *call) exchange(from, to *party, offered, answered Wanted) (ofAnswer, ofOffer Remote) {
	c.t.Helper()
	return c.exchangeBy(from, to, from.conn.Offer, offered, answered)
}

func (c *call) exchangeBy(from, to *party, offer func(context.Context, Wanted) (string, error), offered, answered Wanted) (ofAnswer, ofOffer Remote) {
	c.t.Helper()
	ctx := testContext(c.t)
	text, err := offer(ctx, offered)
	if err != nil {
		c.t.Fatalf("%s: offer: %v", from.name, err)
	}
	checkOwn(c.t, text)
	text = c.munge(text)
	if _, err := Inspect(text); err != nil {
		c.t.Fatalf("inspect the offer: %v\n%s", err, text)
	}
	answer, ofOffer, err := to.conn.Answer(ctx, text, answered)
	if err != nil {
		c.t.Fatalf("%s: answer: %v", to.name, err)
	}
	checkOwn(c.t, answer)
	answer = c.munge(answer)
	ofAnswer, err = from.conn.SetAnswer(ctx, answer)
	if err != nil {
		c.t.Fatalf("%s: set answer: %v\n%s", from.name, err, answer)
	}
	return ofAnswer, ofOffer
}

// checkOwn sees that a description of ours keeps what Kandy's pages need.
func checkOwn(t testing.TB, sdp string) {
	t.Helper()
	raw, err := splitSDP(sdp)
	if err != nil {
		t.Fatalf("own description: %v\n%s", err, sdp)
	}
	for _, lines := range raw.sections {
		dir, ok := directionOf(lines)
		if !ok {
			t.Errorf("no direction in %s", lines[0])
		}
		if _, ok := attribute(lines, "mid"); !ok {
			t.Errorf("no mid in %s", lines[0])
		}
		if _, ok := attribute(lines, "msid"); ok != dir.send {
			t.Errorf("msid there: %v, sending: %v in %s", ok, dir.send, lines[0])
		}
		if directions := len(attributes(lines, dir.String())); directions != 1 {
			t.Errorf("%d directions in %s", directions, lines[0])
		}
	}
}

// flows is what must get through, seen from a and from b.
type flows struct{ aAudio, bAudio, aVideo, bVideo bool }

var (
	everything = flows{true, true, true, true}
	onlyAudio  = flows{aAudio: true, bAudio: true}
	nothing    = flows{}
)

// check lets both sides write both kinds and sees that exactly the wanted
// reaches the other side. What must not is checked to the end of the call.
func (c *call) check(step string, want flows) {
	c.t.Helper()
	c.label++
	label := c.label
	directions := []struct {
		from, to *party
		side     int
		kind     Kind
		want     bool
	}{
		{c.a, c.b, 1, Audio, want.aAudio},
		{c.b, c.a, 0, Audio, want.bAudio},
		{c.a, c.b, 1, Video, want.aVideo},
		{c.b, c.a, 0, Video, want.bVideo},
	}
	for _, d := range directions {
		if d.want {
			continue
		}
		d.from.say(d.kind, label, 5)
		c.silent[d.side][d.kind] = append(c.silent[d.side][d.kind], label)
	}
	for _, d := range directions {
		if d.want {
			c.deliver(step, d.from, d.to, d.kind, label)
		}
	}
	for side, p := range []*party{c.a, c.b} {
		p.mu.Lock()
		for k := range kinds {
			for _, silent := range c.silent[side][k] {
				if n := p.heard[k][silent]; n > 0 {
					c.t.Errorf("%s: %s got %d %v packets that must not be sent", step, p.name, n, k)
				}
			}
		}
		p.mu.Unlock()
	}
}

// deliver keeps writing until three packets have arrived.
func (c *call) deliver(step string, from, to *party, k Kind, label uint32) {
	c.t.Helper()
	ctx := testContext(c.t)
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for {
		to.mu.Lock()
		n, changed := to.heard[k][label], to.changed
		to.mu.Unlock()
		if n >= 3 {
			return
		}
		select {
		case <-ticker.C:
			from.say(k, label, 1)
		case <-changed:
		case <-ctx.Done():
			c.t.Fatalf("%s: %v of %s does not reach %s (sending %v, states %v and %v)",
				step, k, from.name, to.name, from.conn.Sending(k), from.conn.MediaState(), to.conn.MediaState())
		}
	}
}
