package logfile

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"
)

// Limits are how much of the log is kept.
const (
	MaxBytes = 4 << 20 // of one file
	MaxFiles = 5       // the one that is written and those before it
)

// File is a log file. Once it is full it becomes NAME.1, what was NAME.1
// becomes NAME.2, and so on; the last one goes. It is written until the first
// failure, a full disk as a rule, which is told once: a log never stops a call.
// Its methods may be called from any goroutine.
type File struct {
	name     string
	max      int64
	keep     int
	complain func(error)

	mu     sync.Mutex
	file   *os.File
	size   int64
	closed bool
}

// Open opens the log, or begins it, readable by its owner alone. complain is
// told of the first write that fails, with the lock held: it must not log.
func Open(name string, complain func(error)) (*File, error) {
	return open(name, MaxBytes, MaxFiles, complain)
}

func open(name string, most int64, keep int, complain func(error)) (*File, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, err
	}
	l := &File{name: name, max: most, keep: keep, complain: complain}
	if err := l.begin(); err != nil {
		return nil, err
	}
	return l, nil
}

// begin opens the file that is written, behind what is there already.
func (l *File) begin() error {
	f, err := os.OpenFile(l.name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return err
	}
	l.file, l.size = f, info.Size()
	if !info.Mode().IsRegular() { // a terminal or a pipe is never full
		l.max = 0
	}
	return nil
}

// Name is the path of the file that is written.
func (l *File) Name() string { return l.name }

// Write implements io.Writer. It always takes all: who logs has nothing to do
// about a full disk.
func (l *File) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return len(b), nil
	}
	if l.max > 0 && l.size > 0 && l.size+int64(len(b)) > l.max {
		if err := l.rotate(); err != nil {
			l.fail(err)
			return len(b), nil
		}
	}
	n, err := l.file.Write(b)
	l.size += int64(n)
	if err != nil {
		l.fail(err)
	}
	return len(b), nil
}

// fail gives the log up.
func (l *File) fail(err error) {
	l.closed = true
	if l.file != nil {
		_ = l.file.Close()
	}
	l.complain(err)
}

// rotate makes room for a new file. Some systems rename no open file.
func (l *File) rotate() error {
	err := l.file.Close()
	l.file = nil
	if err != nil {
		return err
	}
	for i := l.keep - 1; i > 0; i-- {
		if err := os.Rename(l.old(i-1), l.old(i)); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return l.begin()
}

// old is the name of the file that is so many rotations old.
func (l *File) old(i int) string {
	if i == 0 {
		return l.name
	}
	return l.name + "." + strconv.Itoa(i)
}

// Tail is the end of the log, whole lines of at most limit bytes. It reads the
// disk: not for a goroutine that draws.
func (l *File) Tail(limit int) ([]byte, error) {
	tail, err := l.tail(l.old(0), limit)
	if err != nil || len(tail) > limit/2 {
		return tail, err
	}
	older, err := l.tail(l.old(1), limit-len(tail)) // it was rotated just now
	if os.IsNotExist(err) {
		err = nil
	}
	return append(older, tail...), err
}

func (l *File) tail(name string, limit int) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file that can be read again", name)
	}
	from := max(0, info.Size()-int64(limit))
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		return nil, err
	}
	tail, err := io.ReadAll(io.LimitReader(f, int64(limit)))
	if from > 0 {
		tail = afterLine(tail)
	}
	return tail, err
}

// afterLine is what follows the first end of a line.
func afterLine(b []byte) []byte {
	for i, c := range b {
		if c == '\n' {
			return b[i+1:]
		}
	}
	return nil
}

// Close closes the file. What is logged after it is lost. It can be called more
// than once.
func (l *File) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	return l.file.Close()
}
