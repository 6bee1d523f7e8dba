package peer

import (
	"log/slog"
	"time"

	"tring/engine"
)

// Kind is a kind of media.
type Kind int

// The kinds.
const (
	Audio Kind = iota
	Video
	kinds // how many there are
)

// String is the kind's word in a session description.
func (k Kind) String() string {
	if k == Video {
		return "video"
	}
	return "audio"
}

// Wish says what this side wants to do with one kind of media.
type Wish struct{ Send, Recv bool }

// Wanted is what this side wants of a negotiation. With Hold every section is
// inactive on the wire and nothing is written, whatever the wishes say.
type Wanted struct {
	Audio, Video Wish
	Hold         bool
}

func (w Wanted) of(k Kind) Wish {
	if k == Video {
		return w.Video
	}
	return w.Audio
}

// Remote is what the far end's newest description says, as seen from here.
type Remote struct {
	HasAudio, HasVideo           bool // a section exists, is not rejected, and has a codec known here
	SendsAudio, SendsVideo       bool // the far end says it sends
	ReceivesAudio, ReceivesVideo bool // the far end says it receives

	// Held: the far end receives nothing (inactive or sendonly everywhere). In
	// an answer to our own hold, which is inactive by need, the value of the
	// description before it is kept.
	Held bool

	TelephoneEvent bool // DTMF can be sent as RFC 4733 events
	Bundled        bool // all of it over one transport

	// PacketTime is what a packet of sound should last at least; 0 if the far end
	// does not say (ptime and minptime, RFC 7587 §6.1).
	PacketTime time.Duration
}

// ICEServer is a STUN or TURN server with its credentials.
type ICEServer struct {
	URLs                 []string
	Username, Credential string
}

// Handlers are called in order from one goroutine of the Conn. They must not
// block for long and must not call Close. None is called after Close returned.
type Handlers struct {
	// OnInbound hands over a received track, when its first packet has come.
	// There is one per kind; another one follows when the far end changes its
	// SSRC or its transport, and the one before then ends with io.EOF.
	OnInbound func(*InboundTrack)
	// OnState says how the media path is, over all transports.
	OnState func(engine.MediaState)
	// OnKeyFrameRequest: the far end cannot decode our video without a key
	// frame: it said so (PLI or FIR), or so much was lost at once. Requests that come while one waits are merged.
	OnKeyFrameRequest func()
	// OnTargetRate says how many bits a second the encoder of video shall make
	// from now on: what the path has room for beside headers and repairs, at
	// most MaxVideoBPS. It is called when that changes; values in between are
	// left out while one waits. Before the first call it is what
	// Conn.TargetRate says.
	OnTargetRate func(bps int)
	// OnDTMF is a digit of the far end: 0-9 * # A-D. Digits are found while the
	// inbound audio track is being read.
	OnDTMF func(digit rune)
}

// Config sets up a Conn.
type Config struct {
	ICEServers   []ICEServer
	RelayOnly    bool // media only by way of a TURN server
	Unbundled    bool // offer separate transports to everybody; the fallback to the balanced offer
	MaxVideoBPS  int  // the most that the encoder of video makes, in bits a second; 0 is 2.5 Mbit/s
	LoopbackOnly bool // stay on this machine: loopback addresses only
	Handlers
	Log *slog.Logger // nil discards
}

const defaultMaxVideoBPS = 2_500_000

func (config Config) maxVideo() int {
	if config.MaxVideoBPS <= 0 {
		return defaultMaxVideoBPS
	}
	return config.MaxVideoBPS
}
