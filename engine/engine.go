package engine

import "context"

// Engine makes and receives calls. See the package comment for what holds for
// all its methods.
type Engine interface {
	// Snapshot is the current state of everything.
	Snapshot() Snapshot
	// Watch sends the current Snapshot at once and then each newer one, merged:
	// the channel holds one, the newest. It is closed when ctx ends or the
	// engine closes.
	Watch(ctx context.Context) <-chan Snapshot
	// Events sends every event from now on, in order. A reader that falls more
	// than 1024 events behind loses the oldest. Closed as Watch's channel is.
	Events(ctx context.Context) <-chan Event

	// SignIn starts signing in, replacing any former sign-in.
	SignIn(account Account, secret Secret) error
	// SignOut ends all calls and unsubscribes; the engine goes Offline.
	SignOut() error
	// Reconnect tries a lost way to the server again now, rather than at
	// RegistrationState.RetryAt.
	Reconnect() error

	// Call starts a call. The address is a name, an address or a number, with
	// or without a domain. The call appears in the Snapshot at once.
	Call(address string, options CallOptions) (CallID, error)
	// Accept answers an incoming call, with or without our video. In either
	// case the caller's video is received.
	Accept(id CallID, video bool) error
	// Reject declines an incoming call on all devices.
	Reject(id CallID) error
	// Ignore stops an incoming call here only; nothing is sent.
	Ignore(id CallID) error
	// Silence stops the ringing sound of an incoming call, which can be answered
	// all the same.
	Silence(id CallID) error
	// Hangup cancels a call that was not answered yet, or ends one that was.
	Hangup(id CallID) error
	// Hold stops media both ways; Unhold undoes it. See call:operation.
	Hold(id CallID) error
	Unhold(id CallID) error
	// SetMuted sends silence in place of the microphone. Local only.
	SetMuted(id CallID, muted bool) error
	// SetVideo starts or stops sending the camera, by re-negotiation if the
	// call was made without.
	SetVideo(id CallID, on bool) error
	// SendDTMF sends digits (0-9 * # A-D; ',' pauses for a second) as RFC 4733
	// telephone events, 100 ms each with gaps of 70 ms.
	SendDTMF(id CallID, digits string) error
	// Transfer hands an established call over to address. An incoming call that
	// still rings is forwarded.
	Transfer(id CallID, address string) error

	// TransferTo joins the far ends of two established calls of ours, which are
	// then over here: a consultative transfer.
	TransferTo(id, other CallID) error

	// Screens lists the screens and windows that can be shared, each with a
	// small picture. Where sharing is impossible (no permission, Wayland) the
	// error is a Problem that says what is missing.
	Screens(ctx context.Context) ([]Screen, error)
	// ShareScreen sends a screen or window in place of the camera; an empty
	// screen ends that and goes back to what was sent before. A call without
	// video gets it by re-negotiation.
	ShareScreen(id CallID, screen string) error

	// Stats measures a call now. It is an error for one that never had media.
	Stats(ctx context.Context, id CallID) (Stats, error)

	// AttachVideo shows a picture in sink until the returned function is
	// called; that function waits until no ShowFrame is running. An empty id
	// with LocalVideo is the camera outside calls (preview): the camera is open
	// as long as somebody is attached.
	AttachVideo(id CallID, source VideoSource, sink VideoSink) (detach func())

	// SelectDevice changes what is used for a role, at once also in calls.
	SelectDevice(kind DeviceKind, choice string) error
	// SetDevicePreference says in which order DeviceAuto takes devices, given by
	// ID or Name. The first one that is plugged in takes the role, at once also
	// in calls; another one does when it goes, and it again when it is back. One
	// that is not in the list is taken only where none of the list is there.
	SetDevicePreference(kind DeviceKind, order []string) error
	// RefreshDevices looks again which devices there are.
	RefreshDevices() error

	// SetVideoLimits bounds our picture and its bits, at once also in calls and
	// without a new offer. The camera is opened again if another size is wanted
	// of it.
	SetVideoLimits(VideoLimits) error
	// PlayTestTone lets hear the Speaker or the Ringer for half a second, as loud
	// as it would be. What stops it is told as a notice.
	PlayTestTone(kind DeviceKind) error
	// SetRingerVolume says how loud calls ring, 0 to 1, also while one does.
	SetRingerVolume(volume float64) error
	// Libraries tells what does the media's work, for a report of a fault.
	Libraries() []Library

	// Check looks whether a call would go well, in about ten seconds: see
	// CheckStep. Each step is told when it begins and when it ends, in a channel
	// that is closed after the last; nobody need read it. It is an error while
	// there is a call, or another check. A call that comes, and the end of ctx,
	// end the check: what was not done by then is CheckSkipped.
	Check(ctx context.Context, options CheckOptions) (<-chan CheckResult, error)

	// SetDoNotDisturb says whether calls ring here. With it they are shown and
	// nothing sounds.
	SetDoNotDisturb(on bool) error
	// SetSoundProcessing changes what is done to the microphone's sound, at once.
	SetSoundProcessing(SoundProcessing) error
	// SoundLevels is how loud it is now. It never waits.
	SoundLevels() SoundLevels
	// ListenToMicrophone keeps the microphone open outside calls, for its level,
	// until the returned function is called.
	ListenToMicrophone() (stop func())

	// Close ends calls (2 s at the most), signs out, and joins every goroutine.
	// It can be called more than once.
	Close() error
}
