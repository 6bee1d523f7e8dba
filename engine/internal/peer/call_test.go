package peer

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"

	"tring/engine"
)

// modes are the kinds of signalling a call can meet.
var modes = []struct {
	name    string
	munge   func(string) string
	bundled bool
	change  func(*Config)
}{
	{"bundled", untouched, true, func(*Config) {}},
	{"split", withoutGroup, false, func(*Config) {}},
	{"unbundled", untouched, false, func(c *Config) { c.Unbundled = true }},
}

func inAllModes(t *testing.T, f func(t *testing.T, c *call, bundled bool)) {
	for _, mode := range modes {
		t.Run(mode.name, func(t *testing.T) {
			f(t, newCall(t, mode.munge, mode.change), mode.bundled)
		})
	}
}

func TestVideoCall(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, bundled bool) {
		ofAnswer, ofOffer := c.exchange(c.a, c.b, withVideo, withVideo)
		want := Remote{
			HasAudio: true, HasVideo: true, SendsAudio: true, SendsVideo: true,
			ReceivesAudio: true, ReceivesVideo: true, TelephoneEvent: true, Bundled: bundled,
			PacketTime: 10 * time.Millisecond,
		}
		if ofAnswer != want || ofOffer != want {
			t.Errorf("remotes %+v and %+v, want %+v", ofAnswer, ofOffer, want)
		}
		c.check("start", everything)
		c.a.awaitState(engine.MediaFlowing)
		c.b.awaitState(engine.MediaFlowing)
		wantTransports := 2
		if bundled {
			wantTransports = 1
		}
		for _, p := range []*party{c.a, c.b} {
			if n := len(p.conn.transports()); n != wantTransports {
				t.Errorf("%s has %d transports, want %d", p.name, n, wantTransports)
			}
			if s := p.conn.Stats(); s.Transport != "direct" {
				t.Errorf("%s: transport %q", p.name, s.Transport)
			}
			for k := range kinds {
				if n := len(p.tracksOf(k)); n != 1 {
					t.Errorf("%s got %d %v tracks", p.name, n, k)
				}
			}
		}
	})
}

func TestVoiceCall(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, bundled bool) {
		ofAnswer, _ := c.exchange(c.a, c.b, voice, voice)
		if ofAnswer.HasVideo || !ofAnswer.HasAudio {
			t.Errorf("remote %+v", ofAnswer)
		}
		c.check("start", onlyAudio)
	})
}

func TestVideoOfferAnsweredByVoice(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		ofAnswer, _ := c.exchange(c.a, c.b, withVideo, voiceSees)
		if ofAnswer.SendsVideo || !ofAnswer.ReceivesVideo || ofAnswer.Held {
			t.Errorf("remote %+v", ofAnswer)
		}
		c.check("start", flows{aAudio: true, bAudio: true, aVideo: true})
		c.exchange(c.b, c.a, withVideo, withVideo)
		c.check("b adds", everything)
	})
}

func TestHold(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("start", everything)

		_, ofOffer := c.exchange(c.a, c.b, videoHeld, withVideo)
		if !ofOffer.Held {
			t.Error("b does not see the hold")
		}
		c.check("a holds", nothing)
		ofAnswer, ofOffer := c.exchange(c.a, c.b, withVideo, withVideo)
		if ofOffer.Held || ofAnswer.Held {
			t.Error("hold seen after unhold")
		}
		c.check("a unholds", everything)

		c.exchange(c.b, c.a, videoHeld, withVideo)
		c.check("b holds", nothing)
		c.exchange(c.b, c.a, withVideo, withVideo)
		c.check("b unholds", everything)

		// Dual hold: the release of one leaves the other's.
		c.exchange(c.a, c.b, videoHeld, withVideo)
		ofAnswer, ofOffer = c.exchange(c.b, c.a, videoHeld, videoHeld)
		if !ofOffer.Held || !ofAnswer.Held {
			t.Errorf("dual hold: %+v, %+v", ofAnswer, ofOffer)
		}
		c.check("both hold", nothing)
		ofAnswer, ofOffer = c.exchange(c.a, c.b, withVideo, videoHeld)
		if !ofAnswer.Held || ofOffer.Held {
			t.Errorf("a releases, b still holds: %+v, %+v", ofAnswer, ofOffer)
		}
		c.check("a releases", nothing)
		c.exchange(c.b, c.a, withVideo, withVideo)
		c.check("b releases", everything)
		for _, p := range []*party{c.a, c.b} {
			for k := range kinds {
				if n := len(p.tracksOf(k)); n != 1 {
					t.Errorf("%s got %d %v tracks; one should live through holds", p.name, n, k)
				}
			}
		}
	})
}

func TestAddAndRemoveVideo(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		c.exchange(c.a, c.b, voice, voice)
		c.check("voice", onlyAudio)
		ofAnswer, ofOffer := c.exchange(c.a, c.b, withVideo, voiceSees)
		if !ofOffer.SendsVideo || ofAnswer.SendsVideo {
			t.Errorf("a adds: %+v, %+v", ofAnswer, ofOffer)
		}
		c.check("a adds", flows{true, true, true, false})
		c.exchange(c.b, c.a, withVideo, withVideo)
		c.check("b adds", everything)
		c.exchange(c.a, c.b, voiceSees, withVideo)
		c.check("a removes", flows{true, true, false, true})
		c.exchange(c.b, c.a, videoHeld, voiceSees)
		c.check("b holds", nothing)
		c.exchange(c.b, c.a, withVideo, voiceSees)
		c.check("b unholds", flows{true, true, false, true})
		c.exchange(c.b, c.a, voiceSees, voiceSees)
		c.check("b removes", onlyAudio)
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("both add", everything)
	})
}

func TestCalleeAddsVideo(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		c.exchange(c.a, c.b, voice, voice)
		c.check("voice", onlyAudio)
		c.exchange(c.b, c.a, withVideo, voiceSees)
		c.check("b adds", flows{true, true, false, true})
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("a adds", everything)
		c.exchange(c.a, c.b, videoHeld, withVideo)
		c.check("a holds", nothing)
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("a unholds", everything)
	})
}

func TestRefusedReoffers(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		ctx := testContext(t)
		c.exchange(c.a, c.b, voice, voice)
		c.check("start", onlyAudio)
		for _, w := range []Wanted{voiceHeld, withVideo, voice, withVideo} {
			if _, err := c.a.conn.Offer(ctx, w); err != nil {
				t.Fatal(err)
			}
			if _, err := c.a.conn.Offer(ctx, w); err == nil {
				t.Error("two offers at a time")
			}
			c.a.conn.AbandonOffer()
			c.check("refused", onlyAudio)
		}
		c.exchange(c.a, c.b, voiceHeld, voice)
		c.check("a holds", nothing)
		if _, err := c.a.conn.Offer(ctx, voice); err != nil {
			t.Fatal(err)
		}
		c.a.conn.AbandonOffer()
		c.check("unhold refused", nothing)
		c.exchange(c.a, c.b, voice, voice)
		c.check("a unholds", onlyAudio)
		c.exchange(c.b, c.a, withVideo, withVideo)
		c.check("b adds video", everything)
		if _, err := c.a.conn.Offer(ctx, videoHeld); err != nil {
			t.Fatal(err)
		}
		c.exchange(c.b, c.a, videoHeld, withVideo) // glare: b's offer wins
		c.check("b holds", nothing)
		c.exchange(c.b, c.a, withVideo, withVideo)
		c.check("b unholds", everything)
	})
}

func TestICERestart(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("start", everything)
		c.exchangeBy(c.a, c.b, c.a.conn.RestartICE, withVideo, withVideo)
		c.check("a restarts", everything)
		c.exchangeBy(c.b, c.a, c.b.conn.RestartICE, withVideo, withVideo)
		c.check("b restarts", everything)
		// A refused restart: the next offer carries it.
		if _, err := c.a.conn.RestartICE(testContext(t), withVideo); err != nil {
			t.Fatal(err)
		}
		c.a.conn.AbandonOffer()
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("after a refused restart", everything)
		for _, p := range []*party{c.a, c.b} {
			for k := range kinds {
				if n := len(p.tracksOf(k)); n != 1 {
					t.Errorf("%s got %d %v tracks; one should live through restarts", p.name, n, k)
				}
			}
		}
	})
}

// TestTransfer hands a's end of the call over to c: b makes a fresh offer as
// the answer to an empty one, c answers it as a new call.
func TestTransfer(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("start", everything)
		c.exchange(c.a, c.b, videoHeld, withVideo)
		c.check("a holds", nothing)

		target := newParty(t, "c")
		next := &call{t: t, a: c.b, b: target, munge: c.munge, label: 1000}
		next.exchangeBy(c.b, target, c.b.conn.FreshOffer, withVideo, withVideo)
		next.check("transferred", everything)
		next.exchange(target, c.b, videoHeld, withVideo)
		next.check("c holds", nothing)
		next.exchange(target, c.b, withVideo, withVideo)
		next.check("c unholds", everything)
	})
}

// TestReplacedOfferer is the other half: a call's far end is replaced by
// another one that offers.
func TestReplacedOfferer(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("start", everything)
		other := newParty(t, "c")
		next := &call{t: t, a: other, b: c.b, munge: c.munge, label: 1000}
		next.exchange(other, c.b, withVideo, withVideo)
		next.check("replaced", everything)
		if n := len(c.b.tracksOf(Audio)); n != 2 {
			t.Errorf("b got %d audio tracks, want another one for the new far end", n)
		}
	})
}

func TestAbandonedFreshOfferKeepsTheCall(t *testing.T) {
	c := newCall(t, untouched)
	c.exchange(c.a, c.b, withVideo, withVideo)
	c.check("start", everything)
	if _, err := c.b.conn.FreshOffer(testContext(t), withVideo); err != nil {
		t.Fatal(err)
	}
	c.check("waiting", everything)
	c.b.conn.AbandonOffer()
	c.check("abandoned", everything)
	c.exchange(c.a, c.b, videoHeld, withVideo)
	c.check("a holds", nothing)
}

// TestFarEndChangesItsSources: a browser that was on hold comes back with new
// SSRCs, which is a new track.
func TestFarEndChangesItsSources(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("start", everything)
		c.exchange(c.a, c.b, videoHeld, withVideo)
		c.check("a holds", nothing)
		for _, track := range c.a.conn.current.tracks {
			track.mu.Lock()
			track.source.ssrc ^= 0x10000
			for i := range track.bindings {
				track.bindings[i].ssrc ^= 0x10000
			}
			track.mu.Unlock()
		}
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("a unholds with new sources", everything)
		for k := range kinds {
			if n := len(c.b.tracksOf(k)); n != 2 {
				t.Errorf("b got %d %v tracks", n, k)
			}
		}
		c.exchange(c.b, c.a, videoHeld, withVideo)
		c.check("b holds", nothing)
		c.exchange(c.b, c.a, withVideo, withVideo)
		c.check("b unholds", everything)
	})
}

// TestVideoBeforeItsOffer: browsers send the video that they add, and probe the
// path with its retransmissions, before they have our answer. It is one track,
// which knows its retransmissions.
func TestVideoBeforeItsOffer(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		c.exchange(c.a, c.b, withVideo, voiceSees)
		c.check("a's video", flows{true, true, true, false})
		early := c.b.conn.current.tracks[Video]
		for n := range uint16(20) {
			for _, source := range []struct {
				ssrc        uint32
				payloadType uint8
			}{{early.rtxSSRC, 97}, {early.ssrc, 96}} {
				header := rtp.Header{Version: 2, SSRC: source.ssrc, PayloadType: source.payloadType, SequenceNumber: n}
				for _, b := range early.bindings {
					if _, err := b.writer.WriteRTP(&header, []byte{0, 1, 0x10, 1, 0, 0, 0, 0}); err != nil {
						t.Error(err)
					}
				}
			}
		}
		c.exchange(c.b, c.a, withVideo, withVideo)
		c.check("b adds", everything)
		tracks := c.a.tracksOf(Video)
		if len(tracks) != 1 {
			t.Fatalf("%d video tracks", len(tracks))
		}
		if got := uint32(tracks[0].remote.RtxSSRC()); got != early.rtxSSRC {
			t.Errorf("retransmissions by %d, want %d", got, early.rtxSSRC)
		}
	})
}

// TestNoSourcesAnnounced: some far ends leave a=ssrc out. Their media is found
// by its payload type.
func TestNoSourcesAnnounced(t *testing.T) {
	sources := regexp.MustCompile("a=ssrc[^\r\n]*\r?\n")
	for _, munge := range []func(string) string{untouched, withoutGroup} {
		c := newCall(t, func(sdp string) string { return sources.ReplaceAllString(munge(sdp), "") })
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("start", everything)
		c.exchange(c.a, c.b, videoHeld, withVideo)
		c.check("a holds", nothing)
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("a unholds", everything)
	}
}

// TestSlowStart: the callee was rung without an offer and makes it; what comes
// back is the answer.
func TestSlowStart(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		c.exchange(c.b, c.a, withVideo, withVideo)
		c.check("start", everything)
		c.exchange(c.a, c.b, videoHeld, withVideo)
		c.check("a holds", nothing)
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("a unholds", everything)
	})
}

// TestRemoteRejectsLater: the far end turns a section off for good, and offers
// it again in its old place.
func TestRemoteRejectsLater(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		ctx := testContext(t)
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("start", everything)
		offer, err := c.a.conn.Offer(ctx, withVideo)
		if err != nil {
			t.Fatal(err)
		}
		c.a.conn.AbandonOffer()
		offer = c.munge(offer)
		at := strings.Index(offer, "m=video 9")
		rejected := offer[:at] + "m=video 0" + offer[at+len("m=video 9"):]
		answer, r, err := c.b.conn.Answer(ctx, strings.Replace(rejected, "BUNDLE 0 1", "BUNDLE 0", 1), withVideo)
		if err != nil {
			t.Fatal(err)
		}
		if r.HasVideo || !strings.Contains(answer, "m=video 0 ") {
			t.Errorf("remote %+v, answer\n%s", r, answer)
		}
		if c.b.conn.Sending(Video) || !c.b.conn.Sending(Audio) {
			t.Error("sending the wrong kinds")
		}
		c.check("rejected", onlyAudioOf(c))
	})
}

// onlyAudioOf: a still writes video, which nobody takes any more.
func onlyAudioOf(c *call) flows {
	c.a.conn.writers[Video].flow.Store(nil)
	return onlyAudio
}
