package enginetest

import (
	"context"
	"fmt"
	"strings"

	"tring/engine"
)

// SignIn implements Engine.
func (f *Fake) SignIn(account engine.Account, secret engine.Secret) error {
	return f.record(Action{Method: "SignIn", Text: account.User, Account: account, Secret: secret})
}

// SignOut implements Engine.
func (f *Fake) SignOut() error { return f.record(Action{Method: "SignOut"}) }

// Call implements Engine. It makes up an id; the test puts the call into the
// snapshot if it wants one there.
func (f *Fake) Call(address string, options engine.CallOptions) (engine.CallID, error) {
	f.mu.Lock()
	f.nextCall++
	id := engine.CallID(fmt.Sprintf("out-%d", f.nextCall))
	f.mu.Unlock()
	if err := f.record(Action{Method: "Call", Text: address, On: options.Video, Name: options.DisplayName, Result: string(id)}); err != nil {
		return "", err
	}
	return id, nil
}

// Accept implements Engine.
func (f *Fake) Accept(id engine.CallID, video bool) error {
	return f.record(Action{Method: "Accept", Call: id, On: video})
}

// Reject implements Engine.
func (f *Fake) Reject(id engine.CallID) error { return f.record(Action{Method: "Reject", Call: id}) }

// Ignore implements Engine.
func (f *Fake) Ignore(id engine.CallID) error { return f.record(Action{Method: "Ignore", Call: id}) }

// Hangup implements Engine.
func (f *Fake) Hangup(id engine.CallID) error { return f.record(Action{Method: "Hangup", Call: id}) }

// Hold implements Engine.
func (f *Fake) Hold(id engine.CallID) error { return f.record(Action{Method: "Hold", Call: id}) }

// Unhold implements Engine.
func (f *Fake) Unhold(id engine.CallID) error { return f.record(Action{Method: "Unhold", Call: id}) }

// SetMuted implements Engine.
func (f *Fake) SetMuted(id engine.CallID, muted bool) error {
	return f.record(Action{Method: "SetMuted", Call: id, On: muted})
}

// SetVideo implements Engine.
func (f *Fake) SetVideo(id engine.CallID, on bool) error {
	return f.record(Action{Method: "SetVideo", Call: id, On: on})
}

// SendDTMF implements Engine.
func (f *Fake) SendDTMF(id engine.CallID, digits string) error {
	return f.record(Action{Method: "SendDTMF", Call: id, Text: digits})
}

// Transfer implements Engine.
func (f *Fake) Transfer(id engine.CallID, address string) error {
	return f.record(Action{Method: "Transfer", Call: id, Text: address})
}

// TransferTo implements Engine.
func (f *Fake) TransferTo(id, other engine.CallID) error {
	return f.record(Action{Method: "TransferTo", Call: id, Text: string(other)})
}

// Screens implements Engine: what SetScreens gave.
func (f *Fake) Screens(context.Context) ([]engine.Screen, error) {
	err := f.record(Action{Method: "Screens"})
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.screens, err
}

// SetScreens says what Screens gives.
func (f *Fake) SetScreens(screens []engine.Screen) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.screens = screens
}

// ShareScreen implements Engine.
func (f *Fake) ShareScreen(id engine.CallID, screen string) error {
	return f.record(Action{Method: "ShareScreen", Call: id, Text: screen})
}

// Stats implements Engine.
func (f *Fake) Stats(_ context.Context, id engine.CallID) (engine.Stats, error) {
	err := f.record(Action{Method: "Stats", Call: id})
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.stats, err
}

// SelectDevice implements Engine.
func (f *Fake) SelectDevice(kind engine.DeviceKind, choice string) error {
	return f.record(Action{Method: "SelectDevice", Text: fmt.Sprintf("%d %s", kind, choice)})
}

// SetDevicePreference implements Engine.
func (f *Fake) SetDevicePreference(kind engine.DeviceKind, order []string) error {
	return f.record(Action{Method: "SetDevicePreference", Text: fmt.Sprintf("%d %s", kind, strings.Join(order, ", "))})
}

// SetVideoLimits implements Engine.
func (f *Fake) SetVideoLimits(l engine.VideoLimits) error {
	return f.record(Action{Method: "SetVideoLimits", Text: fmt.Sprintf("%d lines %d bit/s", l.MaxHeight, l.MaxBitrateBPS)})
}

// PlayTestTone implements Engine.
func (f *Fake) PlayTestTone(kind engine.DeviceKind) error {
	return f.record(Action{Method: "PlayTestTone", Text: fmt.Sprint(int(kind))})
}

// SetRingerVolume implements Engine.
func (f *Fake) SetRingerVolume(volume float64) error {
	return f.record(Action{Method: "SetRingerVolume", Text: fmt.Sprint(volume)})
}

// Libraries implements Engine: two made-up ones.
func (f *Fake) Libraries() []engine.Library {
	return []engine.Library{{Name: "libvpx", Version: "v1.12.0"}, {Name: "libyuv", Note: "pictures are converted by slower code"}}
}

// RefreshDevices implements Engine.
func (f *Fake) RefreshDevices() error { return f.record(Action{Method: "RefreshDevices"}) }

// Reconnect implements Engine.
func (f *Fake) Reconnect() error { return f.record(Action{Method: "Reconnect"}) }

// Silence implements Engine.
func (f *Fake) Silence(id engine.CallID) error { return f.record(Action{Method: "Silence", Call: id}) }

// SetDoNotDisturb implements Engine.
func (f *Fake) SetDoNotDisturb(on bool) error {
	return f.record(Action{Method: "SetDoNotDisturb", On: on})
}

// SetSoundProcessing implements Engine.
func (f *Fake) SetSoundProcessing(p engine.SoundProcessing) error {
	return f.record(Action{Method: "SetSoundProcessing", Text: fmt.Sprintf("echo %t noise %t gain %t", p.EchoCancellation, p.NoiseSuppression, p.AutomaticGain)})
}

// SoundLevels implements Engine: what SetSoundLevels gave.
func (f *Fake) SoundLevels() engine.SoundLevels {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.levels
}

// SetSoundLevels says what SoundLevels gives.
func (f *Fake) SetSoundLevels(l engine.SoundLevels) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.levels = l
}

// ListenToMicrophone implements Engine.
func (f *Fake) ListenToMicrophone() (stop func()) {
	_ = f.record(Action{Method: "ListenToMicrophone"})
	return func() { _ = f.record(Action{Method: "StopListening"}) }
}
