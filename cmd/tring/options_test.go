package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBadUsage(t *testing.T) {
	t.Setenv("TRING_PASSWORD", "")
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string][]string{
		"neither an option nor a link": {"bob"},
		"not defined":                  {"--password", "secret"},
		"--size":                       {"--demo", "--size", "huge"},
		"--fps":                        {"--demo", "--fps", "0"},
		"--vp8":                        {"--demo", "--vp8", "h264"},
		"--log-level":                  {"--demo", "--log-level", "loud"},
		"--headless needs":             {"--headless"},
		"needs a password":             {"--headless", "--server", "http://127.0.0.1:1", "--client-id", "tring", "--user", "a@example.com"},
		"cannot be read":               {"--headless", "--password-file", filepath.Join(t.TempDir(), "missing")},
		"is empty":                     {"--headless", "--password-file", empty},
		"turn:":                        {"--demo", "--ice-server", "http://example.com"},
		"URL,user,password-file":       {"--demo", "--ice-server", "turn:example.com"},
		"Run tring --help":             {"--nonsense"},
	}
	for want, args := range tests {
		var out, errs bytes.Buffer
		code := run(args, strings.NewReader(""), &out, &errs)
		if code != exitUsage || !strings.Contains(errs.String(), want) {
			t.Errorf("%q: exit %d, %q", args, code, errs.String())
		}
	}
}

func TestHelpAndVersion(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run([]string{"--help"}, strings.NewReader(""), &out, &errs); code != exitOK || !strings.Contains(out.String(), "--headless") {
		t.Errorf("help: exit %d, %q", code, errs.String())
	}
	out.Reset()
	if code := run([]string{"--version"}, strings.NewReader(""), &out, &errs); code != exitOK || !strings.HasPrefix(out.String(), "tring ") {
		t.Errorf("version: exit %d, %q", code, out.String())
	}
}

func TestPasswordFileEndsWithItsFirstLine(t *testing.T) {
	name := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(name, []byte("pass word\r\nmore\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := parseOptions([]string{"--demo", "--password-file", name}, &bytes.Buffer{})
	if err != nil || o.secret.Password != "pass word" {
		t.Errorf("%v, %v", o, err)
	}
}
