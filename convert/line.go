package convert

import (
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
)

// accepted is what a reader of lines returns for a line that it could read. For any other it returns the column, from 0,
// of the first token that does not fit.
const accepted = -1

// readLine reads a line of text, without its end, into e.
func readLine(line []byte, e *entry) (failedAt int) {
	e.reset()
	i := lexer.SkipBlanks(line, 0)
	switch {
	case i == len(line):
		return accepted
	case line[i] == '#':
		return readComment(line, i, e)
	}
	return readSample(line, i, e)
}

// readSample reads the sample that begins at i.
func readSample(line []byte, i int, e *entry) (failedAt int) {
	e.kind = sampleLine
	if end := lexer.NameEnd(line, i); end > i {
		e.setName(line, i, end, false)
		i = lexer.SkipBlanks(line, end)
		if i == end && (i == len(line) || line[i] != '{') {
			return i
		}
	}
	if i < len(line) && line[i] == '{' {
		var failedAt int
		if i, failedAt = readLabels(line, i, e); failedAt != accepted {
			return failedAt
		}
		e.labelsEnd = i
	}
	if e.name == nil {
		return i // neither a name nor braces
	}
	return readValue(line, i, e)
}

// readValue reads the value that begins behind the blanks at i, and the timestamp, if any.
func readValue(line []byte, i int, e *entry) (failedAt int) {
	i = lexer.SkipBlanks(line, i)
	end := lexer.WordEnd(line, i)
	if !e.setValue(line, i, end) && lexer.NumberKind(line[i:end]) == lexer.Invalid {
		return i
	}

	i = lexer.SkipBlanks(line, end)
	if i < len(line) {
		end = lexer.WordEnd(line, i)
		if lexer.NumberKind(line[i:end]) != lexer.Integer {
			return i
		}
		e.setTimestamp(line, i, end)
		i = lexer.SkipBlanks(line, end)
	}
	if i < len(line) {
		return i
	}
	if end < i {
		e.find(diag.TrailingSpace, end, i)
	}
	return accepted
}

// readLabels reads the label block at i and gives the column behind it.
func readLabels(line []byte, i int, e *entry) (next, failedAt int) {
	open := i
	i = lexer.SkipBlanks(line, i+1)
	if i < len(line) && line[i] == ',' {
		e.find(diag.StrayComma, i, i+1)
		i = lexer.SkipBlanks(line, i+1)
	}
	for {
		switch {
		case i == len(line):
			return i, i
		case line[i] == '}':
			if e.name == nil {
				e.find(diag.MissingName, open, i+1)
				e.name = []byte{}
			}
			return i + 1, accepted
		}
		next, failedAt = readItem(line, i, e)
		if failedAt != accepted {
			return next, failedAt
		}
		i = lexer.SkipBlanks(line, next)
		switch {
		case i == len(line):
			return i, i
		case line[i] == ',':
			i = lexer.SkipBlanks(line, i+1)
		case line[i] != '}':
			return i, i
		}
	}
}

// readItem reads the label, or the quoted metric name, at i, and gives the column behind it.
func readItem(line []byte, i int, e *entry) (next, failedAt int) {
	at, quoted := i, line[i] == '"'
	nameEnd := nameEnd(line, at, quoted)
	if nameEnd <= at {
		return at, at
	}
	i = lexer.SkipBlanks(line, nameEnd)
	if i == len(line) || line[i] != '=' {
		if quoted {
			e.setNameInBraces(line, at, nameEnd)
			return nameEnd, accepted
		}
		return i, i
	}

	i = lexer.SkipBlanks(line, i+1)
	end, escaped := lexer.StringEnd(line, i)
	if end < 0 {
		return i, i
	}
	name := line[at:nameEnd]
	if quoted {
		name = e.unquote(line, at, nameEnd)
	}
	value := line[i+1 : end-1]
	if escaped {
		value = e.unquote(line, i, end)
	}
	if !escaped {
		switch string(name) {
		case "le":
			e.le = span{i + 1, end - 1}
		case "quantile":
			e.quantile = span{i + 1, end - 1}
		}
	}
	e.labels.add(e, name, value, at, nameEnd)
	return end, accepted
}

// readComment reads the line whose # is at i: a HELP line, a TYPE line or any other comment.
func readComment(line []byte, i int, e *entry) (failedAt int) {
	e.kind = commentLine
	m := metadata{hash: i}
	m.keyword = lexer.SkipBlanks(line, i+1)
	m.keywordEnd = lexer.WordEnd(line, m.keyword)
	var kind entryKind
	switch string(line[m.keyword:m.keywordEnd]) {
	case "HELP":
		kind = helpLine
	case "TYPE":
		kind = typeLine
	default:
		return accepted
	}

	m.name = lexer.SkipBlanks(line, m.keywordEnd)
	if m.name == len(line) {
		e.find(diag.IncompleteMetadata, m.hash, m.keywordEnd)
		return accepted
	}
	m.quoted = line[m.name] == '"'
	if m.nameEnd = nameEnd(line, m.name, m.quoted); m.nameEnd <= m.name {
		return m.name
	}
	m.text = lexer.SkipBlanks(line, m.nameEnd)
	if m.text == m.nameEnd && m.text < len(line) {
		return m.text
	}
	if kind == helpLine {
		e.setHelp(line, m)
		return accepted
	}

	if m.text == len(line) {
		e.find(diag.IncompleteMetadata, m.hash, m.nameEnd)
		return accepted
	}
	m.textEnd = lexer.WordEnd(line, m.text)
	if rest := lexer.SkipBlanks(line, m.textEnd); rest < len(line) {
		return rest
	}
	e.setType(line, m)
	return accepted
}

// nameEnd gives the end of the name at i, quoted or not; it is i or less if there is none.
func nameEnd(line []byte, i int, quoted bool) int {
	if quoted {
		end, _ := lexer.StringEnd(line, i)
		return end
	}
	return lexer.NameEnd(line, i)
}
