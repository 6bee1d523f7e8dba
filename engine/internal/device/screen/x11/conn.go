package x11

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// Limits of one exchange.
const (
	exchangeLimit = 2 * time.Second // a server that takes longer hangs
	maxReply      = 1 << 20         // of anything but pictures, bytes
	maxNotices    = 64              // kept until they are asked for
)

// Conn is a connection to an X server. It belongs to one goroutine, but for
// Close.
type Conn struct {
	Screen Screen // the one that DISPLAY names

	net        net.Conn
	in         *bufio.Reader
	out        *bufio.Writer
	setup      *setup
	seq        uint16 // of the last request
	ids        uint32 // how many were given out
	broken     error  // why nothing more can be said
	extensions map[string]extension
	damaged    map[uint32]bool // by the id of the Damage
}

// Error is what the server thinks of a request.
type Error struct {
	Code  byte
	Major byte
	Minor uint16
	ID    uint32 // what the request spoke of
}

// Codes of errors.
const (
	BadWindow   = 3
	BadMatch    = 8
	BadDrawable = 9
)

func (e *Error) Error() string {
	return fmt.Sprintf("x11: error %d for request %d.%d about %#x", e.Code, e.Major, e.Minor, e.ID)
}

// Gone reports whether the server says that a window is no more.
func Gone(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Code == BadWindow || e.Code == BadDrawable)
}

// Refused reports whether the server answered with an error, so that the
// connection goes on.
func Refused(err error) bool {
	var e *Error
	return errors.As(err, &e)
}

// Dial connects to a display as the DISPLAY variable names it.
func Dial(ctx context.Context, name string) (*Conn, error) {
	d, err := parseDisplay(name)
	if err != nil {
		return nil, err
	}
	conn, err := d.dial(ctx)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	return start(conn, d.cookie(), d.screen)
}

// start greets the server at the other end of conn, which it closes on failure.
func start(conn net.Conn, cookie []byte, screen int) (*Conn, error) {
	c := &Conn{
		net: conn, in: bufio.NewReaderSize(conn, 64<<10), out: bufio.NewWriter(conn),
		extensions: map[string]extension{}, damaged: map[uint32]bool{},
	}
	_ = conn.SetDeadline(time.Now().Add(exchangeLimit)) // fails only with what comes next
	var err error
	c.setup, err = greet(conn, cookie)
	switch {
	case err != nil:
	case screen >= len(c.setup.screens):
		err = fmt.Errorf("x11: there is no screen %d", screen)
	case !c.setup.lsbFirst:
		err = errors.New("x11: the server's pictures are big-endian")
	default:
		c.Screen = c.setup.screens[screen]
		c.Screen.Number = screen
		return c, nil
	}
	c.Close()
	return nil, err
}

// Close ends the connection and whatever waits for the server. It may be called
// from any goroutine, more than once.
func (c *Conn) Close() { _ = c.net.Close() }

// NewID is a name for a new thing on the server.
func (c *Conn) NewID() uint32 {
	c.ids++
	return c.setup.idBase | c.ids*(c.setup.idMask&-c.setup.idMask)&c.setup.idMask
}

// request is one under construction: code, a byte of data, room for the length.
type request []byte

func newRequest(major, data byte, words ...uint32) request {
	r := make(request, 4, 4+4*len(words))
	r[0], r[1] = major, data
	for _, w := range words {
		r = binary.LittleEndian.AppendUint32(r, w)
	}
	return r
}

// two puts two 16-bit numbers into a word.
func two(a, b int) uint32 { return uint32(uint16(a)) | uint32(uint16(b))<<16 }

func pad(b []byte) []byte {
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// send queues a request and gives its number. It goes out with the next wait.
// What the server thinks of a request without a reply is not learned.
func (c *Conn) send(r request) uint16 {
	r = pad(r)
	binary.LittleEndian.PutUint16(r[2:], uint16(len(r)/4))
	c.seq++
	if c.broken == nil {
		_ = c.net.SetDeadline(time.Now().Add(exchangeLimit))
		if _, err := c.out.Write(r); err != nil {
			c.broken = err
		}
	}
	return c.seq
}

// call sends a request and waits for its reply, at least need bytes long.
func (c *Conn) call(r request, need int) ([]byte, error) {
	reply, err := c.wait(c.send(r), maxReply)
	switch {
	case errors.Is(err, errPassed):
		return nil, c.fail(err)
	case err == nil && len(reply) < need:
		return nil, c.fail(fmt.Errorf("x11: reply of %d bytes where %d are needed", len(reply), need))
	}
	return reply, err
}

// check sends a request without a reply and waits until it is carried out.
func (c *Conn) check(r request) error {
	const getInputFocus = 43 // does nothing and has a reply
	seq := c.send(r)
	after := c.send(newRequest(getInputFocus, 0))
	_, err := c.wait(seq, maxReply)
	if errors.Is(err, errPassed) {
		return nil
	}
	if Refused(err) {
		_, _ = c.wait(after, maxReply) // a failure shows at the next exchange
	}
	return err
}

// errPassed says that a later request was answered: the one waited for was
// carried out and has no reply.
var errPassed = errors.New("x11: no reply")

func (c *Conn) fail(err error) error {
	if c.broken == nil {
		c.broken = err
	}
	return c.broken
}

// wait reads until the reply or error of a request. Events on the way are noted,
// errors of earlier requests passed over.
func (c *Conn) wait(seq uint16, limit uint32) ([]byte, error) {
	if c.broken != nil {
		return nil, c.broken
	}
	_ = c.net.SetDeadline(time.Now().Add(exchangeLimit))
	if err := c.out.Flush(); err != nil {
		return nil, c.fail(err)
	}
	for {
		var head [32]byte
		if _, err := io.ReadFull(c.in, head[:]); err != nil {
			return nil, c.fail(err)
		}
		switch head[0] {
		case 0:
			if e := parseError(head); binary.LittleEndian.Uint16(head[2:]) == seq {
				return nil, e
			}
		case 1:
			if reply, done, err := c.reply(head, seq, limit); done || err != nil {
				return reply, err
			}
		default:
			if err := c.note(head); err != nil {
				return nil, c.fail(err)
			}
		}
	}
}

// reply reads the rest of a reply. It is done with if it belongs to seq or to a
// later request.
func (c *Conn) reply(head [32]byte, seq uint16, limit uint32) (reply []byte, done bool, err error) {
	n := binary.LittleEndian.Uint32(head[4:])
	if n > limit/4 {
		return nil, true, c.fail(fmt.Errorf("x11: reply of %d words", n))
	}
	reply = make([]byte, 32+4*n)
	copy(reply, head[:])
	if _, err := io.ReadFull(c.in, reply[32:]); err != nil {
		return nil, true, c.fail(err)
	}
	switch late := int16(binary.LittleEndian.Uint16(head[2:]) - seq); {
	case late == 0:
		return reply, true, nil
	case late > 0:
		return nil, true, errPassed
	default:
		return nil, false, nil
	}
}

func parseError(head [32]byte) *Error {
	return &Error{
		Code: head[1], Major: head[10],
		Minor: binary.LittleEndian.Uint16(head[8:]), ID: binary.LittleEndian.Uint32(head[4:]),
	}
}

// note keeps what matters of an event: that something was damaged. Events that
// other programs made up have the highest bit set and are not believed.
func (c *Conn) note(head [32]byte) error {
	const generic = 35 // the one kind of event that can be longer
	if head[0]&0x7f == generic {
		n := binary.LittleEndian.Uint32(head[4:])
		if n > maxReply/4 {
			return fmt.Errorf("x11: event of %d words", n)
		}
		_, err := c.in.Discard(int(4 * n))
		return err
	}
	damage := c.extensions[damageName]
	if damage.major != 0 && head[0] == damage.firstEvent && len(c.damaged) < maxNotices {
		c.damaged[binary.LittleEndian.Uint32(head[8:])] = true
	}
	return nil
}
