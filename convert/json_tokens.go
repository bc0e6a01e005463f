package convert

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// jsonKind is a kind of token, by the first byte that it may have.
type jsonKind byte

// The kinds of tokens. Colons and commas are no tokens here.
const (
	jsonNone        jsonKind = 0 // the end of the input, or of what can be read of it
	jsonObject      jsonKind = '{'
	jsonObjectEnd   jsonKind = '}'
	jsonArray       jsonKind = '['
	jsonArrayEnd    jsonKind = ']'
	jsonString      jsonKind = '"'
	jsonNumber      jsonKind = '0'
	jsonTrue        jsonKind = 't'
	jsonFalse       jsonKind = 'f'
	jsonNull        jsonKind = 'n'
	jsonNoSuchToken jsonKind = '?'
)

// jsonPlace is a place in the grammar of RFC 8259.
type jsonPlace uint8

const (
	beforeValue jsonPlace = iota
	beforeFirstValue
	beforeKey
	beforeFirstKey
	behindKey
	behindValue
)

// jsonExpected says what may stand at a place.
var jsonExpected = [...]string{
	beforeValue: "a value", beforeFirstValue: `a value or "]"`, beforeKey: "a member", beforeFirstKey: `a member or "}"`,
	behindKey: `":"`, behindValue: "a comma or the end of the array or object",
}

// jsonTokens reads the tokens of an input, one JSON text after the other, and knows where they stand.
type jsonTokens struct {
	jsonSource
	// kind is that of the next token, if ahead.
	kind  jsonKind
	ahead bool
	// begin and end bound the text of the token read last. It is plain if it is a string of ASCII without escapes.
	begin, end int64
	plain      bool
	place      jsonPlace
	// brackets are those of the arrays and objects that are open. The next token is one of them already; depth tells how
	// many there are without it.
	brackets []jsonKind
	depth    int
	// err is what ended the input, for good.
	err error
	// keys are the strings that have been read as keys.
	keys map[string]string
}

// deepest is how deep arrays and objects may lie in each other. The schema has six levels.
const deepest = 100

// manyKeys is how many keys are kept: more than the schema has, and some labels.
const manyKeys = 1 << 10

// jsonError is an input that is not JSON.
type jsonError struct{ message string }

func (e *jsonError) Error() string { return e.message }

// What ends an input besides its end, errors of the reader and what is no JSON. io.ErrUnexpectedEOF would not do for one
// of them, since readers have it for an error of their own.
var (
	errTokenTooLong = errors.New("a string or number is too long")
	errBrokenOff    = errors.New("the input ends within a value")
)

func newJSONTokens(r io.Reader, longest int) *jsonTokens {
	if r == nil {
		r = bytes.NewReader(nil)
	}
	return &jsonTokens{jsonSource: jsonSource{reader: r, longest: longest, line: 1}, keys: make(map[string]string)}
}

// peek is the kind of the next token, jsonNone if there is none.
func (t *jsonTokens) peek() jsonKind {
	if !t.ahead && t.err == nil {
		t.kind, t.err = t.advance()
		t.ahead = t.err == nil
	}
	if t.err != nil {
		return jsonNone
	}
	return t.kind
}

// take is the next token, which is read with that. The error is the one that ended the input.
func (t *jsonTokens) take() (jsonKind, error) {
	kind := t.peek()
	if t.err != nil {
		return jsonNone, t.err
	}
	t.ahead, t.depth = false, len(t.brackets)
	return kind, nil
}

// more reports whether the array or object that is open goes on.
func (t *jsonTokens) more() bool {
	kind := t.peek()
	return kind != jsonNone && kind != jsonArrayEnd && kind != jsonObjectEnd
}

// skip leaves out the next value.
func (t *jsonTokens) skip() error {
	depth := t.depth
	if _, err := t.take(); err != nil {
		return err
	}
	return t.leave(depth)
}

// leave leaves out what is left of all arrays and objects deeper than depth.
func (t *jsonTokens) leave(depth int) error {
	for t.depth > depth {
		if _, err := t.take(); err != nil {
			return err
		}
	}
	return nil
}

// advance reads the next token.
func (t *jsonTokens) advance() (jsonKind, error) {
	for {
		c, err := t.nextByte()
		if err != nil {
			return jsonNone, err
		}
		switch {
		case t.place == behindKey && c == ':':
			t.place = beforeValue
		case t.place == behindValue && c == ',':
			t.place = beforeValue
			if t.brackets[len(t.brackets)-1] == jsonObject {
				t.place = beforeKey
			}
		default:
			return t.token(c)
		}
		t.consumed++
	}
}

// nextByte is the byte with which the next token begins, or a colon or comma.
func (t *jsonTokens) nextByte() (byte, error) {
	for {
		rest := t.rest()
		blanks := 0
		for blanks < len(rest) && isJSONBlank(rest[blanks]) {
			blanks++
		}
		t.consumed += int64(blanks)
		t.begin, t.end = t.consumed, t.consumed
		if blanks < len(rest) {
			return rest[blanks], nil
		}
		switch err := t.fill(); {
		case err == io.EOF && (len(t.brackets) > 0 || t.place == behindKey):
			return 0, errBrokenOff
		case err != nil:
			return 0, err
		}
	}
}

func isJSONBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// token reads the token that begins with c, at the place where t is.
func (t *jsonTokens) token(c byte) (jsonKind, error) {
	kind := jsonKindOf(c)
	isKey := t.place == beforeKey || t.place == beforeFirstKey
	isEnd := kind == jsonObjectEnd || kind == jsonArrayEnd
	switch {
	case kind == jsonNoSuchToken, t.place >= behindKey && !isEnd, isKey && !isEnd && kind != jsonString, isEnd && !t.mayEnd(kind):
		return jsonNone, t.unexpected()
	case isEnd:
		t.brackets = t.brackets[:len(t.brackets)-1]
	}
	length, err := t.tokenLength(kind)
	if err != nil {
		return jsonNone, err
	}
	t.consumed += int64(length)
	t.end = t.consumed
	switch {
	case isKey && !isEnd:
		t.place = behindKey
	case kind == jsonObject || kind == jsonArray:
		if len(t.brackets) == deepest {
			return jsonNone, &jsonError{fmt.Sprintf("arrays and objects lie in each other more than %d deep", deepest)}
		}
		t.brackets = append(t.brackets, kind)
		t.place = beforeFirstValue
		if kind == jsonObject {
			t.place = beforeFirstKey
		}
	case len(t.brackets) == 0:
		t.place = beforeValue
	default:
		t.place = behindValue
	}
	return kind, nil
}

// mayEnd reports whether the array or object that is open can end here.
func (t *jsonTokens) mayEnd(end jsonKind) bool {
	n := len(t.brackets)
	switch {
	case n == 0:
		return false
	case t.brackets[n-1] == jsonObject:
		return end == jsonObjectEnd && (t.place == behindValue || t.place == beforeFirstKey)
	}
	return end == jsonArrayEnd && (t.place == behindValue || t.place == beforeFirstValue)
}

// unexpected is the error about what comes next.
func (t *jsonTokens) unexpected() error {
	found := t.rest()
	found = found[:min(len(found), clipAt)]
	if end := bytes.IndexAny(found[1:], " \t\r\n,:]}{[\""); end >= 0 {
		found = found[:end+1]
	}
	return &jsonError{fmt.Sprintf("expected %s, found %s", jsonExpected[t.place], quote(strings.ToValidUTF8(string(found), "\uFFFD")))}
}

func jsonKindOf(c byte) jsonKind {
	switch kind := jsonKind(c); kind {
	case jsonObject, jsonObjectEnd, jsonArray, jsonArrayEnd, jsonString, jsonTrue, jsonFalse, jsonNull:
		return kind
	}
	if c == '-' || '0' <= c && c <= '9' {
		return jsonNumber
	}
	return jsonNoSuchToken
}

// tokenLength is the length of the token of that kind with which the rest begins.
func (t *jsonTokens) tokenLength(kind jsonKind) (n int, err error) {
	switch kind {
	case jsonString:
		return t.stringLength()
	case jsonNumber, jsonTrue, jsonFalse, jsonNull:
		for n = 1; ; n++ {
			if ok, err := t.have(n + 1); err != nil {
				return 0, err
			} else if c := t.rest(); !ok || !strings.ContainsRune("+-.0123456789Eabcdefghijklmnopqrstuvwxyz", rune(c[n])) {
				break
			}
		}
		if !json.Valid(t.rest()[:n]) {
			return 0, t.unexpected()
		}
		return n, nil
	}
	return 1, nil
}

// stringLength is the length of the string with which the rest begins.
func (t *jsonTokens) stringLength() (n int, err error) {
	escaped := false
	t.plain = true
	for n = 1; ; n++ {
		for rest := t.rest(); n < len(rest); n++ {
			switch c := rest[n]; {
			case c == '"':
				if !escaped || json.Valid(rest[:n+1]) {
					return n + 1, nil
				}
				return 0, &jsonError{"the string has an escape that does not exist"}
			case c == '\\':
				escaped, t.plain = true, false
				n++
			case c < ' ':
				return 0, &jsonError{fmt.Sprintf("the string has the control character %q, which has to be escaped", c)}
			case c >= utf8.RuneSelf:
				t.plain = false
			}
		}
		ok, err := t.have(n + 1)
		switch {
		case err != nil:
			return 0, err
		case !ok:
			return 0, errBrokenOff
		}
		n--
	}
}

// text is the text of the token read last, valid until the next is read.
func (t *jsonTokens) text() []byte { return t.between(t.begin, t.end) }

// characters are those of the string read last, valid until the next token is read. They are not ok if the string is not
// valid UTF-8, or has half a surrogate pair.
func (t *jsonTokens) characters() (text []byte, ok bool) {
	text = t.text()
	inner := text[1 : len(text)-1]
	if t.plain {
		return inner, true
	}
	if !utf8.Valid(inner) {
		return nil, false
	}
	if bytes.IndexByte(inner, '\\') < 0 {
		return inner, true
	}
	var s string
	if json.Unmarshal(text, &s) != nil {
		return nil, false
	}
	// What is not a character has become U+FFFD.
	const replaced = "\uFFFD"
	if strings.Contains(s, replaced) {
		given := strings.ToLower(strings.ReplaceAll(string(inner), `\\`, ""))
		ok = strings.Count(s, replaced) == strings.Count(given, replaced)+strings.Count(given, `\ufffd`)
		return []byte(s), ok
	}
	return []byte(s), true
}

// key is text as a string that is kept, if it may come again.
func (t *jsonTokens) key(text []byte) string {
	if key, ok := t.keys[string(text)]; ok {
		return key
	}
	key := string(text)
	if len(t.keys) < manyKeys && len(key) <= clipAt {
		t.keys[key] = key
	}
	return key
}
