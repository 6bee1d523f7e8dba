// Package video moves pictures: from the camera to everybody who wants them,
// into frames for the network, and from packets back to pictures on a screen.
//
//	camera → Hub ┬→ Renderer → engine.VideoSink (self-view)
//	             └→ Sender → EncodedFrame → peer
//	peer → Receiver: reorder → assemble → decode ┬→ Renderer → engine.VideoSink
//	                                             └→ Last → EncodePNG (snapshot)
//
// Every arrow between goroutines is a slot with room for one picture, where the
// newest wins: nobody waits for a slow screen or encoder, and no picture is
// older than need be.
package video
