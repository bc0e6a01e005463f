package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "refresh the expectations of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"promfmt": main})
}

// TestScripts runs the scripts of testdata/script: the command in its own process, as its users have it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			server := newServer()
			env.Defer(server.Close)
			env.Setenv("URL", server.URL)
			// The race detector waits a second at the end of every process unless it is told not to.
			env.Setenv("GORACE", os.Getenv("GORACE")+" atexit_sleep_ms=0")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"compress": compress,
			"generate": generate,
			"join":     join,
		},
	})
}

// exits STATUS COMMAND... runs a command that has to end with the exit status.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND...")
	}
	status := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		status = exit.ExitCode()
	}
	if want := args[0]; strconv.Itoa(status) != want {
		ts.Fatalf("the exit status is %d, not %s", status, want)
	}
}

// compress gzip|zstd FILE... OUT writes each file as a compressed stream of its own, one after the other.
func compress(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: compress gzip|zstd FILE... OUT")
	}
	var out strings.Builder
	for _, name := range args[1 : len(args)-1] {
		out.WriteString(compressed(args[0], ts.ReadFile(name)))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[len(args)-1]), []byte(out.String()), 0o666))
}

// compressed is text as one stream of gzip or zstd.
func compressed(by, text string) string {
	var out strings.Builder
	if by == "gzip" {
		w := gzip.NewWriter(&out)
		_, _ = w.Write([]byte(text))
		_ = w.Close()
	} else {
		w, _ := zstd.NewWriter(&out)
		_, _ = w.Write([]byte(text))
		_ = w.Close()
	}
	return out.String()
}

// join FILE... OUT writes the files into one.
func join(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: join FILE... OUT")
	}
	var out strings.Builder
	for _, name := range args[:len(args)-1] {
		out.WriteString(ts.ReadFile(name))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[len(args)-1]), []byte(out.String()), 0o666))
}

// generate LINES TEXT FILE writes a file of as many lines, in which # stands for the number of the line.
func generate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: generate LINES TEXT FILE")
	}
	lines, err := strconv.Atoi(args[0])
	ts.Check(err)
	var out strings.Builder
	for i := range lines {
		fmt.Fprintln(&out, strings.ReplaceAll(args[1], "#", strconv.Itoa(i+1)))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(out.String()), 0o666))
}
