package writer

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
	"unicode/utf8"

	dto "github.com/prometheus/client_model/go"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/promfmt/promfmt/convert"
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

// FuzzStrings holds that no string breaks out of its place: a document has as many lines or messages as it should, and if
// it can be read the strings in it come back.
func FuzzStrings(f *testing.F) {
	f.Add("x", "a", "b", "help", "c", 1.5)
	f.Add("a.b", "é", "\"\\\n", "\\\n", "\xff", math.NaN())
	f.Add("x:y", "__name__", "", "", "le", 0.0)
	f.Add("a\"b", "c\"d\\", "\"\n\\", "\"\\\n\\n", "\n\"", 2.0)
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
		if utf8.ValidString(name + "\n" + label + "\n" + value + "\n" + help + "\n" + state) {
			for _, to := range Formats() {
				if to != format.Graphite {
					stringsComeBack(t, to, name, label, value, help, state)
				}
			}
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
				case format.Prototext: // a string may hold the blank line between two messages only if it is escaped
					messages := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n\n"))
					require.Len(t, messages, 2)
					for _, message := range messages {
						require.NoError(t, prototext.Unmarshal(message, &dto.MetricFamily{}))
					}
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

// stringsComeBack writes a family with strings that are UTF-8 in all places that have any, and holds that they are read. In
// the old format names are of fewer characters, and blanks around a help text are none of it.
func stringsComeBack(t *testing.T, to format.Format, name, label, value, help, state string) {
	t.Helper()
	written := &model.MetricFamily{Name: "a", Type: model.Gauge, HasType: true, HasHelp: true, Help: "h" + help + "h"}
	labels := []string{"l", value, "m", state}
	scheme := prommodel.UnderscoreEscaping
	if to != format.Text {
		scheme = prommodel.NoEscaping
		written.Name += name + "a"
		labels = append(labels, "n"+label+"n", value+state)
	}
	written.Metrics = []model.Metric{{Labels: model.NewLabels(labels...), Value: 1}}

	var out bytes.Buffer
	e, err := New(&out, to, Escaping(scheme))
	require.NoError(t, err)
	require.NoError(t, e.Encode(written))
	require.NoError(t, e.Close())
	r, err := convert.NewReader(&out, to)
	require.NoError(t, err)
	var read []*model.MetricFamily
	for f, err := range r.Families() {
		require.NoError(t, err)
		read = append(read, f)
	}
	require.Len(t, read, 1, to)
	require.Equal(t, []string{written.Name, written.Help}, []string{read[0].Name, read[0].Help}, to)
	require.Len(t, read[0].Metrics, 1, to)
	for i := 0; i < len(labels); i += 2 {
		got, _ := read[0].Metrics[0].Labels.Get(labels[i])
		require.Equal(t, labels[i+1], got, to)
	}
}
