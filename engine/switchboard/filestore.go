package switchboard

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	maxRecord   = 1 << 20   // bytes; a larger file is damage or not ours
	staleTemp   = time.Hour // temporary files older than this are left-overs of a crash
	recordExt   = ".json"
	tempPattern = ".tmp-*"
)

// fileStore keeps each record in a file of its own, DIR/BUCKET/KEY.json.
//
// A record is written to a temporary file, synced, and renamed over the old
// one, so that a crash leaves either the old or the new record. Processes share
// a directory freely: a user added by one is seen by the next Get of another,
// since a cached record counts only while the file's time and size are those
// it was read with.
type fileStore struct {
	dir string

	mu    sync.Mutex
	cache map[string]cachedRecord // by path
}

type cachedRecord struct {
	info  fs.FileInfo
	value []byte
}

// OpenFileStore opens or makes the directory dir as a Store. Directories get
// mode 0700 and files 0600. Only one server at a time can work on it; managing
// users beside it is safe.
func OpenFileStore(dir string) (Store, error) {
	if dir == "" {
		return nil, errors.New("data directory not given")
	}
	for _, bucket := range []string{bucketUsers, bucketKeys, bucketChannels, bucketCalls} {
		path := filepath.Join(dir, bucket)
		if err := os.MkdirAll(path, 0o700); err != nil {
			return nil, fmt.Errorf("data directory: %w", err)
		}
		removeStaleTemps(path)
	}
	return &fileStore{dir: dir, cache: map[string]cachedRecord{}}, nil
}

// removeStaleTemps clears what a crash left behind, but not what another
// process is writing at this moment.
func removeStaleTemps(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, tempPattern))
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > staleTemp {
			os.Remove(path)
		}
	}
}

// claim takes the lock file that keeps a second server out. The system drops
// the lock with the process, however that ends.
func (f *fileStore) claim() (func(), error) { return lockFile(filepath.Join(f.dir, "serve.lock")) }

func (f *fileStore) Get(ctx context.Context, bucket, key string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	path, err := f.path(bucket, key)
	if err != nil {
		return nil, err
	}
	return f.cached(path)
}

// cached returns the record at path, from memory while the file is the same.
func (f *fileStore) cached(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	cached, ok := f.cache[path]
	f.mu.Unlock()
	if ok && os.SameFile(cached.info, info) && cached.info.ModTime().Equal(info.ModTime()) && cached.info.Size() == info.Size() {
		return bytes.Clone(cached.value), nil
	}
	value, err := readRecord(path)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.cache[path] = cachedRecord{info, bytes.Clone(value)}
	f.mu.Unlock()
	return value, nil
}

// readRecord reads and checks a file.
func readRecord(path string) ([]byte, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	value, err := io.ReadAll(io.LimitReader(file, maxRecord+1))
	if err != nil {
		return nil, err
	}
	if len(value) > maxRecord || !json.Valid(value) {
		return nil, fmt.Errorf("record %s is damaged", path)
	}
	return value, nil
}

func (f *fileStore) Create(ctx context.Context, bucket, key string, value []byte) error {
	// A hard link is the one way to say "only if there is none" that also holds
	// between processes and never shows a half-written file.
	return f.write(ctx, bucket, key, value, func(temp, path string) error {
		err := os.Link(temp, path)
		if errors.Is(err, fs.ErrExist) {
			err = ErrExists
		}
		os.Remove(temp)
		return err
	})
}

func (f *fileStore) Put(ctx context.Context, bucket, key string, value []byte) error {
	return f.write(ctx, bucket, key, value, os.Rename)
}

// write puts value into a synced temporary file and lets install move it to
// its place.
func (f *fileStore) write(ctx context.Context, bucket, key string, value []byte, install func(temp, path string) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	path, err := f.path(bucket, key)
	if err != nil {
		return err
	}
	if len(value) > maxRecord || !json.Valid(value) {
		return errors.New("record is not JSON or too large")
	}
	temp, err := writeTemp(filepath.Dir(path), value)
	if err != nil {
		return err
	}
	if err := install(temp, path); err != nil {
		os.Remove(temp)
		return err
	}
	syncDir(filepath.Dir(path))
	return nil
}

// writeTemp makes a synced file of mode 0600 and returns its path.
func writeTemp(dir string, value []byte) (path string, err error) {
	file, err := os.CreateTemp(dir, tempPattern)
	if err != nil {
		return "", err
	}
	_, err = file.Write(value)
	if err == nil {
		err = file.Sync()
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err != nil {
		os.Remove(file.Name())
		return "", err
	}
	return file.Name(), nil
}

// syncDir makes a rename durable. Some systems cannot sync a directory; there
// is nothing more to do on them.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}

func (f *fileStore) Delete(_ context.Context, bucket, key string) error {
	path, err := f.path(bucket, key)
	if err != nil {
		return err
	}
	f.mu.Lock()
	delete(f.cache, path)
	f.mu.Unlock()
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (f *fileStore) List(ctx context.Context, bucket string) (map[string][]byte, error) {
	entries, err := os.ReadDir(filepath.Join(f.dir, bucket))
	if err != nil {
		return nil, err
	}
	all := make(map[string][]byte, len(entries))
	var failed []error
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return all, err
		}
		key, ok := keyOf(entry.Name())
		if !ok {
			continue
		}
		value, err := readRecord(filepath.Join(f.dir, bucket, entry.Name()))
		switch {
		case errors.Is(err, ErrNotFound): // removed meanwhile
		case err != nil:
			failed = append(failed, err)
		default:
			all[key] = value
		}
	}
	return all, errors.Join(failed...)
}

func (f *fileStore) Close() error { return nil }

// path names the file of a record. Keys are written so that they are legible
// and mean the same on file systems that ignore case: lower-case letters,
// digits, "@", "-", "_" and "." (not first) stand for themselves.
func (f *fileStore) path(bucket, key string) (string, error) {
	var name strings.Builder
	for i := 0; i < len(key); i++ {
		c := key[i]
		plain := 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '@' || c == '-' || c == '_' || c == '.' && i > 0
		if plain {
			name.WriteByte(c)
		} else {
			fmt.Fprintf(&name, "%%%02x", c)
		}
	}
	if name.Len() == 0 || name.Len() > 240 {
		return "", fmt.Errorf("key of %d bytes cannot be stored", len(key))
	}
	return filepath.Join(f.dir, bucket, name.String()+recordExt), nil
}

// keyOf is the key of a file name, and whether it is a record's at all.
func keyOf(name string) (string, bool) {
	name, ok := strings.CutSuffix(name, recordExt)
	if !ok || name == "" || name[0] == '.' {
		return "", false
	}
	var key strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] != '%' {
			key.WriteByte(name[i])
			continue
		}
		var c byte
		if i+2 >= len(name) {
			return "", false
		}
		if _, err := fmt.Sscanf(name[i+1:i+3], "%02x", &c); err != nil {
			return "", false
		}
		key.WriteByte(c)
		i += 2
	}
	return key.String(), true
}
