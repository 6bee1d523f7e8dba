package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite" // the driver, in pure Go
	sqlite3 "modernc.org/sqlite/lib"

	"tring/engine"
)

// file is the open database. It has one connection, which holds the exclusive
// lock for as long as it is open.
type file struct{ db *sql.DB }

// pragmas are set before anything is read or written. The exclusive lock comes
// before WAL mode: then no shared memory is needed beside the file, which network
// disks lack, and a second process finds out at once. What is deleted is
// overwritten.
var pragmas = url.Values{"_pragma": {
	"busy_timeout(1000)", // ms: the process before this one may be about to end
	"locking_mode(EXCLUSIVE)",
	"synchronous(FULL)",
	"foreign_keys(ON)",
	"secure_delete(ON)",
	"trusted_schema(OFF)",
}}

// openFile opens the database and brings it up to the current version. A file
// of a newer version is not changed.
func openFile(ctx context.Context, path string) (*file, error) {
	if err := prepare(path); err != nil {
		return nil, &diskError{err}
	}
	f, err := connect(path)
	if err != nil {
		return nil, err
	}
	if err := f.setUp(ctx); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

// connect opens the database as it is.
func connect(path string) (*file, error) {
	db, err := sql.Open("sqlite", address(path)+"?"+pragmas.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return &file{db}, nil
}

func (f *file) setUp(ctx context.Context) error {
	version, err := f.version(ctx)
	if err != nil {
		return err
	}
	if version > len(migrations) {
		return fmt.Errorf("%w: version %d, this program knows %d", ErrNewer, version, len(migrations))
	}
	if _, err := f.db.ExecContext(ctx, "PRAGMA journal_mode = WAL"); err != nil {
		return err
	}
	if err := f.check(ctx); err != nil {
		return err
	}
	return f.migrate(ctx, version, migrations)
}

// check looks for damage that reading the rows would not show.
func (f *file) check(ctx context.Context) error {
	var found string
	if err := f.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, found)
	}
	return nil
}

func (f *file) close() {
	if err := f.db.Close(); err != nil {
		slog.Warn("store: close", "err", err)
	}
}

// prepare makes the directory and an empty file that only its owner can read.
// It opens no file that may be a database in use: closing it again would drop
// the locks of this process on it (fcntl(2)).
func prepare(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return f.Close()
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no file", path)
	case info.Mode().Perm()&0o077 != 0:
		return os.Chmod(path, 0o600)
	}
	return nil
}

// address is the path as a URI, in which no character means anything else.
func address(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/Users
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// setAside renames a damaged file and what belongs to it, and returns the new
// name.
func setAside(path string, now time.Time) (string, error) {
	aside := path + ".damaged-" + now.Format("20060102-150405")
	for n := 2; ; n++ {
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			break
		}
		aside = fmt.Sprintf("%s.damaged-%s-%d", path, now.Format("20060102-150405"), n)
	}
	if err := os.Rename(path, aside); err != nil {
		return "", &diskError{err}
	}
	for _, tail := range []string{"-wal", "-shm", "-journal"} {
		if err := os.Rename(path+tail, aside+tail); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", &diskError{err}
		}
	}
	return aside, nil
}

// diskError is a failure of the file system.
type diskError struct{ err error }

func (e *diskError) Error() string { return e.err.Error() }
func (e *diskError) Unwrap() error { return e.err }

// damageError says where a damaged file is now.
type damageError struct {
	aside string
	err   error
}

func (e *damageError) Error() string   { return "store damaged: " + e.err.Error() }
func (e *damageError) Unwrap() []error { return []error{ErrDamaged, e.err} }

// code is SQLite's primary result code (https://sqlite.org/rescode.html); 0 if
// err is none of its errors.
func code(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

func isDamage(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	}
	return errors.Is(err, ErrDamaged)
}

// problemOf says in words why the file at path cannot be used as it should.
func problemOf(err error, path string) *engine.Problem {
	tell := func(cause, next string, sentinel error) *engine.Problem {
		return &engine.Problem{Cause: cause, Next: next, Err: errors.Join(sentinel, err)}
	}
	if d, ok := errors.AsType[*damageError](err); ok {
		return tell("The file with your history, contacts and settings was damaged; what could be read was kept.",
			"The damaged file is still there as "+d.aside+".", ErrDamaged)
	}
	switch code(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return tell("Tring is running already and holds your history, contacts and settings.",
			"Close one of the two; until then, what changes here is forgotten.", ErrInUse)
	case sqlite3.SQLITE_FULL:
		return tell("The disk is full; the latest changes to your history, contacts and settings are not saved yet.",
			"Make room; they are saved with the next change.", ErrDisk)
	}
	if errors.Is(err, ErrNewer) {
		return tell("Your history, contacts and settings were last used by a newer version of Tring.",
			"Install the newer version; until then, what changes here is forgotten.", ErrNewer)
	}
	return tell("Your history, contacts and settings cannot be saved in "+filepath.Dir(path)+".",
		"Check that the folder can be written; until then, what changes here may be forgotten.", ErrDisk)
}
