package convert

import (
	"bytes"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// The methods here take in the parts of a line of OpenMetrics, whichever reader found them.

// findSaid is find with what is to be said about it.
func (e *entry) findSaid(rule diag.Rule, at, end int, message string) {
	e.findings = append(e.findings, finding{rule, at, end, message})
}

// wantsBlank reports whether there is one space between two tokens of a line, of which the first is EOF at its beginning.
// Otherwise they stand side by side.
func wantsBlank(before, kind lexer.Kind) bool {
	switch kind {
	case lexer.Integer, lexer.Float:
		switch before {
		case lexer.StartAt, lexer.Colon, lexer.LeftBracket, lexer.Comma:
			return false
		}
		return true
	case lexer.CompositeOpen, lexer.StartAt, lexer.Text, lexer.Word, lexer.Help, lexer.Type, lexer.Unit, lexer.End:
		return true
	case lexer.Hash:
		return before != lexer.EOF
	case lexer.LeftBrace:
		return before == lexer.Hash
	case lexer.Name, lexer.String:
		return before == lexer.Help || before == lexer.Type || before == lexer.Unit
	}
	return false
}

// checkBlanks is oneBlank or noBlank.
func (e *entry) checkBlanks(line []byte, at, end int, wanted bool) {
	if wanted {
		e.oneBlank(line, at, end)
	} else {
		e.noBlank(at, end)
	}
}

// oneBlank looks at what stands from the column at to the column end, nothing but blanks, where one space is wanted.
func (e *entry) oneBlank(line []byte, at, end int) {
	if end != at+1 || line[at] != ' ' {
		e.findBlanks(at, end)
	}
}

// noBlank is oneBlank where no blank is wanted.
func (e *entry) noBlank(at, end int) {
	if end > at {
		e.findBlanks(at, end)
	}
}

// findBlanks takes blanks that are not as they should be, or are missing. Only the first of a line are reported.
func (e *entry) findBlanks(at, end int) {
	if !e.blanksTold {
		e.find(diag.Spacing, at, end)
	}
	e.blanksTold = true
}

// setBlankLine takes a line without anything but blanks.
func (e *entry) setBlankLine(line []byte) {
	e.kind = blankLine
	e.find(diag.BlankLine, 0, len(line))
}

// setComment takes a line that begins with the # at that column and has no meaning.
func (e *entry) setComment(hash int) {
	e.kind = commentLine
	e.find(diag.CommentLine, hash, hash+1)
}

// setIncomplete takes a line with a keyword that lacks what should follow its last word, which ends at the column end.
func (e *entry) setIncomplete(hash, end int) {
	e.kind = commentLine
	e.find(diag.IncompleteMetadata, hash, end)
}

// setHelpText takes the text of a HELP line. It goes on to the end of the line.
func (e *entry) setHelpText(line []byte, at int) {
	e.kind = helpLine
	e.text, e.textAt = line[at:], at
	if bytes.IndexByte(e.text, '\\') < 0 {
		return
	}
	raw, from, unknown := e.text, len(e.unescaped), 0
	e.unescaped, unknown = lexer.AppendUnquoted(e.unescaped, raw)
	e.text = e.unescaped[from:]
	last := len(raw) - 1
	if unknown >= 0 && unknown < last {
		e.find(diag.UndefinedEscape, at+unknown, at+unknown+2)
	}
	if backslashes := len(raw) - len(bytes.TrimRight(raw, `\`)); backslashes%2 == 1 {
		e.find(diag.HelpEscape, at+last, at+last+1)
	}
}

// setTypeWord takes the type of a TYPE line.
func (e *entry) setTypeWord(line []byte, at, end int) {
	e.kind = typeLine
	e.text, e.textAt = line[at:end], at
	word := view(e.text)
	var ok bool
	if e.typ, ok = model.TypeByName(word); ok {
		return
	}
	if strings.EqualFold(word, "untyped") {
		e.find(diag.TypeUntyped, at, end)
		return
	}
	if e.typ, ok = model.TypeByName(strings.ToLower(word)); ok {
		e.find(diag.TypeCase, at, end)
		return
	}
	e.find(diag.UnknownType, at, end)
}

// setUnitWord takes the unit of a UNIT line.
func (e *entry) setUnitWord(line []byte, at, end int) {
	e.kind = unitLine
	e.text, e.textAt = line[at:end], at
	if !lexer.IsUnit(e.text) {
		e.find(diag.UnitCharacters, at, end)
	}
}

// setNameAmongLabels takes a metric name from the braces, where it is the first thing or not.
func (e *entry) setNameAmongLabels(line []byte, at, end int, first bool) {
	isSecond := e.name != nil
	if isSecond && e.nameTold {
		return
	}
	if e.dialect == lexer.OpenMetrics2 && !first && !isSecond {
		e.find(diag.NamePosition, at, end)
	}
	e.setNameInBraces(line, at, end)
	e.nameTold = isSecond
}

// addLabel takes a label of the sample, with its value in quotes. The name may be in quotes too.
func (e *entry) addLabel(line []byte, name, value span) {
	if exceeds(e.labels.count+1, e.labels.limit) {
		e.labels.add(e, nil, nil, name.at, name.end)
		return
	}
	label := e.labelName(line, name)
	e.labels.add(e, label, e.unquote(line, value.at, value.end), name.at, name.end)
	switch string(name.of(line)) {
	case "le":
		e.le = e.plainContent(line, value)
	case "quantile":
		e.quantile = e.plainContent(line, value)
	}
}

// labelName is the name at those columns, without quotes.
func (e *entry) labelName(line []byte, name span) []byte {
	if line[name.at] == '"' {
		return e.unquote(line, name.at, name.end)
	}
	return name.of(line)
}

// plainContent is where the content of a quoted string stands, nowhere if it has escapes.
func (e *entry) plainContent(line []byte, quoted span) span {
	if bytes.IndexByte(quoted.of(line), '\\') >= 0 {
		return span{}
	}
	return span{quoted.at + 1, quoted.end - 1}
}

// setNumber takes the value of a sample that is not composite. It reports whether it is a number that fits a float64.
func (e *entry) setNumber(line []byte, at, end int) bool {
	e.valueAt = span{at, end}
	return e.setValue(line, at, end)
}

// setSeconds takes the timestamp of a sample.
func (e *entry) setSeconds(line []byte, at, end int) {
	e.timestamp, e.timestampAt = e.seconds(line, at, end), span{at, end}
}

// setStart takes a start timestamp, whose st@ is at the column at, from the columns of its number. The timestamp of the
// sample, if there is one, is known.
func (e *entry) setStart(line []byte, at int, word span) {
	x := e.extra()
	x.start, x.startAt = e.seconds(line, word.at, word.end), span{at, word.end}
	if x.start.Set && e.timestamp.Set && x.start.Compare(e.timestamp) > 0 {
		e.find(diag.StartAfterTimestamp, at, word.end)
	}
}

// seconds reads a timestamp; it is not Set if it is none.
func (e *entry) seconds(line []byte, at, end int) model.Timestamp {
	seconds, nanos, _, ok := lexer.ParseSeconds(line[at:end])
	if !ok {
		e.findSaid(diag.Timestamp, at, end, "timestamp %s is not a number of seconds in the range of 64 bits")
		return model.Timestamp{}
	}
	return model.Timestamp{Seconds: seconds, Nanos: nanos, Set: true}
}

// extra is what e has more.
func (e *entry) extra() *lineExtras {
	if e.more == nil {
		x := &e.extras
		x.exemplars, x.encodings = x.exemplars[:0], x.encodings[:0]
		x.begun, x.labelled, x.full = 0, 0, false
		x.start, x.startAt, x.composite = model.Timestamp{}, span{}, nil
		e.more = x
	}
	return e.more
}
