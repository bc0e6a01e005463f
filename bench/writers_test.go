package bench

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/bench/page"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/writer"
)

var writers = []struct {
	format, by string
	// prepare reads the page and gives a function that writes its families.
	prepare func(page []byte) (func(io.Writer) error, error)
	// count counts the samples of the output.
	count func(output []byte) (int, error)
}{
	{"text", "expfmt", func(page []byte) (func(io.Writer) error, error) {
		return expfmtWriter(page, expfmt.TypeTextPlain)
	}, countText},
	{"text", "promfmt", func(page []byte) (func(io.Writer) error, error) {
		return promfmtWriter(page, format.Text)
	}, countText},
	{"protobuf", "expfmt", func(page []byte) (func(io.Writer) error, error) {
		return expfmtWriter(page, expfmt.TypeProtoDelim)
	}, countProtobuf},
	{"protobuf", "promfmt", func(page []byte) (func(io.Writer) error, error) {
		return promfmtWriter(page, format.Protobuf)
	}, countProtobuf},
	{"graphite", "promfmt", func(page []byte) (func(io.Writer) error, error) {
		return promfmtWriter(page, format.Graphite, writer.GraphiteNonFinite())
	}, countLines},
	{"json", "promfmt", func(page []byte) (func(io.Writer) error, error) {
		return promfmtWriter(page, format.JSON)
	}, countJSON},
}

// BenchmarkWrite writes families that have been read from a page. Bytes are those of the page, whatever the format, so
// that formats compare.
func BenchmarkWrite(b *testing.B) {
	onOneCore(b)
	for _, shape := range page.Shapes() {
		text := pages()[shape.String()]
		for _, w := range writers {
			b.Run("page="+shape.String()+"/format="+w.format+"/by="+w.by, func(b *testing.B) {
				write, err := w.prepare(text)
				require.NoError(b, err)
				var output bytes.Buffer
				require.NoError(b, write(&output))
				samples, err := w.count(output.Bytes())
				require.NoError(b, err)
				require.Equal(b, page.Samples(text), samples)
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					if err := write(io.Discard); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func countText(output []byte) (int, error) { return decodeExpfmt(output, expfmt.TypeTextPlain) }

func countProtobuf(output []byte) (int, error) { return decodeExpfmt(output, expfmt.TypeProtoDelim) }

func countLines(output []byte) (int, error) { return bytes.Count(output, []byte("\n")), nil }

// countJSON counts the values of the families, each of which is one sample.
func countJSON(output []byte) (samples int, err error) {
	var families []struct {
		Metrics []struct {
			Value, Count, Sum  *string
			Buckets, Quantiles map[string]string
		}
	}
	err = json.Unmarshal(output, &families)
	for _, f := range families {
		for _, m := range f.Metrics {
			samples += len(m.Buckets) + len(m.Quantiles)
			for _, value := range []*string{m.Value, m.Count, m.Sum} {
				if value != nil {
					samples++
				}
			}
		}
	}
	return samples, err
}
