package engine

import "time"

// Stats is a call's media in numbers, at one moment.
type Stats struct {
	CallID    CallID
	Time      time.Time
	RoundTrip time.Duration // of the chosen candidate pair; 0 if not known yet
	Transport string        // "direct", "relay", or "" before a path is chosen
	Protocol  string        // "udp", "tcp" or "tls" on the way out of here, to the far end or to our relay; "" before
	Video     *VideoStats   // nil without video
	Audio     *AudioStats
}

// InboundStats counts what was received of one kind.
type InboundStats struct {
	Codec       string
	Packets     uint64
	Bytes       uint64 // RTP payload and header
	PacketsLost int64  // RFC 3550 cumulative; duplicates can make it negative
	Jitter      time.Duration
	BitrateBPS  uint64 // over the last second or two
}

// OutboundStats counts what was sent of one kind.
type OutboundStats struct {
	Codec         string
	Packets       uint64
	Bytes         uint64
	BitrateBPS    uint64
	Retransmitted uint64  // packets sent again on request
	LossReported  float64 // share of it that the far end reported lost lately, 0 to 1
}

// VideoInbound is InboundStats and the pictures.
type VideoInbound struct {
	InboundStats
	FramesDecoded    uint64
	FramesDropped    uint64
	Width, Height    int
	FPS              float64       // over the last second or two
	Freezes          uint64        // gaps of the picture over max(3 × mean interval, mean + 150 ms), as webrtc-stats has it
	FreezeTime       time.Duration // sum of their lengths
	LongGaps         uint64        // times that no new picture was shown for over 150 ms
	LongestGap       time.Duration
	KeyFrameRequests uint64        // sent by us
	PlayoutDelay     time.Duration // how long pictures wait to be shown evenly, and with their sound
	// AgeP50 and AgeP95 are from capture to showing, of the last ten seconds, by
	// both machines' clocks: they mean something only where those agree.
	AgeP50, AgeP95 time.Duration
}

// VideoOutbound is OutboundStats and the pictures.
type VideoOutbound struct {
	OutboundStats
	FramesEncoded uint64
	Width, Height int
	FPS           float64
	EncodeTime    time.Duration // mean of the last frames
	KeyFrames     uint64
	TargetBPS     int     // bit rate that is aimed at: what the path has room for
	CameraFPS     float64 // pictures a second that come to be sent, before any is left out
	Limited       Limit   // why the picture is smaller, or comes less often, than it could
}

// Limit says what keeps the picture that we send from being as good as the camera's.
type Limit int

// The limits. Where there are both, it is the computer: a better path would not
// help then.
const (
	Unlimited Limit = iota
	LimitedByComputer
	LimitedByConnection
)

// AudioInbound is InboundStats and the sound.
type AudioInbound struct {
	InboundStats
	Level      float64       // 0–1, peak of the last moment
	Energy     float64       // sum of squared samples × seconds; only grows (webrtc-stats totalAudioEnergy)
	Concealed  time.Duration // made up for lost or late packets
	Recovered  uint64        // lost packets that were played from the copy in their successors
	BufferTime time.Duration // now waiting in the jitter buffer
}

// VideoStats is both directions of the video.
type VideoStats struct {
	Inbound  VideoInbound
	Outbound VideoOutbound
}

// AudioStats is both directions of the sound.
type AudioStats struct {
	Inbound  AudioInbound
	Outbound OutboundStats
}
