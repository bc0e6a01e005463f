// Package lexer splits Prometheus text expositions into tokens. It is the only code of the project that looks at the
// characters of a text format.
//
// It has two faces. A [Lexer] yields [Token] values that tile the input: every byte belongs to exactly one token, blanks
// included, the lexer never fails, and every token but EOF is at least a byte long. What cannot be read is an [Invalid]
// token. The other face is the scanning primitives that the lexer itself is made of, for a reader that has no use for
// tokens: each takes a line and an index and gives back where the thing that begins there ends.
//
// The format is that of the Prometheus text formats 0.0.4 and 1.0.0,
// https://github.com/prometheus/docs/blob/main/docs/instrumenting/exposition_formats.md.
package lexer
