// Command gallery shows the window with a scripted engine in a chosen state,
// to be looked at:
//
//	go run ./ui/uitest/gallery -state call -theme dark
//
// -state list names the states. What the window asks of the engine is printed.
package main

import (
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"tring/engine"
	"tring/engine/enginetest"
	"tring/ui"
	"tring/ui/store"
	"tring/ui/uitest"
)

func main() {
	name := flag.String("state", "home", "what to show")
	look := flag.String("theme", "", "light or dark; as the system if empty")
	flag.Parse()
	if *look != "" {
		if err := os.Setenv("FYNE_THEME", *look); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	state, found := find(*name)
	if !found {
		os.Exit(2)
	}
	if err := show(state); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func find(name string) (uitest.State, bool) {
	for _, s := range uitest.States() {
		if s.Name == name {
			return s, true
		}
	}
	for _, s := range uitest.States() {
		fmt.Println(s.Name)
	}
	return uitest.State{}, false
}

func show(state uitest.State) error {
	fake := enginetest.New()
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		play(fake, state, stop)
	}()
	defer func() {
		close(stop)
		<-done
	}()
	config := ui.Config{Engine: fake, Version: "gallery", Account: uitest.Alice, Store: store.Memory(time.Now)}
	if state.Filled {
		if err := uitest.Fill(config.Store, time.Now()); err != nil {
			return err
		}
	}
	if state.Demo {
		config.Demo = &ui.Demo{Account: uitest.Alice, Contact: uitest.EchoContact}
	}
	return ui.Run(config)
}

// play goes to the state and keeps pictures coming until stop.
func play(fake *enginetest.Fake, state uitest.State, stop <-chan struct{}) {
	frames := time.NewTicker(time.Second / 15)
	defer frames.Stop()
	fake.SetScreens(uitest.Screens())
	for step := 0; ; step++ {
		switch step {
		case 8:
			if state.Before != nil {
				fake.SetSnapshot(state.Before(time.Now()))
			}
		case 16:
			for _, e := range uitest.SampleEvents(time.Now()) {
				fake.Emit(e)
			}
			fake.SetSnapshot(state.Snapshot(time.Now()))
			for _, e := range state.Events {
				e.Time = time.Now()
				fake.Emit(e)
			}
		}
		for _, c := range append(fake.Snapshot().Calls, engine.Call{}) {
			fake.Push(c.ID, engine.RemoteVideo, 1280, 720, uitest.Scene(step))
			fake.Push(c.ID, engine.LocalVideo, 640, 480, uitest.Scene(step/2))
		}
		fake.SetStats(uitest.Stats(step / 15))
		loud := 0.02 + 0.2*math.Abs(math.Sin(float64(step)/9))
		fake.SetSoundLevels(engine.SoundLevels{Microphone: engine.Level{RMS: loud, Peak: 2 * loud}, Speaking: true})
		for _, a := range fake.Actions() {
			fmt.Println("asked:", a)
			obey(fake, a)
		}
		select {
		case <-stop:
			return
		case <-frames.C:
		}
	}
}

// obey does what a real engine would, as far as it can be seen.
func obey(fake *enginetest.Fake, a enginetest.Action) {
	fake.Update(func(s *engine.Snapshot) {
		if kind, choice, _ := strings.Cut(a.Text, " "); a.Method == "SelectDevice" {
			for n, chosen := range map[string]*string{"0": &s.Chosen.Camera, "1": &s.Chosen.Microphone, "2": &s.Chosen.Speaker, "3": &s.Chosen.Ringer} {
				if n == kind {
					*chosen = choice
				}
			}
		}
		if a.Method == "Call" {
			c := uitest.Call(engine.Connected, engine.Outgoing, time.Now())
			c.ID, c.RemoteName, c.RemoteAddress, c.ConnectedAt = engine.CallID(a.Result), "", a.Text, time.Now()
			s.Calls = append(s.Calls, c)
		}
		for i := range s.Calls {
			if c := &s.Calls[i]; c.ID == a.Call {
				change(c, a)
			}
		}
	})
}

func change(c *engine.Call, a enginetest.Action) {
	switch a.Method {
	case "Hold", "Unhold":
		c.LocalHold = a.Method == "Hold"
		c.State = engine.Connected
		if c.LocalHold || c.RemoteHold {
			c.State = engine.OnHold
		}
		c.RemoteVideo = c.State == engine.Connected
	case "SetMuted":
		c.Muted = a.On
	case "SetVideo":
		c.SendingVideo = a.On
	case "ShareScreen":
		c.ScreenShared = a.Text != ""
	case "Accept":
		c.State, c.ConnectedAt, c.RemoteVideo, c.Media = engine.Connected, time.Now(), true, engine.MediaFlowing
	case "Hangup", "Reject", "TransferTo", "Transfer":
		c.State, c.EndedAt, c.End.Reason = engine.Ended, time.Now(), engine.ReasonHungUpHere
	}
}
