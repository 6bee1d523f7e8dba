package core

import (
	"slices"

	"tring/engine"
)

// roles are all that a device can be chosen for.
var roles = [...]engine.DeviceKind{engine.Camera, engine.Microphone, engine.Speaker}

// chosenFor is the person's choice for a role.
func (c *Core) chosenFor(kind engine.DeviceKind) *string {
	switch kind {
	case engine.Microphone:
		return &c.chosen.Microphone
	case engine.Speaker:
		return &c.chosen.Speaker
	}
	return &c.chosen.Camera
}

// inUse is what is opened for a role: the choice, or the best one there is
// while the chosen device is unplugged.
func (c *Core) inUse(kind engine.DeviceKind) string {
	if c.away[kind] {
		return engine.DeviceAuto
	}
	return *c.chosenFor(kind)
}

// use opens what is in use for a role anew, also in calls.
func (c *Core) use(kind engine.DeviceKind) {
	if kind == engine.Camera {
		c.useCamera()
	} else {
		c.useSound()
	}
}

// followDevices falls back where a chosen device went away, and returns to it
// when it is back: the choice stands until the person makes another one.
func (c *Core) followDevices(before []engine.Device) {
	for _, kind := range roles {
		choice := *c.chosenFor(kind)
		was, is := findDevice(before, kind, choice), findDevice(c.devices, kind, choice)
		switch {
		case was != nil && is == nil && !c.away[kind]:
			c.away[kind] = true
			c.emit(engine.Event{Name: engine.EventDeviceChange, Reason: was.Name + " is gone", DeviceKind: kind, DeviceName: c.bestName(kind)})
		case is != nil && c.away[kind]:
			c.away[kind] = false
			c.emit(engine.Event{Name: engine.EventDeviceChange, Reason: is.Name + " is back", DeviceKind: kind, DeviceName: is.Name, DeviceUndo: engine.DeviceAuto})
		default:
			continue
		}
		c.use(kind)
	}
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

// bestName names what DeviceAuto will most likely open.
func (c *Core) bestName(kind engine.DeviceKind) string {
	name := ""
	for _, d := range c.devices {
		if d.Kind == kind && (name == "" || d.Default) {
			name = d.Name
		}
	}
	if name == "" {
		return engine.DeviceNone
	}
	return name
}
