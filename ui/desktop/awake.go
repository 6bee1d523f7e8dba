package desktop

// Awake keeps the display from being dimmed or locked while there is somebody to
// be seen on it and no hand on the mouse.
type Awake interface {
	// Keep asks the system for it, or takes that back. It never waits. Where a
	// system cannot, nothing happens.
	Keep(on bool)
	// Close takes it back and joins what was started. It can be called more than
	// once.
	Close()
}

// LetSleep keeps no display awake.
type LetSleep struct{}

// Keep implements Awake.
func (LetSleep) Keep(bool) {}

// Close implements Awake.
func (LetSleep) Close() {}
