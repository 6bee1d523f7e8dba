// Package widgets holds the window's building blocks. They only present: each
// shows what it is told and raises OnX callbacks; it knows no engine state.
//
// All of them live on the main goroutine, except for the engine's side of
// VideoView (TargetSize, ShowFrame), which any goroutine may call.
//
// Start reading with Button and Text; VideoView, FramePump and surface are the
// pieces with a performance story.
package widgets
