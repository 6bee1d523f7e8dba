package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tring/engine"
)

var start = time.Date(2026, 11, 22, 9, 30, 0, 123456789, time.UTC)

func clock() time.Time { return start }

func TestMain(m *testing.M) {
	if path := os.Getenv(crashPath); path != "" {
		writeUntilKilled(path)
		return
	}
	goleak.VerifyTestMain(m)
}

// opened opens a file that must be well.
func opened(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, clock)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func filePath(t testing.TB) string { return filepath.Join(t.TempDir(), "deep", "tring.db") }

// both runs a test in memory, and on a file that is opened anew in the midst.
func both(t *testing.T, test func(t *testing.T, s *Store, again func() *Store)) {
	t.Run("memory", func(t *testing.T) {
		s := Memory(clock)
		defer s.Close()
		test(t, s, func() *Store { return s })
	})
	t.Run("file", func(t *testing.T) {
		path := filePath(t)
		s := opened(t, path)
		test(t, s, func() *Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = opened(t, path)
			return s
		})
	})
}

// wantProblem checks that err can be shown to a person and is the sentinel.
func wantProblem(t *testing.T, err, sentinel error) {
	t.Helper()
	p, ok := errors.AsType[*engine.Problem](err)
	if !ok || p.Cause == "" || p.Next == "" {
		t.Fatalf("%v (%T) is no problem told to a person", err, err)
	}
	if !errors.Is(err, sentinel) {
		t.Fatalf("%v is not %v", p.Err, sentinel)
	}
}

func fill(t *testing.T, s *Store) {
	t.Helper()
	if _, err := s.BeginCall(Entry{Address: "bob@example.com", Name: "Bob", Outcome: Missed, Incoming: true, Ended: start}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SaveContact(Contact{Name: "Anna", Addresses: []Address{{"work", "anna@example.com"}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetSetting("theme", "dark"); err != nil {
		t.Fatal(err)
	}
}

// wantFilled checks what fill left.
func wantFilled(t *testing.T, s *Store) {
	t.Helper()
	h := s.History(Query{})
	if len(h) != 1 || h[0].Address != "bob@example.com" || h[0].Outcome != Missed || !h[0].Began.Equal(start) {
		t.Errorf("history: %+v", h)
	}
	if c, ok := s.Find("anna@example.com"); !ok || c.Name != "Anna" {
		t.Errorf("contact: %+v", c)
	}
	if v, ok := s.Setting("theme"); !ok || v != "dark" {
		t.Errorf("setting: %q", v)
	}
}

func TestAllComesBack(t *testing.T) {
	both(t, func(t *testing.T, s *Store, again func() *Store) {
		fill(t, s)
		s = again()
		wantFilled(t, s)
		if p := s.Problem(); p != nil {
			t.Errorf("problem: %v", p)
		}
	})
}

func TestModesOfTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "with ?# and %41", "tring.db")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	s := opened(t, path)
	fill(t, s)
	names, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil || len(names) < 2 {
		t.Fatalf("files %q (%v), want the database and its log", names, err)
	}
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v (%v)", name, info.Mode(), err)
		}
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "locking_mode": "exclusive", "secure_delete": "1", "busy_timeout": "1000", "trusted_schema": "0"} {
		var got string
		if err := s.file.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", pragma, got, err, want)
		}
	}
}

func TestNewerFileIsLeftUntouched(t *testing.T) {
	path := filePath(t)
	s := opened(t, path)
	fill(t, s)
	s.Close()
	db, err := sql.Open("sqlite", address(path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err = Open(t.Context(), path, clock)
	wantProblem(t, err, ErrNewer)
	fill(t, s)
	wantFilled(t, s)
	wantProblem(t, s.Problem(), ErrNewer)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file has changed (%v)", err)
	}
	if names, _ := filepath.Glob(path + "*"); len(names) != 1 {
		t.Errorf("files are left: %q", names)
	}
}

func TestSecondOneGoesOnInMemory(t *testing.T) {
	path := filePath(t)
	first := opened(t, path)
	fill(t, first)
	id, err := first.BeginCall(Entry{Address: "carol", Incoming: true})
	if err != nil {
		t.Fatal(err)
	}
	second, err := Open(t.Context(), path, clock)
	wantProblem(t, err, ErrInUse)
	if err := second.SetSetting("theme", "light"); err != nil {
		t.Error(err)
	}
	second.Close()
	if err := first.Touch(id, start.Add(time.Minute)); err != nil {
		t.Error(err)
	}
	if e, _ := first.Call(id); e.Outcome != Ringing {
		t.Errorf("the second one has ended the first one's call: %+v", e)
	}
	first.Close()
	again := opened(t, path)
	if v, _ := again.Setting("theme"); v != "dark" {
		t.Errorf("theme is %q", v)
	}
}

func TestNoDirectoryNoFile(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(blocked, "sub", "tring.db"), t.TempDir()} {
		s, err := Open(t.Context(), path, clock)
		wantProblem(t, err, ErrDisk)
		fill(t, s)
		wantFilled(t, s)
		s.Close()
	}
}

func TestCancelledOpenStillWorks(t *testing.T) {
	path := filePath(t)
	s := opened(t, path)
	fill(t, s)
	s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err := Open(ctx, path, clock)
	if err == nil {
		t.Error("no error")
	}
	if err := s.SetSetting("a", "b"); err != nil {
		t.Error(err)
	}
	s.Close()
	wantFilled(t, opened(t, path))
}

func TestFullDisk(t *testing.T) {
	path := filePath(t)
	s := opened(t, path)
	limit(t, s, "max_page_count = 1")
	long := strings.Repeat("x", 50000)
	err := s.SetSetting("long", long)
	wantProblem(t, err, ErrDisk)
	wantProblem(t, s.Problem(), ErrDisk)
	id, err := s.BeginCall(Entry{Address: "bob"})
	wantProblem(t, err, ErrDisk)
	if id == 0 || len(s.History(Query{})) != 1 {
		t.Error("the call is not in memory")
	}
	limit(t, s, "max_page_count = 1000000")
	if err := s.Touch(id, start); err != nil {
		t.Errorf("there is room again: %v", err)
	}
	if p := s.Problem(); p != nil {
		t.Errorf("problem is still %v", p)
	}
	s.Close()
	s = opened(t, path)
	if v, _ := s.Setting("long"); v != long || len(s.History(Query{})) != 1 {
		t.Error("what did not fit was not written later")
	}
}

func TestReadOnlyDisk(t *testing.T) {
	path := filePath(t)
	s := opened(t, path)
	limit(t, s, "query_only = 1")
	wantProblem(t, s.SetSetting("a", "b"), ErrDisk)
	limit(t, s, "query_only = 0")
	if err := s.Close(); err != nil {
		t.Errorf("Close writes what is left: %v", err)
	}
	if v, _ := opened(t, path).Setting("a"); v != "b" {
		t.Error("what could not be written was not written later")
	}
}

func limit(t *testing.T, s *Store, pragma string) {
	t.Helper()
	if _, err := s.file.db.Exec("PRAGMA " + pragma); err != nil {
		t.Fatal(err)
	}
}

func TestClosed(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ func() *Store) {
		fill(t, s)
		for range 2 {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		wantProblem(t, s.SetSetting("a", "b"), ErrClosed)
		wantFilled(t, s)
	})
}

func TestManyGoroutines(t *testing.T) {
	path := filePath(t)
	s := opened(t, path)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 10 {
				id, err := s.BeginCall(Entry{Address: "bob@example.com", Incoming: true})
				if err != nil {
					t.Error(err)
				}
				e, _ := s.Call(id)
				e.Outcome, e.Ended = Missed, start
				if err := s.UpdateCall(e); err != nil {
					t.Error(err)
				}
				c, err := s.SaveContact(Contact{Name: "Anna", Addresses: []Address{{"", "anna"}}})
				if err != nil {
					t.Error(err)
				}
				s.Suggest("b", 5)
				s.Find("anna")
				if err := s.DeleteContact(c.ID); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	want := s.History(Query{Limit: MaxCalls})
	if len(want) != 80 || s.MissedUnseen() != 80 || len(s.Contacts()) != 0 {
		t.Fatalf("%d calls, %d missed, %d contacts", len(want), s.MissedUnseen(), len(s.Contacts()))
	}
	s.Close()
	if got := opened(t, path).History(Query{Limit: MaxCalls}); !reflect.DeepEqual(got, want) {
		t.Error("the file differs from memory")
	}
}
