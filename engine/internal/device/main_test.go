package device

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tring/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// deadline is a context that ends long before go test's own limit.
func deadline(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// writeFile puts data into a new file and gives its path.
func writeFile(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// wantProblem checks that err can be shown to a person and wraps target.
func wantProblem(t *testing.T, err, target error) *engine.Problem {
	t.Helper()
	var p *engine.Problem
	if !errors.As(err, &p) {
		t.Fatalf("got %v, want a Problem", err)
	}
	if p.Cause == "" || p.Next == "" {
		t.Errorf("Problem without cause or next step: %+v", p)
	}
	if !errors.Is(err, target) {
		t.Errorf("%v does not wrap %v", err, target)
	}
	return p
}
