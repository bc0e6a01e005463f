//go:build !windows

package conformance

import (
	"context"
	"os/exec"
	"syscall"
)

// shell is a command line to be run by the shell. When the context ends, so does everything that the command line began.
func shell(ctx context.Context, line string) *exec.Cmd {
	command := exec.CommandContext(ctx, "/bin/sh", "-c", line)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	return command
}

// endRest ends what a command has left running when it is over itself. Most leave nothing, so there is no error to see to.
func endRest(command *exec.Cmd) {
	if command.Process != nil {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	}
}

// expansion is what the shell puts an environment variable for.
func expansion(variable string) string { return `"$` + variable + `"` }
