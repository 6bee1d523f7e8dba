package device

import (
	"bytes"
	"runtime"
	"strings"

	"github.com/gen2brain/malgo"

	"tring/engine"
)

// audioBackends are miniaudio's, in the order in which they are tried. ALSA is
// by itself, since its list needs care. The Null backend is left out: it "works"
// where there is no sound at all, and then delivers silence as fast as the
// processor can.
//
// Where microphone and speaker call back on their own, miniaudio joins them to a
// duplex device by a buffer that is 20 ms deep and runs full or empty by the
// drift between the two; there they are opened apart.
var audioBackends = [...]struct {
	backends    []malgo.Backend
	alsa, apart bool
}{
	{backends: []malgo.Backend{malgo.BackendWasapi, malgo.BackendDsound, malgo.BackendWinmm}},
	{backends: []malgo.Backend{malgo.BackendCoreaudio}, apart: true},
	{backends: []malgo.Backend{malgo.BackendSndio, malgo.BackendAudio4, malgo.BackendOss}},
	{backends: []malgo.Backend{malgo.BackendPulseaudio}, apart: true},
	{backends: []malgo.Backend{malgo.BackendAaudio, malgo.BackendOpensl}},
	{backends: []malgo.Backend{malgo.BackendAlsa}, alsa: true},
	{backends: []malgo.Backend{malgo.BackendJack}},
}

// programName is what sound servers show; it ends with a zero byte for C.
var programName = append([]byte("Tring"), 0)

// audioContext is a connection with the system's sound.
type audioContext struct {
	malgo.Context
	allocated *malgo.AllocatedContext
	alsa      bool
	apart     bool // microphone and speaker are better opened each on its own
}

// newAudioContext connects with the system's sound. No sound server is started.
func newAudioContext() (*audioContext, error) {
	var pinned runtime.Pinner
	defer pinned.Unpin()
	pinned.Pin(&programName[0])
	var config malgo.ContextConfig
	config.Pulse.PApplicationName = &programName[0] // copied by miniaudio
	var failed error
	for _, try := range audioBackends {
		backends := withoutPulse(try.backends)
		if len(backends) == 0 { // to miniaudio this means all of them
			continue
		}
		allocated, err := malgo.InitContext(backends, config, nil)
		if err == nil {
			return &audioContext{allocated.Context, allocated, try.alsa, try.apart}, nil
		}
		failed = err
	}
	return nil, failed
}

// free ends the connection. A nil one is ended already.
func (a *audioContext) free() {
	if a != nil {
		_ = a.Uninit()
		a.allocated.Free()
	}
}

// audioDevice is a microphone or a speaker of the system.
type audioDevice struct {
	engine.Device
	id *malgo.DeviceID // nil: whatever is the system's default, also when that changes
	// hidden devices are not listed and not chosen by "auto", but can be named:
	// monitors, which hear what a speaker plays, PulseAudio's dummy output, and
	// ALSA's plug-ins.
	hidden bool
}

// audioDevices lists what the system has, hidden ones too.
func audioDevices(audio *audioContext) (microphones, speakers []audioDevice, err error) {
	for _, role := range []struct {
		malgo  malgo.DeviceType
		engine engine.DeviceKind
		list   *[]audioDevice
	}{{malgo.Capture, engine.Microphone, &microphones}, {malgo.Playback, engine.Speaker, &speakers}} {
		infos, err := audio.Devices(role.malgo)
		if err != nil {
			return nil, nil, err
		}
		for _, info := range infos {
			*role.list = append(*role.list, newAudioDevice(role.engine, info.ID, info.Name(), info.IsDefault != 0, audio.alsa))
		}
	}
	return microphones, speakers, nil
}

func newAudioDevice(kind engine.DeviceKind, id malgo.DeviceID, name string, isDefault, alsa bool) audioDevice {
	d := audioDevice{id: &id, Device: engine.Device{
		Kind: kind, ID: idText(id), Name: strings.TrimSpace(strings.ToValidUTF8(name, "?")), Default: isDefault,
	}}
	if d.Name == "" {
		d.Name = d.ID
	}
	monitor := kind == engine.Microphone && (strings.HasSuffix(d.ID, ".monitor") || strings.HasPrefix(d.Name, "Monitor of "))
	// ALSA lists every plug-in that is installed, also on a machine without a
	// sound card: "null" for one floods with silence. What belongs to a card
	// has a colon, as in "hw:0,0" or "sysdefault:CARD=PCH".
	plugin := alsa && d.ID != "default" && !strings.Contains(d.ID, ":")
	d.hidden = monitor || plugin || d.ID == "auto_null"
	d.Default = d.Default || alsa && d.ID == "default"
	return d
}

// idText makes an id readable where it is text, as with PulseAudio, ALSA and
// Core Audio; elsewhere it is in hexadecimal.
func idText(id malgo.DeviceID) string {
	text, rest, _ := bytes.Cut(id[:], []byte{0})
	readable := len(text) > 0 && len(bytes.Trim(rest, "\x00")) == 0
	for _, c := range text {
		readable = readable && c > ' ' && c < 0x7F
	}
	if readable {
		return string(text)
	}
	return id.String()
}

// pick finds the device that choice names.
func pick(list []audioDevice, kind engine.DeviceKind, choice string) (*audioDevice, error) {
	if choice != engine.DeviceAuto {
		for _, same := range []func(d audioDevice) bool{
			func(d audioDevice) bool { return d.ID == choice },
			func(d audioDevice) bool { return d.Name == choice },
			func(d audioDevice) bool { return strings.EqualFold(d.Name, choice) },
		} {
			for i := range list {
				if same(list[i]) {
					return &list[i], nil
				}
			}
		}
		return nil, missing(kind, choice)
	}
	var first *audioDevice
	for i := range list {
		switch d := &list[i]; {
		case d.hidden:
		case d.Default:
			d.id = nil // follow the default
			return d, nil
		case first == nil:
			first = d
		}
	}
	if first == nil {
		return nil, missing(kind, choice)
	}
	return first, nil
}
