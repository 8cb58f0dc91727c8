package host

import (
	"bufio"
	"fmt"
	"os"
)

// memoryLimit bounds the heap of a run where the command line does not: three
// quarters of the memory that is available now, so that a script that runs away
// is stopped before the machine is.
func memoryLimit() int64 {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var kib int64
		if n, _ := fmt.Sscanf(lines.Text(), "MemAvailable: %d kB", &kib); n == 1 {
			return kib * 1024 / 4 * 3
		}
	}
	return 0
}
