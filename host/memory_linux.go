package host

import "golang.org/x/sys/unix"

// memoryLimit bounds the heap of a run: three quarters of the machine's memory,
// so that a script that runs away is stopped before the machine is.
func memoryLimit() int64 {
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) != nil {
		return 0
	}
	return int64(uint64(info.Totalram) * uint64(info.Unit) / 4 * 3)
}
