package x11test

import (
	"encoding/binary"
	"image"
	"testing"

	"tring/engine/internal/device/screen/x11"
)

// Client is a program with windows of one colour each. Every method returns
// after the server has done it.
type Client struct {
	t    testing.TB
	conn *x11.Conn
}

// Client connects one; it goes with the test, and its windows with it.
func (s *Server) Client(t testing.TB) *Client {
	t.Helper()
	conn, err := x11.Dial(t.Context(), s.Display)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return &Client{t, conn}
}

// Root is the root window.
func (c *Client) Root() uint32 { return c.conn.Screen.Root }

func (c *Client) do(major, data byte, words ...uint32) {
	c.t.Helper()
	if err := c.conn.Do(major, data, pack(words)); err != nil {
		c.t.Fatal(err)
	}
}

func pack(words []uint32) []byte {
	var out []byte
	for _, w := range words {
		out = binary.LittleEndian.AppendUint32(out, w)
	}
	return out
}

func pair(a, b int) uint32 { return uint32(uint16(a)) | uint32(uint16(b))<<16 }

// Window makes a window of a colour (0xRRGGBB) and shows it.
func (c *Client) Window(title string, rect image.Rectangle, colour uint32) uint32 {
	c.t.Helper()
	id := c.conn.NewID()
	const createWindow, backPixel, inputOutput = 1, 2, 1
	c.do(createWindow, 0, id, c.Root(), pair(rect.Min.X, rect.Min.Y), pair(rect.Dx(), rect.Dy()), pair(0, inputOutput), 0, backPixel, colour)
	if title != "" {
		c.Property(id, "_NET_WM_NAME", "UTF8_STRING", 8, []byte(title))
	}
	c.Map(id)
	return id
}

// Property sets a property; format is the bits of an item.
func (c *Client) Property(window uint32, name, kind string, format byte, data []byte) {
	c.t.Helper()
	n := len(data) / int(format/8)
	rest := pack([]uint32{window, c.Atom(name), c.Atom(kind), uint32(format), uint32(n)})
	if err := c.conn.Do(18, 0, append(rest, data...)); err != nil {
		c.t.Fatal(err)
	}
}

// Words sets a property of 32-bit items.
func (c *Client) Words(window uint32, name, kind string, items ...uint32) {
	c.t.Helper()
	c.Property(window, name, kind, 32, pack(items))
}

// Atom gives a name's number.
func (c *Client) Atom(name string) uint32 {
	c.t.Helper()
	atom, err := c.conn.Intern(name)
	if err != nil {
		c.t.Fatal(err)
	}
	return atom
}

// Map shows a window.
func (c *Client) Map(window uint32) { c.t.Helper(); c.do(8, 0, window) }

// Unmap takes it off the screen, as minimising does.
func (c *Client) Unmap(window uint32) { c.t.Helper(); c.do(10, 0, window) }

// Destroy closes it.
func (c *Client) Destroy(window uint32) { c.t.Helper(); c.do(4, 0, window) }

// Resize changes its size.
func (c *Client) Resize(window uint32, w, h int) {
	c.t.Helper()
	const widthAndHeight = 4 | 8
	c.do(12, 0, window, widthAndHeight, uint32(w), uint32(h))
}

// Paint gives a window, or the root, another colour.
func (c *Client) Paint(window, colour uint32) {
	c.t.Helper()
	const backPixel = 2
	c.do(2, 0, window, backPixel, colour)
	c.do(61, 0, window, 0, 0) // all of it
}

// Fill paints a part of a window, as its program would.
func (c *Client) Fill(window, colour uint32, part image.Rectangle) {
	c.t.Helper()
	gc := c.conn.NewID()
	const foreground = 4
	c.do(55, 0, gc, window, foreground, colour)
	c.do(70, 0, window, gc, pair(part.Min.X, part.Min.Y), pair(part.Dx(), part.Dy()))
	c.do(60, 0, gc)
}

// Point moves the pointer to a place on the root.
func (c *Client) Point(x, y int) { c.t.Helper(); c.do(41, 0, 0, c.Root(), 0, 0, pair(x, y)) }

// Monitor makes a part of the root a monitor. Those that it overlaps go.
func (c *Client) Monitor(name string, rect image.Rectangle) {
	c.t.Helper()
	const setMonitor = 43
	err := c.conn.DoExtension("RANDR", setMonitor, pack([]uint32{
		c.Root(), c.Atom(name), 0, pair(rect.Min.X, rect.Min.Y), pair(rect.Dx(), rect.Dy()), 100, 100,
	}))
	if err != nil {
		c.t.Fatal(err)
	}
}

// RemoveMonitor takes back what Monitor made.
func (c *Client) RemoveMonitor(name string) {
	c.t.Helper()
	const deleteMonitor = 44
	if err := c.conn.DoExtension("RANDR", deleteMonitor, pack([]uint32{c.Root(), c.Atom(name)})); err != nil {
		c.t.Fatal(err)
	}
}

// Composite makes this program the compositing manager, of a kind: the server
// keeps every window whole.
func (c *Client) Composite() {
	c.t.Helper()
	owner := c.conn.NewID()
	const createWindow, inputOutput, setSelectionOwner = 1, 1, 22
	c.do(createWindow, 0, owner, c.Root(), 0, pair(1, 1), pair(0, inputOutput), 0, 0)
	c.do(setSelectionOwner, 0, owner, c.Atom("_NET_WM_CM_S0"), 0)
	const redirectSubwindows, automatic = 2, 0
	if err := c.conn.DoExtension("Composite", redirectSubwindows, pack([]uint32{c.Root(), automatic})); err != nil {
		c.t.Fatal(err)
	}
}

// Parent is the window that holds a window.
func (c *Client) Parent(window uint32) uint32 {
	c.t.Helper()
	parent, _, err := c.conn.Tree(window)
	if err != nil {
		c.t.Fatal(err)
	}
	return parent
}
