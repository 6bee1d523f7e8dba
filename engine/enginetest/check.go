package enginetest

import (
	"context"
	"fmt"

	"tring/engine"
)

// Check implements Engine: it tells what SetCheck gave, or else what TellCheck
// does, until EndCheck or the end of ctx.
func (f *Fake) Check(ctx context.Context, o engine.CheckOptions) (<-chan engine.CheckResult, error) {
	if err := f.record(Action{Method: "Check", Text: fmt.Sprintf("%s %s", o.Server, o.EchoContact)}); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	told := make(chan engine.CheckResult, 4*engine.CheckSteps)
	for _, r := range f.check {
		told <- r
	}
	if f.check != nil {
		close(told)
		return told, nil
	}
	f.checking = told
	context.AfterFunc(ctx, func() { f.endCheck(told) })
	return told, nil
}

// SetCheck says what checks tell; nil leaves it to TellCheck.
func (f *Fake) SetCheck(results []engine.CheckResult) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.check = results
}

// TellCheck tells results of the check that runs.
func (f *Fake) TellCheck(results ...engine.CheckResult) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range results {
		f.checking <- r
	}
}

// EndCheck ends the check that runs.
func (f *Fake) EndCheck() {
	f.mu.Lock()
	told := f.checking
	f.mu.Unlock()
	f.endCheck(told)
}

// Checking reports whether a check runs.
func (f *Fake) Checking() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.checking != nil
}

func (f *Fake) endCheck(told chan engine.CheckResult) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.checking == told && told != nil {
		f.checking = nil
		close(told)
	}
}
