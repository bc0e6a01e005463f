package grammar_test

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/grammar"
	"github.com/promfmt/promfmt/lexer"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestPublishedGrammars(t *testing.T) {
	for d, golden := range map[lexer.Dialect]string{
		lexer.PrometheusText: "testdata/text.ebnf",
		lexer.OpenMetrics:    "testdata/openmetrics.ebnf",
		lexer.OpenMetrics2:   "testdata/openmetrics2.ebnf",
	} {
		t.Run(d.String(), func(t *testing.T) {
			got := grammar.Of(d).EBNF() + "\n"
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
		})
	}
}
