package ui

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"tring/ui/store"
)

// Where history, contacts and settings are kept, below the user's configuration
// directory.
const (
	storeFile = "tring/tring.db"
	demoFile  = "tring/demo.db" // the demo, which can run beside the program, has its own
)

// OpenStore opens the user's history, contacts and settings, or those of the demo.
// It always gives a Store that works; what is wrong with the file the window tells.
// The caller closes it, after Run.
func OpenStore(ctx context.Context, demo bool, log *slog.Logger) *store.Store {
	name := storeFile
	if demo {
		name = demoFile
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		log.Warn("there is no place for history and contacts", "error", err)
		return store.Memory(time.Now)
	}
	s, err := store.Open(ctx, filepath.Join(dir, filepath.FromSlash(name)), time.Now)
	if err != nil {
		log.Warn("the file of history and contacts", "error", err)
	}
	return s
}
