package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

const rootHelp = `promfmt reads Prometheus exposition data, checks it and writes it in other formats.

An INPUT is a file, "-" or nothing for standard input, or an http or https URL that is scraped. Input that is
compressed with gzip or zstd is decompressed, whatever it is called. The content type of an INPUT tells its format,
else its extension, else its first bytes.

Data goes to standard output, and every diagnostic to standard error as one line:

  FILE:LINE:COLUMN: SEVERITY: MESSAGE [rule-id]

Binary protobuf has "byte OFFSET" in place of LINE:COLUMN. The source line follows, with a caret under the column, if
standard error is a terminal. A progress bar appears there for an INPUT that takes longer than a second, unless data
go to the same terminal.

Exit status: 0 all is well, 1 an input has errors, 2 wrong usage or trouble with a file or the network.`

// newRoot is the command with all that it can do.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "promfmt",
		Short:         "Read, check and convert Prometheus exposition data",
		Long:          rootHelp,
		Version:       version(),
		Args:          cobra.ArbitraryArgs, // judged below, in a line
		SilenceErrors: true,
		SilenceUsage:  true,
		// As many letters may be wrong in what is still taken for a command.
		SuggestionsMinimumDistance: 2,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownCommand(cmd, args[0])
		},
	}
	help := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		var text bytes.Buffer
		cmd.SetOut(&text)
		help(cmd, args)
		_, err := a.stdout.Write(text.Bytes())
		a.helpFailed = err
	})
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(newConvert(a), newLint(a), newConformance(a))

	// Cobra's own commands answer what they don't know with status 0. These answer as the others do.
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "help":
			cmd.Args = knownCommand
		case "completion":
			cmd.Args = cobra.ArbitraryArgs
			cmd.RunE = root.RunE
		}
	}
	return root
}

// knownCommand makes sure that the arguments name a command.
func knownCommand(cmd *cobra.Command, args []string) error {
	if _, rest, err := cmd.Root().Find(args); err != nil || len(rest) > 0 {
		return unknownCommand(cmd.Root(), strings.Join(args, " "))
	}
	return nil
}

func unknownCommand(parent *cobra.Command, name string) error {
	err := fmt.Errorf("unknown command %q", name)
	if alike := parent.SuggestionsFor(name); len(alike) > 0 {
		err = fmt.Errorf("%w; did you mean %q?", err, alike[0])
	}
	return usageError{err}
}
