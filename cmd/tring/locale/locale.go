// Package locale gives Fyne a locale that it understands. Fyne asks for the
// user's languages when the program starts, before main, and takes each of them
// for a tag of BCP 47: of C.UTF-8, the locale of containers and of many
// servers, and of ca_ES@valencia it complains in three lines on standard error.
//
// So this package, imported for its effect alone, says the same languages in
// LANGUAGE, the list that gettext reads, without what is no language. The locale
// itself, by which X11 takes typed text, stays as it is. It has to come before
// Fyne: packages are made ready in the order of their import paths as soon as
// what they import is (https://go.dev/ref/spec#Program_initialization), and this
// one imports os and strings alone. cmd/tring has a test that nothing is said.
package locale

import (
	"os"
	"strings"
)

func init() {
	if languages, change := plain(os.Getenv); change {
		_ = os.Setenv("LANGUAGE", languages)
	}
}

// plain is what LANGUAGE is to say, if it has to say something else than now.
// An exact C or POSIX turns translation off, and nobody complains of it.
func plain(env func(string) string) (languages string, change bool) {
	locale := ""
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale = env(name); locale != "" {
			break
		}
	}
	if locale == "C" || locale == "POSIX" {
		return "", false
	}
	asked := env("LANGUAGE")
	if asked == "" {
		asked = locale
	}
	var clean []string
	odd := false
	for _, one := range strings.Split(asked, ":") {
		name, modified, _ := strings.Cut(one, "@")
		name, encoded, _ := strings.Cut(name, ".")
		switch name {
		case "C", "POSIX":
			name, odd = "en", true
		case "":
			odd = odd || one != ""
			continue
		}
		odd = odd || modified != "" && encoded == ""
		clean = append(clean, name)
	}
	return strings.Join(clean, ":"), odd
}
