package codec

/*
#cgo pkg-config: vpx
#cgo noescape tring_dec_data
#cgo nocallback tring_dec_data
#include <stdlib.h>
#include <vpx/vpx_decoder.h>
#include <vpx/vp8dx.h>

typedef struct {
	vpx_codec_ctx_t ctx;
	const uint8_t *data; // the next frame, until tring_dec_job is done
	unsigned len;
	vpx_codec_err_t err; // of the job
	int corrupted;       // data had to be made up
	vpx_image_t *img;    // the decoder's own, until the next frame; NULL for none
} tring_dec;

static tring_dec *tring_dec_new(void) {
	tring_dec *d = calloc(1, sizeof *d);
	vpx_codec_dec_cfg_t cfg = {1, 0, 0}; // one thread: a frame takes 2 ms
	if (d && vpx_codec_dec_init(&d->ctx, vpx_codec_vp8_dx(), &cfg, 0) != VPX_CODEC_OK) {
		free(d);
		d = NULL;
	}
	return d;
}

static void tring_dec_free(tring_dec *d) {
	vpx_codec_destroy(&d->ctx);
	free(d);
}

// tring_dec_data says what tring_dec_job is to decode.
static void tring_dec_data(tring_dec *d, const uint8_t *data, unsigned len) {
	d->data = data;
	d->len = len;
}

// tring_dec_job decodes one frame.
void tring_dec_job(void *p) {
	tring_dec *d = p;
	d->corrupted = 0;
	d->err = vpx_codec_decode(&d->ctx, d->data, d->len, NULL, 0);
	d->data = NULL;
	if (d->err == VPX_CODEC_OK)
		d->err = vpx_codec_control(&d->ctx, VP8D_GET_FRAME_CORRUPTED, &d->corrupted);
	vpx_codec_iter_t iter = NULL;
	d->img = vpx_codec_get_frame(&d->ctx, &iter); // after an error: let go of what was made of it
}
*/
import "C"

import (
	"errors"
	"fmt"
	"sync"
	"unsafe"

	"tring/engine/internal/i420"
)

// VP8Decoder decodes the frames of one sender, in order. Its methods may be
// called from any goroutine.
//
// libvpx decodes on without an error when a frame is missing, and shows smears:
// the caller watches the continuity of what it feeds.
type VP8Decoder struct {
	pool *i420.Pool

	mu      sync.Mutex
	c       *C.tring_dec // nil after Close
	thread  *thread
	haveKey bool
}

// NewVP8Decoder makes a decoder that lends its pictures from pool.
func NewVP8Decoder(pool *i420.Pool) (*VP8Decoder, error) {
	c := C.tring_dec_new()
	if c == nil {
		return nil, errors.New("codec: cannot make a VP8 decoder")
	}
	thread, err := newThread()
	if err != nil {
		C.tring_dec_free(c)
		return nil, err
	}
	return &VP8Decoder{pool: pool, c: c, thread: thread}, nil
}

// Decode decodes one frame and gives its picture, to be released by the caller;
// nil for a frame that is not meant to be shown. After ErrVP8Frame,
// ErrNoKeyFrame and ErrTooLarge the decoder waits for a key frame and refuses
// all others with ErrNoKeyFrame.
func (d *VP8Decoder) Decode(frame []byte) (*i420.Picture, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.c == nil {
		return nil, ErrClosed
	}
	header, err := ParseVP8Header(frame)
	if err != nil {
		d.haveKey = false
		return nil, err
	}
	if !header.KeyFrame && !d.haveKey {
		return nil, ErrNoKeyFrame
	}
	d.haveKey = false // until this one is known to be good
	d.thread.pin(&frame[0])
	C.tring_dec_data(d.c, (*C.uint8_t)(&frame[0]), C.uint(len(frame)))
	d.thread.do(C.tring_dec_job, unsafe.Pointer(d.c))
	if d.c.err != C.VPX_CODEC_OK || d.c.corrupted != 0 {
		return nil, fmt.Errorf("%w: libvpx says %d", ErrVP8Frame, int(d.c.err))
	}
	img := d.c.img
	if img == nil {
		if header.Shown {
			return nil, fmt.Errorf("%w: no picture", ErrVP8Frame)
		}
		d.haveKey = true
		return nil, nil
	}
	w, h := int(img.d_w), int(img.d_h)
	if w <= 0 || h <= 0 || w > MaxVP8Side || h > MaxVP8Side || (header.KeyFrame && (w != header.Width || h != header.Height)) {
		return nil, fmt.Errorf("%w: decoded to %dx%d", ErrVP8Frame, w, h)
	}
	d.haveKey = true
	p := d.pool.Get(w, h)
	copyOut(p.Y, p.YStride, img.planes[0], img.stride[0], w, h)
	copyOut(p.Cb, p.CStride, img.planes[1], img.stride[1], (w+1)/2, (h+1)/2)
	copyOut(p.Cr, p.CStride, img.planes[2], img.stride[2], (w+1)/2, (h+1)/2)
	return p, nil
}

// copyOut copies a plane of libvpx, w by h bytes.
func copyOut(dst []byte, dstStride int, src *C.uchar, srcStride C.int, w, h int) {
	stride := int(srcStride)
	from := unsafe.Slice((*byte)(unsafe.Pointer(src)), stride*(h-1)+w)
	for y := range h {
		copy(dst[y*dstStride:y*dstStride+w], from[y*stride:])
	}
}

// Close frees the decoder. More than one call does no harm.
func (d *VP8Decoder) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.c != nil {
		d.thread.close()
		C.tring_dec_free(d.c)
		d.c = nil
		trimMemory()
	}
	return nil
}
