package lexer

import "fmt"

// Kind is the kind of a token.
type Kind uint8

// The kinds of tokens.
const (
	// EOF stands at the end of the input and is empty.
	EOF Kind = iota
	// Invalid is text that is no token in its place: an unterminated string, a malformed number, a stray character.
	Invalid
	// Blank is a run of blanks and tabs.
	Blank
	// Newline is LF, or the end of the input behind a CR, with all CRs directly before it.
	Newline
	// Hash is the # that begins a comment, a HELP or a TYPE line, in OpenMetrics a UNIT or an EOF line and an exemplar too.
	Hash
	// Help is the word HELP directly after the Hash.
	Help
	// Type is the word TYPE directly after the Hash.
	Type
	// Unit is the word UNIT directly after the Hash, in OpenMetrics.
	Unit
	// End is the word EOF directly after the Hash, in OpenMetrics, if nothing but blanks follows it.
	End
	// Comment is the rest of a line after a Hash, from the first character that is not blank.
	Comment
	// Name is an unquoted metric or label name, [a-zA-Z_:][a-zA-Z0-9_:]*.
	Name
	// String is a quoted string, quotes and escapes included.
	String
	// Text is the text of a HELP line: all that follows the blanks after the name.
	Text
	// Word is a word of a TYPE or UNIT line, the type or unit and whatever follows it.
	Word
	// LeftBrace, RightBrace, Comma and Equal are { } , and =.
	LeftBrace
	RightBrace
	Comma
	Equal
	// Integer is a number without fraction and exponent.
	Integer
	// Float is any other number, NaN and the infinities included.
	Float
	// StartAt is the st@ that begins a start timestamp, in OpenMetrics 2.0 as all kinds below.
	StartAt
	// CompositeOpen and CompositeClose are the braces of a composite value, LeftBracket and RightBracket those of a list
	// in it, and Colon is the : of a field or a pair.
	CompositeOpen
	CompositeClose
	LeftBracket
	RightBracket
	Colon
	// NumberField is the name of a field that holds a number, ListField one that holds a list of numbers, and PairsField
	// one that holds a list of pairs of numbers.
	NumberField
	ListField
	PairsField

	kindCount
)

var kindNames = [kindCount]string{
	EOF: "EOF", Invalid: "Invalid", Blank: "Blank", Newline: "Newline", Hash: "Hash", Help: "Help", Type: "Type",
	Unit: "Unit", End: "End", Comment: "Comment", Name: "Name", String: "String", Text: "Text", Word: "Word", LeftBrace: "LeftBrace",
	RightBrace: "RightBrace", Comma: "Comma", Equal: "Equal", Integer: "Integer", Float: "Float", StartAt: "StartAt",
	CompositeOpen: "CompositeOpen", CompositeClose: "CompositeClose", LeftBracket: "LeftBracket",
	RightBracket: "RightBracket", Colon: "Colon", NumberField: "NumberField", ListField: "ListField",
	PairsField: "PairsField",
}

// String is the name of the kind.
func (k Kind) String() string {
	if k < kindCount {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Kinds is the number of kinds; they are numbered from 0.
const Kinds = int(kindCount)

// Token is a piece of the input.
type Token struct {
	Kind Kind
	// Start and End are byte offsets into the input; End is exclusive.
	Start, End int
}
