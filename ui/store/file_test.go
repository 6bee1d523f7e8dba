package store

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// before lists, for each version, what a file of that version holds. Each
// migration is run on the file that the one before it left.
var before = [][]string{
	{},
	{
		`INSERT INTO calls VALUES (7, 'me@example.com', 'bob@example.com', 'Bob', 1, 1, 1000, 2000, 3000, 0, 'answered', 1, '{"relayed":true}')`,
		`INSERT INTO settings VALUES ('theme', 'dark')`,
	},
	{
		`INSERT INTO contacts VALUES (3, 'Anna', 'Acme', 'note', 1)`,
		`INSERT INTO addresses VALUES (3, 0, 'work', 'anna@example.com')`,
	},
}

// TestMigrations builds the file of each version with what people had in it, and
// opens it.
func TestMigrations(t *testing.T) {
	if len(before) != len(migrations)+1 {
		t.Fatal("say what a file of the new version holds")
	}
	for version := range len(migrations) + 1 {
		path := filepath.Join(t.TempDir(), "tring.db")
		db := raw(t, path)
		for v := range version {
			must(t, db, migrations[v])
			for _, row := range before[v+1] {
				must(t, db, row)
			}
		}
		must(t, db, "PRAGMA user_version = "+string(rune('0'+version)))
		db.Close()

		s := opened(t, path)
		if v, err := s.file.version(t.Context()); err != nil || v != len(migrations) {
			t.Errorf("from version %d: it is %d (%v)", version, v, err)
		}
		if version >= 1 {
			e, ok := s.Call(7)
			if !ok || e.Address != "bob@example.com" || e.Length() != 1000 || e.Receipt == nil || !e.Receipt.Relayed {
				t.Errorf("from version %d: %+v", version, e)
			}
			if v, _ := s.Setting("theme"); v != "dark" {
				t.Errorf("from version %d: theme %q", version, v)
			}
		}
		if version >= 2 {
			if c, _ := s.Contact(3); c.Name != "Anna" || !c.Favourite || len(c.Addresses) != 1 {
				t.Errorf("from version %d: %+v", version, c)
			}
		}
		fill(t, s)
		s.Close()
	}
}

func TestFailedMigrationLeavesTheVersionBefore(t *testing.T) {
	path := filePath(t)
	s := opened(t, path)
	fill(t, s)
	s.Close()
	f, err := connect(path)
	if err != nil {
		t.Fatal(err)
	}
	next := slices.Concat(migrations, []string{`CREATE TABLE one (a)`, `CREATE TABLE two (a); DROP TABLE calls; no SQL`})
	if err := f.migrate(t.Context(), len(migrations), next); err == nil || !strings.Contains(err.Error(), "version 4") {
		t.Errorf("the error is %v", err)
	}
	if v, err := f.version(t.Context()); err != nil || v != len(migrations)+1 {
		t.Errorf("version %d (%v)", v, err)
	}
	must(t, f.db, "SELECT * FROM calls, one")
	if _, err := f.db.Exec("SELECT * FROM two"); err == nil {
		t.Error("the table of the failed step is there")
	}
	f.close()
}

func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", address(path))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	return db
}

func must(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// damaged opens a file that damage was done to, which must be set aside.
func damaged(t *testing.T, path string) *Store {
	t.Helper()
	ruined, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), path, clock)
	wantProblem(t, err, ErrDamaged)
	t.Cleanup(func() { s.Close() })
	aside, err := filepath.Glob(path + ".damaged-20261122-093000*")
	if err != nil {
		t.Fatal(err)
	}
	aside = slices.DeleteFunc(aside, func(name string) bool { return strings.HasSuffix(name, "-wal") || strings.HasSuffix(name, "-shm") })
	if len(aside) == 0 || !strings.Contains(s.Problem().Next, aside[len(aside)-1]) {
		t.Fatalf("set aside: %q, told: %q", aside, s.Problem().Next)
	}
	if kept, err := os.ReadFile(aside[len(aside)-1]); err != nil || string(kept) != string(ruined) {
		t.Errorf("the damaged file has changed (%v)", err)
	}
	return s
}

func TestDamagedFileIsSetAside(t *testing.T) {
	path := filePath(t)
	opened(t, path).Close()
	for range 3 { // the third has the same name as the second, but for a number
		if err := os.WriteFile(path, []byte(strings.Repeat("this is no database ", 1000)), 0o600); err != nil {
			t.Fatal(err)
		}
		s := damaged(t, path)
		fill(t, s)
		s.Close()
		s = opened(t, path)
		wantFilled(t, s)
		s.Close()
	}
}

// TestWhatCanBeReadIsKept ruins each page of a file in turn.
func TestWhatCanBeReadIsKept(t *testing.T) {
	whole := filePath(t)
	s := opened(t, whole)
	fill(t, s)
	for range 60 {
		if _, err := s.BeginCall(Entry{Address: strings.Repeat("x", 200), Ended: start, Outcome: Failed}); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	kept := 0
	for at := 0; at < len(content); at += page {
		path := filepath.Join(t.TempDir(), "tring.db")
		ruined := slices.Clone(content)
		copy(ruined[at:], slices.Repeat([]byte{0xa5}, page))
		if err := os.WriteFile(path, ruined, 0o600); err != nil {
			t.Fatal(err)
		}
		s := damaged(t, path)
		if v, _ := s.Setting("theme"); v == "dark" && len(s.Contacts()) == 1 {
			kept++
		}
		kept += len(s.History(Query{Limit: 1}))
		fill(t, s)
		calls := len(s.History(Query{Limit: MaxCalls}))
		s.Close()
		if n := len(opened(t, path).History(Query{Limit: MaxCalls})); n != calls {
			t.Errorf("page %d: %d calls were written, of %d", at/page, n, calls)
		}
	}
	if kept == 0 {
		t.Error("nothing was ever kept")
	}
}

// TestDamageWhileItRuns ruins the file under an open store, which writes all
// that it has into a new one.
func TestDamageWhileItRuns(t *testing.T) {
	path := filePath(t)
	s := opened(t, path)
	fill(t, s)
	must(t, s.file.db, "PRAGMA wal_checkpoint(TRUNCATE)")
	must(t, s.file.db, "PRAGMA cache_size = 0")
	must(t, s.file.db, "PRAGMA shrink_memory")
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := f.Stat(); err != nil || info.Size() <= 4096 {
		t.Fatal(err)
	} else if _, err := f.WriteAt(slices.Repeat([]byte{0xa5}, int(info.Size())-4096), 4096); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := s.SetSetting("more", "1"); err != nil {
		t.Fatalf("nothing was lost, yet %v", err)
	}
	if aside, _ := filepath.Glob(path + ".damaged*"); len(aside) == 0 {
		t.Fatal("the damage was not found: the test is worth nothing")
	}
	s.Close()
	s = opened(t, path)
	wantFilled(t, s)
	if v, _ := s.Setting("more"); v != "1" {
		t.Error("the last change is lost")
	}
}

func benchmarkStore(b *testing.B, calls, contacts int) (*Store, string) {
	b.Helper()
	path := filePath(b)
	s, err := Open(context.Background(), path, func() time.Time { return start })
	if err != nil {
		b.Fatal(err)
	}
	populate(s, calls, contacts)
	s.mu.Lock()
	s.changeAll()
	s.mu.Unlock()
	if err := s.flush(); err != nil {
		b.Fatal(err)
	}
	return s, path
}

func BenchmarkOpen(b *testing.B) {
	s, path := benchmarkStore(b, MaxCalls, 2000)
	s.Close()
	for b.Loop() {
		s, err := Open(b.Context(), path, clock)
		if err != nil {
			b.Fatal(err)
		}
		if len(s.calls) != MaxCalls {
			b.Fatalf("%d calls", len(s.calls))
		}
		b.StopTimer()
		s.Close()
		b.StartTimer()
	}
}

func BenchmarkBeginCall(b *testing.B) {
	s, _ := benchmarkStore(b, MaxCalls, 0)
	defer s.Close()
	for b.Loop() {
		if _, err := s.BeginCall(Entry{Address: "bob@example.com", Incoming: true}); err != nil {
			b.Fatal(err)
		}
	}
}
