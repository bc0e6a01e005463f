package convert

import (
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
)

// readOpenMetrics reads a line of OpenMetrics, without its end, into e.
func readOpenMetrics(line []byte, e *entry) (failedAt int) {
	e.reset()
	i := lexer.SkipBlanks(line, 0)
	switch {
	case i == len(line):
		e.setBlankLine(line)
		return accepted
	case line[i] == '#':
		return readOpenMetricsComment(line, i, e)
	}
	e.noBlank(0, i)
	return readOpenMetricsSample(line, i, e)
}

// readOpenMetricsSample reads the sample that begins at i.
func readOpenMetricsSample(line []byte, i int, e *entry) (failedAt int) {
	e.kind = sampleLine
	behind, isLabeled := i, line[i] == '{'
	if end := lexer.NameEnd(line, i); end > i {
		e.setName(line, i, end, false)
		behind, i = end, lexer.SkipBlanks(line, end)
		isLabeled = i < len(line) && line[i] == '{' && (i == end || lexer.BeginsLabels(line, i, e.dialect))
		if i == end && !isLabeled {
			return i
		}
	} else if !isLabeled {
		return i
	}
	if isLabeled {
		e.noBlank(behind, i)
		var failedAt int
		if behind, failedAt = readOpenMetricsLabels(line, i, e); failedAt != accepted {
			return failedAt
		}
		i = lexer.SkipBlanks(line, behind)
	}
	e.labelsEnd = behind
	return readOpenMetricsValue(line, behind, i, e)
}

// readOpenMetricsValue reads the value at i and what follows it. What comes before ends at behind.
func readOpenMetricsValue(line []byte, behind, i int, e *entry) (failedAt int) {
	if e.dialect == lexer.OpenMetrics2 && i < len(line) && line[i] == '{' {
		return readTail(line, behind, e, true)
	}
	end := lexer.WordEnd(line, i)
	if !e.setNumber(line, i, end) && lexer.NumberKind(line[i:end]) == lexer.Invalid {
		return i
	}
	e.oneBlank(line, behind, i)
	behind, i = end, lexer.SkipBlanks(line, end)
	if i == len(line) {
		e.noBlank(behind, i)
		return accepted
	}
	end = lexer.WordEnd(line, i)
	if lexer.NumberKind(line[i:end]) != lexer.Invalid {
		e.oneBlank(line, behind, i)
		e.setSeconds(line, i, end)
		behind, i = end, lexer.SkipBlanks(line, end)
		if i == len(line) {
			e.noBlank(behind, i)
			return accepted
		}
	}
	return readTail(line, behind, e, false)
}

// adjoining gives where the token begins that should stand at i, without blanks before it.
func (e *entry) adjoining(line []byte, i int) int {
	begin := lexer.SkipBlanks(line, i)
	e.noBlank(i, begin)
	return begin
}

// readOpenMetricsLabels reads the label block at i and gives the column behind it.
func readOpenMetricsLabels(line []byte, i int, e *entry) (next, failedAt int) {
	open := i
	i = e.adjoining(line, i+1)
	if i < len(line) && line[i] == ',' {
		e.find(diag.StrayComma, i, i+1)
		i = e.adjoining(line, i+1)
	}
	for first, comma := true, 0; ; first = false {
		switch {
		case i == len(line):
			return i, i
		case line[i] == '}':
			if comma > 0 {
				e.find(diag.TrailingComma, comma, comma+1)
			}
			if e.name == nil {
				e.find(diag.MissingName, open, i+1)
				e.name = []byte{}
			}
			return i + 1, accepted
		}
		next, failedAt = readOpenMetricsItem(line, i, e, first)
		if failedAt != accepted {
			return next, failedAt
		}
		i, comma = e.adjoining(line, next), 0
		switch {
		case i == len(line):
			return i, i
		case line[i] == ',':
			comma = i
			i = e.adjoining(line, i+1)
		case line[i] != '}':
			return i, i
		}
	}
}

// readOpenMetricsItem reads the label, or the quoted metric name, at i, and gives the column behind it.
func readOpenMetricsItem(line []byte, i int, e *entry, first bool) (next, failedAt int) {
	at, quoted := i, line[i] == '"'
	nameEnd := nameEnd(line, at, quoted)
	if nameEnd <= at {
		return at, at
	}
	i = e.adjoining(line, nameEnd)
	if i == len(line) || line[i] != '=' {
		if quoted {
			e.setNameAmongLabels(line, at, nameEnd, first)
			return nameEnd, accepted
		}
		return i, i
	}
	i = e.adjoining(line, i+1)
	end, _ := lexer.StringEnd(line, i)
	if end < 0 {
		return i, i
	}
	e.addLabel(line, span{at, nameEnd}, span{i, end})
	return end, accepted
}

// readOpenMetricsComment reads the line whose # is at i: a HELP, TYPE, UNIT or EOF line or any other comment.
func readOpenMetricsComment(line []byte, i int, e *entry) (failedAt int) {
	keyword := lexer.SkipBlanks(line, i+1)
	keywordEnd := lexer.WordEnd(line, keyword)
	name := lexer.SkipBlanks(line, keywordEnd)
	word := string(line[keyword:keywordEnd])
	switch word {
	case "HELP", "TYPE", "UNIT":
		if name == len(line) {
			e.setIncomplete(i, keywordEnd)
			return accepted
		}
	case "EOF":
		if name == len(line) {
			e.kind = endLine
			e.noBlank(0, i)
			e.oneBlank(line, i+1, keyword)
			e.noBlank(keywordEnd, name)
			return accepted
		}
		fallthrough
	default:
		e.setComment(i)
		return accepted
	}

	quoted := line[name] == '"'
	end := nameEnd(line, name, quoted)
	if end <= name {
		return name
	}
	text := lexer.SkipBlanks(line, end)
	textEnd := lexer.WordEnd(line, text)
	switch {
	case text == end && text < len(line):
		return text
	case word == "HELP":
		text, textEnd = min(end+1, len(line)), len(line)
	case word == "TYPE" && text == len(line):
		e.setIncomplete(i, end)
		return accepted
	}
	rest := lexer.SkipBlanks(line, textEnd)
	if rest < len(line) {
		return rest
	}
	e.noBlank(0, i)
	e.oneBlank(line, i+1, keyword)
	e.oneBlank(line, keywordEnd, name)
	e.oneBlank(line, end, text)
	e.noBlank(textEnd, rest)
	e.setName(line, name, end, quoted)
	switch word {
	case "HELP":
		e.setHelpText(line, text)
	case "TYPE":
		e.setTypeWord(line, text, textEnd)
	case "UNIT":
		e.setUnitWord(line, text, textEnd)
	}
	return accepted
}
