package logfile

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tring/engine"
)

// planted are secrets as they can come into a log, and what must be left of
// them.
func TestText(t *testing.T) {
	r := &Redactor{}
	r.Hide("correct horse", "tiny")
	for _, tt := range []struct{ in, want string }{
		{"plain words, 12:34:56 and 1.2.3, stay", "plain words, 12:34:56 and 1.2.3, stay"},
		{"signing in with correct horse failed", "signing in with (secret) failed"},
		{"a tiny word", "a tiny word"},
		{"grant_type=password&username=alice@example.com&password=s3cr3t&x=1", "grant_type=password&username=a***@example.com&password=(secret)&x=1"},
		{`{"refresh_token":"abc.def","expires_in":3600}`, `{"refresh_token":(secret),"expires_in":3600}`},
		{`body "{\"access_token\":\"abc\",\"n\":1}"`, `body "{\"access_token\":(secret),\"n\":1}"`},
		{"Authorization: Bearer abcdef123456", "Authorization: (secret)"},
		{"sent Bearer abcdef123456 twice", "sent Bearer (secret) twice"},
		{"token eyJhbGciOi.eyJzdWIi.c2lnbg was refused", "token (secret) was refused"},
		{"wss://h/x?access_token=abc&y=1", "wss://h/x?access_token=(secret)&y=1"},
		{"https://alice:pw@example.com/", "https://(secret)@example.com/"},
		{"a=ice-ufrag:EsAw", "a=ice-ufrag:(secret)"},
		{"a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1", "a=ice-pwd:(secret)"},
		{"typ host ufrag=EsAw", "typ host ufrag=(secret)"},
		{"a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F", "a=fingerprint:sha-256 (secret)"},
		{"call from bob.smith@example.com over sip:zoë@other.example", "call from b***@example.com over sip:z***@other.example"},
		{"to <tel:+49-170-1234567>", "to <tel:+49***67>"},
		{"to +49 170 1234567.", "to +49***67."},
		{"dial tcp 192.168.17.5:8443: refused", "dial tcp 192.168.x.x:8443: refused"},
		{"127.0.0.1:80 and [::1]:80 stay", "127.0.0.1:80 and [::1]:80 stay"},
		{"[2001:db8:1:2::3]:443", "[2001:db8::x]:443"},
		{"fe80::1%eth0 is local", "fe80::x is local"},
		{"999.1.1.1 is none", "999.1.1.1 is none"},
	} {
		if got := r.Text(tt.in); got != tt.want {
			t.Errorf("%q\n got %q\nwant %q", tt.in, got, tt.want)
		}
	}
}

// Whatever way a secret takes into a record, it is not in the file.
func TestPlantedSecretNeverReachesTheFile(t *testing.T) {
	const secret, user = "plaNTed-Secret-1", "alice.martin@example.com"
	name := filepath.Join(t.TempDir(), "sub", "tring.log")
	f, err := Open(name, func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	r := &Redactor{}
	log := slog.New(NewHandler(slog.NewTextHandler(f, &slog.HandlerOptions{Level: slog.LevelDebug}), r))
	log.Debug("request password=" + secret)
	log.Info("sent", "password", secret, "accessToken", secret, "Authorization", secret)
	log.Warn("refused", "error", fmt.Errorf("for %s: %w", user, errors.New(`{"password": "`+secret+`"}`)))
	log.With("refresh_token", secret).WithGroup("request").Error("failed", slog.Group("header", "cookie", secret, "from", user))
	log.Info("account", "value", engine.Secret{Password: secret}, "list", []string{"token=" + secret, user})
	log.Info("bytes", "value", []byte("password="+secret), "pointer", &struct{ Password string }{secret})
	r.Hide(secret)
	log.Info("without any hint: " + secret)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(written, []byte("\n")); n != 7 {
		t.Errorf("%d lines", n)
	}
	for _, word := range []string{secret, "alice.martin"} {
		if bytes.Contains(written, []byte(word)) {
			t.Errorf("%q is in the file:\n%s", word, written)
		}
	}
	if !bytes.Contains(written, []byte("a***@example.com")) {
		t.Errorf("nothing is left of the address:\n%s", written)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
}

func TestRotation(t *testing.T) {
	name := filepath.Join(t.TempDir(), "tring.log")
	f, err := open(name, 100, 3, func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	line := func(i int) string { return fmt.Sprintf("%03d %s\n", i, strings.Repeat("x", 35)) } // 40 bytes
	for i := range 20 {
		if n, err := f.Write([]byte(line(i))); n != 40 || err != nil {
			t.Fatal(n, err)
		}
	}
	for file, want := range map[string]string{
		name: line(18) + line(19), name + ".1": line(16) + line(17), name + ".2": line(14) + line(15),
	} {
		if got, err := os.ReadFile(file); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", file, got, err)
		}
	}
	if _, err := os.Stat(name + ".3"); !os.IsNotExist(err) {
		t.Error("more is kept than asked for")
	}
	if got, err := f.Tail(60); err != nil || string(got) != line(19) {
		t.Errorf("the end is %q, %v", got, err)
	}
	if got, err := f.Tail(170); err != nil || string(got) != line(16)+line(17)+line(18)+line(19) {
		t.Errorf("the end over two files is %q, %v", got, err)
	}
	if err := errors.Join(f.Close(), f.Close()); err != nil {
		t.Error(err)
	}
	f, err = open(name, 100, 3, func(err error) { t.Error(err) }) // what was there counts
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write([]byte(line(20))); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(name); string(got) != line(20) {
		t.Errorf("%q", got)
	}
}

func TestFullDiskIsSaidOnce(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full")
	}
	said := 0
	f, err := Open("/dev/full", func(error) { said++ })
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if n, err := f.Write([]byte("line\n")); n != 5 || err != nil {
			t.Errorf("Write: %d, %v", n, err)
		}
	}
	if said != 1 {
		t.Errorf("said %d times", said)
	}
	if _, err := f.Tail(10); err == nil {
		t.Error("a device has no end to be read")
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}
