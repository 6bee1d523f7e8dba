package device

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// Bounds of what is believed of a WAVE file.
const (
	maxWAVChannels = 64
	minWAVRate     = 1000
	maxWAVRate     = 384000
	maxWAVChunks   = 1000
)

// Format codes of the fmt chunk.
const (
	wavPCM        = 1
	wavFloat      = 3
	wavExtensible = 0xFFFE // the real code follows in the extension
)

// wavFile is a WAVE file whose samples are read as mono, over and over.
// The layout is that of Microsoft's "Multiple Channel Audio Data and WAVE
// Files" (2001).
type wavFile struct {
	file     io.ReaderAt
	code     int
	channels int
	rate     int
	bits     int   // of a sample's container
	start    int64 // of the sample data
	frames   int64 // samples of each channel
	next     int64 // the frame that is read next
	buffer   []byte
}

// openWAV reads the chunks up to the sample data. Errors say what is wrong and
// where.
func openWAV(file io.ReaderAt, size int64) (*wavFile, error) {
	var riff [12]byte
	if size < int64(len(riff)) {
		return nil, errors.New("no RIFF header at its beginning")
	}
	if _, err := file.ReadAt(riff[:], 0); err != nil {
		return nil, err
	}
	switch {
	case string(riff[:4]) == "RF64" || string(riff[:4]) == "BW64":
		return nil, errors.New("it is a 64-bit WAVE file (RF64)")
	case string(riff[:4]) != "RIFF" || string(riff[8:]) != "WAVE":
		return nil, errors.New("no RIFF/WAVE header at its beginning")
	}
	w := &wavFile{file: file}
	at := int64(len(riff))
	for range maxWAVChunks {
		var head [8]byte
		if size-at < int64(len(head)) {
			return nil, fmt.Errorf("it ends at byte %d without sample data", size)
		}
		if _, err := file.ReadAt(head[:], at); err != nil {
			return nil, err
		}
		length := int64(binary.LittleEndian.Uint32(head[4:]))
		at += int64(len(head))
		switch string(head[:4]) {
		case "fmt ":
			if err := w.parseFormat(at, length, size); err != nil {
				return nil, err
			}
		case "data":
			return w, w.setData(at, length, size)
		}
		at += length + length&1 // chunks begin at even bytes
	}
	return nil, fmt.Errorf("more than %d chunks before the sample data", maxWAVChunks)
}

func (w *wavFile) parseFormat(at, length, size int64) error {
	var b [40]byte
	if length < 16 || size-at < length {
		return fmt.Errorf("its format chunk at byte %d is cut off", at)
	}
	n := min(length, int64(len(b)))
	if _, err := w.file.ReadAt(b[:n], at); err != nil {
		return err
	}
	w.code = int(binary.LittleEndian.Uint16(b[0:]))
	w.channels = int(binary.LittleEndian.Uint16(b[2:]))
	w.rate = int(binary.LittleEndian.Uint32(b[4:]))
	block := int(binary.LittleEndian.Uint16(b[12:]))
	w.bits = int(binary.LittleEndian.Uint16(b[14:]))
	if w.code == wavExtensible && n == int64(len(b)) {
		w.code = int(binary.LittleEndian.Uint16(b[24:]))
	}
	switch {
	case w.code == wavPCM && (w.bits == 8 || w.bits == 16 || w.bits == 24 || w.bits == 32):
	case w.code == wavFloat && (w.bits == 32 || w.bits == 64):
	case w.code == wavPCM || w.code == wavFloat:
		return fmt.Errorf("its samples have %d bits", w.bits)
	default:
		return fmt.Errorf("its samples are compressed (format code %d)", w.code)
	}
	switch {
	case w.channels < 1 || w.channels > maxWAVChannels:
		return fmt.Errorf("it has %d channels", w.channels)
	case w.rate < minWAVRate || w.rate > maxWAVRate:
		return fmt.Errorf("its rate of %d Hz is not between %d and %d", w.rate, minWAVRate, maxWAVRate)
	case block != w.frameSize():
		return fmt.Errorf("its format chunk contradicts itself: %d bytes for %d channels of %d bits", block, w.channels, w.bits)
	}
	return nil
}

// frameSize is the bytes of one sample of all channels.
func (w *wavFile) frameSize() int { return w.channels * w.bits / 8 }

func (w *wavFile) setData(at, length, size int64) error {
	if w.channels == 0 {
		return errors.New("its sample data comes before its format chunk")
	}
	there := size - at
	// A recording that was not finished says 0 or all ones.
	if length == 0 || length == math.MaxUint32 {
		length = there
	}
	if length > there {
		return fmt.Errorf("it is cut off: %d of %d bytes of samples are there", there, length)
	}
	w.start = at
	w.frames = length / int64(w.frameSize())
	if w.frames == 0 {
		return errors.New("it holds no samples")
	}
	return nil
}

// read fills dst with mono samples and starts again at the end.
func (w *wavFile) read(dst []float32) error {
	const most = 4096 // frames read at once
	size := w.frameSize()
	if w.buffer == nil {
		w.buffer = make([]byte, most*size)
	}
	for len(dst) > 0 {
		n := int(min(int64(len(dst)), most, w.frames-w.next))
		raw := w.buffer[:n*size]
		if got, err := w.file.ReadAt(raw, w.start+w.next*int64(size)); got < len(raw) {
			return fmt.Errorf("sample %d cannot be read: %w", w.next, err)
		}
		w.mix(dst[:n], raw)
		dst = dst[n:]
		w.next = (w.next + int64(n)) % w.frames
	}
	return nil
}

// mix brings raw frames to mono: the mean of the channels.
func (w *wavFile) mix(dst []float32, raw []byte) {
	width := w.bits / 8
	scale := 1 / float32(w.channels)
	for i := range dst {
		var sum float32
		for range w.channels {
			sum += w.sample(raw[:width])
			raw = raw[width:]
		}
		dst[i] = sum * scale
	}
}

// sample reads one sample as a number between -1 and 1.
func (w *wavFile) sample(b []byte) float32 {
	switch {
	case w.code == wavFloat && w.bits == 32:
		return tame(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	case w.code == wavFloat:
		return tame(float32(math.Float64frombits(binary.LittleEndian.Uint64(b))))
	case w.bits == 8: // the only unsigned one
		return float32(int(b[0])-128) / (1 << 7)
	case w.bits == 16:
		return float32(int16(binary.LittleEndian.Uint16(b))) / (1 << 15)
	case w.bits == 24:
		return float32(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)>>8) / (1 << 23)
	default:
		return float32(int32(binary.LittleEndian.Uint32(b))) / (1 << 31)
	}
}

// tame keeps what is no number, or far too loud, out of the sound.
func tame(v float32) float32 {
	if v != v {
		return 0
	}
	return max(-1, min(1, v))
}
