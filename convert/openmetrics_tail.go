package convert

import (
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
)

// tail is the rest of a sample of OpenMetrics, with what few samples have. It is read token by token.
type tail struct {
	line   []byte
	entry  *entry
	tokens lexer.Lexer
	// token is the one that is to be read next.
	token lexer.Token
}

// readTail reads the rest of a sample from the column behind on: a composite value and what follows it, or what follows
// a number and a timestamp, if there is one.
func readTail(line []byte, behind int, e *entry, isComposite bool) (failedAt int) {
	t := tail{line: line, entry: e, tokens: lexer.BehindLabels(line, behind, e.dialect)}
	t.token = lexer.Token{Kind: lexer.Integer, Start: behind, End: behind}
	t.next()
	if isComposite {
		if !t.readComposite() {
			return t.token.Start
		}
		if timestamp, ok := t.number(); ok {
			e.setSeconds(line, timestamp.at, timestamp.end)
		}
	}
	if at := t.token.Start; t.accept(lexer.StartAt) {
		start, ok := t.number()
		if !ok {
			return t.token.Start
		}
		e.setStart(line, at, start)
	}
	for n := 0; t.token.Kind == lexer.Hash; n++ {
		findings := len(e.findings)
		if n == 1 && e.dialect == lexer.OpenMetrics || !t.readExemplar() {
			e.leaveOut(findings, t.token.Start)
			return accepted
		}
	}
	if t.token.Kind != lexer.EOF {
		return t.token.Start
	}
	return accepted
}

// next goes on to the next token that is not blank, and looks at the blanks before it.
func (t *tail) next() {
	before := t.token
	for t.token = t.tokens.Next(); t.token.Kind == lexer.Blank; {
		t.token = t.tokens.Next()
	}
	t.entry.checkBlanks(t.line, before.End, t.token.Start, wantsBlank(before.Kind, t.token.Kind))
}

// accept goes on to the next token if this one is of that kind, and reports whether it is.
func (t *tail) accept(kind lexer.Kind) bool {
	if t.token.Kind != kind {
		return false
	}
	t.next()
	return true
}

// number is where the token stands, if it is a number, and goes on to the next one.
func (t *tail) number() (at span, ok bool) {
	if t.token.Kind != lexer.Integer && t.token.Kind != lexer.Float {
		return span{}, false
	}
	at = t.span()
	t.next()
	return at, true
}

func (t *tail) span() span { return span{t.token.Start, t.token.End} }

// readExemplar reads an exemplar from its hash on, and reports whether it is well-formed. If not the token is the one
// that does not fit.
func (t *tail) readExemplar() bool {
	e, hash := t.entry, t.token.Start
	t.next()
	brace := t.token.Start
	if !t.accept(lexer.LeftBrace) {
		return false
	}
	e.beginExemplar(hash, brace)
	if comma := t.span(); t.accept(lexer.Comma) {
		e.findInExemplar(diag.StrayComma, comma.at, comma.end)
	}
	for !t.accept(lexer.RightBrace) {
		if !t.readExemplarLabel() {
			return false
		}
	}
	value, ok := t.number()
	if !ok {
		return false
	}
	timestamp, _ := t.number()
	if t.token.Kind != lexer.Hash && t.token.Kind != lexer.EOF {
		return false
	}
	e.endExemplar(t.line, hash, value, timestamp)
	return true
}

// readExemplarLabel reads a label with the comma behind it.
func (t *tail) readExemplarLabel() bool {
	name := t.span()
	if !t.accept(lexer.Name) && !t.accept(lexer.String) || !t.accept(lexer.Equal) {
		return false
	}
	value := t.span()
	if !t.accept(lexer.String) {
		return false
	}
	comma := t.span()
	if t.token.Kind != lexer.RightBrace && !t.accept(lexer.Comma) {
		return false
	}
	t.entry.addExemplarLabel(t.line, name, value)
	if t.token.Kind == lexer.RightBrace && comma.at < t.token.Start {
		t.entry.findInExemplar(diag.TrailingComma, comma.at, comma.end)
	}
	return true
}

// readComposite reads a composite value from its brace on, and reports whether it is well-formed. If not the token is
// the one that does not fit.
func (t *tail) readComposite() bool {
	e := t.entry
	e.beginComposite(t.token.Start)
	for {
		t.next()
		if !t.readField() {
			return false
		}
		if t.token.Kind != lexer.Comma {
			break
		}
	}
	end := t.token.End
	if !t.accept(lexer.CompositeClose) {
		return false
	}
	e.endComposite(t.line, end)
	return true
}

// readField reads a field of a composite value.
func (t *tail) readField() bool {
	e, kind := t.entry, t.token.Kind
	if kind != lexer.NumberField && kind != lexer.ListField && kind != lexer.PairsField {
		return false
	}
	f := e.addField(t.line, t.token.Start, t.token.End)
	t.next()
	if !t.accept(lexer.Colon) {
		return false
	}
	if kind == lexer.NumberField {
		value, ok := t.number()
		if ok {
			f.number = e.number(t.line, value)
		}
		return ok
	}
	if !t.accept(lexer.LeftBracket) {
		return false
	}
	if t.accept(lexer.RightBracket) {
		return true
	}
	for {
		if !t.readEntry(f, kind == lexer.PairsField) {
			return false
		}
		if !t.accept(lexer.Comma) {
			return t.accept(lexer.RightBracket)
		}
	}
}

// readEntry reads an entry of a list, a pair of numbers or only one.
func (t *tail) readEntry(f *fieldValue, isPair bool) bool {
	key := span{}
	value, ok := t.number()
	if ok && isPair {
		if !t.accept(lexer.Colon) {
			return false
		}
		key = value
		value, ok = t.number()
	}
	if ok {
		t.entry.addEntry(t.line, f, key, value)
	}
	return ok
}
