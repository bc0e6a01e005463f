package grammar

import (
	"sync"

	"github.com/alecthomas/participle/v2"
	plexer "github.com/alecthomas/participle/v2/lexer"
)

// The types below are the grammar; parse.go makes the nodes of tree.go of them. What stands in quotes is a token by its
// text, what begins with a capital a kind of token of the package lexer. Every choice is made by the next token alone,
// so that the first token that fits nowhere is the one that a fault is about.

// line is the root. A # with neither HELP nor TYPE and no text after it is a comment too.
type line struct {
	Sample  *sample   `parser:"( @@"`
	Hash    token     `parser:"| @'#'"`
	Help    *helpLine `parser:"  ( @@"`
	Type    *typeLine `parser:"  | @@"`
	Comment token     `parser:"  | @Comment )? )? Newline?"`
}

type sample struct {
	Name      token   `parser:"( @Name"`
	Labels    *labels `parser:"  @@? | @@ )"`
	Value     token   `parser:"@( Integer | Float )"`
	Timestamp token   `parser:"@Integer?"`
}

// labels takes its items two at a time, because participle ends a repetition after a million and a line may well hold a
// million labels.
type labels struct {
	Open         token   `parser:"@'{'"`
	LeadingComma token   `parser:"@','?"`
	Items        []*item `parser:"( @@ @@? )*"`
	Close        token   `parser:"@'}'"`
}

// item is a label, or a metric name in quotes. A comma ends it unless the block ends there.
type item struct {
	Name  token `parser:"( @Name (?= '=') | @String )"`
	Value token `parser:"( '=' @String )? (?= ',' | '}') ','?"`
}

type helpLine struct {
	Keyword token `parser:"@'HELP'"`
	Name    token `parser:"( @( Name | String )"`
	Text    token `parser:"  @Text? )?"`
}

type typeLine struct {
	Keyword token `parser:"@'TYPE'"`
	Name    token `parser:"( @( Name | String )"`
	Word    token `parser:"  @Word? )?"`
}

type token = plexer.Token

var parser = sync.OnceValue(func() *participle.Parser[line] {
	return participle.MustBuild[line](participle.Lexer(definition{}), participle.UseLookahead(0))
})

// maxLabels is how many labels of a line can be read.
func maxLabels() int { return 2 * (participle.MaxIterations - 1) }

// EBNF is the grammar of a line in the notation of participle: what stands in angle brackets is a kind of token of the
// package lexer, in small letters, and (?= …) looks ahead without reading.
func EBNF() string { return parser().String() }
