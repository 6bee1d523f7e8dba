package video

import (
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"

	"tring/engine/internal/codec"
)

// assembler puts the packets of VP8 frames together (RFC 7741). A frame is
// complete with its marker bit: waiting for the first packet of the next would
// cost a frame's time. It also watches that nothing is missing between frames,
// since libvpx would decode on and show smears.
type assembler struct {
	needKey bool   // frames are of no use until a key frame
	dropped uint64 // frames that were begun in vain

	header codecs.VP8Packet
	time   uint32 // RTP time of the frame begun last
	open   bool   // that frame is whole so far and goes on
	frame  []byte
	key    bool
	id     pictureID
	last   pictureID // of the frame completed last
	gap    bool      // packets are missing since then
}

// pictureID is the number in the payload descriptor, if there is one.
type pictureID struct {
	number  uint16
	known   bool
	layered bool // temporal layers: numbers may be left out on the way
}

// succeeds reports whether no frame is missing between last and id. Without a
// gap in the packets numbers only have to agree; with one they have to prove
// that what is missing was padding. They have 7 or 15 bits: seven are enough.
func (id pictureID) succeeds(last pictureID, gap bool) bool {
	if !id.known || !last.known || id.layered {
		return !gap
	}
	return (id.number-last.number)&0x7f == 1
}

// add takes the next packet and calls emit for each frame that it completes;
// the frame is valid during the call. lost says that packets before this one
// are missing.
func (a *assembler) add(p *rtp.Packet, lost bool, emit func(frame []byte, key bool)) {
	if lost {
		a.abandon()
		a.gap = true
	}
	if len(p.Payload) == 0 {
		return // padding
	}
	payload, err := a.header.Unmarshal(p.Payload)
	if err != nil || len(payload) == 0 {
		a.abandon()
		a.gap = true
		return
	}
	if a.open && a.time != p.Timestamp {
		a.finish(emit) // whole, but for its marker
	}
	switch starts := a.header.S == 1 && a.header.PID == 0; {
	case starts && !a.open:
		a.begin(p, payload)
	case starts: // two beginnings in one frame
		a.abandon()
	case !a.open && a.time != p.Timestamp: // a frame without a beginning
		a.time = p.Timestamp
		a.dropped++
		a.gap, a.needKey = true, true
	}
	if !a.open {
		return
	}
	if len(a.frame)+len(payload) > codec.MaxVP8Frame {
		a.abandon()
		return
	}
	a.frame = append(a.frame, payload...)
	if p.Marker {
		a.finish(emit)
	}
}

// begin looks at the first packet of a frame.
func (a *assembler) begin(p *rtp.Packet, payload []byte) {
	a.time = p.Timestamp
	a.key = startsKeyFrame(payload)
	a.id = pictureID{a.header.PictureID, a.header.I == 1, a.header.L == 1 || a.header.T == 1}
	if !a.key && !a.id.succeeds(a.last, a.gap) {
		a.needKey = true
	}
	if a.needKey && !a.key {
		a.dropped++
		return
	}
	a.open = true
	a.frame = a.frame[:0]
}

func (a *assembler) finish(emit func([]byte, bool)) {
	a.open, a.gap = false, false
	a.last = a.id
	if a.key {
		a.needKey = false
	}
	emit(a.frame, a.key)
}

// abandon gives up the frame that is going on: all that follow depend on it.
func (a *assembler) abandon() {
	if a.open {
		a.open = false
		a.dropped++
		a.gap, a.needKey = true, true
	}
}

// startsKeyFrame looks at the first byte of a VP8 frame (RFC 6386 §9.1).
func startsKeyFrame(payload []byte) bool { return payload[0]&1 == 0 }

// beginsKeyFrame reports whether a packet is the first of a key frame.
func beginsKeyFrame(p *rtp.Packet) bool {
	var header codecs.VP8Packet
	payload, err := header.Unmarshal(p.Payload)
	return err == nil && len(payload) > 0 && header.S == 1 && header.PID == 0 && startsKeyFrame(payload)
}
