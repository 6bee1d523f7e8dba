package main

import (
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
