package x11

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"net"
	"slices"
	"testing"
	"time"
)

// tape is a connection to a server that says what is on it, whatever it is
// asked.
type tape struct {
	net.Conn
	says io.Reader
}

func (t tape) Read(b []byte) (int, error)  { return t.says.Read(b) }
func (t tape) Write(b []byte) (int, error) { return len(b), nil }
func (t tape) SetDeadline(time.Time) error { return nil }
func (t tape) Close() error                { return nil }

// against connects to a server that greets, and then says what it is told to.
func against(t *testing.T, says []byte) *Conn {
	t.Helper()
	body := greeting()
	head := binary.LittleEndian.AppendUint16([]byte{1, 0, 11, 0, 0, 0}, uint16(len(body)/4))
	c, err := start(tape{says: bytes.NewReader(slices.Concat(head, body, says))}, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// packet is a reply (1), error (0) or event for a request.
func packet(kind, data byte, seq uint16, words ...uint32) []byte {
	b := binary.LittleEndian.AppendUint16([]byte{kind, data}, seq)
	b = append(b, pack(words)...)
	for len(b) < 32 {
		b = append(b, 0)
	}
	return b
}

func pack(words []uint32) (out []byte) {
	for _, w := range words {
		out = binary.LittleEndian.AppendUint32(out, w)
	}
	return out
}

func TestRepliesFindTheirRequests(t *testing.T) {
	says := slices.Concat(
		packet(12, 0, 1),                        // an event nobody wanted
		append(packet(35, 0, 1, 1), 1, 2, 3, 4), // a longer one
		packet(0, BadMatch, 0, 5),               // of an earlier request
		packet(1, 0, 1, 0, 77),                  // an atom
		packet(0, BadWindow, 2, 9, 0x000e0000),  // no such window
		packet(1, 0, 4, 0),                      // after a request without a reply
		packet(1, 0, 5, 0, 78),
		packet(1, 0, 6, 0xffffffff), // far too long
	)
	c := against(t, says)
	if a, err := c.Atom("x"); err != nil || a != 77 {
		t.Errorf("atom %d, %v", a, err)
	}
	_, err := c.Geometry(9)
	if e := new(Error); !Gone(err) || !errors.As(err, &e) || e.ID != 9 {
		t.Errorf("geometry of no window: %v", err)
	}
	if err := c.Do(8, 0, pack([]uint32{9})); err != nil {
		t.Errorf("request without a reply: %v", err)
	}
	if a, err := c.Atom("y"); err != nil || a != 78 {
		t.Errorf("atom %d, %v", a, err)
	}
	for range 2 { // the connection is of no use any more
		if _, err := c.Atom("z"); err == nil || Refused(err) {
			t.Errorf("endless reply: %v", err)
		}
	}
}

func TestCloseEndsWaiting(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	ended := make(chan error)
	go func() { // the test waits for ended
		_, err := start(ours, nil, 0)
		ended <- err
	}()
	var hello [12]byte
	if _, err := io.ReadFull(theirs, hello[:]); err != nil {
		t.Fatal(err)
	}
	_ = ours.Close() // as Dial does when its context ends
	if err := <-ended; err == nil {
		t.Error("started without a server")
	}
}

// FuzzServer: nothing that a server says may do more than fail.
func FuzzServer(f *testing.F) {
	f.Add(slices.Concat(packet(1, 0, 1, 0, 1, 0x8c), packet(1, 0, 2, 0, 1, 5), packet(1, 0, 3)))
	f.Add(packet(35, 0, 0, 1<<30))
	f.Add(packet(0, 3, 1))
	f.Fuzz(func(t *testing.T, says []byte) {
		c := against(t, says)
		_, _ = c.Monitors()
		_, _ = c.Cursor()
		_, _ = c.Attributes(1)
		_, _, _ = c.Tree(1)
		_, _ = c.Property(1, 39)
		d, _ := c.Watch(1)
		c.Damaged(d)
		b := c.NewBuffer()
		b.noShare = true
		_, _ = b.Read(1, image.Rect(0, 0, 4, 4))
		_ = b.Close()
	})
}
