package peer

import (
	"encoding/binary"

	"github.com/pion/transport/v4/packetio"
)

// mediaBuffer lies between Pion's sockets and the reader of one source. Parity
// has a source of its own, of which Pion makes nothing. It is led to the reader
// of what it protects, so that it is seen when all that came before it is.
type mediaBuffer struct {
	*packetio.Buffer
	link *link
	ssrc uint32
	// takes is set while somebody reads who knows parity; guarded by link.mu.
	takes bool
}

// maxReaders bounds the sources that are kept in mind: a far end can make them
// up.
const maxReaders = 1024

// newMediaBuffer makes the buffer of a source.
func (l *link) newMediaBuffer(buffer *packetio.Buffer, ssrc uint32) *mediaBuffer {
	b := &mediaBuffer{Buffer: buffer, link: l, ssrc: ssrc}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.readers) < maxReaders || l.readers[ssrc] != nil {
		l.readers[ssrc] = b
	}
	return b
}

// Write puts a packet where it is read.
func (b *mediaBuffer) Write(packet []byte) (int, error) {
	if !b.link.isParity(packet) {
		return b.Buffer.Write(packet)
	}
	if reader := b.link.readerOf(packet); reader != nil {
		return reader.Write(packet)
	}
	return len(packet), nil
}

// Close ends the reading.
func (b *mediaBuffer) Close() error {
	b.link.mu.Lock()
	if b.link.readers[b.ssrc] == b {
		delete(b.link.readers, b.ssrc)
	}
	b.link.mu.Unlock()
	return b.Buffer.Close()
}

// takesParity says whether the reader of a source knows parity.
func (l *link) takesParity(ssrc uint32, takes bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b := l.readers[ssrc]; b != nil {
		b.takes = takes
	}
}

// readerOf is where a parity packet is read; nil if it is not.
func (l *link) readerOf(packet []byte) *packetio.Buffer {
	const protected = 12 // place of the source in the payload
	start := payloadOf(packet)
	if start == 0 || len(packet) < start+protected+4 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if b := l.readers[binary.BigEndian.Uint32(packet[start+protected:])]; b != nil && b.takes {
		return b.Buffer
	}
	return nil
}
