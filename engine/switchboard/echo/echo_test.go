package echo

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tring/engine/internal/peer"
	"tring/engine/switchboard"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 20 * time.Second

// caller is the far end of an echo in a test.
type caller struct {
	t       *testing.T
	conn    *peer.Conn
	got     map[peer.Kind]chan string // payloads that came back
	asked   chan struct{}             // key frames wanted from the caller
	tracks  chan *peer.InboundTrack   // video that came back
	readers sync.WaitGroup
}

func newCaller(t *testing.T, unbundled bool) *caller {
	c := &caller{
		t: t, asked: make(chan struct{}, 100), tracks: make(chan *peer.InboundTrack, 10),
		got: map[peer.Kind]chan string{peer.Audio: make(chan string, 1000), peer.Video: make(chan string, 1000)},
	}
	conn, err := peer.New(peer.Config{
		LoopbackOnly: true, Unbundled: unbundled,
		Handlers: peer.Handlers{
			OnInbound: func(track *peer.InboundTrack) { c.readers.Go(func() { c.read(track) }) },
			OnKeyFrameRequest: func() {
				select {
				case c.asked <- struct{}{}:
				default:
				}
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	c.conn = conn
	t.Cleanup(func() {
		conn.Close()
		c.readers.Wait()
	})
	return c
}

func (c *caller) read(track *peer.InboundTrack) {
	if track.Kind() == peer.Video {
		c.tracks <- track
	}
	for {
		packet, err := track.ReadRTP()
		if err != nil {
			return
		}
		select {
		case c.got[track.Kind()] <- string(packet.Payload):
		default:
		}
	}
}

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// negotiate offers to the echo, which answers with the function given.
func (c *caller) negotiate(wanted peer.Wanted, answer func(ctx context.Context, offer string) (string, error)) {
	c.t.Helper()
	ctx := testContext(c.t)
	offer, err := c.conn.Offer(ctx, wanted)
	if err != nil {
		c.t.Fatal(err)
	}
	sdp, err := answer(ctx, offer)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.conn.SetAnswer(ctx, sdp); err != nil {
		c.t.Fatal(err)
	}
}

// hears sends frames of a kind that contain word until one comes back.
func (c *caller) hears(kind peer.Kind, word string) {
	c.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for n := uint32(0); ; n++ {
		select {
		case payload := <-c.got[kind]:
			if strings.Contains(payload, word) {
				return
			}
			continue
		case <-deadline.C:
			c.t.Fatalf("%v %q did not come back", kind, word)
		case <-tick.C:
		}
		if kind == peer.Audio {
			c.conn.WriteAudio([]byte("\x78"+word), n*960, false)
		} else {
			c.conn.WriteVideo([]byte("\x10\x00\x00\x9d\x01\x2a\x10\x00\x10\x00"+word), n*1800, true)
		}
	}
}

var (
	voice = peer.Wanted{Audio: peer.Wish{Send: true, Recv: true}}
	video = peer.Wanted{Audio: voice.Audio, Video: voice.Audio}
)

func TestEcho(t *testing.T) {
	for name, unbundled := range map[string]bool{"bundled": false, "unbundled": true} {
		t.Run(name, func(t *testing.T) {
			contact := New(Options{LoopbackOnly: true})
			c := newCaller(t, unbundled)
			var dialog switchboard.ContactDialog
			c.negotiate(voice, func(ctx context.Context, offer string) (answer string, err error) {
				answer, dialog, err = contact.Answer(ctx, offer)
				return answer, err
			})
			defer dialog.Close()
			c.hears(peer.Audio, "hello")
			c.negotiate(video, dialog.Update) // adds video
			c.hears(peer.Video, "look")

			// The caller cannot decode the returned picture: it is asked for a key
			// frame itself.
			for len(c.asked) > 0 {
				<-c.asked
			}
			track := <-c.tracks
			track.RequestKeyFrame()
			select {
			case <-c.asked:
			case <-time.After(patience):
				t.Fatal("no key frame was asked for")
			}

			held := video
			held.Hold = true
			c.negotiate(held, dialog.Update)
			if c.conn.Sending(peer.Audio) {
				t.Error("the call is not held")
			}
			c.negotiate(video, dialog.Update)
			c.hears(peer.Audio, "again")
			c.hears(peer.Video, "again")
			if err := dialog.Close(); err != nil {
				t.Error(err)
			}
			if len(contact.slots) != 0 {
				t.Error("the call still counts")
			}
		})
	}
}

func TestSilenceEnds(t *testing.T) {
	contact := New(Options{LoopbackOnly: true, Silence: 40 * time.Millisecond})
	c := newCaller(t, false)
	var dialog switchboard.ContactDialog
	c.negotiate(voice, func(ctx context.Context, offer string) (answer string, err error) {
		answer, dialog, err = contact.Answer(ctx, offer)
		return answer, err
	})
	defer dialog.Close()
	select {
	case <-dialog.(interface{ Done() <-chan struct{} }).Done():
	case <-time.After(patience):
		t.Fatal("a silent call goes on")
	}
}

func TestRefusals(t *testing.T) {
	contact := New(Options{LoopbackOnly: true, MaxCalls: 1})
	for _, bad := range []string{"", "hello", "v=0\r\n", "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"} {
		if _, _, err := contact.Answer(t.Context(), bad); err == nil {
			t.Errorf("%q was answered", bad)
		}
		if len(contact.slots) != 0 {
			t.Fatal("a refused call counts")
		}
	}
	c := newCaller(t, false)
	ctx := testContext(t)
	offer, err := c.conn.Offer(ctx, voice)
	if err != nil {
		t.Fatal(err)
	}
	_, dialog, err := contact.Answer(ctx, offer)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := contact.Answer(ctx, offer); !errors.Is(err, errFull) {
		t.Errorf("one too many: %v", err)
	}
	dialog.Close()
	dialog.Close()
	_, dialog, err = contact.Answer(ctx, offer)
	if err != nil {
		t.Fatal(err)
	}
	dialog.Close()
}
