package host

import "syscall"

// childAttributes puts a child into a process group of its own. Linux kills it
// when the process that started it is killed; elsewhere it notices the end of
// its input.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
