package lexer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/lexer"
)

func labelNames(names ...string) *lexer.LabelNames {
	l := &lexer.LabelNames{}
	l.Reset()
	for _, name := range names {
		l.Add([]byte(name))
	}
	return l
}

// behind is text enough for a block not to stand at the very end.
const behind = " 1\n# HELP more There is more.\n"

// block is what LabelNames.Block says of a text.
type block struct {
	Lengths         []int
	Next            int
	Escaped, Spaced bool
}

func readBlock(l *lexer.LabelNames, text string, i int) (b block) {
	var lengths [2 * lexer.MaxKnownLabels]int
	var n int
	n, b.Next, b.Escaped, b.Spaced = l.Block([]byte(text), i, &lengths)
	if b.Next > 0 {
		b.Lengths = lengths[:2*n]
	}
	return b
}

func TestLabelBlocksOfKnownNames(t *testing.T) {
	const prefix, suffix = "a_prefix_", "_and_a_suffix"
	others, irregular := block{}, block{Next: -1}
	for _, test := range []struct {
		name  string
		names []string
		text  string
		want  block
	}{
		{"the names of the list", []string{"job", "instance"}, `{job="api",instance="10.0.0.1:80"}`,
			block{Lengths: []int{3, 3, 8, 11}, Next: 34}},
		{"the first names of the list", []string{"job", "instance"}, `{job=""}`, block{Lengths: []int{3, 0}, Next: 8}},
		{"a blank behind each comma", []string{"a", "b", "c"}, `{a="1", b="2", c="3"}`,
			block{Lengths: []int{1, 1, 1, 1, 1, 1}, Next: 21, Spaced: true}},
		{"blanks and exclamation marks in a value", []string{"a", "b"}, `{a=" ! !! a long value !",b="!"}`,
			block{Lengths: []int{1, 20, 1, 1}, Next: 32}},
		{"characters of several bytes", []string{"a"}, `{a="Zürich → 東京"}`, block{Lengths: []int{1, 18}, Next: 24}},
		{"all escapes", []string{"a", "b"}, `{a="\\\"\n",b="\""}`, block{Lengths: []int{1, 6, 1, 2}, Next: 19, Escaped: true}},

		{"another name", []string{"job"}, `{jab="1"}`, others},
		{"another name that is longer", []string{"job"}, `{jobs="1"}`, others},
		{"another name that is shorter", []string{"jobs"}, `{job="1"}`, others},
		{"another middle of a long name", []string{prefix + "x" + suffix}, "{" + prefix + "y" + suffix + `="1"}`, others},
		{"one label more than the list", []string{"a"}, `{a="1",b="2"}`, others},
		{"no list", nil, `{a="1"}`, others},
		{"a name in quotes", []string{"a"}, `{"a"="1"}`, others},
		{"no labels", []string{"a"}, `{}`, others},
		{"a blank behind the brace", []string{"a"}, `{ a="1"}`, others},
		{"two blanks behind a comma", []string{"a", "b"}, `{a="1",  b="2"}`, others},
		{"no blank behind the first comma, and two behind the second", []string{"a", "b", "c"}, `{a="1",b="2",  c="3"}`, others},
		{"a comma behind the last label", []string{"a", "b"}, `{a="1",}`, others},

		{"a blank behind the first comma only", []string{"a", "b", "c"}, `{a="1", b="2",c="3"}`, irregular},
		{"a blank before a comma", []string{"a", "b"}, `{a="1" ,b="2"}`, irregular},
		{"a blank before the brace", []string{"a"}, `{a="1" }`, irregular},
		{"another escape", []string{"a"}, `{a="\t"}`, irregular},
		{"a tab in a value", []string{"a"}, "{a=\"1\t2\"}", irregular},
		{"a line feed in a value", []string{"a"}, "{a=\"1\n\"}", irregular},
		{"a value without an end", []string{"a"}, `{a="1`, irregular},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, readBlock(labelNames(test.names...), test.text+behind, 0))
			if test.want.Next > 0 {
				test.want.Next += len("metric")
			}
			require.Equal(t, test.want, readBlock(labelNames(test.names...), "metric"+test.text+behind, len("metric")))
		})
	}
}

func TestLabelBlocksOfAllLengths(t *testing.T) {
	letters := strings.Repeat("abcdefghijklmnopqrstuvwxyz", 2)
	for size := 1; size <= 40; size++ {
		name := letters[:size]
		l := labelNames(name, "z")
		for n := range 40 {
			text := "{" + name + `="` + letters[:n] + `",z="` + letters[:n] + `"}`
			require.Equal(t, block{Lengths: []int{size, n, 1, n}, Next: len(text)}, readBlock(l, text+behind, 0))
		}
		for i := range size {
			text := "{" + name[:i] + "_" + name[i+1:] + `="1"}`
			require.Equal(t, block{}, readBlock(l, text+behind, 0), text)
		}
	}
}

func TestALabelBlockAtTheVeryEndIsReadOrRefusedButNotMisread(t *testing.T) {
	const text = `{job="api",instance="localhost:9090"}`
	l := labelNames("job", "instance")
	for n := range len(text) {
		require.LessOrEqual(t, readBlock(l, text[:n], 0).Next, 0, text[:n])
	}
	require.Contains(t, []int{0, -1, len(text)}, readBlock(l, text, 0).Next)
}

func TestAListMayBeginWithItsFirstNameOnly(t *testing.T) {
	lead := func(text string) uint64 {
		lead, ok := lexer.Lead([]byte(text+behind), 0)
		require.True(t, ok)
		return lead
	}
	require.True(t, labelNames("job", "x").MayBegin(lead(`{job="1"}`)))
	require.True(t, labelNames("a_long_name").MayBegin(lead(`{a_long_n`)), "eight characters are looked at")
	require.False(t, labelNames("job", "x").MayBegin(lead(`{x="1"}`)))
	require.False(t, labelNames("job").MayBegin(lead(`{jobs="1"}`)))
	require.False(t, labelNames().MayBegin(lead(`{job="1"}`)))
	_, ok := lexer.Lead([]byte(`{a="1"}`), 0)
	require.False(t, ok, "the text ends too soon")
}
