package device

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRecordingGoesOn: each call opens the speaker anew, and all of them are in
// the recording; another program's file of that name is begun anew.
func TestRecordingGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "heard.wav")
	if err := os.WriteFile(path, make([]byte, 100_000), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r, err := openRecorder(path, func(err error) { t.Error(err) })
		if err != nil {
			t.Fatal(err)
		}
		r.write(make([]float32, 4800))
		if err := r.close(); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Size() != wavHeader+2*4800*2 {
		t.Errorf("size %v, %v", info.Size(), err)
	}
}
