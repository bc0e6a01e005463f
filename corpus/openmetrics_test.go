package corpus

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
)

// ruleRow is a row of a RULES.md.
type ruleRow struct {
	rule              string
	refused, accepted []string
}

func ruleRows(t *testing.T, dir string) []ruleRow {
	t.Helper()
	text, err := os.ReadFile(path.Join(dir, "RULES.md"))
	require.NoError(t, err)
	var rows []ruleRow
	for _, match := range regexp.MustCompile("(?m)^\\| `(.+?)` \\| .+ \\| (.*) \\| (.*) \\|$").FindAllSubmatch(text, -1) {
		slugs := func(list []byte) []string { return strings.Split(strings.ReplaceAll(string(list), "`", ""), ", ") }
		rows = append(rows, ruleRow{string(match[1]), slugs(match[2]), slugs(match[3])})
	}
	return rows
}

func slugs(dir string) map[string]File {
	bySlug := make(map[string]File)
	for file := range Files(dir) {
		bySlug[strings.TrimSuffix(path.Base(file.Name), ".txt")] = file
	}
	return bySlug
}

func TestEveryRuleOfOpenMetricsHasItsPages(t *testing.T) {
	for _, dir := range []string{"openmetrics", "openmetrics2"} {
		t.Run(dir, func(t *testing.T) {
			valid, invalid := slugs(dir+"/valid"), slugs(dir+"/invalid")
			require.NotEmpty(t, valid)
			require.NotEmpty(t, invalid)
			named := map[string]bool{}
			for _, row := range ruleRows(t, dir) {
				_, ok := diag.RuleByID(row.rule)
				require.True(t, ok, row.rule)
				for _, slug := range row.refused {
					file, ok := invalid[slug]
					require.True(t, ok, "%s: there is no page %s", row.rule, slug)
					breaks := func(f Finding) bool { return f.Rule == row.rule }
					require.True(t, slices.ContainsFunc(file.Expected().Findings, breaks), "%s does not break %s", slug, row.rule)
					named[file.Name] = true
				}
				for _, slug := range row.accepted {
					file, ok := valid[slug]
					require.True(t, ok, "%s: there is no page %s", row.rule, slug)
					named[file.Name] = true
				}
			}
			for _, file := range []map[string]File{valid, invalid} {
				for _, file := range file {
					require.True(t, named[file.Name], "RULES.md does not have %s", file.Name)
				}
			}
		})
	}
}

func TestFilesOfOpenMetricsHaveTheirFormat(t *testing.T) {
	formats := map[string]string{
		OpenMetricsValid: OpenMetrics, OpenMetricsInvalid: OpenMetrics,
		OpenMetrics2Valid: OpenMetrics2, OpenMetrics2Invalid: OpenMetrics2,
	}
	for dir, format := range formats {
		for file := range Files(dir) {
			require.Equal(t, format, file.Format, file.Name)
		}
		onDisk, err := os.ReadDir(dir)
		require.NoError(t, err)
		for _, entry := range onDisk {
			require.Contains(t, []string{".txt", ".json"}, path.Ext(entry.Name()), entry.Name())
		}
	}
}
