// Package x11 speaks as much of the X protocol as watching a screen takes:
// windows, their properties, pictures of them, the pointer, and the extensions
// MIT-SHM, RANDR, Composite, XFIXES and DAMAGE.
//
// It is written in Go for safety's sake. Xlib ends the process when a window
// vanishes at the wrong moment unless a handler is set, and there is one handler
// for the whole process, which belongs to the window toolkit. Here an X error is
// an error value, every exchange has a time limit, and closing the connection
// from another goroutine ends whatever waits.
//
//	display.go     what DISPLAY means, and the cookie that opens it
//	setup.go       what the server says of itself at the start
//	conn.go        requests out; replies, errors and events in
//	window.go      windows and their properties
//	extension.go   monitors, redirection, the cursor, damage
//	picture.go     reading pixels, through shared memory where it can be had
//
// The protocol: https://www.x.org/releases/X11R7.7/doc/xproto/x11protocol.html,
// its encoding in appendix B; the extensions beside it under the same roof.
package x11
