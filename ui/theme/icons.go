package theme

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	base "fyne.io/fyne/v2/theme"

	"tring/assets"
)

// IconName is an icon of package assets.
type IconName string

// The icons in use. A test checks that each has its file and the reverse.
const (
	IconAdd            IconName = "add"
	IconBackspace      IconName = "backspace"
	IconCallIn         IconName = "call-in"
	IconCallMissed     IconName = "call-missed"
	IconCallOut        IconName = "call-out"
	IconCheck          IconName = "check"
	IconCheckCircle    IconName = "check-circle"
	IconClock          IconName = "clock"
	IconClose          IconName = "close"
	IconConnecting     IconName = "connecting"
	IconCopy           IconName = "copy"
	IconCrossCircle    IconName = "cross-circle"
	IconDashCircle     IconName = "dash-circle"
	IconDelete         IconName = "delete"
	IconDown           IconName = "down"
	IconEcho           IconName = "echo"
	IconEdit           IconName = "edit"
	IconExport         IconName = "export"
	IconEye            IconName = "eye"
	IconEyeOff         IconName = "eye-off"
	IconForward        IconName = "forward"
	IconFullscreen     IconName = "fullscreen"
	IconFullscreenExit IconName = "fullscreen-exit"
	IconHelp           IconName = "help"
	IconImport         IconName = "import"
	IconInfo           IconName = "info"
	IconJoin           IconName = "join"
	IconKey            IconName = "key"
	IconKeypad         IconName = "keypad"
	IconLanguage       IconName = "language"
	IconLog            IconName = "log"
	IconMenu           IconName = "menu"
	IconMic            IconName = "mic"
	IconMicOff         IconName = "mic-off"
	IconMore           IconName = "more"
	IconNetworkOff     IconName = "network-off"
	IconOffline        IconName = "offline"
	IconPause          IconName = "pause"
	IconPeople         IconName = "people"
	IconPerson         IconName = "person"
	IconPhone          IconName = "phone"
	IconPhoneDown      IconName = "phone-down"
	IconPlay           IconName = "play"
	IconQuiet          IconName = "quiet"
	IconReconnect      IconName = "reconnect"
	IconSettings       IconName = "settings"
	IconShare          IconName = "share"
	IconSignOut        IconName = "sign-out"
	IconSignal1        IconName = "signal-1"
	IconSignal2        IconName = "signal-2"
	IconSignal3        IconName = "signal-3"
	IconSpeaker        IconName = "speaker"
	IconStar           IconName = "star"
	IconStarOn         IconName = "star-on"
	IconStats          IconName = "stats"
	IconTransfer       IconName = "transfer"
	IconVideo          IconName = "video"
	IconVideoOff       IconName = "video-off"
	IconWarning        IconName = "warning"
)

// iconGrid is the size that the icons are drawn on.
const iconGrid = 24

var strokeWidth = regexp.MustCompile(`stroke-width="([0-9.]+)"`)

// Icon is an icon in one colour, for drawing at pixels x pixels. The SVG
// renderer underneath does not scale stroke widths with the drawing, so they
// are scaled here.
func Icon(name IconName, ink color.Color, pixels int) fyne.Resource {
	data, known := assets.Icon(string(name))
	if !known {
		return nil
	}
	r, g, b, _ := ink.RGBA()
	hex := fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
	scale := float64(pixels) / iconGrid
	svg := strings.ReplaceAll(string(data), "currentColor", hex)
	svg = strokeWidth.ReplaceAllStringFunc(svg, func(attribute string) string {
		width, err := strconv.ParseFloat(attribute[len(`stroke-width="`):len(attribute)-1], 64)
		if err != nil {
			return attribute
		}
		return fmt.Sprintf(`stroke-width="%.2f"`, width*scale)
	})
	// The renderer's cache goes by name alone.
	return fyne.NewStaticResource(fmt.Sprintf("%s-%s-%d.svg", name, hex[1:], pixels), []byte(svg))
}

// MenuIcon is an icon in the colour of a menu's words, for a canvas of that scale.
func MenuIcon(name IconName, scale float32) fyne.Resource {
	s := fyne.CurrentApp().Settings()
	return Icon(name, s.Theme().Color(ColorText, s.ThemeVariant()), int(base.IconInlineSize()*scale+0.5))
}

// AppIcon is the program's own icon.
func AppIcon() fyne.Resource { return fyne.NewStaticResource("tring.png", assets.AppIcon) }

// AppPicture is the program's own icon in pixels.
func AppPicture() image.Image {
	picture, err := png.Decode(bytes.NewReader(assets.AppIcon))
	if err != nil { // embedded: TestAppPicture sees it
		return image.Transparent
	}
	return picture
}
