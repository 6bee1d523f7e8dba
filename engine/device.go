package engine

import "image"

// DeviceKind is a role a device can take.
type DeviceKind int

// The roles.
const (
	Camera DeviceKind = iota
	Microphone
	Speaker
	Ringer // what incoming calls ring on: a loudspeaker beside a headset
)

// Names that a device choice understands besides ids and names of devices.
const (
	DeviceAuto = "auto" // the first preferred one that is plugged in, else the best; a ringer: the speaker's choice
	DeviceNone = "none" // nothing: no picture, silence, or nothing heard
	DeviceTest = "test" // built-in moving pattern with a clock, or a tone
)

// Device is one thing that can be chosen for a role. Files (.y4m, .wav) are
// chosen by their path and are not listed. What can be a speaker can be a ringer
// as well, and is listed once for each.
type Device struct {
	Kind    DeviceKind
	ID      string // stable where the platform allows; what SelectDevice takes
	Name    string // readable
	Default bool   // the system's choice for the role
}

// DeviceChoice is what is chosen for each role: DeviceAuto, DeviceNone,
// DeviceTest, a device's ID or Name, or the path of a file.
type DeviceChoice struct {
	Camera     string
	Microphone string
	Speaker    string
	Ringer     string
}

// Of is the choice for a role.
func (c DeviceChoice) Of(kind DeviceKind) string {
	switch kind {
	case Microphone:
		return c.Microphone
	case Speaker:
		return c.Speaker
	case Ringer:
		return c.Ringer
	}
	return c.Camera
}

// VideoLimits bound the picture of the camera. Screens that are shared keep their
// size.
type VideoLimits struct {
	MaxHeight     int // 360, 540, 720 or 1080 lines, each at 16:9; 0 is what the program was started with
	MaxBitrateBPS int // of all video sent, in bits a second; 0 is what suits MaxHeight
}

// Library is a part of the program that does the media's work.
type Library struct {
	Name    string // "libvpx", "Opus", "libyuv", …
	Version string // as it calls itself; "" if it is not built in
	Note    string // what goes without it, or what it is, in a few words; may be empty
}

// ScreenKind tells whole screens from windows.
type ScreenKind int

// The kinds of what can be shared.
const (
	WholeScreen ScreenKind = iota
	Window
)

// Screen is a screen or window that can be shared.
type Screen struct {
	ID            string // what ShareScreen takes; good for this run of the window system
	Name          string // readable: "Screen 1", a window's title
	Kind          ScreenKind
	Width, Height int         // in pixels, as it would be captured
	Thumbnail     *image.RGBA // at most 320x200, in the shape of the screen; nil if it could not be taken
}
