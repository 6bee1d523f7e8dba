package x11

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Screen is one root window and what is known of it from the start. Its size is
// that at the time of connecting.
type Screen struct {
	Number        int
	Root          uint32
	Width, Height int
	Visual        uint32 // of the root
	Depth         byte
}

// setup is the server's answer to a new connection.
type setup struct {
	idBase, idMask uint32
	lsbFirst       bool
	bitsPerPixel   map[byte]byte // by depth
	visuals        map[uint32]visual
	screens        []Screen
}

// visual says how pixels of a window are to be read.
type visual struct {
	depth            byte
	red, green, blue uint32
}

var errSetup = errors.New("x11: the server's greeting makes no sense")

// greet opens the conversation: byte order, version 11.0, the cookie.
func greet(rw io.ReadWriter, secret []byte) (*setup, error) {
	name := cookieName
	if secret == nil {
		name = ""
	}
	hello := make([]byte, 12, 64)
	hello[0] = 'l' // little-endian
	binary.LittleEndian.PutUint16(hello[2:], 11)
	binary.LittleEndian.PutUint16(hello[6:], uint16(len(name)))
	binary.LittleEndian.PutUint16(hello[8:], uint16(len(secret)))
	hello = pad(append(hello, name...))
	hello = pad(append(hello, secret...))
	if _, err := rw.Write(hello); err != nil {
		return nil, err
	}
	var head [8]byte
	if _, err := io.ReadFull(rw, head[:]); err != nil {
		return nil, err
	}
	body := make([]byte, 4*int(binary.LittleEndian.Uint16(head[6:]))) // 256 KiB at most
	if _, err := io.ReadFull(rw, body); err != nil {
		return nil, err
	}
	switch head[0] {
	case 1:
		return parseSetup(body)
	case 0:
		return nil, fmt.Errorf("x11: the server refuses: %.200q", body[:min(int(head[1]), len(body))])
	default:
		return nil, errors.New("x11: the server wants another way of authorisation")
	}
}

// parseSetup reads what follows the first eight bytes.
func parseSetup(body []byte) (*setup, error) {
	c := cursor{rest: body}
	c.skip(4)
	s := &setup{idBase: c.u32(), idMask: c.u32(), bitsPerPixel: map[byte]byte{}, visuals: map[uint32]visual{}}
	c.skip(4)
	vendor := int(c.u16())
	c.skip(2)
	screens, formats := int(c.u8()), int(c.u8())
	s.lsbFirst = c.u8() == 0
	c.skip(9)
	c.skip((vendor + 3) &^ 3)
	for range formats {
		depth := c.u8()
		s.bitsPerPixel[depth] = c.u8()
		c.skip(6)
	}
	for range screens {
		s.screens = append(s.screens, s.screen(&c))
	}
	if c.short || len(s.screens) == 0 || s.idMask == 0 {
		return nil, errSetup
	}
	return s, nil
}

func (s *setup) screen(c *cursor) Screen {
	var out Screen
	out.Root = c.u32()
	c.skip(16)
	out.Width, out.Height = int(c.u16()), int(c.u16())
	c.skip(8)
	out.Visual = c.u32()
	c.skip(2)
	out.Depth = c.u8()
	for range c.u8() {
		depth := c.u8()
		c.skip(1)
		n := c.u16()
		c.skip(4)
		for range n {
			if c.short {
				break
			}
			id := c.u32()
			c.skip(4)
			s.visuals[id] = visual{depth: depth, red: c.u32(), green: c.u32(), blue: c.u32()}
			c.skip(4)
		}
	}
	return out
}

// cursor reads numbers one after the other. Beyond the end all are zero, and
// short is set.
type cursor struct {
	rest  []byte
	short bool
}

func (c *cursor) take(n int) []byte {
	if n > len(c.rest) {
		c.short, c.rest = true, nil
		return make([]byte, 4)
	}
	out := c.rest[:n]
	c.rest = c.rest[n:]
	return out
}

func (c *cursor) skip(n int) {
	if n > len(c.rest) {
		c.short, c.rest = true, nil
		return
	}
	c.rest = c.rest[n:]
}

func (c *cursor) u8() byte    { return c.take(1)[0] }
func (c *cursor) u16() uint16 { return binary.LittleEndian.Uint16(c.take(2)) }
func (c *cursor) u32() uint32 { return binary.LittleEndian.Uint32(c.take(4)) }
func (c *cursor) i16() int    { return int(int16(c.u16())) }
