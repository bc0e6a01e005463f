package grammar

import (
	"sync"

	"github.com/alecthomas/participle/v2"
	plexer "github.com/alecthomas/participle/v2/lexer"

	"github.com/promfmt/promfmt/lexer"
)

// The types below are the grammar of the Prometheus text formats, and those of openmetrics.go the grammars of
// OpenMetrics; nodes.go makes the nodes of tree.go of them. What stands in quotes is a token by its text, what begins with
// a capital a kind of token of the package lexer. Every choice is made by the next token alone, so that the first token
// that fits nowhere is the one that a fault is about.

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
	Open         token   `parser:"@'{':LeftBrace"`
	LeadingComma token   `parser:"@','?"`
	Items        []*item `parser:"( @@ @@? )*"`
	Close        token   `parser:"@'}'"`
}

// item is a label, or a metric name in quotes. A comma ends it unless the block ends there.
type item struct {
	Name  token `parser:"( @Name (?= '=') | @String )"`
	Value token `parser:"( '=' @String )? (?= ',' | '}')"`
	Comma token `parser:"@','?"`
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

// syntax is a grammar as participle has it, built when it is first needed.
type syntax struct {
	parse func(line string) (root, error)
	ebnf  func() string
}

// syntaxOf is the grammar of G, the root of a dialect.
func syntaxOf[G any, P interface {
	*G
	root
}](d lexer.Dialect) syntax {
	parser := sync.OnceValue(func() *participle.Parser[G] {
		return participle.MustBuild[G](participle.Lexer(definition{d}), participle.UseLookahead(0))
	})
	return syntax{
		parse: func(line string) (root, error) {
			tree, err := parser().ParseString("", line)
			return P(tree), err
		},
		ebnf: func() string { return parser().String() },
	}
}

// maxRepeated is how often a part of a line can be repeated, and maxLabels how many labels of a line can be read.
func maxRepeated() int { return participle.MaxIterations - 1 }
func maxLabels() int   { return 2 * maxRepeated() }
