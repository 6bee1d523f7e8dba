//go:build !linux

package codec

import "time"

var processStart = time.Now()

// threadTime is the time that has passed: the best that there is here.
func threadTime() time.Duration { return time.Since(processStart) }
