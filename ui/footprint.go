package ui

import (
	"context"
	"log/slog"
	"runtime"
	"runtime/metrics"
)

// heapMetric is what lives in Go's heap, or died since it was swept last, in bytes.
const heapMetric = "/memory/classes/heap/objects:bytes"

// noteFootprint logs how much the program holds once all calls are over, at the
// level debug: what one call leaves behind shows after many.
func (w *window) noteFootprint() {
	if !w.callsOver || w.scene.screen.onStage() && w.scene.screen != screenEnd {
		return
	}
	w.callsOver = false
	if !w.cfg.Log.Enabled(context.Background(), slog.LevelDebug) {
		return
	}
	sample := []metrics.Sample{{Name: heapMetric}}
	metrics.Read(sample)
	heap := uint64(0)
	if sample[0].Value.Kind() == metrics.KindUint64 {
		heap = sample[0].Value.Uint64()
	}
	w.cfg.Log.Debug("no call is left", "goroutines", runtime.NumGoroutine(), "heapBytes", heap)
}
