//go:build !windows

package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A signal ends the command by itself and quietly, and leaves no output file behind, not even a temporary one.
func TestSignalEndsQuietly(t *testing.T) {
	for _, end := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(end.String(), func(t *testing.T) {
			skipIgnored(t, end)
			reading := make(chan struct{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, page)
				w.(http.Flusher).Flush()
				close(reading)
				<-r.Context().Done()
			}))
			defer server.Close()
			dir := t.TempDir()
			out := filepath.Join(dir, "out.prom")
			require.NoError(t, os.WriteFile(out, []byte("before\n"), 0o666))

			var stdout, stderr strings.Builder
			cmd := exec.Command("promfmt", "convert", "-o", out, server.URL)
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			require.NoError(t, cmd.Start())
			<-reading
			require.NoError(t, cmd.Process.Signal(end))
			_ = cmd.Wait() // the error is the signal

			status := cmd.ProcessState.Sys().(syscall.WaitStatus)
			require.True(t, status.Signaled(), "ended with status %d", status.ExitStatus())
			require.Equal(t, end, status.Signal())
			require.Empty(t, stdout.String())
			require.Empty(t, stderr.String())
			before, err := os.ReadFile(out)
			require.NoError(t, err)
			require.Equal(t, "before\n", string(before))
			files, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Len(t, files, 1)
		})
	}
}

// skipIgnored skips a test about a signal that the test itself was started to ignore, since its children inherit that.
func skipIgnored(t *testing.T, s os.Signal) {
	if signal.Ignored(s) {
		t.Skipf("%v is ignored here", s)
	}
}

// Somebody who types the input gets out as well: nothing has to come for the signal to be heard.
func TestSignalEndsReadFromPipe(t *testing.T) {
	skipIgnored(t, os.Interrupt)
	input, typing, err := os.Pipe()
	require.NoError(t, err)
	defer func() { _ = typing.Close() }()
	diagnostics, stderr, err := os.Pipe()
	require.NoError(t, err)
	defer func() { _ = diagnostics.Close() }()

	cmd := exec.Command("promfmt", "lint", "--progress", "always")
	cmd.Stdin, cmd.Stderr = input, stderr
	require.NoError(t, cmd.Start())
	require.NoError(t, input.Close())
	require.NoError(t, stderr.Close())
	// The progress bar shows that it is at work.
	_, err = typing.WriteString("up 1\n")
	require.NoError(t, err)
	_, err = diagnostics.Read(make([]byte, 1))
	require.NoError(t, err)

	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	_ = cmd.Wait()
	require.Equal(t, syscall.SIGINT, cmd.ProcessState.Sys().(syscall.WaitStatus).Signal())
}

// The signal of a terminal goes to a whole pipeline. Whoever ends first leaves the others with the end of their input, which
// must not be taken for the end of the data.
func TestSignalToPipelineLeavesNoFile(t *testing.T) {
	skipIgnored(t, os.Interrupt)
	for range 5 {
		out := filepath.Join(t.TempDir(), "out.prom")
		cmd := exec.Command("sh", "-c", "(echo up 1; exec sleep 60) | promfmt convert --progress always -o "+out)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		stderr, err := cmd.StderrPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		_, err = stderr.Read(make([]byte, 1)) // it is at work
		require.NoError(t, err)

		require.NoError(t, syscall.Kill(-cmd.Process.Pid, syscall.SIGINT))
		_, _ = io.Copy(io.Discard, stderr)
		require.Error(t, cmd.Wait())
		require.NoFileExists(t, out)
	}
}

// A signal that was ignored when the command started, as under nohup, stays so.
func TestIgnoredSignalIsIgnored(t *testing.T) {
	input, typing, err := os.Pipe()
	require.NoError(t, err)
	var stdout strings.Builder
	cmd := exec.Command("sh", "-c", `trap "" HUP; exec promfmt convert --progress always`)
	cmd.Stdin, cmd.Stdout = input, &stdout
	diagnostics, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	require.NoError(t, input.Close())
	_, err = typing.WriteString("up 1\n")
	require.NoError(t, err)
	_, err = diagnostics.Read(make([]byte, 1))
	require.NoError(t, err)

	require.NoError(t, cmd.Process.Signal(syscall.SIGHUP))
	require.NoError(t, typing.Close())
	_, _ = io.Copy(io.Discard, diagnostics)
	require.NoError(t, cmd.Wait())
	require.Equal(t, "up 1\n", stdout.String())
}

// With the command end the programs that it runs, and what it has put into files for them goes away.
func TestSignalEndsOtherPrograms(t *testing.T) {
	skipIgnored(t, os.Interrupt)
	dir := t.TempDir()
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))

	var stdout, stderr strings.Builder
	cmd := exec.Command("promfmt", "conformance", "--only", "valid/empty.txt", "--command", "echo $$ >'"+pipe+"'; sleep 60; true")
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Start())
	text, err := os.ReadFile(pipe)
	require.NoError(t, err)
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, 0))

	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	_ = cmd.Wait() // the error is the signal
	require.Equal(t, syscall.SIGINT, cmd.ProcessState.Sys().(syscall.WaitStatus).Signal())
	require.ErrorIs(t, syscall.Kill(pid, 0), syscall.ESRCH)
	require.Empty(t, stdout.String())
	require.Empty(t, stderr.String())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}
