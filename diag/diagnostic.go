package diag

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Position is a place in an input. The zero Position means that there is none, as for a family made by hand.
type Position struct {
	// File is the name of the input as the caller gave it; "-" stands for standard input.
	File string `json:"file"`
	// Line counts from 1. It is 0 in an input that has no lines, such as protobuf.
	Line int `json:"line"`
	// Column counts bytes within the line, from 1; without lines it counts those of the input.
	Column int `json:"column"`
	// Offset counts bytes from the beginning of the (decompressed) input, from 0.
	Offset int64 `json:"offset"`
}

// IsValid reports whether p is a place at all.
func (p Position) IsValid() bool { return p.Column > 0 }

// String renders p as file:line:column, without the parts that are not known.
func (p Position) String() string {
	file := p.File
	if file == "" {
		file = "-"
	}
	switch {
	case !p.IsValid():
		return file
	case p.Line == 0:
		return file + ":byte " + strconv.FormatInt(p.Offset, 10)
	}
	return file + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// Excerpt is the part of a source line around a position, for showing a caret under it.
type Excerpt struct {
	// Text is the source line without its line end, cut on both sides where it is very long.
	Text string `json:"text"`
	// Column is the 1-based byte in Text that the diagnostic is about.
	Column int `json:"column"`
}

// excerptRadius is how many bytes of a long line an Excerpt keeps on each side of its column.
const excerptRadius = 120

// NewExcerpt cuts out of line what surrounds the 1-based byte column.
func NewExcerpt(line []byte, column int) Excerpt {
	at := min(max(column-1, 0), len(line))
	from, to := 0, len(line)
	if at > excerptRadius {
		from = at - excerptRadius
	}
	if to-at > excerptRadius {
		to = at + excerptRadius
	}
	before, behind := line[from:at], line[at:to]
	if utf8.Valid(before) && utf8.Valid(behind) {
		return Excerpt{Text: string(line[from:to]), Column: len(before) + 1}
	}
	valid := strings.ToValidUTF8(string(before), "\uFFFD")
	return Excerpt{Text: valid + strings.ToValidUTF8(string(behind), "\uFFFD"), Column: len(valid) + 1}
}

// Diagnostic is one finding about an input: where, how bad, which rule and in what words.
// It is an error, so an iterator over families can yield it as it is.
type Diagnostic struct {
	Pos      Position `json:"position"`
	Severity Severity `json:"severity"`
	Rule     Rule     `json:"rule"`
	// Message is a sentence without a full stop that says what is wrong.
	Message string `json:"message"`
	// Found is the offending text and Expected what could have stood there; both are empty where they say nothing.
	Found    string `json:"found,omitempty"`
	Expected string `json:"expected,omitempty"`
	// Hint says what may help, empty if nothing in particular does.
	Hint    string  `json:"hint,omitempty"`
	Excerpt Excerpt `json:"excerpt"`
}

// Error renders d as one line, "file:line:column: severity: message [rule-id]".
func (d *Diagnostic) Error() string {
	var b strings.Builder
	b.WriteString(d.Pos.String())
	b.WriteString(": ")
	b.WriteString(d.Severity.String())
	b.WriteString(": ")
	b.WriteString(d.Message)
	if d.Hint != "" {
		b.WriteString(" (")
		b.WriteString(d.Hint)
		b.WriteString(")")
	}
	b.WriteString(" [")
	b.WriteString(d.Rule.ID())
	b.WriteString("]")
	return b.String()
}

// Caret renders the excerpt of d and, under it, a caret at the column. Tabs are kept and characters count by their width on
// a terminal, so that the two line up.
// It is empty where there is no excerpt.
func (d *Diagnostic) Caret() string {
	if d.Excerpt.Text == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString("  ")
	b.WriteString(printable(d.Excerpt.Text))
	b.WriteString("\n  ")
	before := printable(d.Excerpt.Text[:max(0, min(d.Excerpt.Column-1, len(d.Excerpt.Text)))])
	for i, part := range strings.Split(before, "\t") {
		if i > 0 {
			b.WriteByte('\t')
		}
		b.WriteString(strings.Repeat(" ", uniseg.StringWidth(part)))
	}
	b.WriteString("^\n")
	return b.String()
}

// printable replaces the control characters that would upset a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && (r < ' ' || r == 0x7f) {
			return '\uFFFD'
		}
		return r
	}, s)
}
