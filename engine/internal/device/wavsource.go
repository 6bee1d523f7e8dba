package device

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"tring/engine"
)

// wavSource plays a .wav file as a microphone:
//
//	file → mono → 48 kHz (its goroutine) → ring of 1.4 s → read (audio thread)
type wavSource struct {
	path    string
	closer  io.Closer
	convert *resampler
	ring    *ring
	log     *slog.Logger

	done   chan struct{}
	ended  chan struct{}
	closed sync.Once
}

// refillEvery is far below the 1.4 s that the ring holds.
const refillEvery = 100 * time.Millisecond

func openWAVSource(ctx context.Context, path string, log *slog.Logger) (*wavSource, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	file, size, err := openRegular(path)
	if err != nil {
		return nil, badFile(engine.Microphone, path, err)
	}
	wav, err := openWAV(file, size)
	if err != nil {
		file.Close()
		return nil, badFile(engine.Microphone, path, err)
	}
	s := &wavSource{
		path: path, closer: file, log: log, ring: newRing(16),
		convert: newResampler(wav.rate, wav.read),
		done:    make(chan struct{}), ended: make(chan struct{}),
	}
	if err := s.refill(); err != nil {
		file.Close()
		return nil, badFile(engine.Microphone, path, err)
	}
	go s.run()
	return s, nil
}

// run keeps the ring full until close, or until the file cannot be read any
// more: from then on there is silence.
func (s *wavSource) run() {
	defer close(s.ended)
	ticker := time.NewTicker(refillEvery)
	defer ticker.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-ticker.C:
		}
		if err := s.refill(); err != nil {
			s.log.Warn("microphone file cannot be read any more", "file", s.path, "error", err)
			return
		}
	}
}

func (s *wavSource) refill() error {
	var block [tickSamples]float32
	for s.ring.room() >= len(block) {
		if err := s.convert.read(block[:]); err != nil {
			return err
		}
		s.ring.write(block[:])
	}
	return nil
}

func (s *wavSource) read(dst []float32) {
	n := s.ring.read(dst)
	clear(dst[n:])
}

func (s *wavSource) close() (err error) {
	s.closed.Do(func() {
		close(s.done)
		<-s.ended
		err = s.closer.Close()
	})
	return err
}
