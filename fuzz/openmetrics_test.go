package fuzz

import (
	"testing"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/format"
)

// FuzzOpenMetricsText holds of documents of both versions of OpenMetrics what FuzzReaders, FuzzChunks and FuzzStrict hold
// of Prometheus text.
func FuzzOpenMetricsText(f *testing.F) {
	for _, dir := range []string{corpus.OpenMetricsValid, corpus.OpenMetricsInvalid, corpus.OpenMetrics2Valid, corpus.OpenMetrics2Invalid} {
		for file := range corpus.Files(dir) {
			f.Add(file.Data, []byte{byte(len(file.Data)), 0, 1})
		}
	}
	for file := range corpus.Files(corpus.Regress) {
		if file.Format == corpus.OpenMetrics && len(file.Data) <= longestSeed {
			f.Add(file.Data, []byte{60})
		}
	}
	for i, recipe := range Recipes() {
		f.Add(recipe, []byte{byte(i), 0, 7, byte(5 * i), 0})
	}
	var all []readers
	for _, version := range versions {
		all = append(all, newReaders(version.option))
	}
	f.Fuzz(func(t *testing.T, input, cuts []byte) {
		for i, version := range versions {
			text := exposition(t, input, version.format)
			all[i].requireAgreement(t, text)
			cutsDoNotMatter(t, text, cuts, version.option)
			strictIsStricter(t, text, version.option)
		}
	})
}

// versions are those of OpenMetrics.
var versions = []struct {
	format format.Format
	option convert.Option
}{
	{format.OpenMetrics, convert.OpenMetrics()},
	{format.OpenMetrics2, convert.OpenMetrics2()},
}
