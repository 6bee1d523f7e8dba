package main

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"tring/engine"
)

// screensPatience is how long taking small pictures of all windows may last.
const screensPatience = 10 * time.Second

var roleWords = map[engine.DeviceKind]string{
	engine.Camera: "camera", engine.Microphone: "microphone", engine.Speaker: "speaker", engine.Ringer: "ringer",
}

// runDevices lists what can be chosen for each role, and what is.
func runDevices(h *headless, _ engine.CallID, _ []string) error {
	s := h.engine.Snapshot()
	list := []object{}
	for _, d := range s.Devices {
		list = append(list, object{{"role", roleWords[d.Kind]}, {"id", d.ID}, {"name", d.Name}, {"default", d.Default}})
	}
	h.out.line(time.Now(), "devices", field{"devices", list}, field{"chosen", byRole(s.Chosen)}, field{"inUse", byRole(s.InUse)})
	return nil
}

func byRole(c engine.DeviceChoice) object {
	return object{{"camera", c.Camera}, {"microphone", c.Microphone}, {"speaker", c.Speaker}, {"ringer", c.Ringer}}
}

// selectDevice chooses a device for a role: auto, none, test, an id, a name,
// which may have blanks, or a file.
func selectDevice(kind engine.DeviceKind) func(*headless, engine.CallID, []string) error {
	return func(h *headless, _ engine.CallID, args []string) error {
		if len(args) == 0 {
			return usageError("Write: %s DEVICE, with auto, none, test, a name or id from: devices, or a file.", roleWords[kind])
		}
		return h.engine.SelectDevice(kind, strings.Join(args, " "))
	}
}

// roleOf is the role that a word names.
func roleOf(word string) (engine.DeviceKind, bool) {
	for kind, name := range roleWords {
		if name == word {
			return kind, true
		}
	}
	return 0, false
}

// runPrefer takes a role and ids or names, divided by commas.
func runPrefer(h *headless, _ engine.CallID, args []string) error {
	if len(args) > 0 {
		if kind, ok := roleOf(args[0]); ok {
			var order []string
			for _, id := range strings.Split(strings.Join(args[1:], " "), ",") {
				if id = strings.TrimSpace(id); id != "" {
					order = append(order, id)
				}
			}
			return h.engine.SetDevicePreference(kind, order)
		}
	}
	return usageError("Write: prefer ROLE ID, ID, … with camera, microphone, speaker or ringer.")
}

func runTone(h *headless, _ engine.CallID, args []string) error {
	if len(args) == 1 {
		if kind, ok := roleOf(args[0]); ok {
			return h.engine.PlayTestTone(kind)
		}
	}
	return usageError("Write: tone speaker, or tone ringer.")
}

// runVideoLimit takes lines, and kbit/s if those that suit them are not wanted.
func runVideoLimit(h *headless, _ engine.CallID, args []string) error {
	var n [2]int
	for i, arg := range args {
		v, err := strconv.Atoi(arg)
		if err != nil || i >= len(n) {
			args = nil
			break
		}
		n[i] = v
	}
	if len(args) == 0 {
		return usageError("Write: video-limit LINES [KBIT/S], as in: video-limit 1080 4000.")
	}
	return h.engine.SetVideoLimits(engine.VideoLimits{MaxHeight: n[0], MaxBitrateBPS: 1000 * n[1]})
}

// runScreens lists the screens and windows that can be shared.
func runScreens(h *headless, _ engine.CallID, _ []string) error {
	h.jobs.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), screensPatience)
		defer cancel()
		screens, err := h.engine.Screens(ctx)
		if err != nil {
			h.out.problem("command:error", "", err)
			return
		}
		list := []object{}
		for _, s := range screens {
			kind := "screen"
			if s.Kind == engine.Window {
				kind = "window"
			}
			list = append(list, object{{"id", s.ID}, {"kind", kind}, {"name", s.Name}, {"width", s.Width}, {"height", s.Height}})
		}
		h.out.line(time.Now(), "screens", field{"screens", list})
	})
	return nil
}

// runShare takes a screen's id or name, or "off".
func runShare(h *headless, id engine.CallID, args []string) error {
	wanted := strings.Join(args, " ")
	switch wanted {
	case "":
		return usageError("Write: share SCREEN, with an id or name from: screens, or share off.")
	case "off":
		return h.engine.ShareScreen(id, "")
	}
	h.jobs.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), screensPatience)
		defer cancel()
		screens, err := h.engine.Screens(ctx)
		if err == nil {
			i := slices.IndexFunc(screens, func(s engine.Screen) bool { return s.ID == wanted || s.Name == wanted })
			if i < 0 {
				err = usageError("There is no screen or window %q.", wanted)
			} else {
				err = h.engine.ShareScreen(id, screens[i].ID)
			}
		}
		if err != nil {
			h.out.problem("command:error", id, err)
		}
	})
	return nil
}
