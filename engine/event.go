package engine

import "time"

// EventName is an event's name as the quickstart and its users know it.
type EventName string

// The events. Those above the blank line are the quickstart's.
const (
	EventSubscriptionChange EventName = "subscription:change"
	EventSubscriptionError  EventName = "subscription:error"
	EventCallStart          EventName = "call:start"
	EventCallReceive        EventName = "call:receive"
	EventCallStateChange    EventName = "call:stateChange"
	EventCallError          EventName = "call:error"

	EventCallMediaConnection EventName = "call:mediaConnectionChange" // Media
	EventCallMedia           EventName = "call:media"                 // first remote picture decoded, first remote sound played
	EventCallOperation       EventName = "call:operation"             // a mid-call operation began, ended, failed
	EventCallDTMF            EventName = "call:dtmf"                  // a digit arrived
	EventDeviceChange        EventName = "device:change"
	EventMutedSpeech         EventName = "microphone:muted" // somebody speaks though all calls are muted
	EventNotice              EventName = "notice"           // a Problem of the machine
	EventCredential          EventName = "credential"
)

// Event is one line of the running log. Only the fields of its name are set.
type Event struct {
	Time   time.Time
	Name   EventName
	CallID CallID // of call events

	// subscription:change; Reason also with call:operation's failure.
	Subscribed []string
	Reason     string

	// call:receive, call:start
	Remote     string // address
	RemoteName string
	Video      bool

	// call:stateChange
	Previous   CallState
	State      CallState
	LocalHold  bool
	RemoteHold bool
	End        EndInfo // with Ended and Cancelled

	// call:mediaConnectionChange
	Media MediaState

	// call:media
	MediaKind     string // "audio" or "video"
	Width, Height int
	SinceAnswer   time.Duration

	// call:operation, call:dtmf
	Operation string // "hold", "unhold", "addVideo", "removeVideo", "transfer", …; the digit for call:dtmf
	Phase     string // "start", "finish", "error"
	Local     bool   // this side asked for it

	// device:change: another device is used for a role now, because it was
	// chosen, plugged in, or the one before is gone. DeviceUndo is what
	// SelectDevice takes to go back; "" where there is no way back.
	DeviceKind DeviceKind
	DeviceName string
	DeviceUndo string

	// *:error, notice
	Problem *Problem

	// credential: a new refresh token to keep in the system's keyring. Faces
	// never log it; Secret prints as a fixed word.
	Account Account
	Secret  Secret
}
