package fuzz

import (
	"slices"
	"strings"

	"github.com/promfmt/promfmt/lexer"
)

// Mutate changes a text at a few of its tokens and lines, as bytes decide: it takes them away, doubles, swaps or replaces
// them, spells them in another way, and brings lines of another text in. Most of the text stays as it was, so that what a
// reader makes of a change shows, and what it makes of the lines behind it.
func Mutate(c *Choices, d lexer.Dialect, text, other []byte) []byte {
	m := mutation{Choices: c, pieces: tokens(d, text), others: tokens(d, other)}
	for range 1 + c.Below(6) {
		if len(m.pieces) > 0 {
			Pick(c, tokenChanges)(&m)
		}
	}
	var b []byte
	for _, p := range m.pieces {
		b = append(b, p.text...)
	}
	return b
}

// piece is a token with its text.
type piece struct {
	kind lexer.Kind
	text string
}

func tokens(d lexer.Dialect, text []byte) (pieces []piece) {
	lex := lexer.NewDialect(text, d)
	for {
		token := lex.Next()
		if token.Kind == lexer.EOF {
			return pieces
		}
		pieces = append(pieces, piece{token.Kind, string(text[token.Start:token.End])})
	}
}

// mutation is a text that is being changed.
type mutation struct {
	*Choices
	pieces, others []piece
}

// tokenChanges are the ways to change a text that has a token at least.
var tokenChanges = []func(*mutation){
	(*mutation).respell,
	(*mutation).replaceByKnown,
	(*mutation).replaceBySame,
	(*mutation).replaceByAny,
	(*mutation).remove,
	(*mutation).double,
	(*mutation).swap,
	(*mutation).removeLine,
	(*mutation).doubleLine,
	(*mutation).swapLines,
	(*mutation).bringLines,
	(*mutation).bringEnd,
}

func (m *mutation) any() int { return m.Below(len(m.pieces)) }

// respell writes a token in a way that may mean the same.
func (m *mutation) respell() {
	p := &m.pieces[m.any()]
	if spellings := spellings[p.kind]; spellings != nil {
		p.text = strings.ReplaceAll(Pick(m.Choices, spellings), "$", p.text)
	}
}

// replaceByKnown puts one of the tokens that there are special cases for in the place of another of its kind.
func (m *mutation) replaceByKnown() {
	p := &m.pieces[m.any()]
	if known := known[p.kind]; known != nil {
		p.text = Pick(m.Choices, known)
	}
}

// replaceBySame puts a token of this or the other text in the place of one of its kind.
func (m *mutation) replaceBySame() {
	p := &m.pieces[m.any()]
	var same []piece
	for _, q := range slices.Concat(m.pieces, m.others) {
		if q.kind == p.kind {
			same = append(same, q)
		}
	}
	p.text = Pick(m.Choices, same).text
}

// replaceByAny puts a token of the other text in the place of one, whatever it is.
func (m *mutation) replaceByAny() {
	if len(m.others) > 0 {
		m.pieces[m.any()] = Pick(m.Choices, m.others)
	}
}

func (m *mutation) remove() {
	at := m.any()
	m.pieces = slices.Delete(m.pieces, at, at+1)
}

func (m *mutation) double() {
	at := m.any()
	m.pieces = slices.Insert(m.pieces, at, m.pieces[at])
}

// swap swaps two tokens of which one follows the other, or the next but one.
func (m *mutation) swap() {
	at := m.any()
	with := min(at+1+m.Below(2), len(m.pieces)-1)
	m.pieces[at], m.pieces[with] = m.pieces[with], m.pieces[at]
}

// line gives the tokens of a line, its end included, as bounds in pieces.
func (m *mutation) line(pieces []piece) (start, end int) {
	at := m.Below(len(pieces))
	for start = at; start > 0 && pieces[start-1].kind != lexer.Newline; start-- {
	}
	for end = at + 1; end < len(pieces) && pieces[end-1].kind != lexer.Newline; end++ {
	}
	return start, end
}

func (m *mutation) removeLine() {
	start, end := m.line(m.pieces)
	m.pieces = slices.Delete(m.pieces, start, end)
}

// doubleLine puts a line before another as well.
func (m *mutation) doubleLine() {
	start, end := m.line(m.pieces)
	line := slices.Clone(m.pieces[start:end])
	before, _ := m.line(m.pieces)
	m.pieces = slices.Insert(m.pieces, before, line...)
}

// swapLines swaps two lines.
func (m *mutation) swapLines() {
	start, end := m.line(m.pieces)
	otherStart, otherEnd := m.line(m.pieces)
	if otherStart < start {
		start, end, otherStart, otherEnd = otherStart, otherEnd, start, end
	}
	if start == otherStart {
		return
	}
	m.pieces = slices.Concat(m.pieces[:start], m.pieces[otherStart:otherEnd], m.pieces[end:otherStart], m.pieces[start:end], m.pieces[otherEnd:])
}

// bringLines puts up to four lines of the other text before a line.
func (m *mutation) bringLines() {
	if len(m.others) == 0 {
		return
	}
	start, end := m.line(m.others)
	for range m.Below(4) {
		for end < len(m.others) {
			end++
			if m.others[end-1].kind == lexer.Newline {
				break
			}
		}
	}
	before, _ := m.line(m.pieces)
	m.pieces = slices.Insert(m.pieces, before, m.others[start:end]...)
}

// bringEnd goes on as the other text does from a line on.
func (m *mutation) bringEnd() {
	if len(m.others) == 0 {
		return
	}
	start, _ := m.line(m.others)
	at, _ := m.line(m.pieces)
	if at > 0 {
		m.pieces = slices.Concat(m.pieces[:at], m.others[start:])
	}
}

// spellings are ways to write a token, which stands for $, that may mean the same.
var spellings = map[lexer.Kind][]string{
	lexer.Blank:          {" ", "  ", "\t", "$\t "},
	lexer.Newline:        {"\n", "\r\n", "\n\n", "\r\r\n", " \n", "\n# $", "\n#\n"},
	lexer.Hash:           {"# ", "#", " #", "#\t"},
	lexer.Name:           {`"$"`, " $", "$ ", `{"$"}`, `{"$",}`},
	lexer.String:         {`"$"`, "$ ", " $", "$,", "$ ,"},
	lexer.Text:           {" $", "$ ", `$\\`, `$\`, `$\n`, "$\t"},
	lexer.Word:           {"$ ", " $"},
	lexer.LeftBrace:      {"{ ", " {", "{,"},
	lexer.RightBrace:     {",}", " }", "} ", "}"},
	lexer.Comma:          {", ", " ,", ",,", " , "},
	lexer.Equal:          {" =", "= ", " = "},
	lexer.Integer:        {"+$", "0$", "$.0", "$e0", "$.", "$e+00", "-$", "0x$", "$_0"},
	lexer.Float:          {"+$", "0$", "$0", "$e0", "-$", " $"},
	lexer.StartAt:        {" st@", "st@ ", "st@-", "ST@"},
	lexer.CompositeOpen:  {"{ ", " {"},
	lexer.CompositeClose: {",}", " }"},
	lexer.Colon:          {" :", ": ", "::"},
}

// known are tokens that the formats have something to say about.
var known = map[lexer.Kind][]string{
	lexer.Name: append([]string{"a_seconds", "__name__", "exemplar", "timestamp"}, plainNames()...),
	lexer.String: {
		`""`, `"le"`, `"__name__"`, `"+Inf"`, `"NaN"`, `"1"`, `"1.0"`, `"\\"`, `"\""`, `"\n"`, `"\x"`, `"é"`, "\"\xff\"", `"a`, `"a.b"`, "\"\t\"", `" "`,
	},
	lexer.Word: {
		"counter", "gauge", "histogram", "summary", "untyped", "unknown", "info", "stateset", "gaugehistogram", "seconds", "COUNTER", "",
	},
	lexer.Integer: {
		"0", "1", "-1", "-0", "9223372036854775807", "9223372036854775808", "9007199254740993", "00", "1750000000", "1750000000000", "99999999999999999999",
	},
	lexer.Float: {
		"NaN", "+Inf", "-Inf", "Inf", "nan", "infinity", "1e308", "1e309", "5e-324", "1e-400", "0.1", ".5", "5.", "1e6", "1.7976931348623159e308", "0x1p-2", "1750000000.123456789",
	},
	lexer.NumberField: {"count", "sum", "schema", "zero_threshold", "zero_count", "x"},
	lexer.ListField:   {"positive_buckets", "negative_buckets", "x"},
	lexer.PairsField:  {"bucket", "quantile", "positive_spans", "negative_spans", "x"},
	lexer.Comment:     {"HELP", "TYPE", "UNIT", "EOF", "é", "\xff", "HELP a"},
	lexer.Text:        {"", `\`, `\\`, `\n`, `"`, "é", "\xff", " "},
	lexer.Invalid:     {"", " ", "}", `"`},
}

// plainNames are the names of families that need no quotes, with all suffixes.
func plainNames() (names []string) {
	for _, name := range []string{"a", "b", "HELP", "le", "quantile", "_", "a:b"} {
		for _, suffix := range suffixes {
			names = append(names, name+suffix)
		}
	}
	return names
}
