package bench

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/fuzz"
	"github.com/promfmt/promfmt/model"
)

// FuzzTextparseOpenMetrics holds our reading of OpenMetrics 1.0 against that of Prometheus: of each line by itself, what it
// accepts gives us no error, but for the known differences; and a document that we find no fault with when strict it
// accepts, and finds the same samples in. It has milliseconds only, and counts them in floats, so of a timestamp only that
// there is one has to be the same.
func FuzzTextparseOpenMetrics(f *testing.F) {
	for _, dir := range []string{corpus.OpenMetricsValid, corpus.OpenMetricsInvalid} {
		for file := range corpus.Files(dir) {
			f.Add(file.Data)
		}
	}
	for _, d := range weRefuseOpenMetrics {
		f.Add([]byte(d.example))
	}
	for _, text := range withNULs {
		f.Add([]byte(text))
	}
	f.Add([]byte(signedState))
	for _, recipe := range fuzz.Recipes() {
		f.Add(recipe)
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		text := exposition(t, input, format.OpenMetrics)
		for line := range strings.Lines(string(text)) {
			v := openMetrics.verdictsOn(t, strings.TrimSuffix(line, "\n")+"\n")
			require.True(t, v.ours == nil || v.theirs != nil || isKnown(weRefuseOpenMetrics, v), "textparse accepts, but we say of %q: %v", v.line, v.ours)
		}
		families, ok := readStrictly(text)
		if !ok || strings.Contains(string(text), "\x00") { // see TestTextparseTakesNoNULInOpenMetrics
			return
		}
		samples, err := sortedSamples(openMetrics.parser(text))
		require.NoError(t, err)
		withoutSignsOfStates(samples, families)
		require.Empty(t, cmp.Diff(withoutTimes(samples), withoutTimes(found(families))), "(-textparse +ours)")
	})
}

// withoutSignsOfStates takes the sign of the states that are off as -0, which to us are off and nothing else.
func withoutSignsOfStates(lines []string, families []*model.MetricFamily) {
	for _, f := range families {
		if f.Type != model.StateSet {
			continue
		}
		for i, line := range lines {
			time := strings.LastIndexByte(line, ' ')
			if state, off := strings.CutSuffix(line[:time], " -0"); off && strings.HasPrefix(line, f.Name+"{") {
				lines[i] = state + " 0" + line[time:]
			}
		}
	}
}

// signedState is a state whose value textparse has with its sign.
const signedState = "# TYPE a stateset\na{a=\"on\"} -0\n# EOF\n"

// TestStatesHaveNoSign holds that there is a difference still.
func TestStatesHaveNoSign(t *testing.T) {
	families, ok := readStrictly([]byte(signedState))
	require.True(t, ok)
	require.Equal(t, []string{"a{a=on} 0 "}, found(families))
	samples, err := sortedSamples(openMetrics.parser([]byte(signedState)))
	require.NoError(t, err)
	require.Equal(t, []string{"a{a=on} -0 "}, samples)
}

// withNULs are texts with NULs where textparse skips them, takes them, or neither.
var withNULs = []string{
	"# TYPE \x00_created gauge\n# HELP \x00a te\x00xt\x00\n# UNIT \x00a_s s\n# TYPE \x00\x00\"a b\" counter",
	"# TYPE a histogram\na_bucket{l=\"x\",le=\"+Inf\"} 1\na_bucket{l=\"y\"\x00\x00\x00,le=\"1.0\"\x00} 1",
	"# TYPE a\x00 gauge\na{\x00l=\"\x00\",m=\x00\"y\"} \x001 # {k=\"\x00\"\x00} 1\n\x00a 1\n# EOF\n",
}

// TestTextparseTakesNoNULInOpenMetrics holds that there is a difference still: a string may hold any character.
func TestTextparseTakesNoNULInOpenMetrics(t *testing.T) {
	text := []byte("{\"a\x00\"} 1\n# EOF\n")
	_, ok := readStrictly(text)
	require.True(t, ok)
	_, err := sortedSamples(openMetrics.parser(text))
	require.Error(t, err)
}

func readStrictly(text []byte) (families []*model.MetricFamily, ok bool) {
	ok = true
	note := convert.OnDiagnostic(func(*diag.Diagnostic) { ok = false })
	for f, err := range convert.NewBytesDecoder(text, convert.OpenMetrics(), convert.Strict(), note).Families() {
		if err != nil {
			return nil, false
		}
		families = append(families, f)
	}
	return families, ok
}

// withoutTimes puts a mark in the place of each timestamp.
func withoutTimes(lines []string) []string {
	for i, line := range lines {
		if at := strings.LastIndexByte(line, ' ') + 1; at < len(line) {
			lines[i] = line[:at] + "@"
		}
	}
	slices.Sort(lines)
	return lines
}
