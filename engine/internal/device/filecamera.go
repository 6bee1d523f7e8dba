package device

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"tring/engine"
	"tring/engine/internal/i420"
)

// fileCamera plays a .y4m file over and over at the file's own rate.
type fileCamera struct {
	path  string
	pool  *i420.Pool
	video *y4mFile
	pacer pacer

	done    chan struct{}
	close   sync.Once
	reading sync.Mutex // held while the file is read; Close takes it to close the file
	closer  io.Closer
}

func openFileCamera(ctx context.Context, path string, pool *i420.Pool) (Camera, error) {
	file, size, err := openRegular(path)
	if err != nil {
		return nil, badFile(engine.Camera, path, err)
	}
	video, err := openY4M(ctx, file, size)
	if err != nil {
		file.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, badFile(engine.Camera, path, err)
	}
	return newFileCamera(path, video, file, pool), nil
}

func newFileCamera(path string, video *y4mFile, closer io.Closer, pool *i420.Pool) *fileCamera {
	return &fileCamera{
		path: path, pool: pool, video: video, closer: closer,
		pacer: pacer{num: video.num, den: video.den},
		done:  make(chan struct{}),
	}
}

// openRegular opens a file and refuses pipes, devices and folders, whose
// reading could wait for ever or never end.
func openRegular(path string) (*os.File, int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errors.New("it is not a file")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	return file, info.Size(), nil
}

func (c *fileCamera) Read() (*i420.Picture, error) {
	n, ok := c.pacer.wait(c.done)
	if !ok {
		return nil, engine.ErrClosed
	}
	c.reading.Lock()
	defer c.reading.Unlock()
	select {
	case <-c.done:
		return nil, engine.ErrClosed
	default:
	}
	p, err := c.video.read(int(n%int64(len(c.video.offsets))), c.pool)
	if err != nil {
		return nil, badFile(engine.Camera, c.path, err)
	}
	p.CapturedAt = time.Now()
	return p, nil
}

func (c *fileCamera) Close() (err error) {
	c.close.Do(func() {
		close(c.done)
		c.reading.Lock()
		defer c.reading.Unlock()
		err = c.closer.Close()
	})
	return err
}

func (c *fileCamera) Name() string { return fileName(c.path) }
