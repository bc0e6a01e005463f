package lexer

// state is what the lexer has seen of a line. A line begins at lineStart and goes through few of the others, only
// forward but for the label block.
type state uint8

const (
	lineStart state = iota
	afterHash
	beforeHelpName
	afterHelpName
	inHelp
	beforeTypeName // of a TYPE or a UNIT line
	afterTypeName
	inType
	afterName
	beforeValue // after a name and blanks: a label block may still follow
	inLabels
	inValues
	beforeExemplar
	beforeField // of a composite value
	inField
	inList
	lost // nothing further on the line can be told apart
)

// afterBlank is the state to which blanks lead.
var afterBlank = [...]state{
	lineStart:      lineStart,
	afterHash:      afterHash,
	beforeHelpName: beforeHelpName,
	afterHelpName:  inHelp,
	inHelp:         inHelp,
	beforeTypeName: beforeTypeName,
	afterTypeName:  inType,
	inType:         inType,
	afterName:      beforeValue,
	beforeValue:    beforeValue,
	inLabels:       inLabels,
	inValues:       inValues,
	beforeExemplar: beforeExemplar,
	beforeField:    beforeField,
	inField:        inField,
	inList:         inList,
	lost:           lost,
}

// Lexer yields the tokens of an input. The zero Lexer is one of PrometheusText with an empty input; Reset gives it
// another.
type Lexer struct {
	src     []byte
	pos     int
	end     int // where the content of the current line ends
	next    int // where the next line begins
	state   state
	dialect Dialect
}

// New returns a Lexer of PrometheusText over src, which it only reads.
func New(src []byte) *Lexer { return NewDialect(src, PrometheusText) }

// NewDialect returns a Lexer of a dialect over src, which it only reads.
func NewDialect(src []byte, d Dialect) *Lexer {
	l := &Lexer{dialect: d}
	l.Reset(src)
	return l
}

// Reset makes l begin anew with src, which it only reads, in the same dialect.
func (l *Lexer) Reset(src []byte) {
	*l = Lexer{src: src, dialect: l.dialect}
	l.end, l.next = LineEnd(src, 0)
}

// Next is the next token. At the end of the input it is an empty EOF token, and stays so.
func (l *Lexer) Next() Token {
	start := l.pos
	if start == l.end {
		if start == l.next {
			return Token{EOF, start, start}
		}
		l.pos, l.state = l.next, lineStart
		l.end, l.next = LineEnd(l.src, l.pos)
		return Token{Newline, start, l.pos}
	}
	line := l.src[:l.end]
	end := SkipBlanks(line, start)
	if l.dialect != PrometheusText && end > start {
		end = min(end, start+l.blanksAllowed())
	}
	if end > start {
		l.pos, l.state = end, afterBlank[l.state]
		return Token{Blank, start, end}
	}
	var kind Kind
	kind, l.pos, l.state = scan(line, start, l.state, l.dialect)
	return Token{kind, start, l.pos}
}

// blanksAllowed is how many blanks of a run are a token in OpenMetrics, where a help text begins behind the first one.
func (l *Lexer) blanksAllowed() int {
	switch l.state {
	case afterHelpName:
		return 1
	case inHelp:
		return 0
	}
	return len(l.src)
}

// scan reads the token at i, where there is neither a blank nor the end of the line, and gives its kind, its end and
// the state after it.
func scan(line []byte, i int, s state, d Dialect) (Kind, int, state) {
	switch s {
	case lineStart:
		return scanLineStart(line, i)
	case afterHash:
		return scanKeyword(line, i, d)
	case beforeHelpName:
		return scanMetadataName(line, i, afterHelpName)
	case beforeTypeName:
		return scanMetadataName(line, i, afterTypeName)
	case inHelp:
		return Text, len(line), inHelp
	case inType:
		return Word, WordEnd(line, i), inType
	case afterName:
		if line[i] == '{' {
			return LeftBrace, i + 1, inLabels
		}
	case beforeValue:
		if line[i] == '{' && BeginsLabels(line, i, d) {
			return LeftBrace, i + 1, inLabels
		}
		return scanValue(line, i, d)
	case inLabels:
		return scanLabels(line, i)
	case inValues:
		return scanValue(line, i, d)
	case beforeExemplar:
		if line[i] == '{' {
			return LeftBrace, i + 1, inLabels
		}
	case beforeField, inField, inList:
		return scanComposite(line, i, s)
	}
	return Invalid, WordEnd(line, i), lost
}

func scanLineStart(line []byte, i int) (Kind, int, state) {
	switch c := line[i]; {
	case c == '#':
		return Hash, i + 1, afterHash
	case c == '{':
		return LeftBrace, i + 1, inLabels
	case c == '"':
		return scanString(line, i, afterName)
	case classes[c]&nameStart != 0:
		return Name, NameEnd(line, i), afterName
	}
	return Invalid, WordEnd(line, i), lost
}

func scanKeyword(line []byte, i int, d Dialect) (Kind, int, state) {
	end := WordEnd(line, i)
	switch string(line[i:end]) {
	case "HELP":
		return Help, end, beforeHelpName
	case "TYPE":
		return Type, end, beforeTypeName
	case "UNIT":
		if d != PrometheusText {
			return Unit, end, beforeTypeName
		}
	case "EOF":
		if d != PrometheusText && SkipBlanks(line, end) == len(line) {
			return End, end, lost
		}
	}
	return Comment, len(line), lost
}

func scanMetadataName(line []byte, i int, next state) (Kind, int, state) {
	switch c := line[i]; {
	case c == '"':
		return scanString(line, i, next)
	case classes[c]&nameStart != 0:
		return Name, NameEnd(line, i), next
	}
	return Invalid, WordEnd(line, i), lost
}

func scanLabels(line []byte, i int) (Kind, int, state) {
	switch c := line[i]; {
	case c == '}':
		return RightBrace, i + 1, inValues
	case c == ',':
		return Comma, i + 1, inLabels
	case c == '=':
		return Equal, i + 1, inLabels
	case c == '{':
		return LeftBrace, i + 1, inLabels
	case c == '"':
		return scanString(line, i, inLabels)
	case classes[c]&nameStart != 0:
		return Name, NameEnd(line, i), inLabels
	}
	end := i + 1
	for end < len(line) && classes[line[end]]&(blank|labelPunctuation) == 0 {
		end++
	}
	return Invalid, end, inLabels
}

func scanString(line []byte, i int, next state) (Kind, int, state) {
	if end, _ := StringEnd(line, i); end >= 0 {
		return String, end, next
	}
	return Invalid, len(line), lost
}

func scanNumber(line []byte, i int) (Kind, int, state) {
	end := WordEnd(line, i)
	kind := NumberKind(line[i:end])
	if kind == Invalid {
		return Invalid, end, lost
	}
	return kind, end, inValues
}
