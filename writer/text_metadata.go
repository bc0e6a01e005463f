package writer

import (
	"encoding/binary"
	"slices"
	"strings"

	prommodel "github.com/prometheus/common/model"

	"github.com/promfmt/promfmt/model"
)

// textName is the name of a metric as the format has it, in two parts so that they need not be joined.
type textName struct {
	name, suffix string
	quoted       bool // the name stands between quotes, and in a sample between the braces
}

func (t *text) nameOf(o *output, name, suffix string) textName {
	switch {
	case isMetricName(name) && (suffix == "" || isMetricName(suffix)):
		return textName{name, suffix, false}
	case t.names.scheme == prommodel.NoEscaping:
		return textName{name, suffix, true}
	}
	return textName{t.names.metric(o, name+suffix), "", false}
}

// appendTo appends the name and a further suffix.
func (n *textName) appendTo(b []byte, further string) []byte {
	if n.quoted || n.suffix != "" || further != "" {
		return n.appendParts(b, further)
	}
	return append(b, n.name...)
}

func (n *textName) appendParts(b []byte, further string) []byte {
	if n.quoted {
		return n.appendQuoted(b, further)
	}
	b = append(b, n.name...)
	b = append(b, n.suffix...)
	return append(b, further...)
}

func (n *textName) appendQuoted(b []byte, further string) []byte {
	b = append(b, '"')
	b = appendEscaped(b, n.name, true)
	b = appendEscaped(b, n.suffix, true)
	b = append(b, further...)
	return append(b, '"')
}

// appendHead appends the name and what stands between it and the labels, if there are any, or the value.
func (n *textName) appendHead(b []byte, further string, labels bool) []byte {
	switch {
	case n.quoted && labels:
		return append(n.appendQuoted(append(b, '{'), further), ',')
	case n.quoted:
		return append(n.appendQuoted(append(b, '{'), further), '}')
	case labels:
		return append(n.appendTo(b, further), '{')
	}
	return n.appendTo(b, further)
}

// metadata says for each line of metadata whether it is meant.
type metadata struct{ help, typ bool }

// statedMetadata are the lines that the family states and no earlier part of it had: a second line of either is an error
// to most readers.
func statedMetadata(f *model.MetricFamily) metadata {
	return metadata{help: f.HasHelp && !f.HelpRepeated, typ: f.HasType && !f.TypeRepeated}
}

// appendMetadata appends the lines that are due of the family, or of one that trails it, named name and suffix.
func appendMetadata(b []byte, f *model.MetricFamily, due metadata, name *textName, suffix, typ string) []byte {
	if due.help {
		b = append(b, "# HELP "...)
		b = name.appendTo(b, suffix)
		b = append(b, ' ')
		b = appendHelp(b, lineOf(f.Help))
		b = append(b, '\n')
	}
	if due.typ {
		b = append(b, "# TYPE "...)
		b = name.appendTo(b, suffix)
		b = append(b, typ...)
	}
	return b
}

// lineOf is a help text as a line may end in it: carriage returns at its end would be of the end of the line.
func lineOf(help string) string { return strings.TrimRight(help, "\r") }

// appendHelp appends a help text with backslashes and line feeds escaped. Nearly all are without, so it is copied, two
// words at a time, and looked at in passing.
func appendHelp(b []byte, s string) []byte {
	const step = 2 * wordSize
	if len(s) < step {
		return appendEscaped(b, s, false)
	}
	b = slices.Grow(b, len(s))
	out := b[len(b) : len(b)+len(s)]
	var found uint64
	for i := 0; ; i += step {
		i = min(i, len(s)-step) // the last words begin in those before them
		v, w := word(s, i), word(s, i+wordSize)
		binary.LittleEndian.PutUint64(out[i:], v)
		binary.LittleEndian.PutUint64(out[i+wordSize:], w)
		found |= ((v ^ '\\'*lows - lows) | (v ^ '\n'*lows - lows)) &^ v
		found |= ((w ^ '\\'*lows - lows) | (w ^ '\n'*lows - lows)) &^ w
		if i == len(s)-step {
			break
		}
	}
	if found&highs != 0 {
		return appendEscaped(b, s, false)
	}
	return b[:len(b)+len(s)]
}
