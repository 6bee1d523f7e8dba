package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// cost is what processes took.
type cost struct {
	cpu time.Duration // user and system
	pss int64         // bytes of memory, shared ones in proportion
}

// costOf adds up a process and all that it started.
func costOf(pid int) cost {
	children := map[int][]int{}
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range all {
		if id, parent, _ := stat(path); id > 0 {
			children[parent] = append(children[parent], id)
		}
	}
	var sum cost
	for queue := []int{pid}; len(queue) > 0; queue = queue[1:] {
		_, _, ticks := stat(fmt.Sprintf("/proc/%d/stat", queue[0]))
		const tick = 10 * time.Millisecond // USER_HZ is 100 on every Linux
		sum.cpu += time.Duration(ticks) * tick
		sum.pss += pss(queue[0])
		queue = append(queue, children[queue[0]]...)
	}
	return sum
}

// stat reads /proc/PID/stat; see proc_pid_stat(5).
func stat(path string) (pid, parent int, ticks int64) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, 0
	}
	before, after, ok := strings.Cut(string(data), " (")
	end := strings.LastIndex(after, ") ")
	if !ok || end < 0 {
		return 0, 0, 0
	}
	fields := strings.Fields(after[end+2:])
	if len(fields) < 13 {
		return 0, 0, 0
	}
	pid, _ = strconv.Atoi(before)
	parent, _ = strconv.Atoi(fields[1])
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return pid, parent, user + system
}

func pss(pid int) int64 {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	for line := range strings.Lines(string(data)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "Pss:" {
			kB, _ := strconv.ParseInt(fields[1], 10, 64)
			return kB << 10
		}
	}
	return 0
}
