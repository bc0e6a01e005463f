package writer

import (
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

// What the lines of metadata begin with.
const (
	helpStart = "# HELP "
	typeStart = "# TYPE "
)

// appendMetadata appends the lines that are due of the family, or of one that trails it, named name and suffix.
func appendMetadata(b []byte, f *model.MetricFamily, due metadata, name *textName, suffix, typ string) []byte {
	if due.help {
		b = append(b, helpStart...)
		b = name.appendTo(b, suffix)
		b = append(b, ' ')
		b = appendHelp(b, lineOf(f.Help))
		b = append(b, '\n')
	}
	if due.typ {
		b = append(b, typeStart...)
		b = name.appendTo(b, suffix)
		b = append(b, typ...)
	}
	return b
}

// lineOf is a help text as a line may end in it: carriage returns at its end would be of the end of the line.
func lineOf(help string) string {
	if !strings.HasSuffix(help, "\r") {
		return help
	}
	return strings.TrimRight(help, "\r")
}

// appendHelp appends a help text with backslashes and line feeds escaped, of which nearly all are without.
func appendHelp(b []byte, help string) []byte {
	if strings.IndexByte(help, '\\') >= 0 || strings.IndexByte(help, '\n') >= 0 {
		return appendEscaped(b, help, false)
	}
	return append(b, help...)
}
