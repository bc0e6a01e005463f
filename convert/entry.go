package convert

import (
	"bytes"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// entryKind is what a line turned out to be.
type entryKind uint8

const (
	blankLine entryKind = iota
	commentLine
	helpLine
	typeLine
	sampleLine
	// unitLine and endLine, the one that says EOF, are lines of OpenMetrics.
	unitLine
	endLine
)

// entry is what a line says, whichever reader read it. Its slices are valid until the next line is read.
type entry struct {
	kind entryKind
	// name is the name of the metric or family, without quotes. A sample that has none keeps nil.
	name []byte
	// text is the text of a HELP line with its escapes undone, the type of a TYPE line or the unit of a UNIT line.
	text []byte
	// typ is the type that a TYPE line names. What that is in the Prometheus text format is for the assembler to find
	// out, in OpenMetrics it is known here.
	typ       model.Type
	labels    labelSet
	value     float64
	timestamp model.Timestamp
	// quoted tells that the name stands in quotes.
	quoted bool
	// nameAt and textAt are the columns of name and text, counted from 0.
	nameAt, textAt int
	// le and quantile are where the values of the labels of these names stand, if there are such and they have no
	// escapes, and labelsEnd is the column behind the brace, in OpenMetrics behind the name if there are no braces.
	le, quantile span
	labelsEnd    int
	// valueAt and timestampAt are where the value and the timestamp of a sample of OpenMetrics stand; timestampAt means
	// nothing if there is no timestamp. The value is 0 if it is composite, and valueAt are its braces.
	valueAt, timestampAt span
	// more is what few samples have, and nil for all others.
	more     *lineExtras
	findings []finding
	// unescaped is where the strings of the line are kept that are not in it as they are.
	unescaped []byte
	// blanksTold and nameTold tell that blanks of the line, or a second name, have been found fault with. More of them
	// are not reported.
	blanksTold, nameTold bool
	// carriage tells that a CR LF has been reported, so that nothing is said about another one.
	carriage bool
	// dialect is that of the line, and parts is how many exemplars, labels of them, and entries of a list it may have.
	// begin sets them.
	dialect lexer.Dialect
	parts   int
	// extras is where more points to.
	extras lineExtras
}

// begin makes e ready for the lines of an input.
func (e *entry) begin(d lexer.Dialect, limits Limits) {
	if e.dialect != d {
		e.labels.forget()
	}
	e.dialect, e.labels.dialect = d, d
	e.labels.limit, e.parts = limits.Labels, limits.Parts
}

// span is from the column at to the column end. The zero span is none.
type span struct{ at, end int }

func (s span) of(text []byte) []byte { return text[s.at:s.end] }

// finding is something to be said about the columns from at to end of a line that is well-formed otherwise.
type finding struct {
	rule    diag.Rule
	at, end int
	// message is said instead of that of the rule, unless it is empty.
	message string
}

func (e *entry) reset() {
	e.kind, e.name = blankLine, nil
	e.resetRest()
}

// resetRest resets all but the kind and the name. Nil is written only where there is something else: a pointer that is
// written costs something while the collector works.
func (e *entry) resetRest() {
	if e.text != nil {
		e.text = nil
	}
	if e.more != nil {
		e.more = nil
	}
	e.quoted = false
	e.blanksTold, e.nameTold = false, false
	e.labels.begin()
	e.timestamp, e.le, e.quantile = model.Timestamp{}, span{}, span{}
	e.findings, e.unescaped = e.findings[:0], e.unescaped[:0]
}

func (e *entry) find(rule diag.Rule, at, end int) {
	e.findings = append(e.findings, finding{rule: rule, at: at, end: end})
}

// setName takes the name of a metric or family. It stands at the columns from at to end, quotes included if quoted.
func (e *entry) setName(line []byte, at, end int, quoted bool) {
	e.nameAt, e.quoted = at, quoted
	if !quoted {
		e.name = line[at:end]
		return
	}
	e.name = e.unquote(line, at, end)
	if len(e.name) == 0 {
		e.name = []byte{}
		e.find(diag.EmptyName, at, end)
	}
}

// setNameInBraces takes a metric name from among the labels.
func (e *entry) setNameInBraces(line []byte, at, end int) {
	if e.name != nil {
		e.find(diag.SecondName, at, end)
		return
	}
	e.setName(line, at, end, true)
}

// unquote is the content of the quoted string at the columns from at to end.
func (e *entry) unquote(line []byte, at, end int) []byte {
	content := line[at+1 : end-1]
	if bytes.IndexByte(content, '\\') < 0 {
		return content
	}
	from, unknown := len(e.unescaped), 0
	e.unescaped, unknown = lexer.AppendUnquoted(e.unescaped, content)
	if unknown >= 0 {
		e.find(undefinedEscapes[e.dialect], at+1+unknown, at+1+unknown+2)
	}
	return e.unescaped[from:]
}

// metadata is where the parts of a HELP or TYPE line stand: the columns of #, HELP or TYPE, the name with its quotes,
// and the text or type.
type metadata struct {
	hash                int
	keyword, keywordEnd int
	name, nameEnd       int
	quoted              bool
	text, textEnd       int
}

// setHelp takes a HELP line. Its text goes on to the end of the line.
func (e *entry) setHelp(line []byte, m metadata) {
	e.kind = helpLine
	e.setKeyword(m)
	e.setName(line, m.name, m.nameEnd, m.quoted)
	e.text, e.textAt = line[m.text:], m.text
	if bytes.IndexByte(e.text, '\\') < 0 {
		return
	}
	from, unknown := len(e.unescaped), 0
	e.unescaped, unknown = lexer.AppendHelp(e.unescaped, e.text)
	if unknown >= 0 {
		e.find(diag.HelpEscape, m.text+unknown, min(m.text+unknown+2, len(line)))
	}
	e.text = e.unescaped[from:]
}

// setType takes a TYPE line.
func (e *entry) setType(line []byte, m metadata) {
	e.kind = typeLine
	e.setKeyword(m)
	e.setName(line, m.name, m.nameEnd, m.quoted)
	e.text, e.textAt = line[m.text:m.textEnd], m.text
	if m.keyword > m.hash+2 || m.name > m.keywordEnd+1 || m.text > m.nameEnd+1 || m.textEnd < len(line) {
		e.find(diag.MetadataSpace, m.hash, len(line))
	}
}

func (e *entry) setKeyword(m metadata) {
	if m.keyword == m.hash+1 {
		e.find(diag.CommentSpace, m.hash, m.keywordEnd)
	}
}

// setValue takes the value of a sample. It reports whether it is a number that fits a float64.
func (e *entry) setValue(line []byte, at, end int) bool {
	value, ok := lexer.ParseFloat(line[at:end])
	if !ok {
		e.find(diag.Number, at, end)
	}
	e.value = value
	return ok
}

// setTimestamp takes the timestamp of a sample, an integer that may be too large for an int64.
func (e *entry) setTimestamp(line []byte, at, end int) {
	ms, ok := lexer.ParseInt(line[at:end])
	if !ok {
		e.find(diag.Timestamp, at, end)
	}
	e.timestamp = model.TimestampFromMillis(ms)
}

// checkUTF8 looks for bytes that are not UTF-8 in a line that is well-formed otherwise.
func (e *entry) checkUTF8(line []byte) {
	at := lexer.ValidUTF8End(line)
	switch {
	case at == len(line):
	case e.kind == commentLine:
		e.find(diag.CommentUTF8, at, at)
	default:
		e.find(diag.InvalidUTF8, at, at)
	}
}
