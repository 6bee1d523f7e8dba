package x11

import (
	"errors"
	"fmt"
	"image"
)

// ErrColours says that a window's pixels are not the usual 32 bits of blue,
// green and red.
var ErrColours = errors.New("x11: pixels are not 8 bits a colour")

// ErrTooLarge says that a picture is larger than any screen.
var ErrTooLarge = errors.New("x11: picture too large")

// maxPixels bounds a picture: twice 8K.
const maxPixels = 64 << 20

// Readable reports whether windows of a visual can be read as BGRA.
func (c *Conn) Readable(id uint32) bool {
	v, ok := c.setup.visuals[id]
	return ok && c.setup.bitsPerPixel[v.depth] == 32 && v.red == 0xff0000 && v.green == 0xff00 && v.blue == 0xff
}

// Buffer holds the pixels of the last picture read with it. It shares its memory
// with the server where the two can.
type Buffer struct {
	conn    *Conn
	segment *segment
	plain   []byte
	noShare bool // tried in vain
}

// NewBuffer makes an empty one. Close frees it, after which no picture of it may
// be touched.
func (c *Conn) NewBuffer() *Buffer { return &Buffer{conn: c} }

// Close frees the memory. It asks the server nothing, so it works on a closed
// connection.
func (b *Buffer) Close() error {
	s := b.segment
	b.segment, b.plain, b.noShare = nil, nil, true
	if s == nil {
		return nil
	}
	return s.close()
}

// Read takes a picture of a part of a drawable, which must be inside it: BGRA,
// 4*width*height bytes, good until the next Read. The fourth byte is anything.
func (b *Buffer) Read(drawable uint32, part image.Rectangle) ([]byte, error) {
	w, h := part.Dx(), part.Dy()
	if w <= 0 || h <= 0 || w > 0x7fff || h > 0x7fff || w*h > maxPixels {
		return nil, fmt.Errorf("%w: %v", ErrTooLarge, part)
	}
	if err := b.share(4 * w * h); err != nil {
		return nil, err
	}
	if b.segment != nil {
		return b.readShared(drawable, part)
	}
	return b.readPlain(drawable, part)
}

// zPixmap is the format with whole pixels one after the other.
const zPixmap = 2

func (b *Buffer) readShared(drawable uint32, part image.Rectangle) ([]byte, error) {
	c := b.conn
	e, err := c.extension(shmName, 0)
	if err != nil {
		return nil, err
	}
	n := 4 * part.Dx() * part.Dy()
	const getImage = 4
	_, err = c.call(newRequest(e.major, getImage, drawable, two(part.Min.X, part.Min.Y), two(part.Dx(), part.Dy()),
		^uint32(0), zPixmap, b.segment.id, 0), 32)
	if err != nil {
		return nil, err
	}
	return b.segment.memory[:n], nil
}

func (b *Buffer) readPlain(drawable uint32, part image.Rectangle) ([]byte, error) {
	n := 4 * part.Dx() * part.Dy()
	r, err := b.conn.wait(b.conn.send(newRequest(opGetImage, zPixmap, drawable,
		two(part.Min.X, part.Min.Y), two(part.Dx(), part.Dy()), ^uint32(0))), uint32(n))
	if err != nil {
		return nil, err
	}
	if len(r)-32 < n {
		return nil, b.conn.fail(fmt.Errorf("x11: %d bytes for a picture of %d", len(r)-32, n))
	}
	b.plain = r[32 : 32+n]
	return b.plain, nil
}

// share sees to shared memory of the size. Where server and program do not share
// a machine, pictures come through the connection.
func (b *Buffer) share(size int) error {
	if b.noShare || b.segment != nil && len(b.segment.memory) >= size {
		return nil
	}
	c := b.conn
	e, err := c.extension(shmName, 0)
	if errors.Is(err, ErrMissing) {
		b.noShare = true
		return nil
	}
	if err != nil {
		return err
	}
	if old := b.segment; old != nil {
		b.segment = nil
		const detach = 2
		c.send(newRequest(e.major, detach, old.id))
		if err := old.close(); err != nil {
			return err
		}
	}
	s := newSegment(c.NewID(), size)
	if s == nil {
		b.noShare = true
		return nil
	}
	const attach, writable = 1, 0
	err = c.check(newRequest(e.major, attach, s.id, uint32(s.system), writable))
	s.unlink()
	if err == nil {
		b.segment = s
		return nil
	}
	if closeErr := s.close(); closeErr != nil {
		return closeErr
	}
	if Refused(err) {
		b.noShare = true
		return nil
	}
	return err
}
