// Package grammar is the grammar of the Prometheus text formats 0.0.4 and 1.0.0, written down for participle, a line at
// a time, and the tree that it makes of a line.
//
// It is the specification that a person reads: syntax.go holds it as structs with tags, [EBNF] prints it, and
// testdata/text.ebnf keeps it. [ParseLine] reads one line by it and [Lines] a whole document; every [Line] prints back
// byte for byte, whether it is good or bad. [Explain] finds the words for a line that cannot be read, "expected …,
// found …", and is all that a faster reader needs of this package.
//
// The grammar knows syntax only. Whether a sample has a metric name at all, names and labels are unique, valid and in
// UTF-8, a type is known and a number in range is for the reader of the tree to judge.
//
// The format is described in
// https://github.com/prometheus/docs/blob/main/docs/instrumenting/exposition_formats.md.
package grammar
