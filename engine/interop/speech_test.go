package interop

import (
	"bytes"
	"encoding/binary"
	"os"

	"tring/engine/internal/audio/audiotest"
)

// speechSeconds is the length of what both sides say, over and over.
const speechSeconds = 20

// writeSpeech writes a WAVE file of 16 bits, mono, 48 kHz.
func writeSpeech(path string) error {
	pcm := audiotest.Speech(7, speechSeconds*audiotest.SampleRate, 0.1)
	var b bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			_ = binary.Write(&b, binary.LittleEndian, v) // into memory
		}
	}
	size := uint32(2 * len(pcm))
	b.WriteString("RIFF")
	put(36 + size)
	b.WriteString("WAVEfmt ")
	put(uint32(16), uint16(1), uint16(1), uint32(audiotest.SampleRate), uint32(2*audiotest.SampleRate), uint16(2), uint16(16))
	b.WriteString("data")
	put(size)
	for _, s := range pcm {
		put(int16(max(-1, min(1, s)) * 32767))
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
