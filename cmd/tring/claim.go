package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tring/cmd/tring/instance"
)

// claim makes this start the one with the window, or hands its link to the one
// that is there. code is how the program ends; it goes on for a negative one.
// The demo and headless ones, which have no accounts in common with the window,
// do not ask.
func claim(o *options, log *logbook, stdout, stderr io.Writer) (first *instance.Instance, code int) {
	dir, err := os.UserConfigDir()
	if err == nil {
		first, err = instance.Claim(context.Background(), filepath.Join(dir, "tring"), instance.Start{Link: o.link, Hidden: o.hidden}, log.Logger)
	}
	switch {
	case err == nil:
		return first, -1
	case errors.Is(err, instance.ErrHandedOver):
		said := "Tring is running already: its window is in front now."
		switch {
		case o.link != "":
			said = "Tring is running already: its window is in front now and has the link."
		case o.hidden:
			said = "Tring is running already."
		}
		if o.given {
			said += " The options of this start do not count."
		}
		fmt.Fprintln(stdout, "tring: "+said)
		return nil, exitOK
	case errors.Is(err, instance.ErrSilent):
		fmt.Fprintln(stderr, "tring: Tring is running already, but does not answer. End that program, then start Tring again.")
		return nil, exitFailure
	}
	log.Warn("it cannot be told whether Tring is running already", "error", err)
	return nil, -1
}
