package convert

import (
	"bytes"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// TestEveryReaderReadsItsFormat holds that the same families come from each format that can be written as well.
func TestEveryReaderReadsItsFormat(t *testing.T) {
	t.Parallel()
	want := []*model.MetricFamily{
		{Name: "a", Type: model.Counter, HasType: true, HasHelp: true, Help: "A.", Metrics: []model.Metric{
			{Labels: model.NewLabels("l", "x"), Value: 1},
			{Labels: model.NewLabels("l", "y"), Value: 2, Timestamp: model.TimestampFromMillis(1500)},
		}},
		{Name: "b", Type: model.Histogram, HasType: true, Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &model.HistogramValue{
			HasCount: true, Count: 2, HasSum: true, Sum: 1.5, Buckets: []model.Bucket{{UpperBound: 0.5, Count: 1}, {UpperBound: math.Inf(1), Count: 2}},
		}}}}},
	}
	for _, f := range []format.Format{format.Text, format.Text1, format.Protobuf, format.Prototext, format.JSON} {
		var out bytes.Buffer
		encoder, err := writer.New(&out, f, writer.Strict())
		require.NoError(t, err)
		for _, family := range want {
			require.NoError(t, encoder.Encode(family))
		}
		require.NoError(t, encoder.Close())

		require.True(t, CanRead(f))
		reader, err := NewReader(&out, f, Strict())
		require.NoError(t, err)
		got, err := Collect(reader.Families())
		require.NoError(t, err, f)
		require.Empty(t, cmp.Diff(want, got, sameFamilies), f)
	}
}

func TestNoReaderIsAnEmptyInput(t *testing.T) {
	t.Parallel()
	for f := range readers {
		reader, err := NewReader(nil, f, nil, OnDiagnostic(func(*diag.Diagnostic) {}))
		require.NoError(t, err)
		family, err := reader.Next()
		require.Nil(t, family)
		require.Equal(t, io.EOF, err, f)
	}
}

func TestFormatsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, f := range []format.Format{format.Graphite, 0} {
		require.False(t, CanRead(f))
		_, err := NewReader(strings.NewReader(""), f)
		require.EqualError(t, err, "there is no reading "+f.String())
	}
}
