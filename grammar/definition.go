package grammar

import (
	"io"

	plexer "github.com/alecthomas/participle/v2/lexer"

	"github.com/promfmt/promfmt/lexer"
)

// definition is the lexer of the project as participle wants it. Blanks separate tokens and mean nothing else, so
// participle never sees them.
type definition struct{ dialect lexer.Dialect }

// Symbols names the kinds of tokens.
func (definition) Symbols() map[string]plexer.TokenType {
	symbols := make(map[string]plexer.TokenType, lexer.Kinds)
	for kind := range lexer.Kind(lexer.Kinds) {
		symbols[kind.String()] = tokenType(kind)
	}
	return symbols
}

// tokenType is the number of kind itself, except for EOF, whose number participle has chosen. So no token is of type 0,
// and a captured token of type 0 is one that was not there.
func tokenType(kind lexer.Kind) plexer.TokenType {
	if kind == lexer.EOF {
		return plexer.EOF
	}
	return plexer.TokenType(kind)
}

// Lex reads all of r first. It fails only if r does.
func (d definition) Lex(file string, r io.Reader) (plexer.Lexer, error) {
	src, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return d.LexBytes(file, src)
}

// LexBytes never fails.
func (d definition) LexBytes(_ string, src []byte) (plexer.Lexer, error) {
	return &tokenReader{string(src), lexer.NewDialect(src, d.dialect)}, nil
}

// LexString never fails.
func (d definition) LexString(_, src string) (plexer.Lexer, error) {
	return &tokenReader{src, lexer.NewDialect([]byte(src), d.dialect)}, nil
}

// tokenReader hands the tokens of a line to participle.
type tokenReader struct {
	text  string
	lexer *lexer.Lexer
}

// Next never fails: text that is no token is a token of the kind Invalid, which no rule of the grammar accepts.
func (r *tokenReader) Next() (plexer.Token, error) {
	t := r.lexer.Next()
	for t.Kind == lexer.Blank {
		t = r.lexer.Next()
	}
	return plexer.Token{
		Type:  tokenType(t.Kind),
		Value: r.text[t.Start:t.End],
		Pos:   plexer.Position{Offset: t.Start, Line: 1, Column: t.Start + 1},
	}, nil
}
