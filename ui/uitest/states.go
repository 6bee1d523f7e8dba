package uitest

import (
	"time"

	"tring/engine"
)

// Alice is the account of the sample states.
var Alice = engine.Account{Server: "https://calls.example.com", ClientID: "tring-desktop", User: "alice@example.com"}

// EchoContact is the demo's contact of the sample states.
const EchoContact = "echo@example.com"

// State is a sample of what the window can show.
type State struct {
	Name     string
	Demo     bool
	Filled   bool // with sample contacts and calls
	Snapshot func(now time.Time) engine.Snapshot
	// Before, unless nil, comes first: some screens show a change.
	Before func(now time.Time) engine.Snapshot
	// Events come last.
	Events []engine.Event
}

// Registered is a snapshot in which calls can be made.
func Registered() engine.Snapshot {
	return engine.Snapshot{
		Registration: engine.RegistrationState{
			State: engine.Registered, Account: Alice, Address: "alice@example.com", Name: "Alice Martin",
			Subscribed: []string{"call"},
		},
		Devices: []engine.Device{
			{Kind: engine.Camera, ID: "cam0", Name: "Integrated Camera", Default: true},
			{Kind: engine.Microphone, ID: "mic0", Name: "Headset microphone", Default: true},
			{Kind: engine.Speaker, ID: "spk0", Name: "Headset", Default: true},
		},
		Chosen: engine.DeviceChoice{Camera: engine.DeviceAuto, Microphone: engine.DeviceAuto, Speaker: engine.DeviceAuto},
	}
}

// LongName is a name that needs a lot of room.
const LongName = "Dr. Wolfeschlegelsteinhausen-Bergerdorff von Donaudampfschifffahrtsgesellschaft"

// Call is a sample call with Bob.
func Call(state engine.CallState, direction engine.Direction, now time.Time) engine.Call {
	c := engine.Call{
		ID: "call-1", Direction: direction, State: state, RemoteAddress: "bob.smith@example.com", RemoteName: "Bob Smith",
		OfferedVideo: true, SendingVideo: true, StartedAt: now.Add(-90 * time.Second),
	}
	if state.Established() {
		c.ConnectedAt = now.Add(-83 * time.Second)
		c.RemoteVideo = true
		c.Media = engine.MediaFlowing
	}
	return c
}

// with is Registered and one call, changed by change.
func with(state engine.CallState, direction engine.Direction, change func(*engine.Call)) func(time.Time) engine.Snapshot {
	return func(now time.Time) engine.Snapshot {
		c := Call(state, direction, now)
		if change != nil {
			change(&c)
		}
		s := Registered()
		s.Calls = []engine.Call{c}
		return s
	}
}

// account is a snapshot of nothing but the account's state.
func account(r engine.RegistrationState) func(time.Time) engine.Snapshot {
	r.Account = Alice
	return func(time.Time) engine.Snapshot { return engine.Snapshot{Registration: r} }
}

func registeredAnd(change func(*engine.Snapshot, time.Time)) func(time.Time) engine.Snapshot {
	return func(now time.Time) engine.Snapshot {
		s := Registered()
		change(&s, now)
		return s
	}
}

// Stats are the numbers of a call that goes well, some seconds into it.
func Stats(seconds int) engine.Stats {
	n := uint64(seconds)
	in := func(codec string, rate, bps uint64, jitter time.Duration) engine.InboundStats {
		return engine.InboundStats{Codec: codec, Packets: n * rate, PacketsLost: int64(n / 4), Jitter: jitter, BitrateBPS: bps}
	}
	out := func(codec string, rate, bps uint64, lost float64) engine.OutboundStats {
		return engine.OutboundStats{Codec: codec, Packets: n * rate, BitrateBPS: bps, LossReported: lost}
	}
	return engine.Stats{
		Time: time.Unix(1_800_000_000+int64(seconds), 0), RoundTrip: 38 * time.Millisecond, Transport: "direct", Protocol: "udp",
		Audio: &engine.AudioStats{
			Inbound:  engine.AudioInbound{InboundStats: in("audio/opus", 50, 33_000, 4200*time.Microsecond), Concealed: 340 * time.Millisecond},
			Outbound: out("audio/opus", 50, 31_200, 0),
		},
		Video: &engine.VideoStats{
			Inbound: engine.VideoInbound{
				InboundStats: in("video/VP8", 180, 1_640_000, 3*time.Millisecond), Width: 1280, Height: 720, FPS: 29.7,
				FramesDecoded: n * 30, Freezes: 2, FreezeTime: 1300 * time.Millisecond, PlayoutDelay: 61 * time.Millisecond,
			},
			Outbound: engine.VideoOutbound{
				OutboundStats: out("video/VP8", 160, 980_000, 0.012), Width: 960, Height: 540, FPS: 24.9, CameraFPS: 30,
				FramesEncoded: n * 25, EncodeTime: 4100 * time.Microsecond, Limited: engine.LimitedByConnection,
			},
		},
	}
}

// Carol is a second call, to or from somebody else.
func Carol(state engine.CallState, direction engine.Direction, now time.Time) engine.Call {
	c := Call(state, direction, now)
	c.ID, c.RemoteName, c.RemoteAddress = "call-2", "Carol Jones", "carol@example.com"
	return c
}

// both is Registered and two calls, changed by change.
func both(first, second engine.CallState, direction engine.Direction, change func(first, second *engine.Call)) func(time.Time) engine.Snapshot {
	return registeredAnd(func(s *engine.Snapshot, now time.Time) {
		a, b := Call(first, engine.Outgoing, now), Carol(second, direction, now)
		if change != nil {
			change(&a, &b)
		}
		s.Calls = []engine.Call{a, b}
	})
}

func offline(media engine.MediaState) func(time.Time) engine.Snapshot {
	return registeredAnd(func(s *engine.Snapshot, now time.Time) {
		c := Call(engine.Connected, engine.Outgoing, now)
		c.Media = media
		s.Calls = []engine.Call{c}
		s.Registration.State, s.Registration.RetryAt = engine.Reconnecting, now.Add(8*time.Second)
	})
}

func over(reason engine.EndReason, answered bool) State {
	return State{
		Before: with(engine.Ringing, engine.Outgoing, nil),
		Snapshot: with(engine.Ended, engine.Outgoing, func(c *engine.Call) {
			c.End.Reason, c.EndedAt = reason, c.StartedAt.Add(90*time.Second)
			if answered {
				c.ConnectedAt = c.StartedAt.Add(7 * time.Second)
			}
		}),
	}
}

func named(name string, s State) State {
	s.Name = name
	return s
}

// States are all samples.
func States() []State {
	wrong := &engine.Problem{Cause: "The password for alice@example.com is wrong.", Next: "Check it and sign in again.", Err: engine.ErrWrongPassword}
	unknown := &engine.Problem{Cause: "There is no server called calls.example.com.", Next: "Check the server’s address.", Err: engine.ErrServerUnknown}
	return []State{
		{Name: "signin", Snapshot: account(engine.RegistrationState{})},
		{Name: "signin-password", Snapshot: account(engine.RegistrationState{State: engine.SignInRequired, Problem: wrong})},
		{Name: "signin-server", Snapshot: account(engine.RegistrationState{State: engine.Reconnecting, Problem: unknown})},
		{Name: "signin-busy", Snapshot: account(engine.RegistrationState{State: engine.Registering})},
		{Name: "home", Snapshot: registeredAnd(func(*engine.Snapshot, time.Time) {})},
		{Name: "home-full", Filled: true, Snapshot: registeredAnd(func(*engine.Snapshot, time.Time) {})},
		{Name: "home-demo", Demo: true, Snapshot: registeredAnd(func(s *engine.Snapshot, _ time.Time) {
			s.DemoContact, s.Devices = EchoContact, nil
		})},
		{Name: "home-notice", Snapshot: registeredAnd(func(s *engine.Snapshot, _ time.Time) {
			s.Registration.Name = LongName
			s.Notices = []engine.Problem{{Cause: "No sound device was found.", Next: "Calls go without sound until one is connected."}}
		})},
		{
			Name: "home-reconnecting", Before: registeredAnd(func(*engine.Snapshot, time.Time) {}),
			Snapshot: registeredAnd(func(s *engine.Snapshot, now time.Time) {
				s.Registration.State, s.Registration.RetryAt = engine.Reconnecting, now.Add(12*time.Second)
			}),
		},
		{Name: "ring", Snapshot: with(engine.Ringing, engine.Incoming, nil)},
		{Name: "ring-voice", Snapshot: with(engine.Ringing, engine.Incoming, func(c *engine.Call) {
			c.OfferedVideo, c.RemoteName, c.RemoteAddress = false, "", "+4930123456789"
		})},
		{Name: "ring-long", Snapshot: with(engine.Ringing, engine.Incoming, func(c *engine.Call) { c.RemoteName = LongName })},
		{Name: "calling", Snapshot: with(engine.Initiating, engine.Outgoing, nil)},
		{Name: "ringing", Snapshot: with(engine.Ringing, engine.Outgoing, nil)},
		{Name: "ringing-voice", Snapshot: with(engine.Ringing, engine.Outgoing, func(c *engine.Call) { c.OfferedVideo, c.SendingVideo = false, false })},
		{Name: "call", Snapshot: with(engine.Connected, engine.Outgoing, nil)},
		{Name: "call-long", Snapshot: with(engine.Connected, engine.Outgoing, func(c *engine.Call) { c.RemoteName = LongName })},
		{Name: "call-voice", Snapshot: with(engine.Connected, engine.Incoming, func(c *engine.Call) {
			c.OfferedVideo, c.SendingVideo, c.RemoteVideo = false, false, false
		})},
		{Name: "call-muted", Snapshot: with(engine.Connected, engine.Outgoing, func(c *engine.Call) {
			c.Muted, c.SendingVideo = true, false
			c.Problem = &engine.Problem{Cause: "The camera is used by another program.", Next: "Close that program, then turn the camera on again."}
		})},
		{
			Name: "call-camera-off", Before: with(engine.Connected, engine.Outgoing, nil),
			Snapshot: with(engine.Connected, engine.Outgoing, func(c *engine.Call) { c.RemoteVideo = false }),
		},
		{Name: "call-hold", Snapshot: with(engine.OnHold, engine.Outgoing, func(c *engine.Call) { c.LocalHold, c.RemoteVideo = true, false })},
		{Name: "call-reconnecting", Snapshot: with(engine.Connected, engine.Outgoing, func(c *engine.Call) { c.Media = engine.MediaInterrupted })},
		{Name: "call-held-there", Snapshot: with(engine.OnHold, engine.Outgoing, func(c *engine.Call) { c.RemoteHold, c.RemoteVideo = true, false })},
		{Name: "call-held-both", Snapshot: with(engine.OnHold, engine.Outgoing, func(c *engine.Call) {
			c.LocalHold, c.RemoteHold, c.RemoteVideo = true, true, false
		})},
		{Name: "call-offline", Snapshot: offline(engine.MediaFlowing)},
		{Name: "call-offline-cut", Snapshot: offline(engine.MediaInterrupted)},
		{Name: "call-shared", Snapshot: with(engine.Connected, engine.Outgoing, func(c *engine.Call) { c.ScreenShared = true })},
		{
			Name: "call-device", Snapshot: with(engine.Connected, engine.Outgoing, nil),
			Events: []engine.Event{
				{Name: engine.EventDeviceChange, DeviceKind: engine.Microphone, DeviceName: "Jabra Evolve", DeviceUndo: "mic0"},
				{Name: engine.EventDeviceChange, DeviceKind: engine.Speaker, DeviceName: "Jabra Evolve", DeviceUndo: "spk0"},
				{Name: engine.EventCallDTMF, CallID: "call-1", Operation: "5"},
				{Name: engine.EventCallDTMF, CallID: "call-1", Operation: "#"},
			},
		},
		{
			Name: "transfer-failed", Snapshot: with(engine.Connected, engine.Outgoing, nil),
			Events: []engine.Event{{
				Name: engine.EventCallOperation, CallID: "call-1", Operation: "transfer", Phase: "error", Local: true,
				Problem: &engine.Problem{Cause: "There is nobody called dave@example.com.", Next: "Check the address and try again."},
			}},
		},
		{Name: "second", Snapshot: both(engine.Connected, engine.Ringing, engine.Incoming, nil)},
		{Name: "two", Snapshot: both(engine.OnHold, engine.Connected, engine.Incoming, func(first, _ *engine.Call) { first.LocalHold = true })},
		{
			Name: "one-left", Before: both(engine.OnHold, engine.Connected, engine.Incoming, func(first, _ *engine.Call) { first.LocalHold = true }),
			Snapshot: both(engine.OnHold, engine.Ended, engine.Incoming, func(first, second *engine.Call) {
				first.LocalHold, first.RemoteVideo = true, false
				second.End.Reason = engine.ReasonHungUpThere
			}),
		},
		named("end", over(engine.ReasonHungUpThere, true)),
		named("end-declined", over(engine.ReasonDeclined, false)),
		named("end-unknown", over(engine.ReasonUnknownUser, false)),
		named("end-network", over(engine.ReasonNetworkLost, true)),
	}
}

// SampleEvents is a log as a call leaves it.
func SampleEvents(at time.Time) []engine.Event {
	step := func(n int) time.Time { return at.Add(time.Duration(n) * 900 * time.Millisecond) }
	return []engine.Event{
		{Time: step(0), Name: engine.EventSubscriptionChange, Subscribed: []string{"call"}},
		{Time: step(1), Name: engine.EventCallStart, CallID: "call-1", Remote: "bob.smith@example.com", RemoteName: "Bob Smith", Video: true},
		{Time: step(2), Name: engine.EventCallStateChange, CallID: "call-1", Previous: engine.Initiating, State: engine.Initiated},
		{Time: step(3), Name: engine.EventCallStateChange, CallID: "call-1", Previous: engine.Initiated, State: engine.Ringing},
		{Time: step(4), Name: engine.EventCallStateChange, CallID: "call-1", Previous: engine.Ringing, State: engine.Connected},
		{Time: step(5), Name: engine.EventCallMediaConnection, CallID: "call-1", Media: engine.MediaFlowing},
		{Time: step(6), Name: engine.EventCallMedia, CallID: "call-1", MediaKind: "video", Width: 1280, Height: 720, SinceAnswer: 143 * time.Millisecond},
		{Time: step(7), Name: engine.EventCallError, CallID: "call-1", Problem: &engine.Problem{
			Cause: "The camera is used by another program.", Next: "Close that program, then turn the camera on again.",
		}},
		{
			Time: step(8), Name: engine.EventCallStateChange, CallID: "call-1", Previous: engine.Connected, State: engine.Ended,
			End: engine.EndInfo{Reason: engine.ReasonHungUpThere, StatusCode: 200},
		},
	}
}
