//go:build (!gles && !arm && !arm64 && !android && !ios && !mobile && !wasm) || (darwin && !ios && !mobile)

// The same as for Fyne's own desktop OpenGL, which loads the functions.

package widgets

import (
	"strings"
	"unsafe"
	"weak"

	"github.com/go-gl/gl/v2.1/gl"
	"github.com/go-gl/glfw/v3.3/glfw"
)

// easel is what all plates of one OpenGL context draw with. It lives as long as
// the context, which takes it along when it is destroyed.
type easel struct {
	program uint32
	corners uint32
	spare   []uint32 // textures that no plate uses
	bgra    bool     // textures are to be in this order
	tried   bool     // a picture was drawn
	broken  bool
}

// easels are those of the contexts that were drawn in: of the windows that showed
// a picture, without keeping them.
var easels = map[weak.Pointer[glfw.Window]]*easel{}

// easelIn is that of a context, which must be the current one.
func easelIn(context *glfw.Window) *easel {
	key := weak.Make(context)
	e := easels[key]
	if e == nil {
		for old := range easels {
			if old.Value() == nil {
				delete(easels, old)
			}
		}
		e = newEasel()
		easels[key] = e
	}
	return e
}

const (
	plateVertex = `#version 110
attribute vec2 corner;
varying vec2 at;
void main() {
	at = vec2(corner.x, 1.0 - corner.y);
	gl_Position = vec4(2.0 * corner - 1.0, 0.0, 1.0);
}` + "\x00"

	// Nothing but the copy, which is what llvmpipe has a fast path for.
	plateFragment = `#version 110
uniform sampler2D picture;
varying vec2 at;
void main() { gl_FragColor = texture2D(picture, at); }` + "\x00"

	cornerAttribute = 0
)

func newEasel() *easel {
	e := &easel{bgra: strings.Contains(gl.GoStr(gl.GetString(gl.RENDERER)), "llvmpipe")}
	e.program = gl.CreateProgram()
	for kind, source := range map[uint32]string{gl.VERTEX_SHADER: plateVertex, gl.FRAGMENT_SHADER: plateFragment} {
		s := gl.CreateShader(kind)
		text, free := gl.Strs(source)
		gl.ShaderSource(s, 1, text, nil)
		free()
		gl.CompileShader(s)
		gl.AttachShader(e.program, s)
		gl.DeleteShader(s) // with the program
	}
	gl.BindAttribLocation(e.program, cornerAttribute, gl.Str("corner\x00"))
	gl.LinkProgram(e.program)
	var linked int32
	gl.GetProgramiv(e.program, gl.LINK_STATUS, &linked)
	e.broken = linked == gl.FALSE
	corners := [...]float32{0, 0, 1, 0, 0, 1, 1, 1} // of a triangle strip
	gl.GenBuffers(1, &e.corners)
	gl.BindBuffer(gl.ARRAY_BUFFER, e.corners)
	gl.BufferData(gl.ARRAY_BUFFER, int(unsafe.Sizeof(corners)), unsafe.Pointer(&corners), gl.STATIC_DRAW)
	return e
}

// glPlate is a picture in a texture. Its zero value has none.
type glPlate struct {
	easel         *easel // of the window that it was last drawn in
	texture       uint32
	width, height int // of the texture
}

func newPlate() plate { return &glPlate{} }

func (p *glPlate) usable() bool { return p.easel != nil && !p.easel.broken }

func (p *glPlate) begin() bool {
	context := glfw.GetCurrentContext()
	if context == nil || !gl.IsEnabled(gl.SCISSOR_TEST) {
		return false
	}
	e := easelIn(context)
	if p.easel != e {
		p.drop()
		p.easel = e
	}
	return !e.broken
}

func (p *glPlate) load(pix []byte, width, height int) {
	if len(pix) < 4*width*height || width <= 0 || height <= 0 {
		return
	}
	if p.texture == 0 {
		p.texture = p.easel.take()
	}
	gl.ActiveTexture(gl.TEXTURE0)
	gl.BindTexture(gl.TEXTURE_2D, p.texture)
	if width != p.width || height != p.height {
		p.width, p.height = width, height
		// The order of what comes decides about the order within, and llvmpipe
		// copies quickly from its window's own alone.
		format, kind := uint32(gl.RGBA), uint32(gl.UNSIGNED_BYTE)
		if p.easel.bgra {
			format, kind = gl.BGRA, gl.UNSIGNED_INT_8_8_8_8_REV
		}
		gl.TexImage2D(gl.TEXTURE_2D, 0, gl.RGBA, int32(width), int32(height), 0, format, kind, nil)
	}
	gl.TexSubImage2D(gl.TEXTURE_2D, 0, 0, 0, int32(width), int32(height), gl.RGBA, gl.UNSIGNED_BYTE, unsafe.Pointer(&pix[0]))
}

// draw leaves OpenGL as it was.
func (p *glPlate) draw(x, y, width, height int) {
	if p.texture == 0 {
		return
	}
	e := p.easel
	if !e.tried {
		for range 16 { // of whoever came before
			if gl.GetError() == gl.NO_ERROR {
				break
			}
		}
	}
	var window [4]int32
	gl.GetIntegerv(gl.VIEWPORT, &window[0])
	gl.Viewport(int32(x), window[3]-int32(y+height), int32(width), int32(height))
	gl.Disable(gl.BLEND)
	gl.UseProgram(e.program)
	gl.BindBuffer(gl.ARRAY_BUFFER, e.corners)
	gl.EnableVertexAttribArray(cornerAttribute)
	gl.VertexAttribPointerWithOffset(cornerAttribute, 2, gl.FLOAT, false, 0, 0)
	gl.ActiveTexture(gl.TEXTURE0)
	gl.BindTexture(gl.TEXTURE_2D, p.texture)
	// Pixel for pixel, but for a moment while the window changes its size.
	filter := int32(gl.NEAREST)
	if width != p.width || height != p.height {
		filter = gl.LINEAR
	}
	gl.TexParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter)
	gl.TexParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter)
	gl.DrawArrays(gl.TRIANGLE_STRIP, 0, 4)
	gl.Enable(gl.BLEND)
	gl.Viewport(window[0], window[1], window[2], window[3])
	// Fyne sets program, buffer, pointers and texture before each use.
	if !e.tried {
		e.tried = true
		e.broken = gl.GetError() != gl.NO_ERROR
	}
}

// drop leaves the texture to the next picture: there is no context here in which
// to delete it.
func (p *glPlate) drop() {
	if p.texture != 0 {
		p.easel.spare = append(p.easel.spare, p.texture)
	}
	p.texture, p.width, p.height = 0, 0, 0
}

// take gives a texture.
func (e *easel) take() uint32 {
	if last := len(e.spare) - 1; last >= 0 {
		t := e.spare[last]
		e.spare = e.spare[:last]
		return t
	}
	var t uint32
	gl.GenTextures(1, &t)
	gl.BindTexture(gl.TEXTURE_2D, t)
	gl.TexParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE)
	gl.TexParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE)
	return t
}
