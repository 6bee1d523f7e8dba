package x11

import (
	"encoding/binary"
	"image"
)

// Codes of core requests (appendix B of the protocol).
const (
	opGetWindowAttributes = 3
	opGetGeometry         = 14
	opQueryTree           = 15
	opInternAtom          = 16
	opGetProperty         = 20
	opGetSelectionOwner   = 23
	opQueryPointer        = 38
	opTranslate           = 40
	opFreePixmap          = 54
	opGetImage            = 73
	opQueryExtension      = 98
)

// Atoms that every server knows.
const (
	AtomAny          = 0
	AtomWMName       = 39
	AtomWMClass      = 67
	AtomWMClientHost = 36
)

// Attributes are what a window is.
type Attributes struct {
	Visual           uint32
	InputOnly        bool
	Viewable         bool // it and all that holds it are mapped
	OverrideRedirect bool // the window manager leaves it alone
}

// Attributes asks what a window is.
func (c *Conn) Attributes(window uint32) (Attributes, error) {
	r, err := c.call(newRequest(opGetWindowAttributes, 0, window), 44)
	if err != nil {
		return Attributes{}, err
	}
	return Attributes{
		Visual:           binary.LittleEndian.Uint32(r[8:]),
		InputOnly:        binary.LittleEndian.Uint16(r[12:]) == 2,
		Viewable:         r[26] == 2,
		OverrideRedirect: r[27] != 0,
	}, nil
}

// Geometry is a window's or pixmap's place.
type Geometry struct {
	X, Y          int // of the outer corner, in what holds it
	Width, Height int // inside the border
	Border        int
}

// Geometry asks for the place of a window.
func (c *Conn) Geometry(drawable uint32) (Geometry, error) {
	r, err := c.call(newRequest(opGetGeometry, 0, drawable), 32)
	if err != nil {
		return Geometry{}, err
	}
	p := cursor{rest: r[12:]}
	return Geometry{X: p.i16(), Y: p.i16(), Width: int(p.u16()), Height: int(p.u16()), Border: int(p.u16())}, nil
}

// Origin is where on the root a window's inner corner is.
func (c *Conn) Origin(window uint32) (image.Point, error) {
	r, err := c.call(newRequest(opTranslate, 0, window, c.Screen.Root, 0), 32)
	if err != nil {
		return image.Point{}, err
	}
	p := cursor{rest: r[12:]}
	return image.Pt(p.i16(), p.i16()), nil
}

// Tree asks for a window's parent and its children, the lowest first.
func (c *Conn) Tree(window uint32) (parent uint32, children []uint32, err error) {
	r, err := c.call(newRequest(opQueryTree, 0, window), 32)
	if err != nil {
		return 0, nil, err
	}
	n := int(binary.LittleEndian.Uint16(r[16:]))
	return binary.LittleEndian.Uint32(r[12:]), words(r[32:], n), nil
}

// words reads up to n numbers of 32 bits.
func words(b []byte, n int) []uint32 {
	n = min(n, len(b)/4)
	out := make([]uint32, n)
	for i := range out {
		out[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return out
}

// ChildUnderPointer is the child of window that the pointer is in, 0 if none;
// what other windows cover does not count.
func (c *Conn) ChildUnderPointer(window uint32) (uint32, error) {
	r, err := c.call(newRequest(opQueryPointer, 0, window), 32)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(r[12:]), nil
}

// Atom gives the number of a name; 0 if the server does not know it yet.
func (c *Conn) Atom(name string) (uint32, error) { return c.atom(name, 1) }

func (c *Conn) atom(name string, onlyIfExists byte) (uint32, error) {
	r, err := c.call(append(newRequest(opInternAtom, onlyIfExists, uint32(len(name))), name...), 32)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(r[8:]), nil
}

// SelectionOwner is the window that owns a selection; 0 for none.
func (c *Conn) SelectionOwner(atom uint32) (uint32, error) {
	r, err := c.call(newRequest(opGetSelectionOwner, 0, atom), 32)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(r[8:]), nil
}

// Property is the value of a window's property: made by any program, so of any
// content.
type Property struct {
	Type   uint32 // 0 if the window does not have it
	Format int    // bits of an item: 8, 16 or 32
	Data   []byte
}

// maxProperty bounds what is read of a property, in bytes.
const maxProperty = 64 << 10

// Property asks for a property. atom 0 gives none.
func (c *Conn) Property(window, atom uint32) (Property, error) {
	if atom == 0 {
		return Property{}, nil
	}
	r, err := c.call(newRequest(opGetProperty, 0, window, atom, AtomAny, 0, maxProperty/4), 32)
	if err != nil {
		return Property{}, err
	}
	return parseProperty(r), nil
}

// parseProperty reads the reply; the length counts items.
func parseProperty(r []byte) Property {
	p := Property{Type: binary.LittleEndian.Uint32(r[8:]), Format: int(r[1])}
	n := uint64(binary.LittleEndian.Uint32(r[16:])) * uint64(p.Format/8)
	p.Data = r[32 : 32+min(n, uint64(len(r)-32))]
	return p
}

// Words gives the items of a property of 32 bits; none of another.
func (p Property) Words() []uint32 {
	if p.Format != 32 {
		return nil
	}
	return words(p.Data, len(p.Data)/4)
}

// Intern gives the number of a name, a new one if need be.
func (c *Conn) Intern(name string) (uint32, error) { return c.atom(name, 0) }

// Do carries out any request without a reply: its code, the byte behind it, and
// the rest.
func (c *Conn) Do(major, data byte, rest []byte) error {
	return c.check(append(newRequest(major, data), rest...))
}

// DoExtension is Do for a request of an extension.
func (c *Conn) DoExtension(name string, minor byte, rest []byte) error {
	e, err := c.extension(name, 0)
	if err != nil {
		return err
	}
	return c.check(append(newRequest(e.major, minor), rest...))
}
