package engine

// Level is how loud a sound is, 0 to 1 of full scale.
type Level struct {
	Peak float64 // rises at once, falls by half in 100 ms
	RMS  float64 // averaged over about 300 ms
}

// SoundLevels is what is heard at this moment, to be drawn some times a
// second. All is zero while the devices are closed.
type SoundLevels struct {
	Microphone Level // before anything is done to it
	Speaker    Level
	Speaking   bool // somebody speaks into the microphone
}

// SoundProcessing says what is done to the microphone's sound before it is
// sent. All of it is on at first.
type SoundProcessing struct {
	EchoCancellation bool // what the speaker plays is taken out
	NoiseSuppression bool // fans, hum and hiss are taken out
	AutomaticGain    bool // speech is brought to a usual level
}

// SoundState is the sound's part of a Snapshot.
type SoundState struct {
	Processing SoundProcessing // what is wished
	// Missing is why it cannot be had here, in one sentence; "" if it can.
	Missing      string
	DoNotDisturb bool    // calls do not ring here
	RingerVolume float64 // 0 to 1
}
