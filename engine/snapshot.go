package engine

// Snapshot is everything a face draws, at one moment. It is immutable: slices
// and what pointers point at are never changed after it was handed out.
type Snapshot struct {
	Revision     uint64 // rises with every change
	Registration RegistrationState
	Calls        []Call // oldest first; over ones stay for some seconds, so that their end can be shown
	Devices      []Device
	Chosen       DeviceChoice
	InUse        DeviceChoice // what takes each role now: Chosen, or the ID of what stands for DeviceAuto or for a device that is unplugged
	Video        VideoLimits  // as set, with what a 0 stands for
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
