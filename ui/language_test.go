package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"

	"tring/engine"
	"tring/ui/language"
	"tring/ui/uitest"
	"tring/ui/widgets"
)

// speaking lets the window speak a language until the test is over.
func speaking(t *testing.T, code string) {
	t.Helper()
	l, x, n, xn := lang.L, lang.X, lang.N, lang.XN
	t.Cleanup(func() { lang.L, lang.X, lang.N, lang.XN = l, x, n, xn })
	if err := language.Use(code); err != nil {
		t.Fatal(err)
	}
}

func TestLanguageIsChosenAndKept(t *testing.T) {
	d := atHome(t, options{})
	d.w.openSettingsAt(pageWindow)
	list := d.selectOf("العربية")
	list.SetSelected("العربية")
	if got := d.w.prefs.language(); got != "ar" {
		t.Errorf("%q is kept", got)
	}
	if !contains(d.markup(), "from its next start on") {
		t.Error("nobody is told when the choice holds")
	}
	list.SetSelected("As the system")
	if got := d.w.prefs.language(); got != language.System {
		t.Errorf("%q is kept, want the system's", got)
	}
	d.key(fyne.KeyEscape)
}

// selectOf is the list that has such a choice.
func (d *desk) selectOf(choice string) *widgets.Select {
	d.t.Helper()
	for _, o := range test.LaidOutObjects(d.w.root) {
		if list, is := o.(*widgets.Select); is && slices.Contains(list.Options, choice) {
			return list
		}
	}
	d.t.Fatalf("no list has %q", choice)
	return nil
}

func TestProblemsAreTranslated(t *testing.T) {
	for _, c := range []struct{ code, english, want string }{
		{"de", "The ringer failed. Calls ring at the speaker.", "Die Klingel ist ausgefallen. Anrufe klingeln am Lautsprecher."},
		{"de", "There is nobody called bob on this server.", "Unter bob gibt es auf diesem Server niemanden."},
		{"de", "The user name or password for a@b is wrong (“no such user”).", "Benutzername oder Passwort für a@b ist falsch (“no such user”)."},
		{"en", "The user name or password for a@b is wrong (“no such user”).", "The user name or password for a@b is wrong (“no such user”)."},
		{"fr", "The camera Webcam no longer answers.", "Le périphérique ne répond plus\u00a0: caméra Webcam."},
		{"tr", "Nobody has said this before.", "Nobody has said this before."},
	} {
		speaking(t, c.code)
		if got := translate(c.english); got != c.want {
			t.Errorf("%s: %q is said for %q, want %q", c.code, got, c.english, c.want)
		}
	}
}

// What a banner says of a problem is in the language of the window.
func TestBannersAreTranslated(t *testing.T) {
	speaking(t, "de")
	d := atHome(t, options{})
	d.change(func(s *engine.Snapshot) {
		s.Notices = []engine.Problem{{Cause: "The ringer does not play.", Next: "Choose another one in the settings."}}
		s.Sound.Missing = "This build of Tring has no echo cancellation: use a headset, or a build with the WebRTC audio processing library."
	})
	if !contains(d.markup(), "Die Klingel spielt nichts ab.", "Wählen Sie in den Einstellungen etwas anderes.") {
		t.Errorf("a notice is not translated:\n%s", d.markup())
	}
	if s := newSoundSettings(d.w); s.missing.Text() == d.w.view.snapshot.Sound.Missing {
		t.Error("the missing part is said in English")
	}
}

// The words under the bar's icons are whole in the least window, in every language.
func TestBarWordsFit(t *testing.T) {
	for _, l := range language.All() {
		speaking(t, l.Code)
		d := newDesk(t, options{account: uitest.Alice, size: small})
		for _, change := range []func(*engine.Call){
			func(*engine.Call) {},
			func(c *engine.Call) { c.Muted, c.SendingVideo, c.ScreenShared, c.LocalHold = true, false, true, true },
		} {
			d.showState("call")
			d.change(func(s *engine.Snapshot) { change(&s.Calls[0]) })
			d.resize(small)
			for _, b := range d.w.callScreen.bar.buttons() {
				for _, o := range test.WidgetRenderer(b).Objects() {
					if label, is := o.(*canvas.Text); is && strings.HasSuffix(label.Text, "…") {
						t.Errorf("%s: %q is cut to %q", l.Code, b.Text(), label.Text)
					}
				}
			}
		}
		d.w.stop()
	}
}
