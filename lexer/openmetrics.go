package lexer

import "bytes"

// startAt begins a start timestamp.
const startAt = "st@"

// fieldKinds are the fields of composite values by what each holds.
var fieldKinds = map[string]Kind{
	"count": NumberField, "sum": NumberField, "gcount": NumberField, "gsum": NumberField,
	"schema": NumberField, "zero_threshold": NumberField, "zero_count": NumberField,
	"negative_buckets": ListField, "positive_buckets": ListField,
	"negative_spans": PairsField, "positive_spans": PairsField, "bucket": PairsField, "quantile": PairsField,
}

// scanValue reads what stands behind a name and blanks, or behind a label block, up to the end of the line.
func scanValue(line []byte, i int, d Dialect) (Kind, int, state) {
	if d != PrometheusText && line[i] == '#' {
		return Hash, i + 1, beforeExemplar
	}
	if d == OpenMetrics2 {
		switch {
		case line[i] == '{':
			return CompositeOpen, i + 1, beforeField
		case bytes.HasPrefix(line[i:], []byte(startAt)):
			return StartAt, i + len(startAt), inValues
		}
	}
	return scanNumber(line, i)
}

// BeginsLabels reports whether the brace at i, behind a name and blanks, begins a label block and not a composite value.
func BeginsLabels(line []byte, i int, d Dialect) bool {
	if d != OpenMetrics2 {
		return true
	}
	i = SkipBlanks(line, i+1)
	if i == len(line) {
		return false
	}
	switch line[i] {
	case '}', '"', ',':
		return true
	}
	i = SkipBlanks(line, NameEnd(line, i))
	return i < len(line) && line[i] == '='
}

// BehindLabels is a Lexer over the rest of a line in a dialect, from i on, where the labels of a sample or its name and
// blanks are behind. Its tokens are those of the whole line.
func BehindLabels(line []byte, i int, d Dialect) Lexer {
	return Lexer{src: line, pos: i, end: len(line), next: len(line), state: inValues, dialect: d}
}

// IsUnit reports whether word has no characters but those of a metric name. It may begin with any of them.
func IsUnit(word []byte) bool {
	for _, c := range word {
		if classes[c]&namePart == 0 {
			return false
		}
	}
	return true
}

// scanComposite reads the token at i of a composite value. Within brackets there are numbers only, outside of them a
// number stands behind a colon and the name of a field everywhere else.
func scanComposite(line []byte, i int, s state) (Kind, int, state) {
	switch line[i] {
	case '{':
		return CompositeOpen, i + 1, s
	case '}':
		return CompositeClose, i + 1, inValues
	case '[':
		return LeftBracket, i + 1, inList
	case ']':
		return RightBracket, i + 1, inField
	case ',':
		if s == inField {
			s = beforeField
		}
		return Comma, i + 1, s
	case ':':
		if s == beforeField {
			s = inField
		}
		return Colon, i + 1, s
	}
	end := i + 1
	for end < len(line) && !endsCompositeWord(line[end]) {
		end++
	}
	if s != beforeField {
		return NumberKind(line[i:end]), end, s
	}
	if kind, ok := fieldKinds[string(line[i:end])]; ok {
		return kind, end, s
	}
	return Invalid, end, s
}

func endsCompositeWord(c byte) bool {
	switch c {
	case ' ', '\t', '{', '}', '[', ']', ',', ':':
		return true
	}
	return false
}
