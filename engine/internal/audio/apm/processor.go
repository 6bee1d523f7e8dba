//go:build cgo && !noapm

package apm

// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"unsafe"
)

// Available says whether this program was built with the library.
func Available() bool { return true }

// Library says what does the work, for logs and tables; "" without.
func Library() string { return library }

// NeedsFilter says that the library's canceller gains from a linear filter
// before it (package echo): that of the first generation.
func NeedsFilter() bool { return generation == 0 }

// Processor is one instance of the module.
type Processor struct{ module *C.tring_apm }

// New makes a Processor that works as settings say. Close frees it.
func New(settings Settings) (*Processor, error) {
	module := C.tring_apm_new()
	if module == nil {
		return nil, errors.New("apm: the module could not be made")
	}
	p := &Processor{module: module}
	if err := p.Set(settings); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// Set changes what works.
func (p *Processor) Set(s Settings) error {
	return check("set up", C.tring_apm_set(p.module, flag(s.EchoCancellation), flag(s.NoiseSuppression), flag(s.AutomaticGain)))
}

// Suppress chooses what to save where echo and speech come together. It has no
// effect on AEC3, which decides by itself.
func (p *Processor) Suppress(level Suppression) error {
	return check("set the suppression", C.tring_apm_suppress(p.module, C.int(level)))
}

// Far tells of a block that is about to be heard; it is not changed.
func (p *Processor) Far(pcm []float32) error {
	if len(pcm) != BlockSamples {
		return errBlock
	}
	return check("take the far end", C.tring_apm_far(p.module, (*C.float)(unsafe.Pointer(unsafe.SliceData(pcm)))))
}

// Near processes a block of the microphone in place. delayMS is the time from
// Far to the echo in Near in milliseconds, as far as it is known; what is wrong
// in it is found out.
func (p *Processor) Near(pcm []float32, delayMS int) error {
	if len(pcm) != BlockSamples {
		return errBlock
	}
	return check("process", C.tring_apm_near(p.module, (*C.float)(unsafe.Pointer(unsafe.SliceData(pcm))), C.int(min(max(delayMS, 0), 500))))
}

// Close frees the Processor, which must not be used after. More than one call
// does no harm.
func (p *Processor) Close() {
	C.tring_apm_free(p.module)
	p.module = nil
}

func flag(on bool) C.int {
	if on {
		return 1
	}
	return 0
}

// warning is AudioProcessing::kBadStreamParameterWarning: done all the same.
const warning = -13

func check(what string, code C.int) error {
	if code == 0 || code == warning {
		return nil
	}
	return fmt.Errorf("apm: cannot %s: code %d", what, int(code))
}
