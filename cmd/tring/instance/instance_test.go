package instance

import (
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

var quiet = slog.New(slog.DiscardHandler)

func first(t *testing.T, dir string) *Instance {
	t.Helper()
	i, err := Claim(t.Context(), dir, Start{}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(i.Close)
	return i
}

// short is a directory whose name leaves room for that of a socket.
func short(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "tring-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func TestSecondHandsOver(t *testing.T) {
	for name, runtime := range map[string]string{"runtime directory": short(t), "none": "", "open to others": os.TempDir()} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("XDG_RUNTIME_DIR", runtime)
			dir := filepath.Join(short(t), "tring")
			one := first(t, dir)
			place := dir
			if name == "runtime directory" {
				place = runtime
			}
			if filepath.Dir(one.address.Address) != place {
				t.Errorf("it listens at %q", one.address.Address)
			}
			var got string
			var taker sync.WaitGroup
			taker.Go(func() { got = <-one.Starts() })
			_, err := Claim(t.Context(), dir, Start{Link: "sip:bob@example.com"}, quiet)
			taker.Wait()
			if !errors.Is(err, ErrHandedOver) || got != "sip:bob@example.com" {
				t.Errorf("got %q, %v", got, err)
			}
			other := first(t, filepath.Join(short(t), "tring"))
			other.Close()
			one.Close()
			one.Close()
			left, _ := os.ReadDir(dir)
			if len(left) != 1 || left[0].Name() != "instance.lock" {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// A start for the tray asks for nothing where there is a window already.
func TestHiddenSecond(t *testing.T) {
	dir := short(t)
	first(t, dir)
	if _, err := Claim(t.Context(), dir, Start{Hidden: true}, quiet); !errors.Is(err, ErrHandedOver) {
		t.Error(err)
	}
}

// A first one that does not take the message any more is waited for, so that
// the second one opens a window of its own.
func TestSecondFollows(t *testing.T) {
	dir := short(t)
	one := first(t, dir)
	var wait sync.WaitGroup
	var two *Instance
	var err error
	wait.Go(func() { two, err = Claim(t.Context(), dir, Start{Link: "tel:1"}, quiet) })
	one.Close()
	wait.Wait()
	if err != nil {
		t.Fatal(err)
	}
	two.Close()
}

// What a killed program leaves behind blocks nobody.
func TestLeftovers(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", short(t))
	dir := short(t)
	dead := first(t, dir)
	dead.listener.(*net.UnixListener).SetUnlinkOnClose(false)
	_ = dead.listener.Close() // as the system does for it
	dead.unlock()
	for _, name := range []string{"instance.lock", "instance.json"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Lstat(dead.address.Address); err != nil {
		t.Fatal(err)
	}
	first(t, dir)
}

func TestNoPlace(t *testing.T) {
	file := filepath.Join(short(t), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Claim(t.Context(), file, Start{}, quiet); err == nil || errors.Is(err, ErrSilent) || errors.Is(err, ErrHandedOver) {
		t.Errorf("a file for a directory: %v", err)
	}
}

// Nonsense from whoever reaches the socket is passed over.
func TestNonsense(t *testing.T) {
	dir := short(t)
	one := first(t, dir)
	for _, line := range []string{
		"\n", "hello\n", `{"token":"","link":"sip:a@b"}` + "\n", `{"token":"x","link":"sip:a@b"}` + "\n", "null\n",
		`{"token":"` + one.address.Token + `","link":"sip:a\u0000@b"}` + "\n",
		`{"token":"` + one.address.Token + `","what":1}` + "\n",
		`{"token":"` + one.address.Token + `","link":"` + strings.Repeat("a", maxLine) + `"}` + "\n",
	} {
		conn, err := net.Dial(one.address.Network, one.address.Address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
		if n, _ := conn.Read(make([]byte, 8)); n != 0 {
			t.Errorf("%.60q was answered", line)
		}
		conn.Close()
	}
	var got string
	var taker sync.WaitGroup
	taker.Go(func() { got = <-one.Starts() })
	_, err := Claim(t.Context(), dir, Start{Link: "sip:b\x00b@" + strings.Repeat("ü", maxLink)}, quiet)
	taker.Wait()
	if !errors.Is(err, ErrHandedOver) || !strings.HasPrefix(got, "sip:b\uFFFDb@ü") || !utf8.ValidString(got) || len(got) > maxLink {
		t.Errorf("got %q, %v", got, err)
	}
}

func FuzzReadRequest(f *testing.F) {
	f.Add(`{"token":"t","link":"sip:bob@example.com"}` + "\n")
	f.Add("{}\n")
	f.Fuzz(func(t *testing.T, s string) {
		m, err := readRequest(strings.NewReader(s), "t")
		if err == nil && m.Link != clean(m.Link) {
			t.Errorf("%q gives %+v", s, m)
		}
	})
}

func FuzzClean(f *testing.F) {
	f.Add("sip:zo\xc3\xab@\xff")
	f.Add(strings.Repeat("\xf0\x9f\x93\x9e", 400))
	f.Fuzz(func(t *testing.T, s string) {
		c := clean(s)
		if !utf8.ValidString(c) || clean(c) != c {
			t.Errorf("%q gives %q, then %q", s, c, clean(c))
		}
	})
}
