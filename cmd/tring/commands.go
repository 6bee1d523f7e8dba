package main

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"tring/engine"
)

// command is what a line on standard input can ask for.
type command struct {
	usage string // begins with its name
	about string
	run   func(h *headless, id engine.CallID, args []string) error
}

// commands are all of them but quit, which loop takes. They are for the call
// that began last and is not over; a last word call=ID names another.
var commands = []command{
	{"call ADDRESS [video] [as NAME]", "call somebody, under a display name if you like", runCall},
	{"answer [video] [hold|end]", "answer; hold or end the call that is talked in first", runAnswer},
	{"reject", "decline on all devices", onRinging(engine.Engine.Reject)},
	{"ignore", "stop the ringing here alone", onRinging(engine.Engine.Ignore)},
	{"forward ADDRESS", "send a ringing call on to somebody else", runForward},
	{"hold", "stop media both ways", onCall(engine.Engine.Hold)},
	{"unhold", "undo that", onCall(engine.Engine.Unhold)},
	{"mute", "send silence", muting(true)},
	{"unmute", "send the microphone again", muting(false)},
	{"video on|off", "send the camera, or no longer", runVideo},
	{"share SCREEN|off", "send a screen or window in place of the camera", runShare},
	{"dtmf DIGITS", "send touch tones; a comma pauses", runDTMF},
	{"transfer ADDRESS", "hand the call over to somebody else", runTransfer},
	{"join [ID ID]", "join the far ends of two calls, and leave both", runJoin},
	{"swap", "hold the call that is talked in, resume the other", runSwap},
	{"calls", "list the calls that are not over", runCalls},
	{"stats", "measure the call", runStats},
	{"snapshot local|remote FILE.png", "keep a picture", runSnapshot},
	{"screens", "list what can be shared", runScreens},
	{"devices", "list cameras, microphones and speakers, and what is chosen", runDevices},
	{"camera DEVICE", "change the camera, also in calls", selectDevice(engine.Camera)},
	{"microphone DEVICE", "change the microphone", selectDevice(engine.Microphone)},
	{"speaker DEVICE", "change the speaker", selectDevice(engine.Speaker)},
	{"ringer DEVICE", "change what calls ring on", selectDevice(engine.Ringer)},
	{"prefer ROLE [ID, …]", "the order in which auto takes devices for a role", runPrefer},
	{"tone speaker|ringer", "play half a second of sound", runTone},
	{"video-limit LINES [KBIT/S]", "send at most 360, 540, 720 or 1080 lines", runVideoLimit},
	{"log [LEVEL]", "how much is logged: debug, info, warn or error; without a level it says so", runLog},
	{"hangup", "end the call, or give it up", onCall(engine.Engine.Hangup)},
}

// quitUsage and quitAbout describe the one that loop takes.
const quitUsage, quitAbout = "quit", "end all calls and the program"

// onCall, onRinging and muting make commands of the engine's plain methods.
func onCall(do func(engine.Engine, engine.CallID) error) func(*headless, engine.CallID, []string) error {
	return func(h *headless, id engine.CallID, _ []string) error { return do(h.engine, id) }
}

func onRinging(do func(engine.Engine, engine.CallID) error) func(*headless, engine.CallID, []string) error {
	return func(h *headless, id engine.CallID, _ []string) error { return do(h.engine, h.ringing(id)) }
}

func muting(on bool) func(*headless, engine.CallID, []string) error {
	return func(h *headless, id engine.CallID, _ []string) error { return h.engine.SetMuted(id, on) }
}

// callless are the commands that make sense without a call; with snapshot the
// camera can be looked at.
var callless = []string{"call", "calls", "swap", "join", "snapshot", "screens", "devices", "camera", "microphone", "speaker", "ringer", "prefer", "tone", "video-limit", "log"}

func commandNames() []string {
	var all []string
	for _, c := range commands {
		all = append(all, c.usage)
	}
	return append(all, quitUsage)
}

// findCommand finds a command by the word that its usage begins with.
func findCommand(name string) (command, bool) {
	for _, c := range commands {
		if first, _, _ := strings.Cut(c.usage, " "); first == name {
			return c, true
		}
	}
	return command{}, false
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
	c, ok := findCommand(words[0])
	var err error
	switch {
	case !ok:
		err = usageError("There is no command %q. The commands are: %s.", words[0], strings.Join(commandNames(), ", "))
	case id == "" && !slices.Contains(callless, words[0]):
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

// runCall takes ADDRESS [video|voice] [as NAME]; the name may have blanks.
func runCall(h *headless, _ engine.CallID, args []string) error {
	var options engine.CallOptions
	if i := slices.Index(args, "as"); i > 0 && i+1 < len(args) {
		options.DisplayName, args = strings.Join(args[i+1:], " "), args[:i]
	}
	options.Video = len(args) == 2 && args[1] == "video"
	if len(args) < 1 || len(args) > 2 || len(args) == 2 && !options.Video && args[1] != "voice" {
		return usageError("Write: call ADDRESS [video] [as NAME].")
	}
	_, err := h.engine.Call(args[0], options)
	return err
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

func runForward(h *headless, id engine.CallID, args []string) error {
	if len(args) != 1 {
		return usageError("Write: forward ADDRESS.")
	}
	id = h.ringing(id)
	if c, ok := h.engine.Snapshot().Call(id); ok && c.State.Established() {
		return &engine.Problem{Cause: "The call was answered already.", Next: "Hand it over with: transfer ADDRESS.", Err: engine.ErrWrongState}
	}
	return h.engine.Transfer(id, args[0])
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

// runLog changes how much is logged, at once.
func runLog(h *headless, _ engine.CallID, args []string) error {
	if len(args) > 0 {
		var level slog.Level
		if err := level.UnmarshalText([]byte(args[0])); err != nil || len(args) > 1 {
			return usageError("Write: log LEVEL, with debug, info, warn or error.")
		}
		h.book.SetLevel(level)
	}
	h.out.line(time.Now(), "log", field{"level", strings.ToLower(h.book.Level().String())})
	return nil
}
