package diag_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
)

func ExampleDiagnostic() {
	d := &diag.Diagnostic{
		Pos:      diag.Position{File: "page.prom", Line: 3, Column: 9},
		Severity: diag.Error,
		Rule:     diag.Number,
		Message:  `"1,5" is not a number`,
		Hint:     "a decimal point is a full stop",
		Excerpt:  diag.NewExcerpt([]byte("cpu_load 1,5"), 10),
	}
	fmt.Println(d)
	fmt.Print(d.Caret())
	// Output:
	// page.prom:3:9: error: "1,5" is not a number (a decimal point is a full stop) [number]
	//   cpu_load 1,5
	//            ^
}

func TestPositions(t *testing.T) {
	tests := map[string]struct {
		position diag.Position
		valid    bool
		want     string
	}{
		"a place in a file":              {diag.Position{File: "a.prom", Line: 1, Column: 2, Offset: 1}, true, "a.prom:1:2"},
		"a place in an input of no name": {diag.Position{Line: 10, Column: 20}, true, "-:10:20"},
		"a place without lines":          {diag.Position{File: "a.pb", Column: 18, Offset: 17}, true, "a.pb:byte 17"},
		"no place at all":                {diag.Position{}, false, "-"},
		"a file without a place":         {diag.Position{File: "a.prom"}, false, "a.prom"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.valid, test.position.IsValid())
			require.Equal(t, test.want, test.position.String())
		})
	}
}

func TestExcerpts(t *testing.T) {
	long := strings.Repeat("a", 1000)
	tests := map[string]struct {
		line   string
		column int
		want   diag.Excerpt
	}{
		"a short line is kept":                  {"abc", 2, diag.Excerpt{Text: "abc", Column: 2}},
		"an empty line":                         {"", 1, diag.Excerpt{Text: "", Column: 1}},
		"a column behind the line is its end":   {"abc", 99, diag.Excerpt{Text: "abc", Column: 4}},
		"no column is the beginning":            {"abc", 0, diag.Excerpt{Text: "abc", Column: 1}},
		"a long line is cut behind the column":  {long, 1, diag.Excerpt{Text: long[:120], Column: 1}},
		"a long line is cut on both sides":      {long, 501, diag.Excerpt{Text: long[:240], Column: 121}},
		"a long line is cut before its end":     {long, 1001, diag.Excerpt{Text: long[:120], Column: 121}},
		"bytes that are not UTF-8 are replaced": {"a\xffb", 1, diag.Excerpt{Text: "a\uFFFDb", Column: 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, diag.NewExcerpt([]byte(test.line), test.column)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCaretsStandUnderTheColumn(t *testing.T) {
	tests := map[string]struct {
		line   string
		column int
		want   string
	}{
		"at the beginning":               {"abc", 1, "  abc\n  ^\n"},
		"behind the end":                 {"abc", 4, "  abc\n     ^\n"},
		"tabs are kept":                  {"\ta\tb", 4, "  \ta\tb\n  \t \t^\n"},
		"a wide character has two cells": {"é東x", 6, "  é東x\n     ^\n"},
		"and a combining one none":       {"e\u0301x", 4, "  e\u0301x\n   ^\n"},
		"control characters are hidden":  {"a\x1b[0m\x7f", 1, "  a\uFFFD[0m\uFFFD\n  ^\n"},
		"nothing to show":                {"", 1, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := &diag.Diagnostic{Excerpt: diag.NewExcerpt([]byte(test.line), test.column)}
			require.Equal(t, test.want, d.Caret())
		})
	}
}

func TestADiagnosticInJSON(t *testing.T) {
	d := diag.Diagnostic{
		Pos: diag.Position{File: "a", Line: 1, Column: 2, Offset: 1}, Severity: diag.Warning, Rule: diag.StrayComma,
		Message: "a comma", Found: ",", Expected: "a label name", Excerpt: diag.Excerpt{Text: "a{,}", Column: 3},
	}
	text, err := json.Marshal(d)
	require.NoError(t, err)
	require.JSONEq(t, `{
		"position": {"file": "a", "line": 1, "column": 2, "offset": 1},
		"severity": "warning", "rule": "stray-comma", "message": "a comma", "found": ",", "expected": "a label name",
		"excerpt": {"text": "a{,}", "column": 3}
	}`, string(text))
	var read diag.Diagnostic
	require.NoError(t, json.Unmarshal(text, &read))
	require.Equal(t, d, read)
}
