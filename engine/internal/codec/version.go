package codec

/*
#cgo pkg-config: vpx opus
#include <vpx/vpx_codec.h>
#include <opus.h>
*/
import "C"

// Versions are what the libraries that are linked call themselves.
func Versions() (vpx, opus string) {
	return C.GoString(C.vpx_codec_version_str()), C.GoString(C.opus_get_version_string())
}
