package bench

import (
	"bytes"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/bench/page"
	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/format"
)

// BenchmarkReadOpenMetrics reads the pages as OpenMetrics 1.0. Bytes are those of the page in text.
func BenchmarkReadOpenMetrics(b *testing.B) {
	onOneCore(b)
	for _, shape := range page.Shapes() {
		text := pages()[shape.String()]
		write, err := promfmtWriter(text, format.OpenMetrics)
		require.NoError(b, err)
		var document bytes.Buffer
		require.NoError(b, write(&document))
		for _, r := range openMetricsReaders(text) {
			b.Run("page="+shape.String()+"/by="+r.by, func(b *testing.B) {
				r.measure(b, document.Bytes(), page.Samples(text), len(text))
			})
		}
	}
}

func openMetricsReaders(text []byte) []reader {
	readText := reusing(oneWorker, anew)
	return []reader{
		{by: "textparse", read: func(document []byte) (int, error) { return readTextparseOpenMetrics(document, false) }},
		{by: "textparse-labels", read: func(document []byte) (int, error) { return readTextparseOpenMetrics(document, true) }},
		{by: "promfmt", read: keeping(oneWorker, anew, convert.OpenMetrics())},
		{by: "promfmt-reuse", read: reusing(oneWorker, anew, convert.OpenMetrics())},
		{by: "promfmt-reuse-text", read: func([]byte) (int, error) { return readText(text) }},
	}
}

func readTextparseOpenMetrics(document []byte, withLabels bool) (samples int, err error) {
	return parseSeries(textparse.NewOpenMetricsParser(document, labels.NewSymbolTable()), withLabels)
}
