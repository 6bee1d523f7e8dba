//go:build !((!gles && !arm && !arm64 && !android && !ios && !mobile && !wasm) || (darwin && !ios && !mobile))

package widgets

// newPlate gives none with OpenGL ES: see plate_gl.go.
func newPlate() plate { return nil }

func sweep() {}
