package ui

import (
	"os"
	"testing"
)

func TestDrawLeanKeepsWhatIsSet(t *testing.T) {
	t.Setenv(softwareVariable, "texmem")
	drawLean()
	if got := os.Getenv(softwareVariable); got != "texmem" {
		t.Errorf("changed to %q", got)
	}
	if err := os.Unsetenv(softwareVariable); err != nil { // t.Setenv brings it back
		t.Fatal(err)
	}
	drawLean()
	if got := os.Getenv(softwareVariable); got != softwareWish {
		t.Errorf("%q", got)
	}
}
