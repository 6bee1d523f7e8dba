package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"tring/engine"
)

// command is what a line on standard input can ask for.
type command struct {
	usage string
	run   func(h *headless, id engine.CallID, args []string) error
}

// commands are all of them but quit, which loop takes. They are for the call
// that began last and is not over; a last word call=ID names another.
var commands = map[string]command{
	"call": {"call ADDRESS [video]", func(h *headless, _ engine.CallID, args []string) error {
		video := len(args) == 2 && args[1] == "video"
		if len(args) < 1 || len(args) > 2 || len(args) == 2 && !video && args[1] != "voice" {
			return usageError("Write: call ADDRESS [video].")
		}
		_, err := h.engine.Call(args[0], engine.CallOptions{Video: video})
		return err
	}},
	"answer": {"answer [video]", func(h *headless, id engine.CallID, args []string) error {
		return h.engine.Accept(h.ringing(id), slices.Contains(args, "video"))
	}},
	"reject":   {"reject", func(h *headless, id engine.CallID, _ []string) error { return h.engine.Reject(h.ringing(id)) }},
	"ignore":   {"ignore", func(h *headless, id engine.CallID, _ []string) error { return h.engine.Ignore(h.ringing(id)) }},
	"hold":     {"hold", func(h *headless, id engine.CallID, _ []string) error { return h.engine.Hold(id) }},
	"unhold":   {"unhold", func(h *headless, id engine.CallID, _ []string) error { return h.engine.Unhold(id) }},
	"mute":     {"mute", func(h *headless, id engine.CallID, _ []string) error { return h.engine.SetMuted(id, true) }},
	"unmute":   {"unmute", func(h *headless, id engine.CallID, _ []string) error { return h.engine.SetMuted(id, false) }},
	"hangup":   {"hangup", func(h *headless, id engine.CallID, _ []string) error { return h.engine.Hangup(id) }},
	"video":    {"video on|off", runVideo},
	"dtmf":     {"dtmf DIGITS", runDTMF},
	"transfer": {"transfer ADDRESS", runTransfer},
	"stats":    {"stats", runStats},
	"snapshot": {"snapshot local|remote FILE.png", runSnapshot},
}

func commandNames() []string {
	var all []string
	for _, c := range commands {
		all = append(all, c.usage)
	}
	slices.Sort(all)
	return append(all, "quit")
}

// command runs one line and tells what was wrong with it.
func (h *headless) command(line string) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return
	}
	id := h.newest()
	if last, ok := strings.CutPrefix(words[len(words)-1], "call="); ok {
		id, words = engine.CallID(last), words[:len(words)-1]
	}
	if len(words) == 0 {
		return
	}
	c, ok := commands[words[0]]
	var err error
	switch {
	case !ok:
		err = usageError("There is no command %q. The commands are: %s.", words[0], strings.Join(commandNames(), ", "))
	case id == "" && words[0] != "call" && words[0] != "snapshot": // the camera can be looked at without a call
		err = &engine.Problem{Cause: "There is no call.", Next: "Call somebody with: call ADDRESS.", Err: engine.ErrNoSuchCall}
	default:
		err = c.run(h, id, words[1:])
	}
	if err != nil {
		h.out.problem("command:error", id, err)
	}
}

// ringing is the incoming call that rings here, before the one named.
func (h *headless) ringing(id engine.CallID) engine.CallID {
	if c, ok := h.engine.Snapshot().Call(id); ok && c.Direction == engine.Incoming && !c.State.Established() && !c.State.Final() {
		return id
	}
	for _, c := range h.engine.Snapshot().Calls {
		if c.Direction == engine.Incoming && !c.State.Established() && !c.State.Final() {
			return c.ID
		}
	}
	return id
}

func runVideo(h *headless, id engine.CallID, args []string) error {
	if len(args) != 1 || args[0] != "on" && args[0] != "off" {
		return usageError("Write: video on, or video off.")
	}
	return h.engine.SetVideo(id, args[0] == "on")
}

func runDTMF(h *headless, id engine.CallID, args []string) error {
	if len(args) == 0 {
		return usageError("Write: dtmf DIGITS.")
	}
	return h.engine.SendDTMF(id, strings.Join(args, ""))
}

func runTransfer(h *headless, id engine.CallID, args []string) error {
	if len(args) != 1 {
		return usageError("Write: transfer ADDRESS.")
	}
	return h.engine.Transfer(id, args[0])
}

func runStats(h *headless, id engine.CallID, _ []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	s, err := h.engine.Stats(ctx, id)
	if err == nil {
		h.out.stats(s)
	}
	return err
}

func runSnapshot(h *headless, id engine.CallID, args []string) error {
	if len(args) != 2 || args[0] != "local" && args[0] != "remote" {
		return usageError("Write: snapshot local FILE.png, or snapshot remote FILE.png.")
	}
	source := engine.RemoteVideo
	if args[0] == "local" {
		source = engine.LocalVideo
	}
	h.jobs.Go(func() {
		if err := savePicture(h.engine, id, source, args[1]); err != nil {
			h.out.problem("command:error", id, err)
			return
		}
		h.out.line(time.Now(), "call:snapshot", field{"callId", id}, field{"file", args[1]})
	})
	return nil
}
