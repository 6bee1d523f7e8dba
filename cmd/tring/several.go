package main

import (
	"slices"
	"time"

	"tring/engine"
)

// runAnswer takes [video] [hold|end]: what is to become of the call that is
// talked in.
func runAnswer(h *headless, id engine.CallID, args []string) error {
	id = h.ringing(id)
	var video bool
	before := func(engine.CallID) error { return nil }
	for _, word := range args {
		switch word {
		case "video":
			video = true
		case "voice":
		case "hold":
			before = h.engine.Hold
		case "end":
			before = h.engine.Hangup
		default:
			return usageError("Write: answer [video] [hold|end].")
		}
	}
	for _, c := range h.engine.Snapshot().Calls {
		if c.ID == id || !c.State.Established() || c.LocalHold {
			continue
		}
		if err := before(c.ID); err != nil {
			return err
		}
	}
	return h.engine.Accept(id, video)
}

// runSwap holds the call that is talked in, and resumes the one that was held
// last, or the one named.
func runSwap(h *headless, id engine.CallID, _ []string) error {
	var front, back engine.CallID
	for _, c := range h.engine.Snapshot().Calls { // oldest first
		switch {
		case !c.State.Established():
		case !c.LocalHold:
			front = c.ID
		case back == "" || back != id:
			back = c.ID
		}
	}
	if back == "" {
		return &engine.Problem{Cause: "There is no call on hold to swap to.", Next: "Hold one with: hold.", Err: engine.ErrNoSuchCall}
	}
	if front != "" {
		if err := h.engine.Hold(front); err != nil {
			return err
		}
	}
	return h.engine.Unhold(back)
}

// runJoin transfers one call to the other: those named, or the only two.
func runJoin(h *headless, _ engine.CallID, args []string) error {
	var two []engine.CallID
	for _, c := range h.engine.Snapshot().Calls {
		named := slices.Contains(args, string(c.ID))
		if c.State.Established() && (named || len(args) == 0) {
			two = append(two, c.ID)
		}
	}
	if len(args) != 0 && len(args) != 2 || len(two) != 2 {
		return usageError("Write: join ID ID, with the ids of two calls that were answered.")
	}
	if len(args) == 2 {
		two = []engine.CallID{engine.CallID(args[0]), engine.CallID(args[1])}
	}
	return h.engine.TransferTo(two[0], two[1])
}

// runCalls lists the calls that are not over.
func runCalls(h *headless, _ engine.CallID, _ []string) error {
	list := []object{}
	for _, c := range h.engine.Snapshot().Calls {
		if c.State.Final() {
			continue
		}
		direction := "outgoing"
		if c.Direction == engine.Incoming {
			direction = "incoming"
		}
		list = append(list, object{
			{"callId", c.ID},
			{"direction", direction},
			{"with", c.RemoteAddress},
			{"withName", c.RemoteName},
			{"state", c.State.String()},
			{"localHold", c.LocalHold},
			{"remoteHold", c.RemoteHold},
			{"muted", c.Muted},
			{"sendingVideo", c.SendingVideo},
			{"remoteVideo", c.RemoteVideo},
			{"screenShared", c.ScreenShared},
			{"media", mediaWords[c.Media]},
		})
	}
	h.out.line(time.Now(), "calls", field{"calls", list})
	return nil
}
