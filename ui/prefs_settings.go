package ui

import (
	"fmt"
	"slices"
	"strings"

	"tring/engine"
)

// The names of what is chosen in the settings. Those of devices are followed by
// the number of the role.
const (
	prefSettingsPage = "settingsPage"
	prefZoom         = "zoom"
	prefMaxHeight    = "maxHeight"
	prefMaxBitrate   = "maxBitrate"
	prefVolume       = "ringerVolume"
	prefDevices      = "devices"
	prefDeviceOff    = "deviceOff"
	prefRingWindow   = "ringWindow"
	prefNotifyRing   = "notifyRing"
	prefNotifyMissed = "notifyMissed"
)

func (p prefs) settingsPage() int        { return p.p.Int(prefSettingsPage) }
func (p prefs) setSettingsPage(page int) { p.p.SetInt(prefSettingsPage, page) }

// zoom is how large text and controls are, in percent.
func (p prefs) zoom() int {
	if z := p.p.Int(prefZoom); slices.Contains(zooms, z) {
		return z
	}
	return 100
}

func (p prefs) setZoom(percent int) { p.p.SetInt(prefZoom, percent) }

// videoLimits are what was chosen; 0 where nothing was.
func (p prefs) videoLimits() engine.VideoLimits {
	l := engine.VideoLimits{MaxHeight: p.p.Int(prefMaxHeight), MaxBitrateBPS: p.p.Int(prefMaxBitrate)}
	if !slices.Contains([]int{360, 540, 720, 1080}, l.MaxHeight) {
		l.MaxHeight = 0
	}
	l.MaxBitrateBPS = max(0, l.MaxBitrateBPS)
	return l
}

func (p prefs) setVideoLimits(l engine.VideoLimits) {
	p.p.SetInt(prefMaxHeight, l.MaxHeight)
	p.p.SetInt(prefMaxBitrate, l.MaxBitrateBPS)
}

// ringerVolume is 0 to 1.
func (p prefs) ringerVolume() float64 {
	return min(max(p.p.FloatWithFallback(prefVolume, 1), 0), 1)
}

func (p prefs) setRingerVolume(v float64) { p.p.SetFloat(prefVolume, v) }

// deviceOrder are the devices chosen for a role, the last one first.
func (p prefs) deviceOrder(kind engine.DeviceKind) (order []remembered) {
	for _, line := range p.p.StringList(roleName(prefDevices, kind)) {
		if id, name, is := strings.Cut(line, "\t"); is && id != "" && len(order) < maxRemembered {
			order = append(order, remembered{id, name})
		}
	}
	return order
}

func (p prefs) setDeviceOrder(kind engine.DeviceKind, order []remembered) {
	lines := []string{}
	for _, r := range order {
		lines = append(lines, r.id+"\t"+r.name)
	}
	p.p.SetStringList(roleName(prefDevices, kind), lines)
}

// deviceOff: nothing is to be used for the role.
func (p prefs) deviceOff(kind engine.DeviceKind) bool {
	return p.p.Bool(roleName(prefDeviceOff, kind))
}

func (p prefs) setDeviceOff(kind engine.DeviceKind, off bool) {
	p.p.SetBool(roleName(prefDeviceOff, kind), off)
}

func roleName(name string, kind engine.DeviceKind) string { return fmt.Sprintf("%s%d", name, kind) }

// notify is whether a kind of notice, by its name above, is wanted.
func (p prefs) notify(name string) bool        { return p.p.BoolWithFallback(name, true) }
func (p prefs) setNotify(name string, on bool) { p.p.SetBool(name, on) }
