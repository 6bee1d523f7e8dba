package switchboard

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// eachStore runs a test on every kind of Store.
func eachStore(t *testing.T, test func(t *testing.T, s Store)) {
	t.Run("memory", func(t *testing.T) { test(t, NewMemoryStore()) })
	t.Run("file", func(t *testing.T) { test(t, openFiles(t, t.TempDir())) })
}

func openFiles(t testing.TB, dir string) Store {
	t.Helper()
	s, err := OpenFileStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestStore(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		ctx := t.Context()
		const key = "Alice+x@example.com/..%00"
		if _, err := s.Get(ctx, bucketUsers, key); !errors.Is(err, ErrNotFound) {
			t.Errorf("Get of nothing: %v", err)
		}
		if err := s.Delete(ctx, bucketUsers, key); err != nil {
			t.Errorf("Delete of nothing: %v", err)
		}
		must(t, s.Create(ctx, bucketUsers, key, []byte(`1`)))
		if err := s.Create(ctx, bucketUsers, key, []byte(`2`)); !errors.Is(err, ErrExists) {
			t.Errorf("second Create: %v", err)
		}
		for _, value := range []string{`{"a":1}`, `{"a":2}`} { // of the same length
			must(t, s.Put(ctx, bucketUsers, key, []byte(value)))
			got, err := s.Get(ctx, bucketUsers, key)
			if err != nil || string(got) != value {
				t.Errorf("Get: %s %v", got, err)
			}
			got[0] = 'x' // belongs to the caller
		}
		must(t, s.Put(ctx, bucketCalls, "other", []byte(`3`)))
		all, err := s.List(ctx, bucketUsers)
		if err != nil || len(all) != 1 || string(all[key]) != `{"a":2}` {
			t.Errorf("List: %v %v", all, err)
		}
		must(t, s.Delete(ctx, bucketUsers, key))
		if _, err := s.Get(ctx, bucketUsers, key); !errors.Is(err, ErrNotFound) {
			t.Errorf("Get after Delete: %v", err)
		}
	})
}

func TestCreateIsExclusive(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		var wins, losses int
		var mu sync.Mutex
		var tries sync.WaitGroup
		for range 8 {
			tries.Go(func() {
				err := s.Create(t.Context(), bucketUsers, "a@b.c", []byte(`{}`))
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					wins++
				} else if errors.Is(err, ErrExists) {
					losses++
				}
			})
		}
		tries.Wait()
		if wins != 1 || losses != 7 {
			t.Errorf("%d wins, %d losses", wins, losses)
		}
	})
}

func TestFileStoreSeesOthers(t *testing.T) {
	dir := t.TempDir()
	server, tool := openFiles(t, dir), openFiles(t, dir)
	ctx := t.Context()
	must(t, addUser(ctx, tool, User{Email: "Alice@example.com"}, password, cheapCost))
	before, err := findUser(ctx, server, "alice@example.com")
	must(t, err)
	must(t, setPassword(ctx, tool, "alice@example.com", "another password", cheapCost))
	after, err := findUser(ctx, server, "alice@example.com")
	must(t, err)
	if before.Password == after.Password || before.ID != after.ID {
		t.Error("the new password is not seen")
	}
	must(t, RemoveUser(ctx, tool, "alice@example.com"))
	if _, err := findUser(ctx, server, "alice@example.com"); !errors.Is(err, ErrNotFound) {
		t.Errorf("removed user: %v", err)
	}
}

func TestFileModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such modes")
	}
	dir := filepath.Join(t.TempDir(), "data")
	s := openFiles(t, dir)
	must(t, s.Put(t.Context(), bucketUsers, "a", []byte(`{}`)))
	must(t, s.Create(t.Context(), bucketUsers, "b", []byte(`{}`)))
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		want := os.FileMode(0o600)
		if info.IsDir() {
			want = 0o700
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %o", path, info.Mode().Perm())
		}
		return err
	})
	must(t, err)
}

// TestTornFiles is what a crash, a full disk or a curious hand may leave.
func TestTornFiles(t *testing.T) {
	dir := t.TempDir()
	s := openFiles(t, dir)
	ctx := t.Context()
	must(t, addUser(ctx, s, User{Email: "alice@example.com"}, password, cheapCost))
	must(t, addUser(ctx, s, User{Email: "bob@example.com"}, password, cheapCost))
	whole, err := os.ReadFile(filepath.Join(dir, bucketUsers, "bob@example.com.json"))
	must(t, err)
	write := func(bucket, name string, data []byte) {
		must(t, os.WriteFile(filepath.Join(dir, bucket, name), data, 0o600))
	}
	write(bucketUsers, "bob@example.com.json", whole[:len(whole)/2])
	write(bucketUsers, "empty@example.com.json", nil)
	write(bucketUsers, "huge@example.com.json", bytes.Repeat([]byte(" "), maxRecord+1))
	write(bucketUsers, "notes.txt", []byte("not ours"))
	write(bucketUsers, "%zz.json", []byte("{}"))
	write(bucketUsers, ".tmp-123", whole[:10])
	write(bucketKeys, "x.json", []byte(`{"seed":"AAAA"}`))
	write(bucketCalls, "x.json", []byte(`{"id":"x","phase":"established"}`))
	write(bucketCalls, "y.json", []byte(`{"id":`))
	write(bucketChannels, "z.json", []byte(`[]`))

	users, err := ListUsers(ctx, s)
	if err == nil || len(users) != 1 || users[0].Email != "alice@example.com" {
		t.Errorf("%v %v", users, err)
	}
	if _, err := findUser(ctx, s, "bob@example.com"); err == nil || errors.Is(err, ErrNotFound) {
		t.Errorf("torn user: %v", err)
	}
	server, err := New(Config{Store: s, passwords: cheapCost})
	if err != nil {
		t.Fatal(err)
	}
	must(t, server.Close())
	for _, gone := range []string{"calls/x.json", "channels/z.json"} {
		if _, err := os.Stat(filepath.Join(dir, gone)); !os.IsNotExist(err) {
			t.Errorf("%s is still there", gone)
		}
	}
	// Temporary files of a crash go once they are old.
	old := time.Now().Add(-2 * staleTemp)
	must(t, os.Chtimes(filepath.Join(dir, bucketUsers, ".tmp-123"), old, old))
	openFiles(t, dir)
	if _, err := os.Stat(filepath.Join(dir, bucketUsers, ".tmp-123")); !os.IsNotExist(err) {
		t.Error("an old temporary file is still there")
	}
}

func TestOneServerPerDirectory(t *testing.T) {
	dir := t.TempDir()
	first, err := New(Config{Store: openFiles(t, dir), passwords: cheapCost})
	must(t, err)
	if _, err := New(Config{Store: openFiles(t, dir), passwords: cheapCost}); !errors.Is(err, ErrInUse) {
		t.Errorf("second server: %v", err)
	}
	must(t, first.Close())
	again, err := New(Config{Store: openFiles(t, dir), passwords: cheapCost})
	must(t, err)
	must(t, again.Close())
}

func TestUserChecks(t *testing.T) {
	s, ctx := NewMemoryStore(), t.Context()
	for _, bad := range []User{
		{Email: ""},
		{Email: "alice"},
		{Email: "Alice <alice@example.com>"},
		{Email: "a b@example.com"},
		{Email: strings.Repeat("a", maxEmail) + "@example.com"},
		{Email: "a@example.com\n"},
		{Email: "ok@example.com", Name: "two\nlines"},
		{Email: "ok@example.com", ID: "a/b"},
	} {
		if err := addUser(ctx, s, bad, password, cheapCost); err == nil && bad.Email != "a@example.com\n" {
			t.Errorf("%+v was taken", bad)
		}
	}
	if err := addUser(ctx, s, User{Email: "ok@example.com"}, "short", cheapCost); err == nil {
		t.Error("a short password was taken")
	}
	must(t, addUser(ctx, s, User{Email: "ok@example.com"}, password, cheapCost))
	if err := addUser(ctx, s, User{Email: "OK@example.com"}, password, cheapCost); !errors.Is(err, ErrExists) {
		t.Errorf("twice: %v", err)
	}
	if err := RemoveUser(ctx, s, "nobody@example.com"); !errors.Is(err, ErrNotFound) {
		t.Errorf("remove: %v", err)
	}
}

func TestPasswords(t *testing.T) {
	for range 2 {
		hash, err := hashPassword(password, defaultCost)
		must(t, err)
		if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("hash %s", hash)
		}
		if ok, err := checkPassword(password, hash); !ok || err != nil {
			t.Errorf("right password: %v %v", ok, err)
		}
		if ok, err := checkPassword(password+" ", hash); ok || err != nil {
			t.Errorf("wrong password: %v %v", ok, err)
		}
	}
	for _, bad := range []string{
		"", "x", "$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
		"$argon2id$v=19$m=8,t=0,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA", "$argon2id$v=19$m=8,t=1,p=1$$",
	} {
		if _, err := checkPassword(password, bad); !errors.Is(err, errBadHash) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestPasswordCheckerIsBounded(t *testing.T) {
	p, err := newPasswordChecker(cheapCost, 1, 1)
	must(t, err)
	p.slots <- struct{}{} // one is at work
	p.queue <- struct{}{}
	waiting, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := p.check(waiting, password, "")
		done <- err
	}()
	for len(p.queue) < 2 {
		runtime.Gosched()
	}
	if _, err := p.check(t.Context(), password, ""); !errors.Is(err, errTooBusy) {
		t.Errorf("third: %v", err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("second: %v", err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
