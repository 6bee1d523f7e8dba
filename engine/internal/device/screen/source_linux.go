package screen

import (
	"context"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"strconv"
	"strings"

	"tring/engine/internal/device/screen/x11"
	"tring/engine/internal/i420"
)

// Open opens what List gave as a camera that takes up to maxFPS pictures a
// second; 0 stands for 15. Pictures come from pool; nil stands for one of its
// own. Errors are *engine.Problem.
func Open(ctx context.Context, id string, maxFPS float64, pool *i420.Pool, log *slog.Logger) (*Camera, error) {
	if pool == nil {
		pool = new(i420.Pool)
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	conn, err := dial(ctx)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, conn.Close)
	defer stop()
	s := &x11Source{conn: conn, pool: pool, log: log, buffer: conn.NewBuffer()}
	name, err := s.aim(id)
	if err != nil {
		conn.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, err
	}
	return newCamera(name, maxFPS, pool, s), nil
}

// x11Source takes pictures of a target.
type x11Source struct {
	conn   *x11.Conn
	pool   *i420.Pool
	log    *slog.Logger
	buffer *x11.Buffer
	target target
	damage x11.Damage // zero where the server cannot tell changes

	last     view
	pointer  pointer
	failures int // readings refused in a row
}

// pointer is what of the pointer can change.
type pointer struct {
	rect   image.Rectangle
	serial uint32
}

// aim finds what id means and makes sure that it can be shown.
func (s *x11Source) aim(id string) (name string, err error) {
	kind, number, _ := strings.Cut(id, ":")
	n, err := strconv.ParseUint(number, 10, 32)
	switch {
	case err == nil && kind == idWindow:
		name, err = s.aimAtWindow(uint32(n))
	case err == nil && kind == idMonitor:
		name, err = s.aimAtDesktop(uint32(n))
	default:
		return "", unknownScreen(fmt.Errorf("screen: %.40q", id))
	}
	if err != nil {
		return "", asProblem(err, unknownScreen)
	}
	v, err := s.target.locate(s.conn)
	if err != nil {
		return "", asProblem(err, unknownScreen)
	}
	if v.release != nil {
		v.release()
	}
	if v.hidden {
		return "", minimised(name)
	}
	s.damage, err = s.conn.Watch(s.target.window())
	if err != nil && !errors.Is(err, x11.ErrMissing) {
		return "", asProblem(err, unknownScreen)
	}
	return name, nil
}

func (s *x11Source) aimAtDesktop(monitor uint32) (string, error) {
	monitors, err := monitorsOf(s.conn)
	if err != nil {
		return "", err
	}
	for i, m := range monitors {
		if m.Name == monitor {
			name := monitorName(i, m)
			s.target = desktop{root: s.conn.Screen.Root, monitor: monitor, name: name}
			return name, nil
		}
	}
	if monitor != wholeDesktop {
		return "", errNoMonitor
	}
	s.target = desktop{root: s.conn.Screen.Root, name: desktopName}
	return desktopName, nil
}

func (s *x11Source) aimAtWindow(id uint32) (string, error) {
	a, err := s.conn.Attributes(id)
	if err != nil {
		return "", err
	}
	names, err := newNames(s.conn)
	if err != nil {
		return "", err
	}
	name, err := names.of(id)
	if err != nil {
		return "", err
	}
	switch {
	case !a.Viewable:
		return "", minimised(name)
	case a.InputOnly || !s.conn.Readable(a.Visual):
		return "", unreadable(strconv.Quote(name), x11.ErrColours)
	}
	p := &pane{id: id, name: name}
	s.target = p
	return name, p.redirect(s.conn)
}

// asProblem says refused if the server said no, and that the display is lost if
// nothing can be asked any more. A Problem stays what it is.
func asProblem(err error, refused func(error) error) error {
	switch {
	case isProblem(err):
		return err
	case x11.Refused(err), errors.Is(err, errNoMonitor), errors.Is(err, x11.ErrMissing):
		return refused(err)
	default:
		return displayLost(err)
	}
}

// maxFailures is how often in a row a picture may be refused: a window that just
// comes or goes is refused once or twice.
const maxFailures = 30

// grab implements source.
func (s *x11Source) grab(force bool) (*i420.Picture, error) {
	v, err := s.target.locate(s.conn)
	if err != nil {
		return nil, asProblem(err, s.target.gone)
	}
	if v.release != nil {
		defer v.release()
	}
	if v.hidden {
		s.last = v
		return nil, nil
	}
	look, now := s.look(v)
	// Changes are counted anew from before the reading, so that none is lost.
	changed := s.conn.Damaged(s.damage)
	if !changed && !force && now == s.pointer && v.same(s.last) {
		return nil, nil
	}
	p, err := s.read(v, look)
	switch {
	case x11.Refused(err):
		return nil, s.refused(err)
	case errors.Is(err, x11.ErrTooLarge), errors.Is(err, i420.ErrSize):
		return nil, unreadable("the screen", err)
	case err != nil:
		return nil, asProblem(err, s.target.gone)
	}
	s.last, s.pointer, s.failures = v, now, 0
	return p, nil
}

// refused counts readings that the server refused though there should be
// something to see. It must not go on so: people would talk about a picture that
// stands still.
func (s *x11Source) refused(err error) error {
	s.last = view{}
	if s.failures++; s.failures < maxFailures {
		s.log.Debug("screen not read", "error", err)
		return nil
	}
	if p, ok := s.target.(*pane); ok && p.pixmap != 0 {
		s.log.Warn("a window cannot be read off the screen; its visible part is shown", "error", err)
		p.pixmap, s.failures = 0, 0
		return nil
	}
	return unreadable("the screen", err)
}

// look asks for the pointer, as far as it is in the view.
func (s *x11Source) look(v view) (x11.CursorImage, pointer) {
	if !v.pointer {
		return x11.CursorImage{}, pointer{}
	}
	look, err := s.conn.Cursor()
	if err != nil || !look.Rect.Overlaps(v.part.Sub(v.part.Min).Add(v.origin)) {
		return x11.CursorImage{}, pointer{} // what is wrong with the connection shows with the picture
	}
	return look, pointer{look.Rect, look.Serial}
}

// read takes the picture, draws the pointer and converts.
func (s *x11Source) read(v view, look x11.CursorImage) (*i420.Picture, error) {
	pix, err := s.buffer.Read(v.drawable, v.part)
	if err != nil {
		return nil, err
	}
	c := canvas{pix, v.part.Dx(), v.part.Dy()}
	for _, r := range v.covered {
		c.grey(r)
	}
	if len(look.Pixels) > 0 {
		c.over(canvas{look.Pixels, look.Rect.Dx(), look.Rect.Dy()}, look.Rect.Min.Sub(v.origin))
	}
	p, err := i420.FromBGRA(s.pool, pix, 4*c.w, c.w&^1, c.h&^1)
	if err != nil {
		return nil, err
	}
	w, h := fit(c.w, c.h)
	if w == p.Width() && h == p.Height() {
		return p, nil
	}
	defer p.Release()
	small := s.pool.Get(w, h)
	if err := i420.Scale(small, p); err != nil {
		small.Release()
		return nil, err
	}
	return small, nil
}

func (s *x11Source) abort() { s.conn.Close() }

func (s *x11Source) free() error { return s.buffer.Close() }
