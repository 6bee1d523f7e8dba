package peer

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/pion/rtp"

	"tring/engine"
)

// What pages do (W3C webrtc-pc section 7): 100 ms tones, 70 ms gaps, and a
// comma for a pause.
const (
	toneLength  = 100 * time.Millisecond
	toneGap     = 70 * time.Millisecond
	tonePause   = time.Second
	tonePacket  = 20 * time.Millisecond // RFC 4733 section 2.5.1.2
	toneVolume  = 10                    // -10 dBm0
	toneEnd     = 0x80
	endPackets  = 3 // the end is said three times, RFC 4733 section 2.5.1.4
	maxDTMF     = 128
	dtmfDigits  = "0123456789*#ABCD" // in the order of their event codes, RFC 4733 section 3.2
	eventLength = 4
)

// SendDTMF sends digits (0-9 * # A-D, ',' pauses for a second) as telephone
// events (RFC 4733) and returns when they are out. Audio frames written
// meanwhile are dropped while a tone sounds.
func (c *Conn) SendDTMF(ctx context.Context, digits string) error {
	digits = strings.ToUpper(digits)
	if err := checkDigits(digits); err != nil {
		return err
	}
	select {
	case c.dialing <- struct{}{}: // one string of digits at a time
		defer func() { <-c.dialing }()
	case <-c.done:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	for i, digit := range digits {
		if digit == ',' {
			if err := c.pause(ctx, tonePause); err != nil {
				return err
			}
			continue
		}
		if i > 0 {
			if err := c.pause(ctx, toneGap); err != nil {
				return err
			}
		}
		if err := c.sendTone(ctx, byte(strings.IndexRune(dtmfDigits, digit))); err != nil {
			return err
		}
	}
	return nil
}

func checkDigits(digits string) error {
	bad := digits == "" || len(digits) > maxDTMF
	for _, r := range digits {
		bad = bad || r != ',' && !strings.ContainsRune(dtmfDigits, r)
	}
	if bad {
		return &engine.Problem{
			Cause: fmt.Sprintf("These are not digits to dial: at most %d of 0-9 * # A-D and commas are.", maxDTMF),
			Next:  "Correct them and try again.",
			Err:   engine.ErrNotSupported,
		}
	}
	return nil
}

func (c *Conn) pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-c.done:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// sendTone sends one event: packets every 20 ms that all bear the time of its
// beginning and tell how long it lasts already.
func (c *Conn) sendTone(ctx context.Context, code byte) error {
	w := c.writers[Audio]
	f := w.flow.Load()
	if !f.open() {
		return wrongState("Digits cannot be sent now: no sound goes out.")
	}
	clock := f.track.eventClock()
	if clock == 0 {
		return &engine.Problem{
			Cause: "The other side does not take digits.",
			Next:  "Say them instead.",
			Err:   engine.ErrNotSupported,
		}
	}
	begin := w.beginEvent()
	defer w.endEvent()
	perPacket := uint16(clock * uint32(tonePacket/time.Millisecond) / 1000)
	steps := int(toneLength / tonePacket)
	for i := 1; i <= steps; i++ {
		if err := c.pause(ctx, tonePacket); err != nil {
			return err
		}
		last := i == steps
		repeat := 1
		if last {
			repeat = endPackets
		}
		for range repeat {
			if err := w.writeEvent(f, begin, eventPayload(code, last, uint16(i)*perPacket), i == 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// beginEvent keeps audio off the line and gives the event's RTP time: that of
// the audio, had it gone on.
func (w *writer) beginEvent() uint32 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.eventBusy = true
	if w.lastWritten.IsZero() {
		return w.lastTime
	}
	return w.lastTime + uint32(time.Since(w.lastWritten).Seconds()*48000)
}

func (w *writer) endEvent() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.eventBusy = false
	if w.lastWritten.IsZero() { // no audio ever: two events must still differ in time
		w.lastTime += uint32((toneLength + toneGap).Seconds() * 48000)
	}
}

func (w *writer) writeEvent(f *flow, rtpTime uint32, payload []byte, first bool) error {
	w.mu.Lock()
	header := rtp.Header{Version: 2, Marker: first, Timestamp: rtpTime, SequenceNumber: w.take()}
	w.mu.Unlock()
	return f.track.writeEvent(header, payload)
}

// eventPayload is RFC 4733 section 2.3.
func eventPayload(code byte, end bool, duration uint16) []byte {
	payload := []byte{code, toneVolume, 0, 0}
	if end {
		payload[1] |= toneEnd
	}
	binary.BigEndian.PutUint16(payload[2:], duration)
	return payload
}

// toneDetector finds digits in telephone-event packets.
type toneDetector struct {
	seen bool
	last uint32 // RTP time of the last event
}

// digit is the one that p begins, if it begins one. Any packet of an event can
// be the first that arrives; the others bear the same RTP time.
func (d *toneDetector) digit(p *rtp.Packet) (rune, bool) {
	if len(p.Payload) < eventLength || int(p.Payload[0]) >= len(dtmfDigits) {
		return 0, false
	}
	const reordered = -60 * 48000 // farther back it is no late packet but a clock that was set anew
	if step := int32(p.Timestamp - d.last); d.seen && step <= 0 && step > reordered {
		return 0, false
	}
	d.seen, d.last = true, p.Timestamp
	return rune(dtmfDigits[p.Payload[0]]), true
}
