//go:build unix && !linux

package process

import "syscall"

// Attributes give a program a process group of its own. Only Linux can end it when this program
// is killed.
func Attributes(syscall.Signal) *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
