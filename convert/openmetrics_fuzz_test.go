package convert

import (
	"bytes"
	"testing"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/fuzz"
)

// FuzzOpenMetrics holds that an exposition of OpenMetrics is the same with prediction and without it, whatever it says.
func FuzzOpenMetrics(f *testing.F) {
	for _, dir := range allOpenMetrics {
		for file := range corpus.Files(dir) {
			f.Add(bytes.TrimSuffix(file.Data, []byte("# EOF\n")))
		}
	}
	for _, row := range openMetricsRows {
		f.Add([]byte(row.text))
	}
	for _, row := range openMetrics2Rows {
		f.Add([]byte(row.text))
	}
	for _, recipe := range fuzz.Recipes() {
		f.Add(recipe)
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		for i, version := range []Option{OpenMetrics(), OpenMetrics2()} {
			data := fuzz.Exposition(input, []format.Format{format.OpenMetrics, format.OpenMetrics2}[i])
			for _, opts := range [][]Option{{version}, {version, Strict()}} {
				want := transcribe(t, ofBytes(data), opts...)
				sameTranscript(t, "line by line", want, transcribe(t, ofBytes(data), append(opts, withoutPrediction)...))
				cut := bytes.NewReader(data)
				sameTranscript(t, "from a reader", want, transcribe(t, ofReader(cut), opts...))
			}
		}
	})
}
