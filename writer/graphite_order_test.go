package writer

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// TestGraphiteOrderOfLabels holds that a series is written by its own labels, whatever those of the series before were.
func TestGraphiteOrderOfLabels(t *testing.T) {
	many := make([]string, 0, 2*mostOrdered+2)
	manyPath := ""
	for i := range mostOrdered + 1 {
		many = append(many, fmt.Sprintf("l%02d", mostOrdered-i), "x")
		manyPath += fmt.Sprintf(".l%02d.x", i)
	}
	tests := []struct {
		name   string
		labels []string
		path   string
	}{
		{"the first series", []string{"b", "1", "a", "2"}, "m.a.2.b.1"},
		{"one with the same names", []string{"b", "3", "a", "4"}, "m.a.4.b.3"},
		{"a value that is altered", []string{"b", "3.5", "a", "é"}, "m.a._.b.3_5"},
		{"names in another order", []string{"a", "5", "b", "6"}, "m.a.5.b.6"},
		{"a name less", []string{"a", "7"}, "m.a.7"},
		{"a name more", []string{"a", "7", "c", "8"}, "m.a.7.c.8"},
		{"a label without a value", []string{"a", "", "c", "9"}, "m.c.9"},
		{"the same names with values again", []string{"a", "1", "c", "9"}, "m.a.1.c.9"},
		{"a name that is altered", []string{"x.y", "1", "c", "9"}, "m.c.9.x_y.1"},
		{"a name that occurs twice", []string{"a", "1", "a", "2"}, "m.a.1.a.2"},
		{"a name that occurs twice, again", []string{"a", "3", "a", "4"}, "m.a.3.a.4"},
		{"more labels than are learned", many, "m" + manyPath},
		{"no labels", nil, "m"},
		{"values of any length", []string{"b", strings.Repeat("v", 40), "a", "-_9-_9-_"}, "m.a.-_9-_9-_.b." + strings.Repeat("v", 40)},
	}
	family := model.MetricFamily{Name: "m", Type: model.Gauge}
	var want strings.Builder
	for i, test := range tests {
		family.Metrics = append(family.Metrics, model.Metric{Labels: model.NewLabels(test.labels...), Value: float64(i)})
		fmt.Fprintf(&want, "%s %d 7\n", test.path, i)
	}
	var got bytes.Buffer
	encoder, err := New(&got, format.Graphite, GraphiteTime(func(model.Timestamp) time.Time { return time.Unix(7, 0) }))
	require.NoError(t, err)
	require.NoError(t, encoder.Encode(&family))
	require.NoError(t, encoder.Close())
	require.Equal(t, want.String(), got.String())
}

func TestIsPath(t *testing.T) {
	for length := range 20 {
		for at := range length {
			for c := range 256 {
				s := []byte(strings.Repeat("x", length))
				s[at] = byte(c)
				want := c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
				require.Equal(t, want, isPath(string(s)), "%q", s)
			}
		}
	}
}
