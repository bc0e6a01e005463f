package conformance

import (
	"context"
	"os"
	"os/exec"
	"syscall"
)

// shell is a command line to be run by the shell, which takes it as it is.
func shell(ctx context.Context, line string) *exec.Cmd {
	interpreter := os.Getenv("ComSpec")
	if interpreter == "" {
		interpreter = "cmd.exe"
	}
	command := exec.CommandContext(ctx, interpreter)
	command.SysProcAttr = &syscall.SysProcAttr{CmdLine: interpreter + ` /S /C "` + line + `"`}
	return command
}

// endRest does nothing: what a command has left running cannot be told from other programs here.
func endRest(*exec.Cmd) {}

// expansion is what the shell puts an environment variable for.
func expansion(variable string) string { return `"%` + variable + `%"` }
