package main

import (
	"image"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tring/ui/store"
)

// TestE2EKilledInCall: a program killed in the middle of a call loses nothing.
// Started again, it signs in by what the keyring has, and its history, contacts
// and settings are whole.
func TestE2EKilledInCall(t *testing.T) {
	url := exchange(t)
	b, s := newBus(t), newScreen(t)
	devices := []string{"--camera", "test", "--microphone", "none", "--speaker", "none", "--size", "320x240"}
	env := append([]string{"FYNE_THEME=light"}, b.env...)
	s.run(env, append(devices, "--server", url, "--client-id", "tring", "--user", "alice@example.com")...)
	s.place("Tring", 1000, 680)
	s.tool("type", "secret-alice") // the one field of the form that is empty
	s.keys("Return")
	header := func(img image.Image) bool { return s.white(img, 300, 20) } // of the home screen, with no sheet over it
	s.await("the home screen", header)
	s.keys("ctrl+2") // the contacts stay chosen: a setting
	s.await("the contacts", func(img image.Image) bool { return s.white(img, 250, 227) })
	s.click(340, 283)
	s.await("the new contact", func(img image.Image) bool { return !header(img) })
	s.tool("type", "Dora")
	s.keys("Tab")
	s.tool("type", "dora@example.com")
	s.keys("Return")
	s.await("the list with the contact", header)
	config := filepath.Join(s.home, ".config")
	s.await("the saved contact", func(image.Image) bool {
		text, err := os.ReadFile(filepath.Join(config, "tring", "tring.db-wal"))
		return err == nil && strings.Contains(string(text), "dora@example.com")
	})
	s.tool("type", "echo")
	s.keys("ctrl+Return")
	s.await("the echo's picture", showsVideo)

	first := s.programs[0]
	if err := first.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	s.run(env, devices...)
	bob := phone(t, url, "bob")
	bob.reach("alice")
	second := s.programs[1]
	_ = second.Process.Signal(syscall.SIGTERM)
	_ = second.Wait()
	bob.say("quit")
	bob.exit()

	kept, err := store.Open(t.Context(), filepath.Join(config, "tring", "tring.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	calls := kept.History(store.Query{})
	last := len(calls) - 1
	for i, e := range calls {
		if e.Address == "echo@example.com" {
			last = i
		}
	}
	if last < 0 || calls[last].Address != "echo@example.com" || calls[last].Outcome != store.Answered || calls[last].Ended.Before(calls[last].Answered) {
		t.Errorf("the history: %+v", calls)
	}
	if all := kept.Contacts(); len(all) != 1 || all[0].Name != "Dora" {
		t.Errorf("the contacts: %+v", all)
	}
	settings := kept.Settings()
	if settings["homeTab"] != "1" || settings["user"] != "alice@example.com" {
		t.Errorf("the settings: %v", settings)
	}
	for key, value := range settings {
		if strings.Contains(value, "secret-alice") {
			t.Errorf("the password is kept as %s", key)
		}
	}
}

// reach calls somebody until it rings there, and gives up: who can be reached is
// signed in.
func (p *program) reach(user string) {
	p.t.Helper()
	for range 100 {
		p.say("call %s", user)
		for {
			line := p.await("call:stateChange")
			if line["state"] == "Ringing" {
				p.say("hangup")
			}
			if line["state"] == "Ended" {
				if line["previous"] == "Ringing" {
					return
				}
				break
			}
		}
	}
	p.t.Fatalf("%s never rings", user)
}

// white looks at one pixel of the window.
func (s *screen) white(img image.Image, x, y int) bool {
	r, g, b, _ := img.At(s.window.Min.X+x, s.window.Min.Y+y).RGBA()
	return min(r, g, b)>>8 == 0xff
}
