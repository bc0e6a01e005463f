//go:build interop

package interop

import (
	"bytes"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience is how long a test waits for anything that a program has to do. It is long for a program on a busy machine.
const patience = 40 * time.Second

// program is a program that runs until the test is over.
type program struct {
	name   string
	log    string        // the file of what it prints
	exited chan struct{} // closed when it has ended
}

// installed is the path of a program, which has to be there, in the version that is logged.
func installed(t *testing.T, name, debianPackage string) string {
	t.Helper()
	file, err := exec.LookPath(name)
	require.NoError(t, err, "%s is missing: .ci/run interop installs the package %s", name, debianPackage)
	t.Logf("%s %s", debianPackage, versionOf(t, debianPackage))
	return file
}

// versionOf is the version of a Debian package, which has to be installed.
func versionOf(t *testing.T, debianPackage string) string {
	t.Helper()
	version, err := exec.Command("dpkg-query", "--showformat", "${Version}", "--show", debianPackage).Output()
	require.NoError(t, err, "the package %s is missing: .ci/run interop installs it", debianPackage)
	return string(version)
}

// start runs a program of a Debian package in a directory of its own, and stops it at the end of the test.
func start(t *testing.T, file string, args ...string) *program {
	t.Helper()
	p := &program{name: filepath.Base(file), log: filepath.Join(t.TempDir(), "log"), exited: make(chan struct{})}
	log, err := os.Create(p.log)
	require.NoError(t, err)
	command := exec.Command(file, args...)
	command.Dir = t.TempDir()
	command.Stdout, command.Stderr = log, log
	require.NoError(t, command.Start())
	go func() {
		defer close(p.exited)
		_ = command.Wait() // an exit that was not asked for is found by await
		_ = log.Close()
	}()
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		select {
		case <-p.exited:
		case <-time.After(patience):
			_ = command.Process.Kill()
			<-p.exited
			t.Errorf("%s did not stop", p.name)
		}
		if t.Failed() {
			t.Logf("the log of %s ends in\n%s", p.name, p.logged())
		}
	})
	return p
}

// logged is the end of what the program has printed.
func (p *program) logged() string {
	log, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(log[max(0, len(log)-8<<10):])
}

// await returns when the condition holds, and ends the test if that takes too long or the program is no more.
func (p *program) await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(patience)
	for !holds() {
		select {
		case <-p.exited:
			t.Fatalf("%s ended while the test waited for %s", p.name, what)
		case <-deadline:
			t.Fatalf("waited for %s for %s in vain", what, patience)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// awaitURL returns when the program answers a request with success.
func (p *program) awaitURL(t *testing.T, url string) {
	t.Helper()
	p.await(t, url, func() bool {
		response, err := client.Get(url)
		if err != nil {
			return false
		}
		_ = response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
}

// freeAddresses are addresses of the loopback interface with different ports that nobody listens to.
func freeAddresses(t *testing.T, n int) []string {
	t.Helper()
	listeners := make([]net.Listener, n)
	addresses := make([]string, n)
	for i := range listeners {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		listeners[i], addresses[i] = listener, listener.Addr().String()
	}
	for _, listener := range listeners { // not before all are chosen
		require.NoError(t, listener.Close())
	}
	return addresses
}

// port is the port of an address.
func port(t *testing.T, address string) int {
	t.Helper()
	_, text, err := net.SplitHostPort(address)
	require.NoError(t, err)
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

// client asks the programs. It goes through no proxy, whatever the environment says.
var client = &http.Client{Timeout: patience, Transport: &http.Transport{}}

// answer is what a program answers to a request.
type answer struct {
	status      int
	contentType string
	body        []byte
}

// send sends a request.
func send(t *testing.T, method, url string, body []byte, header http.Header) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	require.NoError(t, err)
	maps.Copy(request.Header, header)
	response, err := client.Do(request)
	require.NoError(t, err)
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return answer{response.StatusCode, response.Header.Get("Content-Type"), content}
}

// get asks for what there has to be.
func get(t *testing.T, url string, header http.Header) answer {
	t.Helper()
	a := send(t, http.MethodGet, url, nil, header)
	require.Equal(t, http.StatusOK, a.status, "%s: %s", url, a.body)
	return a
}
