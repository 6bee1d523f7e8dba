package engine

// Snapshot is everything a face draws, at one moment. It is immutable: slices
// and what pointers point at are never changed after it was handed out.
type Snapshot struct {
	Revision     uint64 // rises with every change
	Registration RegistrationState
	Calls        []Call // oldest first; over ones stay for some seconds, so that their end can be shown
	Devices      []Device
	Chosen       DeviceChoice
	Sound        SoundState
	Notices      []Problem // of the machine as a whole: "No sound device was found. …"; each once
	DemoContact  string    // address of the echo contact of the built-in demo; "" outside it
}

// Call finds a call by id.
func (s Snapshot) Call(id CallID) (Call, bool) {
	for _, c := range s.Calls {
		if c.ID == id {
			return c, true
		}
	}
	return Call{}, false
}
