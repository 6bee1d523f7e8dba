package device

// Synthetic says that the microphone is a file, a test tone or nothing at all:
// there is no room, and so no echo and no noise to take out of it.
func (s *sound) Synthetic() bool { return s.wish.microphone == "" }
