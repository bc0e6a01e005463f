// Package lexer splits text expositions, those of Prometheus and of OpenMetrics, into tokens. It is the only code of the
// project that looks at the characters of a text format.
//
// It has two faces. A [Lexer] yields [Token] values that tile the input: every byte belongs to exactly one token, blanks
// included, the lexer never fails, and every token but EOF is at least a byte long. What cannot be read is an [Invalid]
// token. The other face is the scanning primitives that the lexer itself is made of, for a reader that has no use for
// tokens: each takes a line and an index and gives back where the thing that begins there ends.
//
// A [Dialect] says which format the input is in. A lexer is as tolerant in one as in another: blanks where OpenMetrics
// has none, or a CR before a line feed, are tokens like all others, and whether they may stand where they do is for the
// reader of the tokens to judge.
//
// The formats are described in
// https://github.com/prometheus/docs/blob/main/docs/instrumenting/exposition_formats.md,
// https://github.com/prometheus/docs/blob/main/docs/specs/om/open_metrics_spec.md and
// https://github.com/prometheus/docs/blob/main/docs/specs/om/open_metrics_spec_2_0.md.
package lexer
