package core

import (
	"slices"

	"tring/engine"
)

// roles are all that a device can be chosen for.
var roles = [...]engine.DeviceKind{engine.Camera, engine.Microphone, engine.Speaker, engine.Ringer}

// inUse is what takes each role.
type inUse [len(roles)]string

func (u inUse) choice() engine.DeviceChoice {
	return engine.DeviceChoice{
		Camera: u[engine.Camera], Microphone: u[engine.Microphone], Speaker: u[engine.Speaker], Ringer: u[engine.Ringer],
	}
}

// chosenFor is the person's choice for a role.
func (c *Core) chosenFor(kind engine.DeviceKind) *string {
	switch kind {
	case engine.Microphone:
		return &c.chosen.Microphone
	case engine.Speaker:
		return &c.chosen.Speaker
	case engine.Ringer:
		return &c.chosen.Ringer
	}
	return &c.chosen.Camera
}

// inUse is what is opened for a role: the choice, or what stands in while the
// chosen device is unplugged.
func (c *Core) inUse(kind engine.DeviceKind) string {
	if choice := *c.chosenFor(kind); choice != engine.DeviceAuto && !c.away[kind] {
		return choice
	}
	return c.automatic(kind)
}

// automatic is what engine.DeviceAuto means for a role now: the first preferred
// device that is plugged in, else the best one; for a ringer, what the speaker is.
func (c *Core) automatic(kind engine.DeviceKind) string {
	for _, wanted := range c.preferred[kind] {
		if d := findDevice(c.devices, kind, wanted); d != nil {
			return d.ID
		}
	}
	if kind == engine.Ringer {
		return c.inUse(engine.Speaker)
	}
	return engine.DeviceAuto
}

func (c *Core) allInUse() (all inUse) {
	for _, kind := range roles {
		all[kind] = c.inUse(kind)
	}
	return all
}

// use opens what is in use for a role anew, also in calls.
func (c *Core) use(kind engine.DeviceKind) {
	switch kind {
	case engine.Camera:
		c.useCamera()
	case engine.Ringer:
		c.useRinger()
	default:
		c.useSound()
	}
}

// useChanged opens what has taken a role that something else had before. It
// reports for which roles.
func (c *Core) useChanged(before inUse) (changed [len(roles)]bool) {
	for _, kind := range roles {
		if c.inUse(kind) != before[kind] {
			changed[kind] = true
			c.use(kind)
		}
	}
	return changed
}

// followDevices falls back where a chosen or preferred device went away, and
// returns to it when it is back: the choice stands until the person makes another
// one. list and used are the devices, and what was used of them, before.
func (c *Core) followDevices(list []engine.Device, used inUse) {
	for _, kind := range roles {
		choice := *c.chosenFor(kind)
		was, is := findDevice(list, kind, choice), findDevice(c.devices, kind, choice)
		switch {
		case was != nil && is == nil:
			c.away[kind] = true
		case is != nil:
			c.away[kind] = false
		}
	}
	for kind, changed := range c.useChanged(used) {
		kind := engine.DeviceKind(kind)
		followed := kind == engine.Ringer && used[engine.Ringer] == used[engine.Speaker] && c.ringerFollows()
		if !changed || followed { // a ringer that is the speaker is told of with it
			continue
		}
		c.emit(c.deviceFollowed(kind, list, used[kind]))
	}
}

// deviceFollowed tells that what is plugged in has changed what is used.
func (c *Core) deviceFollowed(kind engine.DeviceKind, before []engine.Device, used string) engine.Event {
	e := engine.Event{Name: engine.EventDeviceChange, DeviceKind: kind, DeviceName: c.nameInUse(kind)}
	old := findDevice(before, kind, used)
	switch {
	case old != nil && findDevice(c.devices, kind, used) == nil:
		e.Reason = old.Name + " is gone"
	case *c.chosenFor(kind) != engine.DeviceAuto:
		e.Reason, e.DeviceUndo = e.DeviceName+" is back", engine.DeviceAuto
	default:
		e.Reason, e.DeviceUndo = e.DeviceName+" is preferred", used
		if best := c.best(kind); used == engine.DeviceAuto && best != nil {
			e.DeviceUndo = best.ID // auto would take the preferred one
		}
	}
	return e
}

// findDevice finds a device by id or name.
func findDevice(list []engine.Device, kind engine.DeviceKind, choice string) *engine.Device {
	i := slices.IndexFunc(list, func(d engine.Device) bool {
		return d.Kind == kind && (d.ID == choice || d.Name == choice)
	})
	if i < 0 {
		return nil
	}
	return &list[i]
}

// best is what will most likely be opened for a role where nothing is preferred;
// nil if there is nothing.
func (c *Core) best(kind engine.DeviceKind) (best *engine.Device) {
	for i := range c.devices {
		if d := &c.devices[i]; d.Kind == kind && (best == nil || d.Default) {
			best = d
		}
	}
	return best
}

// nameInUse is what people call that which takes a role.
func (c *Core) nameInUse(kind engine.DeviceKind) string {
	used := c.inUse(kind)
	if used != engine.DeviceAuto {
		return c.deviceName(kind, used)
	}
	if best := c.best(kind); best != nil {
		return best.Name
	}
	return engine.DeviceNone
}
