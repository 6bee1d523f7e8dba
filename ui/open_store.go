package ui

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"tring/ui/store"
)

// storeFile is where history and contacts are kept, below the user's
// configuration directory.
const storeFile = "tring/tring.db"

// OpenStore opens the user's history and contacts. It always gives a Store that
// works; what is wrong with the file the window tells. The caller closes it,
// after Run.
func OpenStore(ctx context.Context, log *slog.Logger) *store.Store {
	dir, err := os.UserConfigDir()
	if err != nil {
		log.Warn("there is no place for history and contacts", "error", err)
		return store.Memory(time.Now)
	}
	s, err := store.Open(ctx, filepath.Join(dir, filepath.FromSlash(storeFile)), time.Now)
	if err != nil {
		log.Warn("the file of history and contacts", "error", err)
	}
	return s
}
