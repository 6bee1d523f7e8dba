package engine

import "image"

// DeviceKind is a role a device can take.
type DeviceKind int

// The roles.
const (
	Camera DeviceKind = iota
	Microphone
	Speaker
)

// Names that a device choice understands besides ids and names of devices.
const (
	DeviceAuto = "auto" // the best one there is; the system's default for sound
	DeviceNone = "none" // nothing: no picture, silence, or nothing heard
	DeviceTest = "test" // built-in moving pattern with a clock, or a tone
)

// Device is one thing that can be chosen for a role. Files (.y4m, .wav) are
// chosen by their path and are not listed.
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
