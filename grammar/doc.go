// Package grammar is the grammar of the Prometheus text formats 0.0.4 and 1.0.0 and of OpenMetrics 1.0 and 2.0, written
// down for participle, a line at a time, and the tree that it makes of a line.
//
// It is the specification that a person reads: syntax.go and openmetrics.go hold it as structs with tags,
// [Grammar.EBNF] prints it, and testdata keeps it. [Of] is the grammar of a dialect. [Grammar.ParseLine] reads one line by
// it and [Grammar.Lines] a whole document; every [Line] prints back byte for byte, whether it is good or bad.
// [Grammar.Explain] finds the words for a line that cannot be read, "expected …, found …", and is all that a faster reader
// needs of this package. The functions of the same names are those of the Prometheus text formats.
//
// The grammar knows syntax only, and accepts what can have one meaning only. Whether a sample has a metric name at all,
// names and labels are unique, valid and in UTF-8, a type is known and a number in range, and in OpenMetrics whether
// blanks stand where they may and a composite value has the fields that it needs, is for the reader of the tree to judge.
// openmetrics.go has a table of what is left to it.
//
// The formats are described in
// https://github.com/prometheus/docs/blob/main/docs/instrumenting/exposition_formats.md,
// https://github.com/prometheus/docs/blob/main/docs/specs/om/open_metrics_spec.md and
// https://github.com/prometheus/docs/blob/main/docs/specs/om/open_metrics_spec_2_0.md, the latter as of 2.0.0-rc0.
package grammar
