package device

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"tring/engine/internal/i420"
)

// Bounds of what is believed of a YUV4MPEG2 file.
const (
	maxY4MHeader      = 4096    // bytes of the stream's header line
	maxY4MFrameHeader = 256     // bytes of a picture's header line
	maxY4MFrames      = 2 << 20 // pictures: 19 hours at 30 a second, 16 MB of index
)

// y4mFile is a YUV4MPEG2 file whose pictures have all been found.
// The format is described in the man page yuv4mpeg(5) of mjpegtools.
type y4mFile struct {
	file          io.ReaderAt
	width, height int
	num, den      int64   // pictures per second
	offsets       []int64 // of each picture's first luma byte
}

// openY4M reads the header and looks where each picture lies. Errors say what
// is wrong and at which byte.
func openY4M(ctx context.Context, file io.ReaderAt, size int64) (*y4mFile, error) {
	line, err := readLine(file, 0, size, maxY4MHeader)
	if err != nil {
		return nil, fmt.Errorf("no YUV4MPEG2 header at its beginning")
	}
	y := &y4mFile{file: file, num: 30, den: 1}
	if err := y.parseHeader(line); err != nil {
		return nil, err
	}
	if err := y.index(ctx, int64(len(line))+1, size); err != nil {
		return nil, err
	}
	return y, nil
}

func (y *y4mFile) parseHeader(line []byte) error {
	fields := strings.Split(string(line), " ")
	if fields[0] != "YUV4MPEG2" {
		return errors.New("no YUV4MPEG2 header at its beginning")
	}
	for _, field := range fields[1:] {
		if field == "" {
			continue
		}
		value := field[1:]
		var err error
		switch field[0] {
		case 'W':
			y.width, err = parseSide("width", value)
		case 'H':
			y.height, err = parseSide("height", value)
		case 'F':
			err = y.parseRate(value)
		case 'C':
			err = checkColour(value)
		}
		// I (interlacing), A (pixel shape) and X (comments) change nothing here.
		if err != nil {
			return err
		}
	}
	switch {
	case y.width == 0:
		return errors.New("the header gives no width (W)")
	case y.height == 0:
		return errors.New("the header gives no height (H)")
	case y.width*y.height > maxPixels:
		return fmt.Errorf("%dx%d is more than 8 megapixels", y.width, y.height)
	}
	return nil
}

func parseSide(name, value string) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("the header's %s %q is not a positive number", name, clip(value))
	}
	if n > maxSide {
		return 0, fmt.Errorf("the header's %s %d is more than %d", name, n, maxSide)
	}
	return n, nil
}

// parseRate takes a fraction; 0:0 means unknown and leaves the default.
func (y *y4mFile) parseRate(value string) error {
	a, b, ok := strings.Cut(value, ":")
	num, err1 := strconv.ParseInt(a, 10, 32)
	den, err2 := strconv.ParseInt(b, 10, 32)
	if !ok || err1 != nil || err2 != nil || num < 0 || den < 0 {
		return fmt.Errorf("the header's rate %q is not a fraction", clip(value))
	}
	if num == 0 && den == 0 {
		return nil
	}
	if num == 0 || den == 0 || num > maxFPS*den || den > 60*num {
		return fmt.Errorf("the header's rate %s is not between one a minute and %d a second", value, maxFPS)
	}
	y.num, y.den = num, den
	return nil
}

// checkColour lets 8-bit 4:2:0 pass; its variants only differ in where chroma
// was sampled, which nobody sees.
func checkColour(value string) error {
	switch value {
	case "420", "420jpeg", "420mpeg2", "420paldv":
		return nil
	}
	if strings.HasPrefix(value, "420p") {
		return fmt.Errorf("its colour space C%s has more than 8 bits", clip(value))
	}
	return fmt.Errorf("its colour space C%s is not 4:2:0", clip(value))
}

// clip bounds what of a file is repeated in a message.
func clip(s string) string {
	if len(s) > 24 {
		s = s[:24] + "…"
	}
	return strings.ToValidUTF8(s, "?")
}

func (y *y4mFile) chroma() (width, height int) { return (y.width + 1) / 2, (y.height + 1) / 2 }

func (y *y4mFile) pictureSize() int64 {
	cw, ch := y.chroma()
	return int64(y.width)*int64(y.height) + 2*int64(cw)*int64(ch)
}

// index walks from header to header. It reads a few bytes for each picture.
func (y *y4mFile) index(ctx context.Context, at, size int64) error {
	for at < size {
		if len(y.offsets)&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		n := len(y.offsets) + 1
		line, err := readLine(y.file, at, size, maxY4MFrameHeader)
		if err != nil || !bytes.Equal(line, []byte("FRAME")) && !bytes.HasPrefix(line, []byte("FRAME ")) {
			return fmt.Errorf("damaged at byte %d, where picture %d should begin", at, n)
		}
		at += int64(len(line)) + 1
		if size-at < y.pictureSize() {
			return fmt.Errorf("cut off in picture %d: %d of %d bytes are there", n, size-at, y.pictureSize())
		}
		if n > maxY4MFrames {
			return fmt.Errorf("more than %d pictures", maxY4MFrames)
		}
		y.offsets = append(y.offsets, at)
		at += y.pictureSize()
	}
	if len(y.offsets) == 0 {
		return errors.New("it holds no picture")
	}
	return nil
}

// readLine gives the line at the offset without its end.
func readLine(file io.ReaderAt, at, size int64, limit int) ([]byte, error) {
	// Most lines are "FRAME": a short read first.
	for _, length := range []int{16, limit} {
		buffer := make([]byte, min(int64(length), size-at))
		if n, err := file.ReadAt(buffer, at); n < len(buffer) {
			return nil, err
		}
		if end := bytes.IndexByte(buffer, '\n'); end >= 0 {
			return buffer[:end], nil
		}
	}
	return nil, errors.New("no end of line")
}

// read fills a picture of the pool with picture n.
func (y *y4mFile) read(n int, pool *i420.Pool) (*i420.Picture, error) {
	p, at := pool.Get(y.width, y.height), y.offsets[n]
	for _, plane := range [][]byte{p.Y, p.Cb, p.Cr} { // of a pool their rows leave no gaps, as in the file
		if got, err := y.file.ReadAt(plane, at); got < len(plane) {
			p.Release()
			return nil, fmt.Errorf("picture %d cannot be read: %w", n+1, err)
		}
		at += int64(len(plane))
	}
	return p, nil
}
