// Package screen turns screens and windows into cameras: List says what there
// is, Open gives pictures of one.
//
//	List ─ list_linux.go ┐
//	Open ─ camera.go     ├ session_linux.go ─ x11
//	        └ source_linux.go ─ target_linux.go ┘
//
// A Camera keeps the pace and repeats what does not change; a source takes one
// picture at a time. For X11 the source asks a target (a monitor, the whole
// desktop, a window) where its pixels are now, reads them, draws the pointer in
// (paint.go), converts and scales. There is no goroutine: whoever reads the
// Camera drives it, and Close cuts the connection under it.
//
// Windows are read off the screen through the Composite extension, so what
// covers them is not seen. Without it only their visible part is shown and the
// rest is grey: what another window shows is nobody's business.
//
// Wayland, Windows and macOS are not served yet and say so.
package screen
