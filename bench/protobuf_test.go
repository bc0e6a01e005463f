package bench

import (
	"bytes"
	"iter"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/bench/page"
	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// BenchmarkReadProtobuf reads delimited protobuf. Bytes are those of what is read.
func BenchmarkReadProtobuf(b *testing.B) {
	onOneCore(b)
	for _, shape := range page.Shapes() {
		text := pages()[shape.String()]
		write, err := promfmtWriter(text, format.Protobuf)
		require.NoError(b, err)
		var message bytes.Buffer
		require.NoError(b, write(&message))
		for _, r := range protobufReaders() {
			b.Run("page="+shape.String()+"/by="+r.by, func(b *testing.B) {
				r.measure(b, message.Bytes(), page.Samples(text), message.Len())
			})
		}
	}
}

func protobufReaders() []reader {
	reused := convert.NewProtobufDecoder(nil, convert.Reuse())
	return []reader{
		{by: "expfmt", read: func(message []byte) (int, error) { return decodeExpfmt(message, expfmt.TypeProtoDelim) }},
		{by: "promfmt", read: func(message []byte) (int, error) {
			return protobufSamples(convert.NewProtobufDecoder(bytes.NewReader(message)))
		}},
		{by: "promfmt-reuse", read: func(message []byte) (int, error) {
			reused.Reset(bytes.NewReader(message))
			return protobufSamples(reused)
		}},
	}
}

func protobufSamples(d *convert.ProtobufDecoder) (samples int, err error) {
	for f, err := range d.Families() {
		if err != nil {
			return samples, err
		}
		samples += familySamples(f)
	}
	return samples, nil
}

func TestProtobufHasTheSameSamplesAsText(t *testing.T) {
	for name, text := range pages() {
		t.Run(name, func(t *testing.T) {
			write, err := promfmtWriter(text, format.Protobuf)
			require.NoError(t, err)
			var message bytes.Buffer
			require.NoError(t, write(&message))
			want := sampleLines(t, bytesDecoder(text).Families())
			require.Len(t, want, page.Samples(text))
			requireSame(t, want, sampleLines(t, convert.NewProtobufDecoder(&message).Families()))
		})
	}
}

// sampleLines are the samples of families, one a line.
func sampleLines(t *testing.T, families iter.Seq2[*model.MetricFamily, error]) (lines []string) {
	for f, err := range families {
		require.NoError(t, err)
		for s := range f.Samples() {
			lines = append(lines, s.Name+s.Labels.String()+" "+formatFloat(s.Value)+" "+s.Timestamp.Time().String())
		}
	}
	return lines
}
