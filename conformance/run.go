package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	prommodel "github.com/prometheus/common/model"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/format"
)

// Options say how a parser is run and held to the corpus.
type Options struct {
	// Verdict is what the parser is held to.
	Verdict Verdict
	// Compare says what of the families that it prints is compared.
	Compare Comparison
	// Timeout is how long it may take for a file, 0 for any time.
	Timeout time.Duration
	// Parallel is how many files are read at a time, all of them if there are fewer.
	Parallel int
	// Done, unless nil, is called for each file that has been read, from several goroutines.
	Done func()
}

// The environment variables that a command gets, and what stands for them in a command line, outside of quotes.
const (
	fileVariable        = "PROMFMT_FILE"         // {file}: the path of a file with the exposition
	formatVariable      = "PROMFMT_FORMAT"       // {format}: its format: text, openmetrics, openmetrics2 or protobuf
	contentTypeVariable = "PROMFMT_CONTENT_TYPE" // {content-type}: the content type with which it would be served
)

var placeholders = strings.NewReplacer(
	"{file}", expansion(fileVariable), "{format}", expansion(formatVariable), "{content-type}", expansion(contentTypeVariable),
)

// maxOutput is how much of what a command prints is kept: many times what the families of any file take.
const maxOutput = 64 << 20

// Run has the shell run a command once for each file, with the exposition on its standard input, and judges what it does.
// The status 0 accepts the exposition, another one refuses it, and one from 129 to 192 says that a signal ended the command.
// What a command leaves running is ended with it. An error means that the command could not be run, or that the context was
// cancelled.
func Run(ctx context.Context, command string, files []corpus.File, o Options) (*Report, error) {
	dir, err := os.MkdirTemp("", "promfmt-conformance-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	r := &runner{command: placeholders.Replace(command), dir: dir, timeout: o.Timeout, wantsOutput: o.Compare != None}
	report := &Report{Command: command, Verdict: o.Verdict, Compare: o.Compare, Results: make([]Result, len(files))}
	var workers sync.WaitGroup
	next := make(chan int)
	for range min(max(o.Parallel, 1), len(files)) {
		workers.Go(func() {
			for i := range next {
				did, err := r.read(ctx, files[i])
				if err != nil {
					cancel(err)
					continue
				}
				report.Results[i] = judge(files[i], did, o)
				if o.Done != nil {
					o.Done()
				}
			}
		})
	}
	for i := range files {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	workers.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return report, nil
}

// runner runs a command on files.
type runner struct {
	command     string
	dir         string // where the files are put
	timeout     time.Duration
	wantsOutput bool
}

// run is what a command did with a file.
type run struct {
	accepted bool
	output   []byte // what it printed on standard output
	said     string // how it ended and the last line of what it printed on standard error
	broken   string // why there is no verdict, if there is none
}

func (r *runner) read(ctx context.Context, file corpus.File) (did run, err error) {
	name := filepath.Join(r.dir, filepath.FromSlash(file.Name))
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return run{}, err
	}
	if err := os.WriteFile(name, file.Data, 0o600); err != nil {
		return run{}, err
	}
	input, err := os.Open(name)
	if err != nil {
		return run{}, err
	}
	defer func() { _, _ = input.Close(), os.Remove(name) }()

	limited := ctx
	if r.timeout > 0 {
		var cancel func()
		limited, cancel = context.WithTimeout(ctx, r.timeout)
		defer cancel()
	}
	output, words := beginning{most: maxOutput}, ending{most: 4 << 10}
	command := shell(limited, r.command)
	command.Env = append(os.Environ(),
		fileVariable+"="+name, formatVariable+"="+file.Format, contentTypeVariable+"="+contentType(file.Format))
	command.Stdin, command.Stderr = input, &words
	if r.wantsOutput {
		command.Stdout = &output
	}
	command.WaitDelay = time.Second // for what it leaves behind to close its output
	err = command.Run()
	endRest(command)
	if ctx.Err() != nil {
		return run{}, context.Cause(ctx)
	}
	did = run{output: output.kept, said: words.lastLine()}
	var exit *exec.ExitError
	switch {
	case limited.Err() != nil:
		did.broken = fmt.Sprintf("it was not done after %s", r.timeout)
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		did.accepted = true
	case !errors.As(err, &exit):
		return run{}, err
	default:
		err = did.end(exit.ExitCode())
		return did, err
	}
	return did, nil
}

// The statuses with which a shell ends that matter here.
const (
	statusNotExecutable = 126
	statusNotFound      = 127
	statusSignal        = 128 // and the number of the signal
	lastSignal          = 64
)

// end takes in the status with which a command ended other than 0.
func (did *run) end(status int) error {
	said := did.said
	did.said = fmt.Sprintf("status %d", status)
	if said != "" {
		did.said += ": " + said
	}
	switch {
	case status == statusNotExecutable, status == statusNotFound:
		return fmt.Errorf("the command cannot be run: %s", said)
	case isSignal(status):
		did.broken = "it was ended by a signal: " + did.said
	}
	return nil
}

// isSignal reports whether a status tells of a signal, be it that the shell itself had one, which is less than 0, or of an
// exception of Windows, which begins with a hexadecimal C.
func isSignal(status int) bool {
	return status < 0 || status > statusSignal && status <= statusSignal+lastSignal || status>>28 == 0xC
}

// contentType is the content type of a format of the corpus. Text may have quoted names.
func contentType(name string) string {
	if name == corpus.Text {
		return format.Text1.ContentType(prommodel.NoEscaping)
	}
	f, err := format.Parse(name)
	if err != nil {
		return ""
	}
	return f.ContentType(prommodel.NoEscaping)
}

// beginning keeps the first bytes of what is written to it.
type beginning struct {
	kept []byte
	most int
}

func (b *beginning) Write(p []byte) (int, error) {
	b.kept = append(b.kept, p[:min(len(p), b.most-len(b.kept))]...)
	return len(p), nil
}

// ending keeps the last bytes of what is written to it.
type ending struct {
	kept []byte
	most int
}

func (e *ending) Write(p []byte) (int, error) {
	e.kept = append(e.kept, p...)
	e.kept = append(e.kept[:0], e.kept[max(0, len(e.kept)-e.most):]...)
	return len(p), nil
}

// lastLine is the last line that is not blank.
func (e *ending) lastLine() string {
	text := bytes.TrimSpace(e.kept)
	line := bytes.TrimSpace(text[bytes.LastIndexByte(text, '\n')+1:])
	return strings.ToValidUTF8(string(line), "\uFFFD")
}
