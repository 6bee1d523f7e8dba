// Package uitest helps to test the window: a queue that stands in for Fyne's
// main goroutine, snapshots in every state that a screen knows, and moving
// pictures for a scripted engine. The program in uitest/gallery shows them in
// a real window.
package uitest
