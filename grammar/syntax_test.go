package grammar_test

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/grammar"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestPublishedGrammar(t *testing.T) {
	const golden = "testdata/text.ebnf"
	got := grammar.EBNF() + "\n"
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}
