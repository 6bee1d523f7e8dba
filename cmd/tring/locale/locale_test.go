package locale

import "testing"

func TestPlain(t *testing.T) {
	for _, tt := range []struct {
		env    map[string]string
		want   string
		change bool
	}{
		{env: map[string]string{}},
		{env: map[string]string{"LANG": "C"}},
		{env: map[string]string{"LANG": "de_DE.UTF-8", "LC_ALL": "POSIX"}},
		{env: map[string]string{"LANG": "de_DE.UTF-8"}, want: "de_DE"},
		{env: map[string]string{"LANG": "de_DE.UTF-8@euro"}, want: "de_DE"},
		{env: map[string]string{"LANG": "C.UTF-8"}, want: "en", change: true},
		{env: map[string]string{"LANG": "C.UTF-8", "LANGUAGE": "de:en"}, want: "de:en"},
		{env: map[string]string{"LC_ALL": "C.utf8", "LANG": "de_DE.UTF-8"}, want: "en", change: true},
		{env: map[string]string{"LANG": "ca_ES@valencia"}, want: "ca_ES", change: true},
		{env: map[string]string{"LANG": "de_DE.UTF-8", "LANGUAGE": "sr@latin:C"}, want: "sr:en", change: true},
	} {
		got, change := plain(func(name string) string { return tt.env[name] })
		if change != tt.change || got != tt.want {
			t.Errorf("%v: %q, %v, want %q, %v", tt.env, got, change, tt.want, tt.change)
		}
	}
}
