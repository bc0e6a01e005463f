package grammar

import (
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
)

// Line is a line of an exposition. At most one of the pointers to nodes and Err is set, and none if the line is blank, but
// for one case: if nothing but an exemplar cannot be read, Sample is what stands before it, and Err is about the exemplar.
// A Line shares no memory with what it was read from.
type Line struct {
	// Number counts the lines of the document from 1, and Offset is the index in the document of the line's first byte.
	// All other offsets count from the beginning of the line.
	Number, Offset int
	// Tokens tile the line: every byte of it, blanks and the line end included, is in one of them. The last is EOF.
	Tokens []lexer.Token

	Sample     *Sample
	Help       *Help
	Type       *Type
	Unit       *Unit
	End        *End
	Comment    *Comment
	Incomplete *Incomplete
	// Err says why the line cannot be read.
	Err *Error

	text string
}

// Text is the text of a token of l.
func (l *Line) Text(t lexer.Token) string { return l.text[t.Start:t.End] }

// AppendTo appends to dst the line as it was read, byte for byte and with its line end if it had one.
func (l *Line) AppendTo(dst []byte) []byte {
	for _, t := range l.Tokens {
		dst = append(dst, l.Text(t)...)
	}
	return dst
}

// String is the line as it was read, byte for byte and with its line end if it had one.
func (l *Line) String() string { return string(l.AppendTo(nil)) }

// Leaf is a token with its text, as it is written: quotes and escapes are still there.
type Leaf struct {
	Kind   lexer.Kind
	Offset int
	Raw    string
}

// End is the offset behind the last byte.
func (l Leaf) End() int { return l.Offset + len(l.Raw) }

// Quoted reports whether the text stands in quotes, as a label value always does and a name may.
func (l Leaf) Quoted() bool { return l.Kind == lexer.String }

// Sample is a line with a value.
type Sample struct {
	// Name is the metric name before the braces, nil if there is none. It may then be one of the Labels.
	Name *Leaf
	// Labels is nil if there are no braces.
	Labels *Labels
	// Value is an Integer or a Float, unless Composite is set.
	Value Leaf
	// Composite is a composite value, nil if the value is a number.
	Composite *Composite
	// Timestamp is an Integer, in OpenMetrics an Integer or a Float, and nil if there is none.
	Timestamp *Leaf
	// Start is the number behind st@, nil if there is none.
	Start     *Leaf
	Exemplars []Exemplar
}

// Labels is what stands in the braces of a sample or of an exemplar.
type Labels struct {
	// Open and Close are the braces.
	Open, Close Leaf
	// LeadingComma is a comma before the first item, or alone in the braces, nil if there is none.
	LeadingComma *Leaf
	Items        []Item
	// TrailingComma is a comma behind the last item, nil if there is none.
	TrailingComma *Leaf
}

// Item is a label, or a metric name inside the braces of a sample.
type Item struct {
	Name Leaf
	// Value is the value of a label in its quotes, and nil for a metric name, which is always quoted.
	Value *Leaf
}

// Exemplar is an exemplar of OpenMetrics.
type Exemplar struct {
	Hash   Leaf
	Labels Labels
	// Value is an Integer or a Float, as is Timestamp, which is nil if there is none.
	Value     Leaf
	Timestamp *Leaf
}

// Composite is a composite value of OpenMetrics 2.0.
type Composite struct {
	// Open and Close are the braces.
	Open, Close Leaf
	// Fields are at least one, in the order of the input.
	Fields []Field
}

// Field is a field of a composite value.
type Field struct {
	// Name is a NumberField, a ListField or a PairsField, which says what the field holds.
	Name Leaf
	// Value is the number of a NumberField, and nil for any other.
	Value *Leaf
	// Open and Close are the brackets of a list, nil for a NumberField.
	Open, Close *Leaf
	Entries     []Entry
}

// Entry is an entry of a list. All its leaves are an Integer or a Float.
type Entry struct {
	// Key is what stands before the colon: the bound of a bucket, the offset of a span, a quantile. It is nil in a
	// ListField.
	Key   *Leaf
	Value Leaf
}

// Help is a HELP line.
type Help struct {
	Hash, Keyword Leaf
	Name          Leaf
	// Text reaches from the first character after the name that is not a blank to the end of the line, in OpenMetrics
	// from the second character after the name. It may be empty.
	Text Leaf
}

// Type is a TYPE line.
type Type struct {
	Hash, Keyword Leaf
	Name          Leaf
	// Word is the type, known or not.
	Word Leaf
}

// Unit is a UNIT line of OpenMetrics.
type Unit struct {
	Hash, Keyword Leaf
	Name          Leaf
	// Word is the unit. It may be empty.
	Word Leaf
}

// End is the EOF line of OpenMetrics.
type End struct {
	Hash, Keyword Leaf
}

// Comment is any other line that begins with #.
type Comment struct {
	Hash Leaf
	// Text reaches from the first character after the # that is not a blank to the end of the line. It may be empty.
	Text Leaf
}

// Incomplete is a HELP or UNIT line without a name, or a TYPE line without a name or without a type.
type Incomplete struct {
	Hash, Keyword Leaf
	// Name is nil if there is none.
	Name *Leaf
}

// Error says why a line cannot be read.
type Error struct {
	// Offset is where in the line the first token begins that cannot stand there.
	Offset int
	Rule   diag.Rule
	// Found is that token, in quotes if it is text, and Expected what could have stood there.
	Found, Expected string
	// Message is "expected …, found …" with the two.
	Message string
	// Hint says what may help, empty if nothing in particular does.
	Hint string
}

// Error is the Message.
func (e *Error) Error() string { return e.Message }
