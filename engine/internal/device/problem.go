package device

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"tring/engine"
)

// ErrNone is what OpenCamera returns for the choice "none". It is no failure:
// there is no picture because none is wanted.
var ErrNone = errors.New("no camera chosen")

// ErrRecording is in the chain of an error given to SoundIO.OnLost when only
// the recording of a speaker .wav ended: the sound itself goes on.
var ErrRecording = errors.New("recording of the speaker stopped")

// roleError notes for Missing which role a failure belongs to.
type roleError struct {
	kind engine.DeviceKind
	err  error
}

func (e *roleError) Error() string { return e.err.Error() }
func (e *roleError) Unwrap() error { return e.err }

// soundError says that neither role could be opened.
type soundError struct{ err error }

func (e *soundError) Error() string { return e.err.Error() }
func (e *soundError) Unwrap() error { return e.err }

// Missing says for which role an error of OpenSound stands, so that a caller
// can open the other one alone.
func Missing(err error) (microphone, speaker bool) {
	if both := new(soundError); errors.As(err, &both) {
		return true, true
	}
	if role := new(roleError); errors.As(err, &role) {
		return role.kind == engine.Microphone, role.kind == engine.Speaker
	}
	return false, false
}

func word(kind engine.DeviceKind) string {
	switch kind {
	case engine.Camera:
		return "camera"
	case engine.Microphone:
		return "microphone"
	default:
		return "speaker"
	}
}

func missing(kind engine.DeviceKind, choice string) *engine.Problem {
	w := word(kind)
	if choice == engine.DeviceAuto {
		return &engine.Problem{
			Cause: fmt.Sprintf("No %s was found.", w),
			Next:  fmt.Sprintf("Connect a %s, or go on without one.", w),
			Err:   &roleError{kind, engine.ErrDeviceMissing},
		}
	}
	return &engine.Problem{
		Cause: fmt.Sprintf("The %s %q is not there.", w, choice),
		Next:  fmt.Sprintf("Connect it, or choose another %s.", w),
		Err:   &roleError{kind, engine.ErrDeviceMissing},
	}
}

func noSound(err error) *engine.Problem {
	return &engine.Problem{
		Cause: "No sound device was found.",
		Next:  "Connect a headset or speakers, or start the system's sound service.",
		Err:   &soundError{errors.Join(engine.ErrDeviceMissing, err)},
	}
}

func unplugged(kind engine.DeviceKind, name string, err error) *engine.Problem {
	return &engine.Problem{
		Cause: fmt.Sprintf("The %s %s no longer answers.", word(kind), name),
		Next:  fmt.Sprintf("Connect it again, or choose another %s.", word(kind)),
		Err:   &roleError{kind, errors.Join(engine.ErrDeviceMissing, err)},
	}
}

func busy(kind engine.DeviceKind, name string, err error) *engine.Problem {
	return &engine.Problem{
		Cause: fmt.Sprintf("The %s %s is used by another program.", word(kind), name),
		Next:  "Close that program and try again, or choose another one.",
		Err:   &roleError{kind, errors.Join(engine.ErrDeviceBusy, err)},
	}
}

func forbidden(kind engine.DeviceKind, name string, err error) *engine.Problem {
	return &engine.Problem{
		Cause: fmt.Sprintf("The system does not let Tring use the %s %s.", word(kind), name),
		Next:  fmt.Sprintf("Allow it in the system's privacy settings (on Linux: join the group that owns the device) and choose the %s again.", word(kind)),
		Err:   &roleError{kind, errors.Join(fs.ErrPermission, err)},
	}
}

func broken(kind engine.DeviceKind, name string, err error) *engine.Problem {
	return &engine.Problem{
		Cause: fmt.Sprintf("The %s %s cannot be started: %v.", word(kind), name, err),
		Next:  "Unplug it and plug it in again, or choose another one.",
		Err:   &roleError{kind, errors.Join(engine.ErrDeviceMissing, err)},
	}
}

// badFile is the Problem of a file that cannot be used. why says what is wrong
// and where, without a full stop.
func badFile(kind engine.DeviceKind, path string, why error) *engine.Problem {
	p := &engine.Problem{Err: &roleError{kind, errors.Join(engine.ErrBadMediaFile, why)}}
	name := filepath.Base(path)
	switch {
	case errors.Is(why, fs.ErrNotExist):
		p.Cause = fmt.Sprintf("The file %s does not exist.", path)
		p.Next = "Check its name, or choose another one."
		p.Err = &roleError{kind, errors.Join(engine.ErrDeviceMissing, why)}
	case errors.Is(why, fs.ErrPermission):
		p.Cause = fmt.Sprintf("The file %s may not be opened.", path)
		p.Next = "Check its permissions, or choose another one."
	case kind == engine.Camera:
		p.Cause = fmt.Sprintf("%s cannot be used as a camera: %s.", name, why)
		p.Next = "Choose a YUV4MPEG2 file (.y4m) with 8-bit 4:2:0 colour."
	case kind == engine.Microphone:
		p.Cause = fmt.Sprintf("%s cannot be used as a microphone: %s.", name, why)
		p.Next = "Choose a .wav file with PCM or floating-point samples."
	default:
		p.Cause = fmt.Sprintf("The speaker cannot be recorded to %s: %s.", name, why)
		p.Next = "Choose another .wav file."
	}
	return p
}

// isFile reports whether a choice is meant as a file with the extension: it
// ends so, or it looks like a path and is no device of the system.
func isFile(choice, extension string) bool {
	if strings.EqualFold(filepath.Ext(choice), extension) {
		return true
	}
	return strings.ContainsRune(choice, filepath.Separator) && !strings.HasPrefix(choice, "/dev/")
}
