package promfmt_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/writer"
)

// TestReadmeFormats holds the table of formats in the README to what the writers say of themselves.
func TestReadmeFormats(t *testing.T) {
	var table strings.Builder
	table.WriteString("| |")
	for _, to := range writer.Formats() {
		table.WriteString(" `" + to.String() + "` |")
	}
	table.WriteString("\n|---|" + strings.Repeat(":-:|", len(writer.Formats())) + "\n")
	for _, feature := range writer.Features() {
		table.WriteString("| " + feature.String() + " |")
		for _, to := range writer.Formats() {
			if writer.Carries(to, feature) {
				table.WriteString(" ✓ |")
			} else {
				table.WriteString(" |")
			}
		}
		table.WriteString("\n")
	}
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	require.Contains(t, strings.ReplaceAll(string(readme), "\r\n", "\n"), table.String())
}
