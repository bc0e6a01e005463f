package main

import (
	"errors"
	"fmt"
	"slices"

	prometheus "github.com/prometheus/common/model"
	"github.com/spf13/cobra"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

const convertHelp = `Convert reads every INPUT and writes all of it as one document in another format.

What is good is kept: a bad line is reported and skipped, the rest is converted, and the exit status is 1. What the
other format cannot carry is a loss and reported as a warning. With --strict the first error or loss ends it.

With -o, the file appears whole or not at all, in place of what was there before. On standard output, part of the data
may have been written when a conversion fails. Protobuf is not written to a terminal unless -o - asks for it.

Several INPUTs make one document: a family that an earlier INPUT had too goes on where it left off, with a warning,
and is left out where its type is another one. Series that occur in several INPUTs are not looked for.

In OpenMetrics a family stands in one place. So for --to openmetrics, openmetrics2 and openmetrics-protobuf several
INPUTs are read as a whole, in memory of a few times their size, before anything is written, and the parts of a family
are put together; of series that occur twice the first is kept, which is a loss. A single INPUT is converted as it is
read.`

// converting is what the flags of convert say.
type converting struct {
	*reading
	to       choice
	out      string
	escaping choice
	graphite graphite
}

func newConvert(a *app) *cobra.Command {
	c := &converting{
		reading: newReading(),
		to:      newChoice("FMT", outputFormats()...),
		escaping: choice{kind: "SCHEME", words: []string{
			prometheus.AllowUTF8, prometheus.EscapeUnderscores, prometheus.EscapeDots, prometheus.EscapeValues,
		}},
	}
	cmd := &cobra.Command{
		Use:   "convert [INPUT...]",
		Short: "Write exposition data in another format",
		Long:  convertHelp,
		Example: `  promfmt convert --to json metrics.prom
  promfmt convert --to graphite --graphite-prefix servers.web1 http://localhost:9100/metrics
  curl -s localhost:9100/metrics | promfmt convert --to protobuf -o metrics.pb`,
		RunE: func(_ *cobra.Command, args []string) error {
			inputs, err := c.inputs(args)
			if err == nil {
				err = a.convert(c, inputs)
			}
			return err
		},
		PreRunE: func(cmd *cobra.Command, _ []string) error { return c.check(cmd) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	c.to.addFlag(cmd, "to", "format of the output")
	flags.StringVarP(&c.out, "output", "o", "", "write to the file `OUT`, whole or not at all; - is standard output")
	c.escaping.addFlag(cmd, "escaping", "how to write names that not every reader takes")
	c.graphite.addFlags(cmd)
	c.addFlags(cmd)
	return cmd
}

// outputFormats are the names of the formats to write.
func outputFormats() []string {
	var names []string
	for _, f := range writer.Formats() {
		names = append(names, f.String())
	}
	return names
}

// binaryFormats are the names of those that are not for the eye.
var binaryFormats = []string{format.Protobuf.String(), format.OpenMetricsProtobuf.String()}

// check refuses flags that would mean nothing.
func (c *converting) check(cmd *cobra.Command) error {
	if c.to.value == format.Graphite.String() {
		if cmd.Flags().Changed("escaping") {
			return usageError{errors.New("--escaping is not for --to graphite, which has characters of its own")}
		}
		return nil
	}
	for _, name := range graphiteFlags {
		if cmd.Flags().Changed(name) {
			return usageError{fmt.Errorf("--%s is only for --to graphite", name)}
		}
	}
	return nil
}

// format is the format to write.
func (c *converting) format() format.Format {
	f, _ := format.Parse(c.to.value) // it is one of those that the flag takes
	return f
}

// encoder makes the encoder that the flags ask for.
func (c *converting) encoder(out *output, onLoss func(writer.Loss)) (writer.Encoder, error) {
	options := append(c.graphite.options(), writer.OnLoss(onLoss))
	if c.strict {
		options = append(options, writer.Strict())
	}
	if c.escaping.value != "" {
		scheme, err := prometheus.ToEscapingScheme(c.escaping.value)
		if err != nil {
			return nil, err
		}
		options = append(options, writer.Escaping(scheme))
	}
	encoder, err := writer.New(out, c.format(), options...)
	if err != nil {
		return nil, usageError{err}
	}
	return encoder, nil
}

// convert writes what is good in the inputs to the output, which stays as it was if that fails.
func (a *app) convert(c *converting, inputs []string) error {
	if slices.Contains(binaryFormats, c.to.value) && c.out == "" && isTerminal(a.stdout) {
		return usageError{fmt.Errorf("%s is not for a terminal; -o names a file, and -o - insists", c.to.value)}
	}
	c.toStdout = c.out == "" || c.out == standardOutput
	out, err := a.create(c.out)
	if err != nil {
		return err
	}
	defer out.discard()
	joins := len(inputs) > 1 && !writer.TakesParts(c.format())
	run := &conversion{
		report:   newReport(a.screen, c.context),
		document: newDocument(len(inputs), c.strict, joins),
		strict:   c.strict,
	}
	if run.encoder, err = c.encoder(out, run.lose); err != nil {
		return err
	}
	for _, name := range inputs {
		run.document.begin(displayName(name))
		if err := a.read(name, c.reading, visitor{found: run.found, use: run.use, keeps: joins}); err != nil {
			return err
		}
	}
	if err := run.join(); err != nil {
		return err
	}
	// What is reported must be out before the file is, so that nobody finds the file without knowing what it lacks.
	if err := errors.Join(run.encoder.Close(), run.report.close()); err != nil {
		return err
	}
	if err := out.commit(); err != nil {
		return err
	}
	if run.faulty {
		return errFindings
	}
	return nil
}

// conversion is a convert command at work.
type conversion struct {
	report   *report
	document *document
	encoder  writer.Encoder
	strict   bool
	faulty   bool   // there was an error
	parts    []part // of families that are to be put together
}

// part is a family, or a part of one, and the input that it is of.
type part struct {
	family *model.MetricFamily
	file   string
}

// found reports d, and ends the conversion if it is strict and that is an error.
func (run *conversion) found(d *diag.Diagnostic) error {
	if err := run.report.add(d); err != nil {
		return err
	}
	if d.Severity == diag.Error {
		run.faulty = true
		if run.strict {
			return errFindings
		}
	}
	return nil
}

// use encodes a family, if it can be part of the document, or keeps it to be put together with its other parts.
func (run *conversion) use(f *model.MetricFamily) error {
	if run.document.joins { // a counter is the same with its suffix in the name and apart
		f.Name, f.Suffix = f.SampleName(), ""
	}
	for _, d := range run.document.admit(f) {
		if err := run.found(d); err != nil || d.Severity == diag.Error {
			return err
		}
	}
	if run.document.joins {
		run.parts = append(run.parts, part{f, run.document.file})
		return nil
	}
	return run.encode(f)
}

// join puts the parts that were kept together, and encodes the families that they are.
func (run *conversion) join() error {
	files := make(map[string]string, len(run.parts)) // of the first part of each family
	families, err := convert.Collect(func(yield func(*model.MetricFamily, error) bool) {
		for _, p := range run.parts {
			if _, known := files[p.family.Name]; !known {
				files[p.family.Name] = p.file
			}
			if !yield(p.family, nil) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	for _, f := range families {
		run.document.file = files[f.Name]
		if err := run.encode(f); err != nil {
			return err
		}
	}
	return nil
}

func (run *conversion) encode(f *model.MetricFamily) error {
	err := run.encoder.Encode(f)
	if loss, ok := errors.AsType[writer.Loss](err); ok {
		return run.found(run.diagnostic(loss, diag.Error))
	}
	return err
}

// lose reports a loss that is none of the reader's. Should that fail, so does the next report.
func (run *conversion) lose(loss writer.Loss) {
	_ = run.report.add(run.diagnostic(loss, diag.Warning))
}

func (run *conversion) diagnostic(loss writer.Loss, severity diag.Severity) *diag.Diagnostic {
	message := fmt.Sprintf("family %q: %s", loss.Family, loss.Rule.Meaning())
	if loss.Detail != "" {
		message += ", " + loss.Detail
	}
	if loss.Count > 1 {
		message += fmt.Sprintf(", %d times", loss.Count)
	}
	return &diag.Diagnostic{
		Pos:      diag.Position{File: run.document.file, Line: loss.Line, Column: min(loss.Line, 1)},
		Severity: severity,
		Rule:     loss.Rule,
		Message:  message,
	}
}
