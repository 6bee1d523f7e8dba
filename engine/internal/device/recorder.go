package device

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"tring/engine"
)

// recorder writes what would be heard into a .wav file, 48 kHz, 16 bit, mono:
//
//	write (audio thread) → ring of 2.7 s → its goroutine → file
//
// Ten times a second new samples are appended and then the sizes in the header
// are set, so that the file is valid at any moment, also after the program was
// killed.
type recorder struct {
	path string
	file recording
	lost func(error) // told once when writing fails
	ring *ring

	written int64 // bytes of samples
	buffer  []byte
	failed  error

	done   chan struct{}
	ended  chan struct{}
	closed sync.Once
}

// recording is what a recorder needs of a file.
type recording interface {
	io.WriterAt
	io.Closer
}

const (
	wavHeader     = 44
	maxRecording  = math.MaxUint32 - wavHeader // what the sizes can say: 12 hours
	flushInterval = 100 * time.Millisecond
)

func openRecorder(path string, lost func(error)) (*recorder, error) {
	if !strings.EqualFold(filepath.Ext(path), ".wav") {
		// It could be anything that a slip of the hand named; never overwrite it.
		return nil, badFile(engine.Speaker, path, errors.New("its name does not end in .wav"))
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, badFile(engine.Speaker, path, errors.New("it is not a file"))
	}
	file, written, err := openRecording(path)
	if err != nil {
		return nil, badFile(engine.Speaker, path, err)
	}
	r, err := newRecorder(path, file, written, lost)
	if err != nil {
		file.Close()
		return nil, badFile(engine.Speaker, path, err)
	}
	return r, nil
}

// begun are the recordings that this program has made. The device is opened
// anew for each call: what was heard before goes on in the same file.
var begun = struct {
	sync.Mutex
	paths map[string]bool
}{paths: make(map[string]bool)}

// openRecording begins a file, or goes on with one that this program began. It
// gives the number of bytes of samples that are there.
func openRecording(path string) (file *os.File, written int64, err error) {
	key, err := filepath.Abs(path)
	if err != nil {
		return nil, 0, err
	}
	begun.Lock()
	defer begun.Unlock()
	flags := os.O_RDWR | os.O_CREATE
	if !begun.paths[key] {
		flags |= os.O_TRUNC
	}
	file, err = os.OpenFile(path, flags, 0o644)
	if err != nil {
		return nil, 0, err
	}
	begun.paths[key] = true
	if info, err := file.Stat(); err == nil {
		written = max(info.Size()-wavHeader, 0) &^ 1 // whole samples
	}
	return file, written, nil
}

func newRecorder(path string, file recording, written int64, lost func(error)) (*recorder, error) {
	r := &recorder{
		path: path, file: file, lost: lost, written: written, ring: newRing(17),
		done: make(chan struct{}), ended: make(chan struct{}),
	}
	if err := r.writeHeader(); err != nil {
		return nil, err
	}
	go r.run()
	return r, nil
}

// write hands over samples without blocking. What a disk that hangs for
// seconds does not take in time is left out.
func (r *recorder) write(pcm []float32) { r.ring.write(pcm) }

func (r *recorder) run() {
	defer close(r.ended)
	ticker := time.NewTicker(flushInterval)
	defer ticker.Stop()
	for {
		select {
		case <-r.done:
			r.failed = r.flush()
			return
		case <-ticker.C:
		}
		if r.failed = r.flush(); r.failed != nil {
			r.lost(&engine.Problem{
				Cause: fmt.Sprintf("The recording %s stopped: %v.", filepath.Base(r.path), r.failed),
				Next:  "Make room on the disk and start it again. The call goes on.",
				Err:   &roleError{engine.Speaker, errors.Join(ErrRecording, r.failed)},
			})
			<-r.done
			return
		}
	}
}

// flush writes what waits in the ring, then the header: a crash in between
// leaves a header that is short of the samples, which is valid.
func (r *recorder) flush() error {
	var block [4096]float32
	r.buffer = r.buffer[:0]
	for {
		n := r.ring.read(block[:])
		if n == 0 {
			break
		}
		for _, v := range block[:n] {
			r.buffer = binary.LittleEndian.AppendUint16(r.buffer, uint16(toInt16(v)))
		}
	}
	if len(r.buffer) == 0 {
		return nil
	}
	if r.written+int64(len(r.buffer)) > maxRecording {
		return errors.New("a .wav file cannot hold more than 12 hours")
	}
	if _, err := r.file.WriteAt(r.buffer, wavHeader+r.written); err != nil {
		return err
	}
	r.written += int64(len(r.buffer))
	return r.writeHeader()
}

func toInt16(v float32) int16 {
	return int16(math.RoundToEven(float64(tame(v)) * math.MaxInt16))
}

func (r *recorder) writeHeader() error {
	const bits, channels = 16, 1
	h := make([]byte, 0, wavHeader)
	h = append(h, "RIFF"...)
	h = binary.LittleEndian.AppendUint32(h, uint32(wavHeader-8+r.written))
	h = append(h, "WAVEfmt "...)
	h = binary.LittleEndian.AppendUint32(h, 16)
	h = binary.LittleEndian.AppendUint16(h, wavPCM)
	h = binary.LittleEndian.AppendUint16(h, channels)
	h = binary.LittleEndian.AppendUint32(h, sampleRate)
	h = binary.LittleEndian.AppendUint32(h, sampleRate*channels*bits/8)
	h = binary.LittleEndian.AppendUint16(h, channels*bits/8)
	h = binary.LittleEndian.AppendUint16(h, bits)
	h = append(h, "data"...)
	h = binary.LittleEndian.AppendUint32(h, uint32(r.written))
	_, err := r.file.WriteAt(h, 0)
	return err
}

// close writes the rest and closes the file.
func (r *recorder) close() (err error) {
	r.closed.Do(func() {
		close(r.done)
		<-r.ended
		err = errors.Join(r.failed, r.file.Close())
	})
	return err
}
