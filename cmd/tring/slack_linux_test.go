package main

import (
	"os/exec"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// Every thread waits with the slack, those that Go makes later as well.
func TestTimerSlack(t *testing.T) {
	got := make(chan int)
	for range 4 {
		go func() {
			runtime.LockOSThread() // and end with the thread
			slack, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
			if err != nil {
				t.Error(err)
			}
			got <- slack
		}()
	}
	for range 4 {
		if slack := <-got; slack != timerSlack {
			t.Errorf("%d ns", slack)
		}
	}
}

// startUsual starts a program that waits as any does: the X server's processor time is
// measured, too.
func startUsual(cmd *exec.Cmd) error {
	const usual = 50000
	runtime.LockOSThread() // a program takes it over from the thread
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_TIMERSLACK, usual, 0, 0, 0); err != nil {
		return err
	}
	defer func() { _ = unix.Prctl(unix.PR_SET_TIMERSLACK, timerSlack, 0, 0, 0) }()
	return cmd.Start()
}
