package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/promfmt/promfmt/diag"
)

const lintHelp = `Lint reads every INPUT and reports all that is wrong with it, in the order in which it stands there.

With --format text, findings go to standard error like all diagnostics. With --format json, one JSON document goes to
standard output:

  {
    "findings": [
      {
        "position": {"file": "page.prom", "line": 3, "column": 7, "offset": 58},
        "severity": "error",                  error or warning
        "rule": "number",                     as listed by --rules
        "message": "…",
        "found": "…", "expected": "…",        what stands there, and what could; each may be missing
        "hint": "…",                          what may help; may be missing
        "excerpt": {"text": "…", "column": 7} the source line, or the part of it around the column
      }
    ],
    "errors": 1,                              how many findings are errors
    "warnings": 0
  }

A position counts lines and columns from 1 and offsets from 0, columns and offsets in bytes of the decompressed input;
one in binary protobuf has an offset alone. A series that occurs twice is found in one part of a family, and not where
the family comes back after lines of others.
With --rules, no input is read: the rules are listed on standard output with their severities, by default and with
--strict, and their meanings; with --format json as {"rules": [{"id", "default", "strict", "meaning"}]}.

A finding of severity error makes the exit status 1; one of severity warning does not.`

// linting is what the flags of lint say.
type linting struct {
	*reading
	format choice
	rules  bool
}

func newLint(a *app) *cobra.Command {
	l := &linting{reading: newReading(), format: newChoice("FORMAT", findingsFormatNames()...)}
	cmd := &cobra.Command{
		Use:   "lint [INPUT...]",
		Short: "Report what is wrong with exposition data",
		Long:  lintHelp,
		Example: `  promfmt lint metrics.prom
  curl -s localhost:9100/metrics | promfmt lint --strict
  promfmt lint --format json http://localhost:9100/metrics
  promfmt lint --rules`,
		RunE: func(_ *cobra.Command, args []string) error {
			if l.rules {
				if len(args) > 0 {
					return usageError{errors.New("--rules takes no INPUT")}
				}
				return findingsFormatNamed(l.format.value).listRules(a.stdout)
			}
			inputs, err := l.inputs(args)
			if err != nil {
				return err
			}
			return a.lint(l, inputs)
		},
	}
	cmd.Flags().SortFlags = false
	l.format.addFlag(cmd, "format", "format of the findings")
	cmd.Flags().BoolVar(&l.rules, "rules", false, "list the rules instead of reading anything")
	l.addFlags(cmd)
	return cmd
}

// lint goes on with the next input after one that cannot be read.
func (a *app) lint(l *linting, inputs []string) error {
	format := findingsFormatNamed(l.format.value)
	l.toStdout = format.toStdout
	out := format.open(a, l)
	var faulty, broken error
	var troubles []error
	for _, name := range inputs {
		err := a.read(name, l.reading, visitor{found: func(d *diag.Diagnostic) error {
			if d.Severity == diag.Error {
				faulty = errFindings
			}
			broken = out.add(d)
			return broken
		}})
		if broken != nil {
			return broken
		}
		if err != nil {
			troubles = append(troubles, err)
		}
	}
	if err := errors.Join(append(troubles, out.close())...); err != nil {
		return err
	}
	return faulty
}
