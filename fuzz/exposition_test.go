package fuzz

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// randomRecipe is a recipe of some length that is the same for the same seed.
func randomRecipe(seed uint64, mark string) []byte {
	random := rand.New(rand.NewPCG(seed, 0))
	recipe := []byte(mark)
	for range 20 + random.IntN(200) {
		recipe = append(recipe, byte(random.Uint32()))
	}
	return recipe
}

func TestChoicesAreThoseOfTheBytes(t *testing.T) {
	c := NewChoices([]byte{7, 1, 2, 3, 255})
	require.Equal(t, 2, c.Below(5))
	require.Equal(t, 513%300, c.Below(300), "two bytes for many possibilities")
	require.True(t, c.OneIn(4))
	require.Equal(t, "b", Pick(c, []string{"a", "b"}))
}

func TestChoicesAreThePlainestWhenTheBytesAreUsedUp(t *testing.T) {
	c := NewChoices(nil)
	require.Zero(t, c.Below(5))
	require.Zero(t, c.Below(1000))
	require.False(t, c.OneIn(2))
	require.Zero(t, c.Float())
	require.Equal(t, "a", Pick(c, []string{"a", "b"}))
	require.Equal(t, []*model.MetricFamily{{Name: "a", HasType: true}}, Families(c))
}

func TestFamiliesAreValidAndNoTwoHaveOneName(t *testing.T) {
	for seed := range uint64(2000) {
		names := make(map[string]bool)
		for _, f := range Families(NewChoices(randomRecipe(seed, ""))) {
			require.NoError(t, f.Validate(), "seed %d", seed)
			require.NotContains(t, names, f.Name, "seed %d", seed)
			names[f.Name] = true
		}
	}
}

// traits are what families may have, each with a test of one.
var traits = map[string]func(*model.MetricFamily, *model.Metric) bool{
	"an exemplar":        func(_ *model.MetricFamily, m *model.Metric) bool { return len(m.Exemplars()) > 0 },
	"a time of creation": func(_ *model.MetricFamily, m *model.Metric) bool { return m.Created().Set },
	"a timestamp":        func(_ *model.MetricFamily, m *model.Metric) bool { return m.Timestamp.Set },
	"a unit":             func(f *model.MetricFamily, _ *model.Metric) bool { return f.HasUnit },
	"a suffix":           func(f *model.MetricFamily, _ *model.Metric) bool { return f.Suffix != "" },
	"no type":            func(f *model.MetricFamily, _ *model.Metric) bool { return !f.HasType },
	"a state":            func(_ *model.MetricFamily, m *model.Metric) bool { return len(m.States()) > 0 },
	"a quantile": func(_ *model.MetricFamily, m *model.Metric) bool {
		return m.Summary() != nil && len(m.Summary().Quantiles) > 0
	},
	"a classic bucket": func(_ *model.MetricFamily, m *model.Metric) bool {
		return m.Histogram() != nil && len(m.Histogram().Buckets) > 0
	},
	"an exemplar's bucket": func(_ *model.MetricFamily, m *model.Metric) bool {
		return m.Histogram() != nil && len(m.Histogram().Exemplars) > 0
	},
	"a bound's text": func(_ *model.MetricFamily, m *model.Metric) bool {
		return m.Histogram() != nil && m.Histogram().BoundTexts != nil
	},
	"a native histogram": func(_ *model.MetricFamily, m *model.Metric) bool {
		return m.Histogram() != nil && m.Histogram().Native != nil
	},
	"custom bounds": func(_ *model.MetricFamily, m *model.Metric) bool {
		return m.Histogram() != nil && m.Histogram().Native != nil && m.Histogram().Native.Schema == customSchema
	},
	"fractional counts": func(_ *model.MetricFamily, m *model.Metric) bool {
		return m.Histogram() != nil && m.Histogram().Native != nil && m.Histogram().Native.Float
	},
	"a name that is quoted": func(f *model.MetricFamily, _ *model.Metric) bool {
		return lexer.NameEnd([]byte(f.Name), 0) < len(f.Name)
	},
}

func TestFamiliesHaveAllThatFamiliesMayHave(t *testing.T) {
	have := make(map[string]bool)
	types := make(map[model.Type]bool)
	for seed := range uint64(2000) {
		for _, f := range Families(NewChoices(randomRecipe(seed, ""))) {
			types[f.Type] = true
			for i := range f.Metrics {
				for name, is := range traits {
					have[name] = have[name] || is(f, &f.Metrics[i])
				}
			}
		}
	}
	for name := range traits {
		require.True(t, have[name], name)
	}
	require.Len(t, types, int(model.StateSet)+1)
}

// TestTextsAreOddInEveryPlace holds that each odd part stands at each place of a word of eight bytes, in labels and in help.
func TestTextsAreOddInEveryPlace(t *testing.T) {
	type place struct {
		part string
		at   int
	}
	inLabels, inHelp := make(map[place]bool), make(map[place]bool)
	note := func(places map[place]bool, text string) {
		for _, part := range oddParts {
			if at := strings.Index(text, part); at >= 0 {
				places[place{part, at % 8}] = true
			}
		}
	}
	for seed := range uint64(4000) {
		for _, f := range Families(NewChoices(randomRecipe(seed, ""))) {
			note(inHelp, f.Help)
			for i := range f.Metrics {
				for _, l := range f.Metrics[i].Labels.All() {
					note(inLabels, l)
				}
			}
		}
	}
	require.Len(t, inLabels, 8*len(oddParts))
	require.Len(t, inHelp, 8*len(oddParts))
}

func TestMostOddFamiliesAreNotValid(t *testing.T) {
	faulty := 0
	for seed := range uint64(1000) {
		for _, f := range OddFamilies(NewChoices(randomRecipe(seed, ""))) {
			if f.Validate() != nil {
				faulty++
				break
			}
		}
	}
	require.Greater(t, faulty, 500)
}

func TestAnExpositionIsTheSameForTheSameRecipe(t *testing.T) {
	for seed := range uint64(200) {
		for _, f := range writer.Formats() {
			for _, mark := range []string{madeMark, mutatedMark} {
				recipe := randomRecipe(seed, mark)
				require.Equal(t, Exposition(recipe, f), Exposition(bytes.Clone(recipe), f))
			}
		}
	}
}

func TestWhatHasNoMarkStandsForItself(t *testing.T) {
	for _, text := range []string{"", "a 1\n", "\xff", "\xffG"} {
		require.Equal(t, []byte(text), Exposition([]byte(text), format.Text))
	}
	require.Equal(t, []byte(mutatedMark), Exposition([]byte(mutatedMark), format.Protobuf), "it has no tokens")
}

// TestMostOfWhatIsMadeIsRead holds that recipes get past the first line: nearly all of what they make gives families,
// unless a page of the corpus had none before it was changed, and most lines are good, though many are not.
func TestMostOfWhatIsMadeIsRead(t *testing.T) {
	for format, option := range map[format.Format][]convert.Option{
		format.Text: nil, format.OpenMetrics: {convert.OpenMetrics()}, format.OpenMetrics2: {convert.OpenMetrics2()},
	} {
		for _, mark := range []string{madeMark, mutatedMark} {
			t.Run(format.String()+" "+mark[1:], func(t *testing.T) {
				const recipes = 500
				withFamilies, lines, withErrors, bad := 0, 0, 0, 0
				for seed := range uint64(recipes) {
					text := Exposition(randomRecipe(seed, mark), format)
					r := readText(t, text, option...)
					if len(r.Families) > 0 {
						withFamilies++
					}
					if len(r.errors()) > 0 {
						withErrors++
					}
					lines += bytes.Count(text, []byte{'\n'})
					bad += len(r.errors())
				}
				t.Logf("%d of %d give families, %d errors; %d lines, %d of them bad", withFamilies, recipes, withErrors, lines, bad)
				require.Greater(t, withFamilies, recipes*7/10)
				require.Greater(t, withErrors, recipes/20)
				require.Less(t, bad, lines/4)
			})
		}
	}
}

func TestAMutationLeavesMostOfTheText(t *testing.T) {
	text := bytes.Repeat([]byte("# TYPE a counter\na{l=\"x\"} 1 2\n"), 20)
	changed := 0
	for seed := range uint64(300) {
		mutated := Mutate(NewChoices(randomRecipe(seed, "")), lexer.PrometheusText, text, []byte("b 3\n"))
		if !bytes.Equal(text, mutated) {
			changed++
		}
		require.NotEmpty(t, mutated, "seed %d", seed)
	}
	require.Greater(t, changed, 250)
	require.Empty(t, Mutate(NewChoices([]byte{1, 2, 3}), lexer.PrometheusText, nil, []byte("a 1\n")), "there is nothing to change")
}
