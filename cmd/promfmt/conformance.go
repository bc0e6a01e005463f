package main

import (
	"context"
	"errors"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/promfmt/promfmt/conformance"
)

const conformanceHelp = `Conformance runs another parser of expositions on the files of promfmt's corpus and prints a table of what it makes of
them.

The COMMAND is run by the shell once for each file, with the exposition on its standard input. It ends with status 0 to
accept the exposition and with another one to refuse it; one from 129 to 192 means that a signal ended it. What it
leaves running is ended. What depends on the file is in its environment, or outside of quotes in place of a word in
braces:

  PROMFMT_FILE          {file}          a file with the exposition
  PROMFMT_FORMAT        {format}        its format: text, openmetrics, openmetrics2 or protobuf
  PROMFMT_CONTENT_TYPE  {content-type}  the content type with which it would be served

A file may be against the letter of its format and have one meaning nevertheless. Such a file is accepted by default and
refused when strict. With --verdict both, the COMMAND may do either; the other verdicts hold it to one of them.

With --compare, the COMMAND prints what it finds in an exposition that it accepts: families as in the .json files of the
corpus, whose README describes them, or as "promfmt convert --to json" and prom2json print them.

The columns of the table count files. As they should be are

  accepted          those that must be accepted and are, with the families that were expected if they are compared
  refused           those that must be refused and are
  lenient           those that are accepted and might be refused
  by the letter     those that are refused and might be accepted

and differences, for which the exit status is 1, are

  wrongly accepted  those that are accepted and must be refused
  wrongly refused   those that are refused and must be accepted
  families differ   those that are accepted, as they must be, with other families
  no verdict        those at which the COMMAND is ended by a signal or not done after --timeout

A COMMAND that the shell cannot find or execute makes the exit status 2.`

// conforming is what the flags of conformance say.
type conforming struct {
	command  string
	only     []string
	verdict  choice
	compare  choice
	format   choice
	verbose  bool
	timeout  time.Duration
	parallel int
}

func newConformance(a *app) *cobra.Command {
	c := &conforming{
		verdict: newChoice("VERDICT", string(conformance.Both), string(conformance.Default), string(conformance.Strict)),
		compare: newChoice("WHAT", string(conformance.None), string(conformance.Samples), string(conformance.Families)),
		format:  newChoice("FORMAT", "text", "json"),
	}
	cmd := &cobra.Command{
		Use:   "conformance --command COMMAND",
		Short: "Hold another parser to the corpus",
		Long:  conformanceHelp,
		Example: `  promfmt conformance --command 'promtool check metrics || [ $? = 3 ]' --only text
  promfmt conformance --command './myparser --type {content-type} {file}' --verbose
  promfmt conformance --command 'promfmt convert --from {format} --to json' --compare families`,
		Args:    noArguments,
		PreRunE: func(*cobra.Command, []string) error { return c.check() },
		RunE:    func(*cobra.Command, []string) error { return a.conformance(c) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&c.command, "command", "", "the parser, a `COMMAND` for the shell")
	flags.StringSliceVar(&c.only, "only", nil, "take only the files of the corpus that these `WORDS` name: formats, folders and files, separated by commas")
	completeFlagBy(cmd, "only", conformance.Words)
	c.verdict.addFlag(cmd, "verdict", "which verdicts the parser is held to")
	c.compare.addFlag(cmd, "compare", "what is compared of the families that it prints")
	c.format.addFlag(cmd, "format", "format of the report")
	flags.BoolVar(&c.verbose, "verbose", false, "list each difference with its file and reason; json always does")
	flags.DurationVar(&c.timeout, "timeout", 10*time.Second, "longest `TIME` for one file, 0 for any")
	flags.IntVar(&c.parallel, "parallel", 0, "run the command `N` times at once, 0 for one a processor")
	return cmd
}

// noArguments refuses arguments that are no flags.
func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{errors.New("it takes no argument but flags; a command of several words is quoted")}
	}
	return nil
}

// check refuses flags that make no sense.
func (c *conforming) check() error {
	switch {
	case c.command == "":
		return usageError{errors.New("--command is missing")}
	case c.timeout < 0:
		return usageError{errors.New("--timeout is negative")}
	case c.parallel < 0:
		return usageError{errors.New("--parallel is negative")}
	}
	if c.parallel == 0 {
		c.parallel = runtime.GOMAXPROCS(0)
	}
	return nil
}

// conformance writes the report on standard output.
func (a *app) conformance(c *conforming) error {
	report, err := a.runParser(c)
	if err != nil {
		return err
	}
	if c.format.value == "json" {
		err = report.WriteJSON(a.stdout)
	} else {
		err = report.WriteText(a.stdout, c.verbose)
	}
	if err == nil && len(report.Differences()) > 0 {
		err = errFindings
	}
	return err
}

// runParser runs the parser on the files that are asked for, with a progress bar if somebody is watching.
func (a *app) runParser(c *conforming) (*conformance.Report, error) {
	files, err := conformance.Select(c.only)
	if err != nil {
		return nil, usageError{err}
	}
	options := conformance.Options{
		Verdict: conformance.Verdict(c.verdict.value), Compare: conformance.Comparison(c.compare.value),
		Timeout: c.timeout, Parallel: c.parallel,
	}
	if a.screen.terminal {
		bar := a.screen.count("corpus", len(files), progressDelay)
		defer func() { _ = bar.Close() }()
		options.Done = func() { bar.advance(1) }
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan struct{})
	a.programs.begin(func() { cancel(); <-ended })
	defer a.programs.done()
	defer close(ended)
	return conformance.Run(ctx, c.command, files, options)
}
