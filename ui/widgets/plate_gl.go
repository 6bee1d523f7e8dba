//go:build (!gles && !arm && !arm64 && !android && !ios && !mobile && !wasm) || (darwin && !ios && !mobile)

// The same as for Fyne's own desktop OpenGL, which loads the functions.

package widgets

import (
	"image"
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
	dead    []uint32 // textures to be deleted
	bgra    bool     // textures are to be in this order
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
	renderer := gl.GoStr(gl.GetString(gl.RENDERER))
	e := &easel{bgra: strings.Contains(renderer, "llvmpipe")}
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
	if e.broken = linked == gl.FALSE; e.broken {
		directLog.Warn("pictures are left to Fyne: the shader cannot be linked", "renderer", renderer)
	} else {
		directLog.Info("pictures are drawn directly", "renderer", renderer)
	}
	corners := [...]float32{0, 0, 1, 0, 0, 1, 1, 1} // of a triangle strip
	gl.GenBuffers(1, &e.corners)
	gl.BindBuffer(gl.ARRAY_BUFFER, e.corners)
	gl.BufferData(gl.ARRAY_BUFFER, int(unsafe.Sizeof(corners)), unsafe.Pointer(&corners), gl.STATIC_DRAW)
	return e
}

// currentContext is nil if no window is at hand.
func currentContext() *glfw.Window {
	if !direct {
		return nil
	}
	return glfw.GetCurrentContext()
}

// sweep deletes textures, if there is a context.
func sweep() {
	context := currentContext()
	if context == nil {
		return
	}
	if e := easels[weak.Make(context)]; e != nil && len(e.dead) > 0 {
		gl.DeleteTextures(int32(len(e.dead)), &e.dead[0])
		e.dead = nil
	}
}

// glPlate is a picture in a texture. Its zero value has none.
type glPlate struct {
	easel         *easel // of the window that it was last drawn in
	texture       uint32
	width, height int  // of the texture
	unproven      bool // it has not been drawn in this size
}

func newPlate() plate { return &glPlate{} }

func (p *glPlate) usable() bool { return p.easel != nil && !p.easel.broken }

func (p *glPlate) begin() bool {
	context := currentContext()
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
	gl.ActiveTexture(gl.TEXTURE0)
	if p.texture == 0 {
		gl.GenTextures(1, &p.texture)
		gl.BindTexture(gl.TEXTURE_2D, p.texture)
		gl.TexParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE)
		gl.TexParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE)
	}
	gl.BindTexture(gl.TEXTURE_2D, p.texture)
	if width != p.width || height != p.height {
		for range 16 { // errors of whoever came before
			if gl.GetError() == gl.NO_ERROR {
				break
			}
		}
		p.width, p.height, p.unproven = width, height, true
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
func (p *glPlate) draw(x, y, width, height int) bool {
	e := p.easel
	if p.texture == 0 {
		return !e.broken
	}
	var window, box [4]int32
	gl.GetIntegerv(gl.VIEWPORT, &window[0])
	gl.GetIntegerv(gl.SCISSOR_BOX, &box[0])
	y = int(window[3]) - y - height // from below
	limit := image.Rect(int(box[0]), int(box[1]), int(box[0]+box[2]), int(box[1]+box[3]))
	limit = loosen(limit, image.Rect(x, y, x+width, y+height))
	gl.Scissor(int32(limit.Min.X), int32(limit.Min.Y), int32(limit.Dx()), int32(limit.Dy()))
	gl.Viewport(int32(x), int32(y), int32(width), int32(height))
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
	gl.Scissor(box[0], box[1], box[2], box[3])
	// Fyne sets program, buffer, pointers and texture before each use.
	if p.unproven {
		p.unproven = false
		if code := gl.GetError(); code != gl.NO_ERROR {
			e.broken = true
			directLog.Warn("pictures are left to Fyne: OpenGL reports an error", "code", code, "width", p.width, "height", p.height)
		}
	}
	return !e.broken
}

// drop leaves the texture to sweep: here is no context in which to delete it.
func (p *glPlate) drop() {
	if p.texture != 0 {
		p.easel.dead = append(p.easel.dead, p.texture)
	}
	p.texture, p.width, p.height = 0, 0, 0
}
