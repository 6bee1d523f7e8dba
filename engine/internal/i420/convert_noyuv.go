//go:build !cgo || noyuv

package i420

// Backend names what converts pictures in this build.
const Backend = "go"

// Version is empty: there is no library.
func Version() string { return "" }

func scalePlane(dst, src plane) { goScalePlane(dst, src) }

func toRGBA(dst plane, src [3]plane) { goToRGBA(dst, src) }

func fromRGBA(dst [3]plane, src plane) { goFromRGBA(dst, src) }

func fromBGRA(dst [3]plane, src plane) { goFromBGRA(dst, src) }

func fromYUYV(dst [3]plane, src plane) { goFromYUYV(dst, src) }

func fromNV12(dst [3]plane, luma, pairs plane) { goFromNV12(dst, luma, pairs) }
