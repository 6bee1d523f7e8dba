//go:build cgo && !noyuv

package i420

/*
#cgo linux LDFLAGS: -lyuv
#cgo darwin CFLAGS: -I/opt/homebrew/include -I/usr/local/include
#cgo darwin LDFLAGS: -L/opt/homebrew/lib -L/usr/local/lib -lyuv
#cgo windows LDFLAGS: -lyuv -lstdc++
#cgo noescape ScalePlane
#cgo nocallback ScalePlane
#cgo noescape I420ToABGR
#cgo nocallback I420ToABGR
#cgo noescape ABGRToI420
#cgo nocallback ABGRToI420
#cgo noescape ARGBToI420
#cgo nocallback ARGBToI420
#cgo noescape YUY2ToI420
#cgo nocallback YUY2ToI420
#cgo noescape NV12ToI420
#cgo nocallback NV12ToI420
#include <stdint.h>
#include <libyuv/convert.h>
#include <libyuv/convert_argb.h>
#include <libyuv/scale.h>
#include <libyuv/version.h>
*/
import "C"

import (
	"strconv"
	"unsafe"
)

// Backend names what converts pictures in this build.
const Backend = "libyuv"

// Version is the library's own number for itself.
func Version() string { return strconv.Itoa(C.LIBYUV_VERSION) }

// libyuv names a layout by its value in a little-endian register: its ABGR is
// RGBA in memory, its ARGB BGRA. All callers have checked the planes.

func ptr(p plane) *C.uint8_t { return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(p.pix))) }

func stride(p plane) C.int { return C.int(p.stride) }

// maxReduction is how much libyuv may shrink a side at once. Its box filter adds
// up in 16 bits and divides by a 16-bit reciprocal: far beyond this the sums
// overflow.
const maxReduction = 16

func scalePlane(dst, src plane) {
	if src.w > maxReduction*dst.w || src.h > maxReduction*dst.h {
		goScalePlane(dst, src)
		return
	}
	C.ScalePlane(ptr(src), stride(src), C.int(src.w), C.int(src.h),
		ptr(dst), stride(dst), C.int(dst.w), C.int(dst.h), C.kFilterBox)
}

func toRGBA(dst plane, src [3]plane) {
	C.I420ToABGR(ptr(src[0]), stride(src[0]), ptr(src[1]), stride(src[1]), ptr(src[2]), stride(src[2]),
		ptr(dst), stride(dst), C.int(src[0].w), C.int(src[0].h))
}

func fromRGBA(dst [3]plane, src plane) {
	C.ABGRToI420(ptr(src), stride(src),
		ptr(dst[0]), stride(dst[0]), ptr(dst[1]), stride(dst[1]), ptr(dst[2]), stride(dst[2]),
		C.int(dst[0].w), C.int(dst[0].h))
}

func fromBGRA(dst [3]plane, src plane) {
	C.ARGBToI420(ptr(src), stride(src),
		ptr(dst[0]), stride(dst[0]), ptr(dst[1]), stride(dst[1]), ptr(dst[2]), stride(dst[2]),
		C.int(dst[0].w), C.int(dst[0].h))
}

func fromYUYV(dst [3]plane, src plane) {
	C.YUY2ToI420(ptr(src), stride(src),
		ptr(dst[0]), stride(dst[0]), ptr(dst[1]), stride(dst[1]), ptr(dst[2]), stride(dst[2]),
		C.int(dst[0].w), C.int(dst[0].h))
}

func fromNV12(dst [3]plane, luma, pairs plane) {
	C.NV12ToI420(ptr(luma), stride(luma), ptr(pairs), stride(pairs),
		ptr(dst[0]), stride(dst[0]), ptr(dst[1]), stride(dst[1]), ptr(dst[2]), stride(dst[2]),
		C.int(luma.w), C.int(luma.h))
}
