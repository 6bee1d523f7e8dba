package theme

import (
	"image"
	"image/color"
	"math"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	base "fyne.io/fyne/v2/theme"

	"tring/assets"
)

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	channel := func(v uint32) float64 {
		f := float64(v) / 0xffff
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(r) + 0.7152*channel(g) + 0.0722*channel(b)
}

func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	if la < lb {
		la, lb = lb, la
	}
	return (la + 0.05) / (lb + 0.05)
}

// Every word must be readable on the grounds it is drawn on: WCAG 2.1, 1.4.3.
func TestContrast(t *testing.T) {
	test.NewTempApp(t)
	pairs := []struct{ text, ground fyne.ThemeColorName }{
		{ColorText, ColorBackground},
		{ColorText, ColorSurface},
		{ColorText, ColorNeutral},
		{ColorText, ColorWarnSoft},
		{ColorText, ColorBadSoft},
		{ColorText, ColorPrimarySoft},
		{ColorMuted, ColorBackground},
		{ColorMuted, ColorSurface},
		{ColorMuted, ColorPrimarySoft},
		{ColorPrimaryText, ColorSurface},
		{ColorPrimaryText, ColorPrimarySoft},
		{ColorOnPrimary, ColorPrimary},
		{ColorOnAction, ColorAnswer},
		{ColorOnAction, ColorReject},
		{ColorGood, ColorSurface},
		{ColorBusy, ColorSurface},
		{ColorBad, ColorSurface},
		{ColorGood, ColorBackground},
		{ColorBusy, ColorBackground},
		{ColorBad, ColorBackground},
		{ColorBusy, ColorWarnSoft},
		{ColorBad, ColorBadSoft},
		{ColorStageText, ColorStage},
		{ColorStageMuted, ColorStage},
		{ColorStageText, ColorStageButton},
		{ColorStageOffText, ColorStageOff},
		{ColorStageWarn, ColorStage},
		{ColorStageText, ColorNote},
		{ColorStageGood, ColorNote},
		{ColorStageOffText, ColorNote},
		{base.ColorNameError, base.ColorNameInputBackground},
	}
	for mode, least := range map[Mode]float64{Light: 4.5, Dark: 4.5, HighContrast: 7} {
		th := New(mode)
		for _, p := range pairs {
			got := contrast(th.Color(p.text, 0), th.Color(p.ground, 0))
			if got < least {
				t.Errorf("%s: %s on %s has a contrast of %.2f, want at least %.1f", mode, p.text, p.ground, got, least)
			}
		}
		for i, ground := range avatarGrounds {
			if got := contrast(color.White, ground); got < 4.5 {
				t.Errorf("avatar ground %d has a contrast of %.2f with white", i, got)
			}
		}
	}
}

func TestModeWins(t *testing.T) {
	test.NewTempApp(t)
	dark := New(Dark).Color(ColorBackground, base.VariantLight)
	if dark != New(System).Color(ColorBackground, base.VariantDark) {
		t.Error("Dark must not follow the desktop's wish for light")
	}
	if dark == New(System).Color(ColorBackground, base.VariantLight) {
		t.Error("System must follow the desktop's wish for light")
	}
}

func TestIconsAndFilesAgree(t *testing.T) {
	used := []IconName{
		IconBackspace, IconCheck, IconCheckCircle, IconClock, IconClose, IconConnecting, IconCopy, IconDown, IconEcho,
		IconEye, IconEyeOff, IconForward, IconFullscreen, IconFullscreenExit, IconHelp, IconInfo, IconJoin, IconKey, IconKeypad,
		IconLanguage, IconLog, IconMenu, IconMic, IconMicOff, IconMore, IconNetworkOff, IconOffline, IconPause, IconPerson,
		IconPhone, IconPhoneDown, IconPlay, IconQuiet, IconReconnect, IconSettings, IconShare, IconSignOut, IconSpeaker, IconStats, IconSignal1, IconSignal2, IconSignal3,
		IconTransfer, IconVideo, IconVideoOff, IconWarning, IconAdd, IconCallIn, IconCallMissed, IconCallOut, IconDelete,
		IconEdit, IconExport, IconImport, IconPeople, IconStar, IconStarOn, IconCrossCircle, IconDashCircle,
	}
	for _, name := range used {
		if Icon(name, color.Black, 24) == nil {
			t.Errorf("no file for icon %q", name)
		}
	}
	for _, file := range assets.IconNames() {
		if !slices.Contains(used, IconName(file)) {
			t.Errorf("icon %q has a file and no name", file)
		}
	}
	if Icon("no-such-icon", color.Black, 24) != nil {
		t.Error("an unknown icon must be nil")
	}
}

func TestAllFyneColorsDefined(t *testing.T) {
	test.AssertAllColorNamesDefined(t, New(System), "tring")
}

func TestAvatarIsStable(t *testing.T) {
	if Avatar("bob@example.com") != Avatar("bob@example.com") {
		t.Error("one key must keep its colour")
	}
}

func TestAppPicture(t *testing.T) {
	if size := AppPicture().Bounds().Size(); size != image.Pt(512, 512) {
		t.Errorf("the program's icon is %v", size)
	}
}
