// Package video moves pictures: from the camera to everybody who wants them,
// into frames for the network, and from packets back to pictures on a screen.
//
//	camera → Hub ┬→ Renderer → engine.VideoSink (self-view)
//	             └→ Sender: pace → fit → encode → EncodedFrame → peer
//	peer → Receiver: reorder → assemble → decode → play-out ┬→ Renderer → engine.VideoSink
//	                                                        └→ Last → EncodePNG (snapshot)
//
// Every arrow between goroutines is a slot with room for one picture, where the
// newest wins: nobody waits for a slow screen or encoder, and no picture is
// older than need be. In steady state neither way makes garbage.
//
// What decides is in parts that know no clock and no goroutine, each tested by
// itself: governor (what the machine can do), fitter and strain (what the bit
// rate can do), keyGate and shield (what the far end asks for), reorder and
// assembler (what is whole), playout and gallery (when it is shown).
package video
