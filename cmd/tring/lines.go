package main

import (
	"bytes"
	"encoding/json"
	"io"
	"sync"
	"time"

	"tring/engine"
)

// field is a member of a JSON object; lines keep the order they are given in.
type field struct {
	key   string
	value any
}

// object is a JSON object with ordered members.
type object []field

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(f.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(f.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// lineWriter writes whole lines, from any goroutine.
type lineWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lineWriter) line(t time.Time, event string, fields ...field) {
	text, err := json.Marshal(append(object{{"time", t.Format(time.RFC3339Nano)}, {"event", event}}, fields...))
	if err != nil {
		return // every value is a string, a number or a list of them
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = l.w.Write(append(text, '\n')) // a reader that is gone ends standard input too
}

func (l *lineWriter) problem(event string, id engine.CallID, err error) {
	fields := []field{{"message", err.Error()}}
	if id != "" {
		fields = append([]field{{"callId", id}}, fields...)
	}
	l.line(time.Now(), event, fields...)
}

// event writes an event of the engine. Credentials are never written.
func (l *lineWriter) event(ev engine.Event) {
	if ev.Name == engine.EventCredential {
		return
	}
	var f object
	if ev.CallID != "" {
		f = append(f, field{"callId", ev.CallID})
	}
	l.line(ev.Time, string(ev.Name), append(f, eventFields(ev)...)...)
}

func eventFields(ev engine.Event) object {
	switch ev.Name {
	case engine.EventSubscriptionChange:
		subscribed := ev.Subscribed
		if subscribed == nil {
			subscribed = []string{}
		}
		return object{{"subscribed", subscribed}, {"reason", ev.Reason}}
	case engine.EventCallStart:
		return object{{"to", ev.Remote}, {"video", ev.Video}}
	case engine.EventCallReceive:
		return object{{"from", ev.Remote}, {"fromName", ev.RemoteName}, {"video", ev.Video}}
	case engine.EventCallStateChange:
		f := object{{"previous", ev.Previous.String()}, {"state", ev.State.String()}, {"localHold", ev.LocalHold}, {"remoteHold", ev.RemoteHold}}
		if ev.State.Final() {
			f = append(f, field{"reason", ev.End.Reason.String()}, field{"statusCode", ev.End.StatusCode})
		}
		return f
	case engine.EventCallMediaConnection:
		return object{{"state", mediaWords[ev.Media]}}
	case engine.EventCallMedia:
		f := object{{"kind", ev.MediaKind}}
		if ev.MediaKind == "video" {
			f = append(f, field{"width", ev.Width}, field{"height", ev.Height})
		}
		return append(f, field{"sinceAnswerMs", milliseconds(ev.SinceAnswer)})
	case engine.EventCallOperation:
		f := object{{"operation", ev.Operation}, {"phase", ev.Phase}, {"local", ev.Local}}
		if ev.Problem != nil {
			f = append(f, field{"message", ev.Problem.Error()})
		}
		return f
	case engine.EventCallDTMF:
		return object{{"digit", ev.Operation}}
	case engine.EventDeviceChange:
		return object{{"role", roleWords[ev.DeviceKind]}, {"device", ev.DeviceName}, {"reason", ev.Reason}}
	}
	if ev.Problem != nil {
		return object{{"message", ev.Problem.Error()}}
	}
	return nil
}

// mediaWords are the words of webrtc-pc's RTCPeerConnectionState.
var mediaWords = map[engine.MediaState]string{
	engine.MediaNew: "new", engine.MediaConnecting: "connecting", engine.MediaFlowing: "connected",
	engine.MediaInterrupted: "disconnected", engine.MediaFailed: "failed",
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}

// stats writes a call's numbers.
func (l *lineWriter) stats(s engine.Stats) {
	f := object{{"callId", s.CallID}, {"roundTripMs", milliseconds(s.RoundTrip)}, {"transport", s.Transport}, {"protocol", s.Protocol}}
	if v := s.Video; v != nil {
		f = append(f, field{"video", object{
			{"inbound", append(inbound(v.Inbound.InboundStats),
				field{"framesDecoded", v.Inbound.FramesDecoded}, field{"framesDropped", v.Inbound.FramesDropped},
				field{"width", v.Inbound.Width}, field{"height", v.Inbound.Height}, field{"fps", v.Inbound.FPS},
				field{"freezes", v.Inbound.Freezes}, field{"freezeMs", milliseconds(v.Inbound.FreezeTime)},
				field{"longGaps", v.Inbound.LongGaps}, field{"longestGapMs", milliseconds(v.Inbound.LongestGap)},
				field{"playoutMs", milliseconds(v.Inbound.PlayoutDelay)},
				field{"delayP50Ms", milliseconds(v.Inbound.AgeP50)}, field{"delayP95Ms", milliseconds(v.Inbound.AgeP95)},
				field{"keyFrameRequests", v.Inbound.KeyFrameRequests})},
			{"outbound", append(outbound(v.Outbound.OutboundStats),
				field{"framesEncoded", v.Outbound.FramesEncoded}, field{"width", v.Outbound.Width}, field{"height", v.Outbound.Height},
				field{"fps", v.Outbound.FPS}, field{"encodeMs", milliseconds(v.Outbound.EncodeTime)}, field{"keyFrames", v.Outbound.KeyFrames}, field{"targetBps", v.Outbound.TargetBPS})},
		}})
	}
	if a := s.Audio; a != nil {
		f = append(f, field{"audio", object{
			{"inbound", append(inbound(a.Inbound.InboundStats),
				field{"level", a.Inbound.Level}, field{"energy", a.Inbound.Energy},
				field{"concealedMs", milliseconds(a.Inbound.Concealed)}, field{"recovered", a.Inbound.Recovered}, field{"bufferMs", milliseconds(a.Inbound.BufferTime)})},
			{"outbound", outbound(a.Outbound)},
		}})
	}
	l.line(s.Time, "call:stats", f...)
}

func inbound(s engine.InboundStats) object {
	return object{{"codec", s.Codec}, {"packets", s.Packets}, {"bytes", s.Bytes}, {"packetsLost", s.PacketsLost}, {"jitterMs", milliseconds(s.Jitter)}, {"bitrateBps", s.BitrateBPS}}
}

func outbound(s engine.OutboundStats) object {
	return object{{"codec", s.Codec}, {"packets", s.Packets}, {"bytes", s.Bytes}, {"bitrateBps", s.BitrateBPS}, {"retransmitted", s.Retransmitted}}
}
