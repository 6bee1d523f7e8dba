//go:build !unix

package codec

import "time"

var processStart = time.Now()

// cpuTime is the time that has passed: the best that there is here.
func cpuTime() time.Duration { return time.Since(processStart) }
