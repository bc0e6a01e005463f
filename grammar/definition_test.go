package grammar

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	plexer "github.com/alecthomas/participle/v2/lexer"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/lexer"
)

func TestDefinitionYieldsTheTokensThatAreNoBlanks(t *testing.T) {
	const line = "a {} -x\n"
	at := func(kind lexer.Kind, offset int, text string) plexer.Token {
		return plexer.Token{
			Type:  plexer.TokenType(kind),
			Value: text,
			Pos:   plexer.Position{Offset: offset, Line: 1, Column: offset + 1},
		}
	}
	want := []plexer.Token{
		at(lexer.Name, 0, "a"),
		at(lexer.LeftBrace, 2, "{"),
		at(lexer.RightBrace, 3, "}"),
		at(lexer.Invalid, 5, "-x"),
		at(lexer.Newline, 7, "\n"),
		{Type: plexer.EOF, Pos: plexer.Position{Offset: 8, Line: 1, Column: 9}},
	}
	var d definition
	sources := map[string]func() (plexer.Lexer, error){
		"of a string": func() (plexer.Lexer, error) { return d.LexString("", line) },
		"of bytes":    func() (plexer.Lexer, error) { return d.LexBytes("", []byte(line)) },
		"of a reader": func() (plexer.Lexer, error) { return d.Lex("", strings.NewReader(line)) },
	}
	for name, source := range sources {
		t.Run(name, func(t *testing.T) {
			lex, err := source()
			require.NoError(t, err)
			got, err := plexer.ConsumeAll(lex)
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
}

func TestDefinitionFailsOnlyWithItsReader(t *testing.T) {
	broken := errors.New("broken")
	_, err := definition{}.Lex("", iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
}

func TestDefinitionNamesEveryKindByItsOwnNumber(t *testing.T) {
	symbols := definition{}.Symbols()
	require.Len(t, symbols, lexer.Kinds)
	require.Equal(t, plexer.EOF, symbols["EOF"])
	require.Equal(t, plexer.TokenType(lexer.Name), symbols["Name"])
	require.NotContains(t, plexer.SymbolsByRune(definition{}), plexer.TokenType(0))
}
