package engine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// allowed says which packages of this module a package may import, by prefix:
// the doors of the house (ARCHITECTURE.md). "std" allows the standard library
// alone beside them.
var allowed = map[string]struct {
	doors   []string
	stdOnly bool
	forbid  []string // packages outside this module
}{
	"tring/cmd/tring":                               {doors: []string{"tring/ui", "tring/engine", "tring/engine/core", "tring/engine/switchboard", "tring/engine/switchboard/echo", "tring/assets", "tring/cmd/tring/*"}},
	"tring/cmd/tring/*":                             {doors: []string{"tring/engine"}, forbid: append(mediaLibraries, "fyne.io/fyne")},
	"tring/cmd/switchboard":                         {doors: []string{"tring/engine", "tring/engine/switchboard", "tring/engine/switchboard/echo"}},
	"tring/ui":                                      {doors: []string{"tring/ui/*", "tring/engine", "tring/assets"}, forbid: mediaLibraries},
	"tring/ui/uitest/gallery":                       {doors: []string{"tring/ui", "tring/ui/*", "tring/engine", "tring/engine/enginetest", "tring/assets"}},
	"tring/ui/store":                                {doors: []string{"tring/engine"}, forbid: append(mediaLibraries, "fyne.io/fyne")},
	"tring/ui/*":                                    {doors: []string{"tring/ui/*", "tring/engine", "tring/engine/enginetest", "tring/assets"}, forbid: mediaLibraries},
	"tring/assets":                                  {},
	"tring/engine":                                  {stdOnly: true},
	"tring/engine/enginetest":                       {doors: []string{"tring/engine"}, stdOnly: true},
	"tring/engine/core":                             {doors: []string{"tring/engine", "tring/engine/internal/*"}},
	"tring/engine/switchboard":                      {doors: []string{"tring/engine/internal/kandyapi"}, forbid: cgoLibraries},
	"tring/engine/switchboard/echo":                 {doors: []string{"tring/engine", "tring/engine/switchboard", "tring/engine/internal/peer"}, forbid: cgoLibraries},
	"tring/engine/interop":                          {doors: []string{"tring/engine/switchboard", "tring/engine/switchboard/echo", "tring/engine/internal/audio/audiotest"}},
	"tring/engine/internal/call":                    {doors: []string{"tring/engine"}, stdOnly: true},
	"tring/engine/internal/signaling":               {doors: []string{"tring/engine"}, stdOnly: true},
	"tring/engine/internal/kandyapi":                {stdOnly: true},
	"tring/engine/internal/checkup":                 {doors: []string{"tring/engine"}, stdOnly: true},
	"tring/engine/internal/signaling/signalingtest": {doors: []string{"tring/engine", "tring/engine/internal/signaling"}},
	"tring/engine/internal/kandy":                   {doors: []string{"tring/engine", "tring/engine/internal/signaling", "tring/engine/internal/kandyapi"}, forbid: mediaLibraries},
	"tring/engine/internal/peer":                    {doors: []string{"tring/engine", "tring/engine/internal/peer/*"}, forbid: cgoLibraries},
	"tring/engine/internal/peer/*":                  {doors: []string{"tring/engine/internal/peer/*"}, forbid: cgoLibraries},
	"tring/engine/internal/i420":                    {doors: []string{}},
	"tring/engine/internal/device":                  {doors: []string{"tring/engine", "tring/engine/internal/i420", "tring/engine/internal/device/screen"}},
	"tring/engine/internal/device/screen":           {doors: []string{"tring/engine", "tring/engine/internal/i420", "tring/engine/internal/device/screen/x11"}, forbid: cgoLibraries},
	"tring/engine/internal/device/screen/x11":       {forbid: cgoLibraries},
	"tring/engine/internal/device/screen/x11/*":     {doors: []string{"tring/engine/internal/device/screen/x11"}},
	"tring/engine/internal/codec":                   {doors: []string{"tring/engine", "tring/engine/internal/i420"}},
	"tring/engine/internal/video":                   {doors: []string{"tring/engine", "tring/engine/internal/i420", "tring/engine/internal/codec", "tring/engine/internal/device"}},
	"tring/engine/internal/audio":                   {doors: []string{"tring/engine", "tring/engine/internal/codec", "tring/engine/internal/device", "tring/engine/internal/audio/apm", "tring/engine/internal/audio/echo"}},
	"tring/engine/internal/audio/apm":               {},
	"tring/engine/internal/audio/echo":              {stdOnly: true},
	"tring/engine/internal/audio/audiotest":         {stdOnly: true},
}

var (
	cgoLibraries   = []string{"github.com/pion/mediadevices", "github.com/gen2brain/malgo", "github.com/hraban/opus", "fyne.io/fyne"}
	mediaLibraries = []string{"github.com/pion/", "github.com/gen2brain/malgo", "github.com/hraban/opus"}
)

// TestImports holds every package to its doors.
func TestImports(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "tring/cmd/...", "tring/ui/...", "tring/engine/...", "tring/assets/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(out))
	for {
		var pkg struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		rule, ok := allowed[pkg.ImportPath]
		if !ok {
			rule, ok = allowed[pkg.ImportPath[:strings.LastIndexByte(pkg.ImportPath, '/')]+"/*"]
		}
		if !ok {
			t.Errorf("%s has no rule: every package has a place in the architecture", pkg.ImportPath)
			continue
		}
		for _, imp := range pkg.Imports {
			ours := strings.HasPrefix(imp, "tring/")
			switch {
			case ours && !matches(imp, rule.doors):
				t.Errorf("%s may not import %s", pkg.ImportPath, imp)
			case !ours && rule.stdOnly && strings.Contains(imp, "."):
				t.Errorf("%s may import the standard library alone, not %s", pkg.ImportPath, imp)
			case !ours && hasPrefix(imp, rule.forbid):
				t.Errorf("%s may not import %s", pkg.ImportPath, imp)
			}
		}
	}
}

func matches(imp string, doors []string) bool {
	for _, d := range doors {
		if prefix, ok := strings.CutSuffix(d, "*"); imp == d || ok && strings.HasPrefix(imp, prefix) {
			return true
		}
	}
	return false
}

func hasPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
