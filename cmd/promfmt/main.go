package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// The exit statuses. A broken pipe ends the command as the signal SIGPIPE would have.
const (
	statusFine     = 0
	statusFindings = 1
	statusTrouble  = 2
	statusPipe     = 128 + int(syscall.SIGPIPE)
)

// errFindings says that an input has errors, which have been reported already.
var errFindings = errors.New("the input has errors")

// usageError is a mistake on the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// garbagePercent is how much garbage there may be, in per cent of the memory in use, unless the environment says it with GOGC.
// Of most inputs little stays in use, so to collect more often than is usual costs next to nothing.
const garbagePercent = 60

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	app := newApp()
	app.endOnSignals()
	os.Exit(app.run(os.Args[1:]))
}

// app is what all commands share.
type app struct {
	stdin, stdout *os.File
	screen        *screen
	unfinished    unfinished
	programs      programs
	// piped tells that an input that has been read may be the work of another process, which a signal may have ended.
	piped bool
	// helpFailed is why help could not be written.
	helpFailed error
}

func newApp() *app {
	return &app{stdin: os.Stdin, stdout: os.Stdout, screen: newScreen(os.Stderr)}
}

// run does what the arguments say and gives the exit status.
func (a *app) run(args []string) int {
	root := newRoot(a)
	root.SetArgs(args)
	cmd, err := root.ExecuteC()
	err = errors.Join(err, a.helpFailed)
	status := statusFine
	switch {
	case errors.Is(err, errFindings):
		status = statusFindings
	case err != nil && !isBrokenPipe(err):
		status = statusTrouble
		a.explain(err, cmd)
	}
	if isBrokenPipe(errors.Join(err, a.screen.Flush())) {
		return statusPipe
	}
	a.awaitSignal()
	return status
}

// explain says what went wrong with cmd: in a line, or in several if several errors are joined.
func (a *app) explain(err error, cmd *cobra.Command) {
	if _, wrong := errors.AsType[usageError](err); wrong {
		if cmd.Name() == "help" { // which has nothing to say of itself
			cmd = cmd.Root()
		}
		err = fmt.Errorf("%w (see %q)", err, cmd.CommandPath()+" --help")
	}
	for message := range strings.SplitSeq(err.Error(), "\n") {
		_, _ = fmt.Fprintf(a.screen, "promfmt: %s\n", message) // a failure comes back when the screen is flushed
	}
}

// isBrokenPipe reports whether a write to a pipe failed because nobody reads it any more. A network connection that
// breaks is another matter, and no *fs.PathError.
func isBrokenPipe(err error) bool {
	var failed *fs.PathError
	return errors.As(err, &failed) && errors.Is(failed.Err, syscall.EPIPE)
}
