package writer

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// TestGraphiteOrderOfLabels holds that a series is written by its own labels, whatever those of the series before were.
func TestGraphiteOrderOfLabels(t *testing.T) {
	var many []string
	manyPath := ""
	for i := range 100 {
		many = append(many, fmt.Sprintf("l%02d", 99-i), "x")
		manyPath += fmt.Sprintf(".l%02d.x", i)
	}
	long := strings.Repeat("v", 70_000)
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
		{"the last without a value", []string{"a", "1", "c", ""}, "m.a.1"},
		{"one name is another's beginning", []string{"ab", "1", "a", "2", "abc", "3"}, "m.a.2.ab.1.abc.3"},
		{"other names of the same lengths", []string{"ac", "1", "b", "2", "abd", "3"}, "m.abd.3.ac.1.b.2"},
		{"a value and a name that look alike", []string{"a", "b", "b", "a"}, "m.a.b.b.a"},
		{"long names", []string{"b_of_seventeen_ch", "1", "a_of_8ch", "2"}, "m.a_of_8ch.2.b_of_seventeen_ch.1"},
		{"a value whose length takes more than two bytes", []string{"b", long, "a", "1"}, "m.a.1.b." + long},
		{"a value as long that is altered", []string{"b", long + ".", "a", "1"}, "m.a.1.b." + long + "_"},
		{"a name as long", []string{long, "1", "a", "2"}, "m.a.2." + long + ".1"},
		{"a name as long, again", []string{long, "3", "a", "4"}, "m.a.4." + long + ".3"},
		{"a name that is altered", []string{"x.y", "1", "c", "9"}, "m.c.9.x_y.1"},
		{"a name that occurs twice", []string{"a", "1", "a", "2"}, "m.a.1.a.2"},
		{"a name that occurs twice, again", []string{"a", "3", "a", "4"}, "m.a.3.a.4"},
		{"many labels", many, "m" + manyPath},
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

// FuzzGraphitePaths holds the paths of series, whatever series came before, to their labels sorted and cleaned one by one.
func FuzzGraphitePaths(f *testing.F) {
	f.Add("b,1,a,2\nb,3.5,a,é\na,5,b,6\na,7", false)
	f.Add("a.b,1,a_b,2\na.b,,a_b,2\n\na_b,\xff", true)
	f.Add("le,1,name,2,,3,x,4,x,5\nle,,name,2", true)
	f.Add("namespace,kube-system,a_name_of_more_than_16_bytes,56ea167d-c757-57d1-8296-95c81e1a5463", true)
	f.Fuzz(func(t *testing.T, series string, tags bool) {
		g := newGraphite(&options{graphite: graphiteOptions{tags: tags}}).(*graphite)
		lines := []string{"", "le"}
		for i, text := range strings.Split(series, "\n") {
			parts := strings.Split(text, ",")
			ls, line := model.NewLabels(parts[:len(parts)&^1]...), lines[i%len(lines)]
			var o output
			g.altered = false
			g.locate(ls, line)
			g.oneTagEach(&o, ls, line)
			before, after, lossy, losses := plainPath(ls, line, tags)
			labels := g.order.labels
			require.Equal(t, before, string(g.appendLabels(nil, ls, labels[:g.order.before])), "%q", text)
			require.Equal(t, after, string(g.appendLabels(nil, ls, labels[g.order.before:])), "%q", text)
			got := 0
			for _, loss := range o.losses {
				got += loss.Count
			}
			require.Equal(t, losses, got, "%q", text)
			require.True(t, g.altered || !lossy, "%q", text)
		}
	})
}

// plainPath is what stands before and behind the label called line, whether a label loses characters, and how many labels
// are left out as tags.
func plainPath(ls model.Labels, line string, tags bool) (before, after string, lossy bool, losses int) {
	labels := slices.DeleteFunc(ls.Slice(), func(l model.Label) bool { return l.Value == "" })
	slices.SortStableFunc(labels, func(a, b model.Label) int { return strings.Compare(a.Name, b.Name) })
	taken := map[string]bool{line: line != ""}
	for _, l := range labels {
		name, text := strings.Map(cleaned, l.Name), ".%s.%s"
		if name == "" {
			name = "_"
		}
		if tags {
			text = ";%s=%s"
			if name == "name" {
				name = "name_"
			}
			if taken[name] {
				losses++
				continue
			}
			taken[name] = true
		}
		value := strings.Map(cleaned, l.Value)
		lossy = lossy || name != l.Name || value != l.Value
		text = fmt.Sprintf(text, name, value)
		if line == "" || l.Name < line {
			before += text
		} else {
			after += text
		}
	}
	return before, after, lossy, losses
}

func cleaned(r rune) rune {
	if r < utf8.RuneSelf && isPathCharacter(byte(r)) {
		return r
	}
	return '_'
}

// TestPathValues holds that each character of a value is looked at, wherever it stands, and that those around it stay.
func TestPathValues(t *testing.T) {
	g := newGraphite(&options{}).(*graphite)
	write := func(ls model.Labels) string {
		g.locate(ls, "")
		return string(g.appendLabels(nil, ls, g.order.labels))
	}
	for length := 1; length < 20; length++ {
		for at := range length {
			for c := range utf8.RuneSelf {
				value := []byte(strings.Repeat("x", length))
				value[at] = byte(c)
				clean := bytes.Clone(value)
				if !isPathCharacter(byte(c)) {
					clean[at] = '_'
				}
				require.Equal(t, fmt.Sprintf(".a.%s.b.y", clean), write(model.NewLabels("b", "y", "a", string(value))), "%q", value)
				require.Equal(t, fmt.Sprintf(".a.y.b.%s", clean), write(model.NewLabels("b", string(value), "a", "y")), "%q", value)
			}
		}
	}
}

func isPathCharacter(c byte) bool {
	return c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func TestIsPath(t *testing.T) {
	for length := range 20 {
		for at := range length {
			for c := range 256 {
				s := []byte(strings.Repeat("x", length))
				s[at] = byte(c)
				require.Equal(t, isPathCharacter(byte(c)), isPath(string(s)), "%q", s)
			}
		}
	}
	for c := range 1 << 16 { // the characters of a word don't make up for each other
		s := []byte("xxxxxxxx")
		s[2], s[3] = byte(c), byte(c>>8)
		require.Equal(t, isPathCharacter(s[2]) && isPathCharacter(s[3]), isPath(string(s)), "%q", s)
	}
}
