package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// reading is how a command reads its inputs: the flags that all commands share.
type reading struct {
	from     choice
	parser   choice
	progress choice
	strict   bool
	context  bool
	timeout  time.Duration
	workers  int
	// toStdout tells that data go to standard output.
	toStdout bool
}

// The parsers: by hand and through the grammar.
const (
	parserFast    = "fast"
	parserGrammar = "grammar"
)

func newReading() *reading {
	return &reading{
		from:     newChoice("FMT", readableFormats()...),
		parser:   newChoice("PARSER", parserFast, parserGrammar),
		progress: newChoice("WHEN", progressAuto, progressAlways, progressNever),
	}
}

// addFlags adds the flags to a command that takes INPUTs.
func (r *reading) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	r.from.addFlag(cmd, "from", "format of the inputs")
	flags.BoolVar(&r.strict, "strict", false, "go by the letter of the format: most warnings become errors")
	flags.BoolVar(&r.context, "context", false, "show source lines even if standard error is not a terminal")
	r.parser.addFlag(cmd, "parser", "how to read text, slowly but to the same effect with grammar")
	flags.IntVar(&r.workers, "workers", 0, "read a large input in `N` parts at a time, 0 for one a processor")
	flags.DurationVar(&r.timeout, "timeout", 30*time.Second, "longest `TIME` for which a URL may keep silent, 0 for any")
	r.progress.addFlag(cmd, "progress", "when to show a progress bar")
}

// inputs are the INPUTs among the arguments: standard input if there are none.
func (r *reading) inputs(args []string) ([]string, error) {
	switch {
	case r.workers < 0:
		return nil, usageError{errors.New("--workers is negative")}
	case r.timeout < 0:
		return nil, usageError{errors.New("--timeout is negative")}
	}
	if len(args) == 0 {
		return []string{standardInput}, nil
	}
	seen := false
	for _, name := range args {
		if name == standardInput && seen {
			return nil, usageError{errors.New("standard input can be read only once")}
		}
		seen = seen || name == standardInput
	}
	return args, nil
}

// visitor is who reads an input.
type visitor struct {
	// found gets every diagnostic. An error ends the reading and is its result.
	found func(*diag.Diagnostic) error
	// use, unless nil, gets every family, which is valid only during the call, unless it keeps them. An error ends the
	// reading as well.
	use   func(*model.MetricFamily) error
	keeps bool
}

// read reads one INPUT from its beginning to its end. An error that it gives on its own account is trouble with the
// input and names it.
func (a *app) read(name string, how *reading, v visitor) error {
	in, err := a.open(name, opening{format: how.from.value, timeout: how.timeout, track: a.tracking(how)})
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()

	var refused error // by found, which can't end the reading from within a warning
	options := []convert.Option{
		convert.File(displayName(name)),
		convert.Workers(how.workers),
		convert.OnDiagnostic(func(d *diag.Diagnostic) { refused = errors.Join(refused, v.found(d)) }),
	}
	if !v.keeps {
		options = append(options, convert.Reuse())
	}
	if how.strict {
		options = append(options, convert.Strict())
	}
	if how.parser.value == parserGrammar {
		options = append(options, convert.UseGrammar())
	}
	reader, err := convert.NewReader(in, in.format, options...)
	if err != nil {
		return fmt.Errorf("%s: %w", displayName(name), err)
	}
	for family, err := range reader.Families() {
		if bad, ok := errors.AsType[*diag.Diagnostic](err); ok {
			err = v.found(bad)
		} else if err != nil {
			err = fmt.Errorf("%s: %w", displayName(name), err)
		} else if v.use != nil {
			err = v.use(family)
		}
		if err = errors.Join(refused, err); err != nil {
			return err
		}
	}
	if in.tail != nil && format.HasEOF(in.tail.kept) {
		_, err = fmt.Fprintf(a.screen,
			"promfmt: %s: it ends in \"# EOF\" like OpenMetrics, and was read as the Prometheus text format\n",
			displayName(name))
	}
	return errors.Join(refused, err)
}

// tracking is how an input that is being read is shown on the screen; nil if it is not.
func (a *app) tracking(how *reading) func(string, *source) io.ReadCloser {
	delay := progressDelay
	switch how.progress.value {
	case progressNever:
		return nil
	case progressAlways:
		delay = 0
	case progressAuto:
		if !a.screen.terminal || how.toStdout && isTerminal(a.stdout) {
			return nil
		}
	}
	return func(name string, src *source) io.ReadCloser {
		return a.screen.track(src, displayName(name), src.size, delay)
	}
}
