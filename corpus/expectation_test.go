package corpus

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
)

// What is expected is what the readers of convert make of the files; their tests hold the two together. Here it is held to
// what the directories promise and to what it says itself.

func TestEveryFileHasItsExpectation(t *testing.T) {
	var want, got []string
	for file := range Every() {
		want = append(want, file.Name+".json")
		text, err := files.ReadFile(file.Name + ".json")
		require.NoError(t, err)
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		var e Expectation
		require.NoError(t, decoder.Decode(&e), file.Name)
		require.Empty(t, cmp.Diff(e, file.Expected()), file.Name)
		require.Equal(t, file.Format, e.Format, file.Name)
	}
	require.NoError(t, fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if path.Ext(name) == ".json" {
			got = append(got, name)
		}
		return err
	}))
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("expectations that there should be (-) and that there are (+):\n%s", diff)
	}
}

func TestExpectationOfAFile(t *testing.T) {
	want := Expectation{
		Format:  OpenMetrics,
		Default: Accept,
		Strict:  Refuse,
		Findings: []Finding{
			{2, 1, "comment-line", "warning", "error", "a line that begins with # is HELP, TYPE, UNIT or EOF"},
			{3, 1, "missing-eof", "warning", "error", "the line # EOF is missing"},
		},
		Families: []Family{{Name: "a", Samples: []Sample{{Name: "a", Value: "1"}}}},
	}
	require.Empty(t, cmp.Diff(want, slugs(OpenMetricsInvalid)["end-mark-in-small-letters"].Expected()))
	require.Empty(t, cmp.Diff(Expectation{}, File{Name: "elsewhere.txt"}.Expected()))
}

// said counts the findings that are given in a column of severities.
func said(e Expectation, column func(Finding) string) (n int) {
	for _, f := range e.Findings {
		if column(f) != diag.Off.String() {
			n++
		}
	}
	return n
}

func byDefault(f Finding) string  { return f.Default }
func whenStrict(f Finding) string { return f.Strict }

func TestDirectoriesKeepTheirPromises(t *testing.T) {
	promises := []struct {
		sentence string
		dirs     []string
		holds    func(e Expectation) bool
	}{
		{
			"nothing is said by default about real pages and valid files", []string{Pages, Valid},
			func(e Expectation) bool { return said(e, byDefault) == 0 },
		},
		{
			"nothing is said about a page that keeps the rules of OpenMetrics", []string{OpenMetricsValid, OpenMetrics2Valid},
			func(e Expectation) bool { return len(e.Findings) == 0 },
		},
		{
			"something is said about every invalid file", []string{Invalid},
			func(e Expectation) bool { return len(e.Findings) > 0 },
		},
		{
			"something is said when strict about a page that breaks a rule of OpenMetrics", []string{OpenMetricsInvalid, OpenMetrics2Invalid},
			func(e Expectation) bool { return said(e, whenStrict) > 0 },
		},
		{
			"what is accepted strictly is accepted by default",
			[]string{Pages, Valid, Invalid, Regress, OpenMetricsValid, OpenMetricsInvalid, OpenMetrics2Valid, OpenMetrics2Invalid},
			func(e Expectation) bool { return e.Strict == Refuse || e.Default == Accept },
		},
	}
	for _, p := range promises {
		t.Run(p.sentence, func(t *testing.T) {
			for file := range filesOf(p.dirs...) {
				require.True(t, p.holds(file.Expected()), file.Name)
			}
		})
	}
}

func TestFindingsStandInTheirFile(t *testing.T) {
	for file := range Every() {
		lines := bytes.Split(file.Data, []byte("\n"))
		for _, f := range file.Expected().Findings {
			require.Positive(t, f.Line, file.Name)
			require.LessOrEqual(t, f.Line, len(lines), file.Name)
			require.Positive(t, f.Column, file.Name)
			require.LessOrEqual(t, f.Column, len(lines[f.Line-1])+1, file.Name)
			require.NotEmpty(t, f.Message, file.Name)
			require.NotContains(t, f.Message, "%!", file.Name)
		}
	}
}

// TestSeveritiesAreThoseOfTheRules holds also that nothing is an error by default but where a rule always is one.
func TestSeveritiesAreThoseOfTheRules(t *testing.T) {
	for file := range Every() {
		e := file.Expected()
		verdicts := map[bool]Verdict{false: Accept, true: Refuse}
		isError := func(column func(Finding) string) func(Finding) bool {
			return func(f Finding) bool { return column(f) == diag.Error.String() }
		}
		require.Equal(t, verdicts[slices.ContainsFunc(e.Findings, isError(byDefault))], e.Default, file.Name)
		require.Equal(t, verdicts[slices.ContainsFunc(e.Findings, isError(whenStrict))], e.Strict, file.Name)
		for _, f := range e.Findings {
			rule, ok := diag.RuleByID(f.Rule)
			require.True(t, ok, "%s: %s", file.Name, f.Rule)
			// What only follows from an error is not said again.
			offOr := func(s diag.Severity) []string { return []string{diag.Off.String(), s.String()} }
			require.Contains(t, offOr(rule.Default()), f.Default, "%s: %s", file.Name, f.Rule)
			require.Contains(t, offOr(rule.Strict()), f.Strict, "%s: %s", file.Name, f.Rule)
			require.NotEqual(t, []string{"off", "off"}, []string{f.Default, f.Strict}, file.Name)
		}
	}
}

func TestSamplesAreWhole(t *testing.T) {
	samples := 0
	for file := range Every() {
		for _, family := range file.Expected().Families {
			require.NotNil(t, family.Samples, "%s: %s", file.Name, family.Name)
			for _, s := range family.Samples {
				samples++
				require.NotEmpty(t, s.Name, file.Name)
				require.NotEqual(t, s.Value == "", s.Native == nil, "%s: %s", file.Name, s.Name)
				require.False(t, strings.ContainsAny(s.Value+s.Timestamp+s.Start, " \t\n"), "%s: %s", file.Name, s.Name)
			}
		}
	}
	require.Greater(t, samples, 5000)
}
