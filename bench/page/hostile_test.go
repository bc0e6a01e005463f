package page

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHostilePagesBeginAsTheirSentencesSay(t *testing.T) {
	x := strings.Repeat
	prefix := x("label_", 20)
	// A | stands for a line feed.
	tests := map[string]string{
		"one-family":           `g{i="0"} 1|g{i="1"} 1`,
		"families":             `m0 1|m1 1`,
		"metadata":             `# HELP m0 h|# TYPE m0 gauge|m0 1|# HELP m1 h|# TYPE m1 gauge|m1 1`,
		"families-in-turn":     `m0{i="0"} 1|m1{i="0"} 1`,
		"two-families-in-turn": `first{i="0"} 1|second{i="1"} 1|first{i="2"} 1`,
		"new-labels":           `g{l0=""} 1|g{l1=""} 1`,
		"label-orders": `g{ccc="0",hhhh="0",bb="0",ff="0",ggg="0",e="0",a="0",dddd="0"} 1|` +
			`g{ff="1",bb="1",dddd="1",hhhh="1",ggg="1",a="1",ccc="1",e="1"} 1`,
		"label-lists":        `g{a="0",b="0",c="0"} 1|g{a="1",c="1"} 1|g{b="2"} 1|g{c="3",b="3",a="3",x="3"} 1`,
		"label-prefixes":     `g{` + prefix + `0="0",` + prefix + `10=""} 1|g{` + prefix + `1="1",` + prefix + `11=""} 1`,
		"many-labels":        `g{l0="0",l1="0",`,
		"many-new-labels":    `g{l0="",l1="",`,
		"most-labels":        `g{l3999="0",l3998="0",`,
		"long-lines":         `g{a="0` + x("x", 1<<20) + `"} 1|g{a="1x`,
		"long-names":         x("m", 10_000) + `0 1|` + x("m", 10_000) + `1 1`,
		"escapes":            `g{i="0",a="` + x(`\\\"\n`, 300) + `"} 1|`,
		"short-escapes":      `g{i="\\0",j="\""} 1|`,
		"help-escapes":       `# HELP m0 ` + x(`\\\n`, 300) + `|# HELP m1 `,
		"created":            `# TYPE c counter|c_total{i="0"} 1|c_created{i="0"} 1.7e+09|c_total{i="1"} 1|`,
		"histograms-created": `# TYPE h histogram|h_bucket{i="0",le="+Inf"} 1|h_sum{i="0"} 1|h_count{i="0"} 1|h_created{i="0"} 1.7e+09|h_bucket{i="1"`,
		"falling-buckets":    `# TYPE h histogram|h_bucket{i="0",le="+Inf"} 23|h_bucket{i="0",le="60"} 22|`,
		"histograms-in-turn": `# TYPE h histogram|h_bucket{i="0",round="0",le="0.005"} 0|h_bucket{i="1",round="0",le="0.005"} 0|`,
		"one-histogram":      `# TYPE h histogram|h_bucket{le="999999"} 1|h_bucket{le="999998"} 1|`,
		"one-summary":        `# TYPE s summary|s{quantile="0.999999995"} 1|s{quantile="0.999999985"} 1|`,
		"suffixes":           `m0_bucket{i=""} 1|m0_sum{i=""} 1|m0_count{i=""} 1|m0_total{i=""} 1|m0_created{i=""} 1|m0_info{i=""} 1|m1_bucket`,
		"long-numbers":       `g{i="0"} 2.384231908738744243336782e-01|`,
		"halfway-numbers":    `g{i="0"} 9007199254740993.00000000000000000000000000000000000000000001|`,
		"timestamps":         `g 1 1700000000000|g 1 1700000000001|`,
		"spaces":             "g \t{ \ti\t = \t\"0\" \t, } \t 1 \t|",
		"quoted-names":       `{"a.b","c.d"="0"} 1|`,
		"non-ascii":          `g{i="東京タワー0",j="Zürich"} 1|`,
		"comments":           `# x|# x|`,
		"blank-lines":        `||`,
		"duplicates":         `g{i="x"} 1|g{i="x"} 1|`,
		"bad-lines":          `g{i="0" 1|g{i="1" 1|`,
		"bad-bytes":          "g{i=\"0\xff\"} 1|",
		"odd-escapes":        `g{i="0\d"} 1|`,
		"carriage-returns":   "g{i=\"0\"} 1\r|",
	}
	for _, h := range Hostiles() {
		t.Run(h.Name, func(t *testing.T) {
			want, ok := tests[h.Name]
			require.True(t, ok)
			require.Equal(t, want, strings.ReplaceAll(string(h.Generate(len(want))[:len(want)]), "\n", "|"))
		})
	}
	require.Len(t, Hostiles(), len(tests))
}

func TestLinesOfManyLabelsHaveThatMany(t *testing.T) {
	for name, want := range map[string]int{"many-labels": 1000, "many-new-labels": 1000, "most-labels": 4000} {
		h, ok := HostileByName(name)
		require.True(t, ok)
		text := h.Generate(100_000)
		for line := range bytes.Lines(text) {
			require.Equal(t, want, bytes.Count(line, []byte("=")), name)
		}
		if name == "many-new-labels" {
			require.Contains(t, string(text), `g{l1000="",l1001=""`)
		}
	}
}

func TestAHostilePageReachesItsSizeAndIsTheSameEachTime(t *testing.T) {
	for _, h := range Hostiles() {
		page := h.Generate(10_000)
		require.GreaterOrEqual(t, len(page), 10_000)
		require.True(t, bytes.HasSuffix(page, []byte("\n")), h.Name)
		require.True(t, bytes.Equal(page, h.Generate(10_000)), h.Name)
	}
}

func TestAMillionFamiliesAreThat(t *testing.T) {
	h, ok := HostileByName("families")
	require.True(t, ok)
	require.Equal(t, 1_010_101, Samples(h.Generate(h.Size)))
}

func TestNamesOfHostilePagesAreSingleWordsAndTheirSentencesEnd(t *testing.T) {
	for _, h := range Hostiles() {
		require.Regexp(t, `^[a-z-]+$`, h.Name)
		require.Regexp(t, `^[A-Z].*\.$`, h.Sentence)
		_, isShape := ShapeByName(h.Name)
		require.False(t, isShape, h.Name)
	}
	_, ok := HostileByName("cube")
	require.False(t, ok)
}
