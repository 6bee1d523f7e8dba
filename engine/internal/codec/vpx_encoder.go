package codec

/*
#cgo pkg-config: vpx
#cgo noescape tring_enc_picture
#cgo nocallback tring_enc_picture
#include <stdlib.h>
#include <vpx/vpx_encoder.h>
#include <vpx/vp8cx.h>

typedef struct {
	vpx_codec_ctx_t ctx;
	vpx_codec_enc_cfg_t cfg;
	vpx_image_t img; // the next picture, until tring_enc_job is done
	int64_t pts;
	unsigned long duration;
	int key;
	int err;         // of the job
	int quantizer;   // of the frame made last
	const void *out; // the frame made last, libvpx's own until the next; NULL if left out
	size_t out_len;
	unsigned still; // static threshold in force
} tring_enc;

// The settings of a conversation: see the words beside the constants in Go.
static tring_enc *tring_enc_new(unsigned w, unsigned h, unsigned threads, unsigned kbps, int resilient,
		int speed, unsigned key_interval, unsigned drop, unsigned max_intra, unsigned buffer_ms, int *err) {
	tring_enc *e = calloc(1, sizeof *e);
	if (!e) {
		*err = VPX_CODEC_MEM_ERROR;
		return NULL;
	}
	vpx_codec_enc_cfg_t *c = &e->cfg;
	if ((*err = vpx_codec_enc_config_default(vpx_codec_vp8_cx(), c, 0)))
		goto fail;
	c->g_w = w;
	c->g_h = h;
	c->g_threads = threads;
	c->g_timebase.num = 1;
	c->g_timebase.den = 90000;
	c->g_pass = VPX_RC_ONE_PASS;
	c->g_lag_in_frames = 0;
	c->g_error_resilient = resilient ? VPX_ERROR_RESILIENT_DEFAULT : 0;
	c->rc_end_usage = VPX_CBR;
	c->rc_target_bitrate = kbps;
	c->rc_resize_allowed = 0;
	c->rc_dropframe_thresh = drop;
	c->rc_min_quantizer = 2;
	c->rc_max_quantizer = 56;
	c->rc_undershoot_pct = 100;
	c->rc_overshoot_pct = 15;
	c->rc_buf_initial_sz = buffer_ms * 5 / 6;
	c->rc_buf_optimal_sz = buffer_ms;
	c->rc_buf_sz = buffer_ms * 4 / 3;
	c->kf_mode = key_interval ? VPX_KF_AUTO : VPX_KF_DISABLED;
	c->kf_min_dist = 0;
	c->kf_max_dist = key_interval;
	if ((*err = vpx_codec_enc_init(&e->ctx, vpx_codec_vp8_cx(), c, 0)))
		goto fail;
	if ((*err = vpx_codec_control(&e->ctx, VP8E_SET_CPUUSED, -speed)) ||
			(*err = vpx_codec_control(&e->ctx, VP8E_SET_NOISE_SENSITIVITY, 0u)) ||
			(*err = vpx_codec_control(&e->ctx, VP8E_SET_STATIC_THRESHOLD, e->still = 1u)) ||
			(*err = vpx_codec_control(&e->ctx, VP8E_SET_TOKEN_PARTITIONS, VP8_ONE_TOKENPARTITION)) ||
			(*err = vpx_codec_control(&e->ctx, VP8E_SET_MAX_INTRA_BITRATE_PCT, max_intra))) {
		vpx_codec_destroy(&e->ctx);
		goto fail;
	}
	return e;
fail:
	free(e);
	return NULL;
}

static int tring_enc_configure(tring_enc *e, unsigned kbps, int resilient) {
	e->cfg.rc_target_bitrate = kbps;
	e->cfg.g_error_resilient = resilient ? VPX_ERROR_RESILIENT_DEFAULT : 0;
	return vpx_codec_enc_config_set(&e->ctx, &e->cfg);
}

static int tring_enc_speed(tring_enc *e, int speed) {
	return vpx_codec_control(&e->ctx, VP8E_SET_CPUUSED, -speed);
}

// tring_enc_still tells libvpx below which error a block of the next picture is
// left as it was: see still.go.
static int tring_enc_still(tring_enc *e, unsigned threshold) {
	e->still = threshold;
	return vpx_codec_control(&e->ctx, VP8E_SET_STATIC_THRESHOLD, threshold);
}

// tring_enc_picture says what tring_enc_job is to encode.
static int tring_enc_picture(tring_enc *e, uint8_t *y, uint8_t *u, uint8_t *v, int y_stride, int c_stride,
		int64_t pts, unsigned long duration, int key) {
	vpx_image_t *img = vpx_img_wrap(&e->img, VPX_IMG_FMT_I420, e->cfg.g_w, e->cfg.g_h, 1, y);
	if (!img)
		return VPX_CODEC_MEM_ERROR;
	img->planes[VPX_PLANE_Y] = y;
	img->planes[VPX_PLANE_U] = u;
	img->planes[VPX_PLANE_V] = v;
	img->stride[VPX_PLANE_Y] = y_stride;
	img->stride[VPX_PLANE_U] = img->stride[VPX_PLANE_V] = c_stride;
	e->pts = pts;
	e->duration = duration;
	e->key = key;
	return VPX_CODEC_OK;
}

// tring_enc_job copies the picture before it returns: no pointer is kept. With
// one token partition and no look-ahead, a picture gives one packet at most.
void tring_enc_job(void *p) {
	tring_enc *e = p;
	e->out = NULL;
	e->out_len = 0;
	vpx_image_t *img = &e->img;
	e->err = vpx_codec_encode(&e->ctx, img, e->pts, e->duration, e->key ? VPX_EFLAG_FORCE_KF : 0, VPX_DL_REALTIME);
	img->planes[VPX_PLANE_Y] = img->planes[VPX_PLANE_U] = img->planes[VPX_PLANE_V] = NULL;
	if (e->err)
		return;
	vpx_codec_iter_t iter = NULL;
	const vpx_codec_cx_pkt_t *pkt;
	while ((pkt = vpx_codec_get_cx_data(&e->ctx, &iter)))
		if (pkt->kind == VPX_CODEC_CX_FRAME_PKT) {
			e->out = pkt->data.frame.buf;
			e->out_len = pkt->data.frame.sz;
		}
	if (e->out_len)
		e->err = vpx_codec_control(&e->ctx, VP8E_GET_LAST_QUANTIZER, &e->quantizer);
}

static void tring_enc_free(tring_enc *e) {
	vpx_codec_destroy(&e->ctx);
	free(e);
}
*/
import "C"

import (
	"fmt"
	"unsafe"

	"tring/engine/internal/i420"
)

const (
	// dropBelow is the fill of the rate control's buffer, in per cent, under
	// which it leaves out pictures.
	dropBelow = 20

	// bufferMillis is how far the rate control looks at most: what it may have
	// saved up or overdrawn when the target changes. At 600 ms the five seconds
	// after a change missed the new target by 9 %, at 300 by 4.
	bufferMillis = 300

	// maxIntraPercent bounds a key frame, in per cent of an average frame: what
	// 150 ms carry at 30 pictures a second. More would hold up the sound.
	maxIntraPercent = 450
)

// vpxEncoder is one encoder of libvpx for one picture size. Not for more than
// one goroutine at a time.
type vpxEncoder struct {
	c      *C.tring_enc
	thread *thread
	w, h   int
}

func newVPXEncoder(p VP8Params, w, h int) (*vpxEncoder, error) {
	if w <= 0 || h <= 0 || w > MaxVP8Side || h > MaxVP8Side || w*h > MaxVP8Pixels {
		return nil, fmt.Errorf("%w: %dx%d", ErrTooLarge, w, h)
	}
	var drop C.uint = dropBelow
	if p.KeepAllFrames {
		drop = 0
	}
	var code C.int
	c := C.tring_enc_new(C.uint(w), C.uint(h), C.uint(p.threads(w, h)), C.uint(p.BitRate/1000),
		flag(p.ErrorResilient), C.int(p.Speed), C.uint(p.KeyFrameInterval), drop, maxIntraPercent, bufferMillis, &code)
	if c == nil {
		return nil, fmt.Errorf("codec: make VP8 encoder of %dx%d: %w", w, h, vpxError(code))
	}
	thread, err := newThread()
	if err != nil {
		C.tring_enc_free(c)
		return nil, err
	}
	return &vpxEncoder{c: c, thread: thread, w: w, h: h}, nil
}

// encode appends the frame of p to buf; nothing if the rate control left it out.
func (v *vpxEncoder) encode(buf []byte, p *i420.Picture, pts, duration int64, key bool) ([]byte, error) {
	cw, ch := (v.w+1)/2, (v.h+1)/2
	if p.YStride < v.w || p.CStride < cw || len(p.Y) < p.YStride*(v.h-1)+v.w ||
		min(len(p.Cb), len(p.Cr)) < p.CStride*(ch-1)+cw {
		return buf, fmt.Errorf("%w: shorter than %dx%d", i420.ErrSize, v.w, v.h)
	}
	v.thread.pin(&p.Y[0])
	v.thread.pin(&p.Cb[0])
	v.thread.pin(&p.Cr[0])
	code := C.tring_enc_picture(v.c, (*C.uint8_t)(&p.Y[0]), (*C.uint8_t)(&p.Cb[0]), (*C.uint8_t)(&p.Cr[0]),
		C.int(p.YStride), C.int(p.CStride), C.int64_t(pts), C.ulong(duration), flag(key))
	if code == C.VPX_CODEC_OK {
		v.thread.do(C.tring_enc_job, unsafe.Pointer(v.c))
		code = v.c.err
	}
	if code != C.VPX_CODEC_OK {
		return buf, fmt.Errorf("codec: encode VP8: %w", vpxError(code))
	}
	if v.c.out == nil {
		return buf, nil
	}
	buf = append(buf, unsafe.Slice((*byte)(v.c.out), int(v.c.out_len))...)
	return buf, v.followQuantizer()
}

// followQuantizer sets what counts as still in the next picture by how the last
// one was quantized. Telling libvpx sets up more than that, so small changes
// are left alone.
func (v *vpxEncoder) followQuantizer() error {
	want, is := stillThreshold(int(v.c.quantizer)), int(v.c.still)
	if off := want - is; max(off, -off)*8 <= is {
		return nil
	}
	if code := C.tring_enc_still(v.c, C.uint(want)); code != C.VPX_CODEC_OK {
		return fmt.Errorf("codec: set up VP8 encoder: %w", vpxError(code))
	}
	return nil
}

func (v *vpxEncoder) configure(p VP8Params) error {
	if code := C.tring_enc_configure(v.c, C.uint(p.BitRate/1000), flag(p.ErrorResilient)); code != C.VPX_CODEC_OK {
		return fmt.Errorf("codec: set up VP8 encoder: %w", vpxError(code))
	}
	return nil
}

func (v *vpxEncoder) setSpeed(speed int) error {
	if code := C.tring_enc_speed(v.c, C.int(speed)); code != C.VPX_CODEC_OK {
		return fmt.Errorf("codec: set up VP8 encoder: %w", vpxError(code))
	}
	return nil
}

func (v *vpxEncoder) close() {
	v.thread.close()
	C.tring_enc_free(v.c)
	v.c = nil
	trimMemory()
}

// vpxError is a result code of libvpx.
type vpxError C.int

func (e vpxError) Error() string {
	return C.GoString(C.vpx_codec_err_to_string(C.vpx_codec_err_t(e)))
}

func flag(on bool) C.int {
	if on {
		return 1
	}
	return 0
}
