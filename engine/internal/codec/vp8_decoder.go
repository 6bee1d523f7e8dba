package codec

/*
#cgo pkg-config: vpx
#cgo noescape tring_dec_decode
#cgo nocallback tring_dec_decode
#include <stdlib.h>
#include <vpx/vpx_decoder.h>
#include <vpx/vp8dx.h>

static vpx_codec_ctx_t *tring_dec_new(void) {
	vpx_codec_ctx_t *ctx = calloc(1, sizeof *ctx);
	vpx_codec_dec_cfg_t cfg = {1, 0, 0}; // one thread: a frame takes 2 ms
	if (ctx && vpx_codec_dec_init(ctx, vpx_codec_vp8_dx(), &cfg, 0) != VPX_CODEC_OK) {
		free(ctx);
		ctx = NULL;
	}
	return ctx;
}

static void tring_dec_free(vpx_codec_ctx_t *ctx) {
	vpx_codec_destroy(ctx);
	free(ctx);
}

// tring_dec_decode takes one frame; corrupted is set when data had to be made up.
static vpx_codec_err_t tring_dec_decode(vpx_codec_ctx_t *ctx, const uint8_t *data, unsigned len, int *corrupted) {
	vpx_codec_err_t err = vpx_codec_decode(ctx, data, len, NULL, 0);
	if (err == VPX_CODEC_OK)
		err = vpx_codec_control(ctx, VP8D_GET_FRAME_CORRUPTED, corrupted);
	return err;
}

// tring_dec_frame gives the picture of the last frame, or NULL. It is the
// decoder's own and lasts until the next frame.
static vpx_image_t *tring_dec_frame(vpx_codec_ctx_t *ctx) {
	vpx_codec_iter_t iter = NULL;
	return vpx_codec_get_frame(ctx, &iter);
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
	ctx     *C.vpx_codec_ctx_t // nil after Close
	haveKey bool
}

// NewVP8Decoder makes a decoder that lends its pictures from pool.
func NewVP8Decoder(pool *i420.Pool) (*VP8Decoder, error) {
	ctx := C.tring_dec_new()
	if ctx == nil {
		return nil, errors.New("codec: cannot make a VP8 decoder")
	}
	return &VP8Decoder{pool: pool, ctx: ctx}, nil
}

// Decode decodes one frame and gives its picture, to be released by the caller;
// nil for a frame that is not meant to be shown. After ErrVP8Frame,
// ErrNoKeyFrame and ErrTooLarge the decoder waits for a key frame and refuses
// all others with ErrNoKeyFrame.
func (d *VP8Decoder) Decode(frame []byte) (*i420.Picture, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ctx == nil {
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
	var corrupted C.int
	code := C.tring_dec_decode(d.ctx, (*C.uint8_t)(&frame[0]), C.uint(len(frame)), &corrupted)
	if code != C.VPX_CODEC_OK || corrupted != 0 {
		C.tring_dec_frame(d.ctx) // let go of what was made of it
		return nil, fmt.Errorf("%w: libvpx says %d", ErrVP8Frame, int(code))
	}
	img := C.tring_dec_frame(d.ctx)
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
	if d.ctx != nil {
		C.tring_dec_free(d.ctx)
		d.ctx = nil
		trimMemory()
	}
	return nil
}
