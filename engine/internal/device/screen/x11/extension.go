package x11

import (
	"encoding/binary"
	"errors"
	"image"
)

// Names of extensions.
const (
	shmName       = "MIT-SHM"
	randrName     = "RANDR"
	compositeName = "Composite"
	fixesName     = "XFIXES"
	damageName    = "DAMAGE"
)

// ErrMissing says that the server lacks an extension.
var ErrMissing = errors.New("x11: the server cannot do this")

// extension is where the server has put one; major 0 if it lacks it.
type extension struct {
	major, firstEvent byte
	version           uint32 // major<<16 | minor
}

// Has reports whether the server has an extension, by its name.
func (c *Conn) Has(name string) (bool, error) {
	e, err := c.query(name)
	return e.major != 0, err
}

func (c *Conn) query(name string) (extension, error) {
	r, err := c.call(append(newRequest(opQueryExtension, 0, uint32(len(name))), name...), 32)
	if err != nil || r[8] == 0 {
		return extension{}, err
	}
	return extension{major: r[9], firstEvent: r[10]}, nil
}

// wanted are the versions that this package speaks. They must be told before
// anything else is asked; MIT-SHM alone does not want to know.
var wanted = map[string][]uint32{
	randrName: {1, 5}, compositeName: {0, 4}, fixesName: {5, 0}, damageName: {1, 1}, shmName: nil,
}

// extension asks for one once, and agrees on a version at least as new as least.
func (c *Conn) extension(name string, least uint32) (extension, error) {
	e, known := c.extensions[name]
	if !known {
		var err error
		if e, err = c.query(name); err != nil {
			return e, err
		}
		if e.major != 0 {
			if e.version, err = c.version(name, e.major); err != nil {
				return extension{}, err
			}
		}
		c.extensions[name] = e
	}
	if e.major == 0 || e.version < least {
		return e, ErrMissing
	}
	return e, nil
}

func (c *Conn) version(name string, major byte) (uint32, error) {
	const queryVersion = 0 // for all of them
	r, err := c.call(newRequest(major, queryVersion, wanted[name]...), 32)
	if err != nil {
		return 0, err
	}
	p := cursor{rest: r[8:]}
	if name == shmName { // 16 bits each, and nothing here depends on it
		return uint32(p.u16())<<16 | uint32(p.u16()), nil
	}
	return p.u32()<<16 | p.u32()&0xffff, nil
}

// Monitor is one rectangle of the root that a person takes for a screen.
type Monitor struct {
	Name    uint32 // an atom: stays the same while the server runs
	Primary bool
	Rect    image.Rectangle
}

// maxMonitors bounds what is believed.
const maxMonitors = 64

// Monitors lists the active ones (RANDR 1.5); ErrMissing from older servers.
func (c *Conn) Monitors() ([]Monitor, error) {
	e, err := c.extension(randrName, 1<<16|5)
	if err != nil {
		return nil, err
	}
	const getMonitors = 42
	r, err := c.call(newRequest(e.major, getMonitors, c.Screen.Root, 1), 32)
	if err != nil {
		return nil, err
	}
	return parseMonitors(r)
}

func parseMonitors(r []byte) ([]Monitor, error) {
	n := binary.LittleEndian.Uint32(r[12:])
	p := cursor{rest: r[32:]}
	var out []Monitor
	for range min(n, maxMonitors) {
		m := Monitor{Name: p.u32(), Primary: p.u8() != 0}
		p.skip(1)
		outputs := int(p.u16())
		x, y := p.i16(), p.i16()
		w, h := int(p.u16()), int(p.u16())
		m.Rect = image.Rect(x, y, x+w, y+h)
		p.skip(8 + 4*outputs)
		if p.short {
			return nil, errors.New("x11: the list of monitors is cut short")
		}
		if w > 0 && h > 0 {
			out = append(out, m)
		}
	}
	return out, nil
}

// Redirect makes the server draw a window off the screen as well, so that it can
// be read whole while others cover it. It ends with the connection.
func (c *Conn) Redirect(window uint32) error {
	e, err := c.extension(compositeName, 2)
	if err != nil {
		return err
	}
	const redirectWindow, automatic = 1, 0
	return c.check(newRequest(e.major, redirectWindow, window, automatic))
}

// NamePixmap gives the present off-screen picture of a redirected window,
// borders included, the name pixmap. Whether it worked shows when it is used;
// FreePixmap gives it back either way.
func (c *Conn) NamePixmap(window, pixmap uint32) error {
	e, err := c.extension(compositeName, 2)
	if err != nil {
		return err
	}
	const nameWindowPixmap = 6
	c.send(newRequest(e.major, nameWindowPixmap, window, pixmap))
	return nil
}

// FreePixmap gives up a pixmap's name.
func (c *Conn) FreePixmap(pixmap uint32) { c.send(newRequest(opFreePixmap, 0, pixmap)) }

// CursorImage is the pointer as it looks now.
type CursorImage struct {
	Rect   image.Rectangle // on the root
	Serial uint32          // another look has another number
	Pixels []byte          // BGRA, colours already multiplied by alpha
}

// maxCursor bounds a cursor's side.
const maxCursor = 512

// Cursor asks what the pointer looks like, and where it is.
func (c *Conn) Cursor() (CursorImage, error) {
	e, err := c.extension(fixesName, 1<<16)
	if err != nil {
		return CursorImage{}, err
	}
	const getCursorImage = 4
	r, err := c.wait(c.send(newRequest(e.major, getCursorImage)), 4*maxCursor*maxCursor)
	if err != nil {
		return CursorImage{}, err
	}
	return parseCursor(r)
}

func parseCursor(r []byte) (CursorImage, error) {
	p := cursor{rest: r[8:]}
	x, y := p.i16(), p.i16()
	w, h := int(p.u16()), int(p.u16())
	x, y = x-int(p.u16()), y-int(p.u16())
	out := CursorImage{Rect: image.Rect(x, y, x+w, y+h), Serial: p.u32()}
	if w > maxCursor || h > maxCursor || len(r)-32 < 4*w*h {
		return CursorImage{}, errors.New("x11: a cursor larger than its picture")
	}
	out.Pixels = r[32 : 32+4*w*h]
	return out, nil
}

// Damage watches a window for changes.
type Damage struct{ id uint32 }

// Watch begins to watch a window and all that is in it. DAMAGE builds on XFIXES,
// which must be agreed on first.
func (c *Conn) Watch(window uint32) (Damage, error) {
	if _, err := c.extension(fixesName, 1<<16); err != nil {
		return Damage{}, err
	}
	e, err := c.extension(damageName, 1<<16)
	if err != nil {
		return Damage{}, err
	}
	const create, nonEmpty = 1, 3 // one event when the first change comes
	d := Damage{c.NewID()}
	return d, c.check(newRequest(e.major, create, d.id, window, nonEmpty))
}

// Damaged reports whether the window has changed since the last time, and lets
// the next change be told. It asks the server nothing: a change is known after
// the next exchange. The zero Damage has always changed.
func (c *Conn) Damaged(d Damage) bool {
	if d.id == 0 {
		return true
	}
	if !c.damaged[d.id] {
		return false
	}
	delete(c.damaged, d.id)
	const subtract = 3
	c.send(newRequest(c.extensions[damageName].major, subtract, d.id, 0, 0))
	return true
}
