//go:build !cgo || noapm

package apm

// Available says whether this program was built with the library.
func Available() bool { return false }

// Library says what does the work, for logs and tables; "" without.
func Library() string { return "" }

// NeedsFilter is false: there is no canceller.
func NeedsFilter() bool { return false }

// Processor stands for what is missing.
type Processor struct{}

// New fails with ErrUnavailable.
func New(Settings) (*Processor, error) { return nil, ErrUnavailable }

// Set fails with ErrUnavailable.
func (p *Processor) Set(Settings) error { return ErrUnavailable }

// Far fails with ErrUnavailable.
func (p *Processor) Far([]float32) error { return ErrUnavailable }

// Near fails with ErrUnavailable and leaves the block as it is.
func (p *Processor) Near([]float32, int) error { return ErrUnavailable }

// Suppress fails with ErrUnavailable.
func (p *Processor) Suppress(Suppression) error { return ErrUnavailable }

// Close does nothing.
func (p *Processor) Close() {}
