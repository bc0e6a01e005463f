package writer

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"

	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// FuzzFloat holds our way of writing floats against that of strconv.
func FuzzFloat(f *testing.F) {
	for _, v := range []float64{0, 1, -1.5, 0.1, 1e6, 123456.789, 1e15, 5e-324, math.Inf(1), math.NaN()} {
		f.Add(math.Float64bits(v))
	}
	f.Fuzz(func(t *testing.T, bits uint64) {
		v := math.Float64frombits(bits)
		require.Equal(t, model.FormatFloat(v), string(appendFloat(nil, v)))
	})
}

// FuzzStrings holds that no string breaks out of its place: a document has as many lines or messages as it should.
func FuzzStrings(f *testing.F) {
	f.Add("x", "a", "b", "help", "c", 1.5)
	f.Add("a.b", "é", "\"\\\n", "\\\n", "\xff", math.NaN())
	f.Add("x:y", "__name__", "", "", "le", 0.0)
	f.Fuzz(func(t *testing.T, name, label, value, help, state string, v float64) {
		if name == "" {
			return
		}
		labels := model.NewLabels(label, value)
		timestamp := model.TimestampFromMillis(int64(len(help)))
		family := &model.MetricFamily{
			Name: name, Type: model.StateSet, HasType: true, HasHelp: true, Help: help, HasUnit: true, Unit: value,
			Metrics: []model.Metric{{
				Labels: labels, Timestamp: timestamp,
				Extra: &model.Extra{States: []model.State{{Name: state}, {Name: state + value}}},
			}},
			Loose: []model.Sample{{Name: name, Labels: labels, Value: v, Timestamp: timestamp}},
		}
		for _, to := range Formats() {
			for scheme := prommodel.NoEscaping; scheme <= prommodel.ValueEncodingEscaping; scheme++ {
				var out bytes.Buffer
				e, err := New(&out, to, Escaping(scheme), GraphiteNonFinite())
				if to == format.Text && scheme == prommodel.NoEscaping {
					require.Error(t, err)
					continue
				}
				require.NoError(t, err)
				require.NoError(t, e.Encode(family))
				require.NoError(t, e.Close())
				switch to {
				case format.Text, format.Text1:
					require.Equal(t, 2+2+1, bytes.Count(out.Bytes(), []byte("\n")))
				case format.OpenMetrics, format.OpenMetrics2: // the loose sample has the name of the family
					lines := 2 + 2 + 1
					if value == "" { // for a unit
						lines++
					}
					require.Equal(t, lines, bytes.Count(out.Bytes(), []byte("\n")))
				case format.Graphite:
					require.Len(t, bytes.Fields(out.Bytes()), 3*(2+1))
				case format.JSON:
					require.True(t, json.Valid(out.Bytes()))
				case format.Protobuf:
					_, first := protowire.ConsumeBytes(out.Bytes())
					require.Positive(t, first)
					_, second := protowire.ConsumeBytes(out.Bytes()[first:])
					require.Equal(t, out.Len(), first+second)
				case format.OpenMetricsProtobuf:
					_, _, only := protowire.ConsumeField(out.Bytes())
					require.Equal(t, out.Len(), only)
				}
			}
		}
	})
}
