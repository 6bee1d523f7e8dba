package engine

// Frame is one picture ready to be drawn: tightly packed RGBA, 4*Width bytes
// a line, alpha 255.
//
// A Frame belongs to whoever received it until Release, which must be called
// exactly once and gives Pix back to the engine's pool; after it Pix must not
// be read.
type Frame struct {
	Pix           []byte
	Width, Height int // of Pix, in pixels
	SourceWidth   int // of the picture as decoded or captured, before scaling
	SourceHeight  int
	Release       func()
}

// VideoSink takes a video's pictures, scaled to fit it.
type VideoSink interface {
	// TargetSize is the room for the picture in physical pixels. Pictures are
	// scaled down or up to fit into it, keeping their shape. 0, 0 means that
	// nothing can be seen (hidden, minimised): then nothing is converted and
	// ShowFrame is not called. It is called from the engine's goroutines before
	// each picture and must not block.
	TargetSize() (width, height int)

	// ShowFrame takes over f. It is called from one goroutine of the engine
	// and must not block: a sink that is still busy keeps the newest and
	// releases the older one.
	ShowFrame(f Frame)
}

// VideoSource says which picture a sink wants.
type VideoSource int

// The pictures of a call, and the camera's own outside calls.
const (
	RemoteVideo VideoSource = iota // what the far end of the call sends
	LocalVideo                     // what this side sends, as it was captured; not mirrored
)
