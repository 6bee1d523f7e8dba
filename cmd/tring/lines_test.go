package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"tring/engine"
)

// at is the moment of all events here.
var at = time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.UTC)

func TestEventLines(t *testing.T) {
	problem := &engine.Problem{Cause: "It broke.", Next: "Mend it."}
	tests := []struct {
		ev   engine.Event
		want string
	}{
		{engine.Event{Name: engine.EventSubscriptionChange, Subscribed: []string{"call"}}, `"event":"subscription:change","subscribed":["call"],"reason":""`},
		{engine.Event{Name: engine.EventSubscriptionChange, Reason: "lost"}, `"subscribed":[],"reason":"lost"`},
		{engine.Event{Name: engine.EventSubscriptionError, Problem: problem}, `"event":"subscription:error","message":"It broke. Mend it."`},
		{engine.Event{Name: engine.EventCallStart, CallID: "1", Remote: "bob@example.com", Video: true}, `"event":"call:start","callId":"1","to":"bob@example.com","video":true`},
		{engine.Event{Name: engine.EventCallReceive, CallID: "1", Remote: "al@example.com", RemoteName: `Al "x"`}, `"callId":"1","from":"al@example.com","fromName":"Al \"x\"","video":false`},
		{engine.Event{Name: engine.EventCallStateChange, CallID: "1", Previous: engine.Connected, State: engine.OnHold, RemoteHold: true}, `"previous":"Connected","state":"On Hold","localHold":false,"remoteHold":true}`},
		{engine.Event{Name: engine.EventCallStateChange, CallID: "1", State: engine.Ended, End: engine.EndInfo{Reason: engine.ReasonBusy, StatusCode: 486}}, `"state":"Ended","localHold":false,"remoteHold":false,"reason":"Busy","statusCode":486}`},
		{engine.Event{Name: engine.EventCallError, CallID: "1", Problem: problem}, `"callId":"1","message":"It broke. Mend it."}`},
		{engine.Event{Name: engine.EventCallMediaConnection, CallID: "1", Media: engine.MediaFlowing}, `"state":"connected"}`},
		{engine.Event{Name: engine.EventCallMedia, CallID: "1", MediaKind: "video", Width: 640, Height: 480, SinceAnswer: 81500 * time.Microsecond}, `"kind":"video","width":640,"height":480,"sinceAnswerMs":81.5}`},
		{engine.Event{Name: engine.EventCallMedia, CallID: "1", MediaKind: "audio"}, `"kind":"audio","sinceAnswerMs":0}`},
	}
	for _, tt := range tests {
		var b bytes.Buffer
		tt.ev.Time = at
		(&lineWriter{w: &b}).event(tt.ev)
		line := b.String()
		if !strings.HasPrefix(line, `{"time":"2026-01-02T03:04:05.678901234Z","event":"`) || !strings.Contains(line, tt.want) || strings.Count(line, "\n") != 1 {
			t.Errorf("%s\nhas no %s", line, tt.want)
		}
	}
}

func TestCredentialsAreNeverWritten(t *testing.T) {
	var b bytes.Buffer
	(&lineWriter{w: &b}).event(engine.Event{Name: engine.EventCredential, Secret: engine.Secret{RefreshToken: "token"}})
	if b.Len() > 0 {
		t.Errorf("written: %s", b.String())
	}
}

func TestStatsLine(t *testing.T) {
	var b bytes.Buffer
	(&lineWriter{w: &b}).stats(engine.Stats{
		CallID: "1", Time: at, RoundTrip: 1500 * time.Microsecond, Transport: "direct", Protocol: "udp",
		Video: &engine.VideoStats{Inbound: engine.VideoInbound{FramesDecoded: 30, FPS: 29.9}},
		Audio: &engine.AudioStats{Inbound: engine.AudioInbound{Level: 0.5, Concealed: 20 * time.Millisecond}},
	})
	for _, want := range []string{
		`"roundTripMs":1.5,"transport":"direct","protocol":"udp"`, `"video":{"inbound":{"codec":"","packets":0`, `"framesDecoded":30,"framesDropped":0`,
		`"fps":29.9,"freezes":0,"freezeMs":0,"longGaps":0`, `"audio":{"inbound":`, `"level":0.5,"energy":0,"concealedMs":20,"recovered":0,"bufferMs":0}`,
		`"framesEncoded":0,"width":0,"height":0,"fps":0,"encodeMs":0,"keyFrames":0`, `"retransmitted":0`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s has no %s", b.String(), want)
		}
	}
}
