package convert

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/fuzz"
)

// pods are the labels of the families that leave the roster in the rows below: the second is compared with the first, the
// one of the row with what both have in common.
const pods = "a{p=\"1\",q=\"x\"} 1\na{p=\"2\",q=\"x\"} 1\na{p=\"3\",q=\"y\"} 1\n" +
	"b{p=\"1\",q=\"x\"} 1\nb{p=\"2\",q=\"x\"} 1\nb{p=\"3\",q=\"y\"} 1\n" +
	"c{p=\"1\",q=\"x\"} 1\nc{p=\"2\",q=\"x\"} 1\nc{p=\"3\",q=\"y\"} 1\n"

var podFamilies = []string{
	`a`, `  a{p="1",q="x"} 1`, `  a{p="2",q="x"} 1`, `  a{p="3",q="y"} 1`,
	`b`, `  b{p="1",q="x"} 1`, `  b{p="2",q="x"} 1`, `  b{p="3",q="y"} 1`,
	`c`, `  c{p="1",q="x"} 1`, `  c{p="2",q="x"} 1`, `  c{p="3",q="y"} 1`,
}

func TestFamiliesAboutTheSameThings(t *testing.T) {
	for _, r := range []struct {
		name, text string
		families   []string
		diagnostic string
		met        int
	}{
		{
			name:     "the same labels",
			text:     "d{p=\"1\",q=\"x\"} 4\nd{p=\"2\",q=\"x\"} 5\nd{p=\"3\",q=\"y\"} 6\n",
			families: []string{`d`, `  d{p="1",q="x"} 4`, `  d{p="2",q="x"} 5`, `  d{p="3",q="y"} 6`},
			met:      3,
		},
		{
			name:     "a label of its own behind them",
			text:     "d{p=\"1\",q=\"x\",r=\"1\"} 4\nd{p=\"2\",q=\"x\",r=\"22\"} 5\nd{p=\"3\",q=\"y\",r=\"\"} 6\n",
			families: []string{`d`, `  d{p="1",q="x",r="1"} 4`, `  d{p="2",q="x",r="22"} 5`, `  d{p="3",q="y",r=""} 6`},
			met:      3,
		},
		{
			name: "several series of each, which differ in the label behind them",
			text: "d{p=\"1\",q=\"x\",r=\"b\"} 4\nd{p=\"1\",q=\"x\",r=\"a\"} 5\nd{p=\"2\",q=\"x\",r=\"b\"} 6\nd{p=\"2\",q=\"x\",r=\"a\"} 7\n",
			families: []string{
				`d`, `  d{p="1",q="x",r="b"} 4`, `  d{p="1",q="x",r="a"} 5`, `  d{p="2",q="x",r="b"} 6`, `  d{p="2",q="x",r="a"} 7`,
			},
			met: 4,
		},
		{
			name: "a series that comes twice, one behind the other",
			text: "d{p=\"1\",q=\"x\",r=\"b\"} 4\nd{p=\"1\",q=\"x\",r=\"a\"} 5\nd{p=\"1\",q=\"x\",r=\"b\"} 6\nd{p=\"2\",q=\"x\",r=\"a\"} 7\n",
			families: []string{
				`d`, `  d{p="1",q="x",r="b"} 4`, `  d{p="1",q="x",r="a"} 5`, `  d{p="1",q="x",r="b"} 6`, `  d{p="2",q="x",r="a"} 7`,
			},
			diagnostic: "12:1 %s duplicate-series",
			met:        4,
		},
		{
			name: "a series that comes twice, with others between them",
			text: "d{p=\"1\",q=\"x\"} 4\nd{p=\"2\",q=\"x\"} 5\nd{p=\"3\",q=\"y\"} 6\nd{p=\"1\",q=\"x\"} 7\n",
			families: []string{
				`d`, `  d{p="1",q="x"} 4`, `  d{p="2",q="x"} 5`, `  d{p="3",q="y"} 6`, `  d{p="1",q="x"} 7`,
			},
			diagnostic: "13:1 %s duplicate-series",
			met:        3,
		},
		{
			name: "a series that comes twice with its labels in another order",
			text: "d{p=\"1\",q=\"x\",r=\"1\"} 4\nd{p=\"2\",q=\"x\",r=\"2\"} 5\nd{r=\"1\",p=\"1\",q=\"x\"} 6\n",
			families: []string{
				`d`, `  d{p="1",q="x",r="1"} 4`, `  d{p="2",q="x",r="2"} 5`, `  d{r="1",p="1",q="x"} 6`,
			},
			diagnostic: "12:1 %s duplicate-series",
			met:        2,
		},
		{
			name: "a series that comes twice behind a refused line",
			text: "d{p=\"1\",q=\"x\"} 4\nd{p=\"2\",q=\"x\"} x\nd{p=\"2\",q=\"x\"} 5\nd{p=\"2\",q=\"x\"} 6\n",
			families: []string{
				`d`, `  d{p="1",q="x"} 4`, `  d{p="2",q="x"} 5`, `  d{p="2",q="x"} 6`,
			},
			diagnostic: "11:16 error number;13:1 %s duplicate-series",
			met:        3,
		},
		{
			name:     "a point of a series at another time is no series that comes twice",
			text:     "d{p=\"1\",q=\"x\"} 4 1\nd{p=\"1\",q=\"x\"} 5 2\nd{p=\"2\",q=\"x\"} 5 1\n",
			families: []string{`d`, `  d{p="1",q="x"} 4 @1`, `  d{p="1",q="x"} 5 @2`, `  d{p="2",q="x"} 5 @1`},
			met:      3,
		},
		{
			name:     "one that is gone and one that is new",
			text:     "d{p=\"1\",q=\"x\"} 4\nd{p=\"22\",q=\"x\"} 5\nd{p=\"3\",q=\"y\"} 6\n",
			families: []string{`d`, `  d{p="1",q="x"} 4`, `  d{p="22",q="x"} 5`, `  d{p="3",q="y"} 6`},
			met:      1,
		},
		{
			name:     "another one first",
			text:     "d{p=\"0\",q=\"x\"} 4\nd{p=\"1\",q=\"x\"} 5\nd{p=\"2\",q=\"x\"} 6\n",
			families: []string{`d`, `  d{p="0",q="x"} 4`, `  d{p="1",q="x"} 5`, `  d{p="2",q="x"} 6`},
		},
		{
			name:     "values that go on where those of the others end",
			text:     "d{p=\"11\",q=\"x\"} 4\nd{p=\"22\",q=\"x\"} 5\nd{p=\"33\",q=\"y\"} 6\n",
			families: []string{`d`, `  d{p="11",q="x"} 4`, `  d{p="22",q="x"} 5`, `  d{p="33",q="y"} 6`},
		},
		{
			name:     "a label behind them that is escaped",
			text:     "d{p=\"1\",q=\"x\",r=\"\\n\"} 4\nd{p=\"2\",q=\"x\",r=\"\\\"\"} 5\nd{p=\"3\",q=\"y\",r=\"\\\\\"} 6\n",
			families: []string{`d`, `  d{p="1",q="x",r="\n"} 4`, `  d{p="2",q="x",r="\""} 5`, `  d{p="3",q="y",r="\\"} 6`},
			met:      3,
		},
		{
			name:     "blanks behind commas",
			text:     "d{p=\"1\", q=\"x\"} 4\nd{p=\"2\", q=\"x\"} 5\nd{p=\"3\",q=\"y\"} 6\n",
			families: []string{`d`, `  d{p="1",q="x"} 4`, `  d{p="2",q="x"} 5`, `  d{p="3",q="y"} 6`},
			met:      3,
		},
		{
			name: "a comma behind the last label",
			text: "d{p=\"1\",q=\"x\",} 4\nd{p=\"2\",q=\"x\",} 5\nd{p=\"3\",q=\"y\",} 6\n",
			families: []string{
				`d`, `  d{p="1",q="x"} 4`, `  d{p="2",q="x"} 5`, `  d{p="3",q="y"} 6`,
			},
			met: 3,
		},
		{
			name:       "a label behind them that comes twice",
			text:       "d{p=\"1\",q=\"x\"} 3\nd{p=\"2\",q=\"x\",p=\"1\"} 4\nd{p=\"3\",q=\"y\"} 5\n",
			families:   []string{`d`, `  d{p="1",q="x"} 3`, `  d{p="3",q="y"} 5`},
			diagnostic: "11:15 error duplicate-label",
			met:        2,
		},
		{
			name:     "nothing but the first label in common",
			text:     "d{p=\"1\",r=\"x\"} 4\nd{p=\"2\",r=\"x\"} 5\nd{p=\"3\",r=\"y\"} 6\n",
			families: []string{`d`, `  d{p="1",r="x"} 4`, `  d{p="2",r="x"} 5`, `  d{p="3",r="y"} 6`},
			met:      3,
		},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			text := pods + r.text
			rows := row{text: text, families: slices.Concat(podFamilies, r.families)}
			if r.diagnostic != "" {
				rows.byDefault = strings.Split(strings.ReplaceAll(r.diagnostic, "%s", "warning"), ";")
				rows.strict = strings.Split(strings.ReplaceAll(r.diagnostic, "%s", "error"), ";")
			}
			rows.check(t)
			d := NewStringDecoder(text, Reuse(), withShortRosters)
			for d.err == nil {
				_, _ = d.Next()
			}
			require.Equal(t, r.met, d.assembler.rosters.met)
		})
	}
}

// TestRostersAreNoExcuse holds that what is to be said about a line is said, whatever rosters there have been.
func TestRostersAreNoExcuse(t *testing.T) {
	t.Parallel()
	repeated := func(text string, families ...string) string {
		var all strings.Builder
		for _, name := range families {
			all.WriteString(strings.ReplaceAll(text, "@", name))
		}
		return all.String()
	}
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"an unknown escape in each family": {
			repeated("@{p=\"0\"} 1\n@{p=\"\\q\"} 1\n@{p=\"2\"} 1\n", "a", "b", "c", "d"),
			[]string{"2:6 warning label-escape", "5:6 warning label-escape", "8:6 warning label-escape", "11:6 warning label-escape"},
		},
		"a series twice behind a family that has too few of the labels": {
			repeated("@{p=\"1\",q=\"1\"} 1\n@{p=\"2\",q=\"1\"} 1\n@{p=\"1\",q=\"2\"} 1\n", "a", "b", "c") +
				"g{p=\"1\",r=\"1\"} 1\n" +
				"h{p=\"1\",q=\"1\"} 1\nh{p=\"1\",q=\"2\"} 1\nh{p=\"9\",q=\"1\"} 1\nh{p=\"2\",q=\"1\"} 1\n" +
				"i{p=\"1\",q=\"1\"} 1\ni{p=\"2\",q=\"1\"} 1\ni{p=\"1\",q=\"2\"} 1\ni{p=\"9\",q=\"1\"} 1\ni{p=\"2\",q=\"1\"} 1\n",
			[]string{"19:1 warning duplicate-series"},
		},
		"a series twice, once with a blank behind the comma": {
			"z{p=\"1\",q=\"1\"} 1\n" + repeated("@{p=\"1\",r=\"1\"} 1\n@{p=\"2\",r=\"1\"} 1\n", "a", "b") +
				"c{p=\"1\",q=\"1\"} 1\nc{p=\"2\", q=\"1\"} 2\nc{p=\"2\",q=\"1\"} 3\n# The last line is not predicted.\n",
			[]string{"8:1 warning duplicate-series"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, lines := range []int{1, 2, 3} {
				got := read(t, tt.text, Reuse(), func(o *options) { o.rosterLines = lines })
				require.Equal(t, tt.want, got.diagnostics, "rosters of %d lines", lines)
			}
		})
	}
}

// TestRostersChangeNothing reads families that mostly are about the same things, but for what is done at random.
func TestRostersChangeNothing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(1500) {
		random := rand.New(rand.NewPCG(seed, 0))
		text := familiesAboutTheSameThings(random)
		for _, strict := range [][]Option{nil, {Strict()}} {
			want := read(t, text, append([]Option{withoutPrediction}, strict...)...)
			for name, opts := range map[string][]Option{
				"by default":                {},
				"with rosters of one line":  {Reuse(), withShortRosters},
				"with rosters of two lines": {Reuse(), func(o *options) { o.rosterLines = 2 }},
				"by workers":                {withShortRosters, inPieces(1 + random.IntN(300))},
			} {
				require.Equal(t, want, read(t, text, append(opts, strict...)...), "seed %d, %s:\n%s", seed, name, text)
			}
		}
	}
}

// familiesAboutTheSameThings is a text whose families have the same things as their first labels, or nearly so.
func familiesAboutTheSameThings(random *rand.Rand) string {
	one := func(of ...string) string { return of[random.IntN(len(of))] }
	rarely := func(n int, text string) string {
		if random.IntN(n) == 0 {
			return text
		}
		return ""
	}
	value := func() string { return one("1", "2", "1", "2", "1", "2", "11", "", "\\n", "\\q", "\\\"", "é") }
	things := make([]string, 1+random.IntN(6))
	names := []string{"p", "q", "r"}[:1+random.IntN(3)]
	for i := range things {
		var labels []string
		for _, name := range names {
			labels = append(labels, name+`="`+value()+`"`)
		}
		things[i] = strings.Join(labels, ",")
	}
	var text strings.Builder
	for family := range 2 + random.IntN(7) {
		name := fmt.Sprintf("f%d", family%(1+random.IntN(20)))
		if random.IntN(3) > 0 {
			fmt.Fprintf(&text, "# TYPE %s %s\n", name, one("gauge", "counter", "untyped", "gauge", "summary", "histogram"))
		}
		name += rarely(6, one("_total", "_sum", "_bucket"))
		own := random.IntN(4)
		for i := range things {
			thing := things[i]
			if random.IntN(8) == 0 {
				thing = things[random.IntN(len(things))]
			}
			for range random.IntN(3) + random.IntN(2) {
				labels := thing
				for _, name := range []string{"s", "t"}[:min(own, 2)] {
					labels += rarely(1+random.IntN(2), ","+one(name, name, name, name, "p")+`="`+value()+`"`)
				}
				if random.IntN(15) == 0 {
					labels = strings.ReplaceAll(labels, ",", ", ")
				}
				text.WriteString(name + rarely(30, " ") + "{" + labels + rarely(30, ",") + "} ")
				text.WriteString(one("1", "2.5", "NaN", "1e3", "-1", "1", "x") + rarely(8, one(" 1", " 2")) + rarely(60, "\r") + "\n")
				text.WriteString(rarely(40, "# a comment\n") + rarely(60, "refused{\n"))
			}
		}
	}
	text.WriteString("# The last line is not predicted.\n")
	return text.String()
}

// TestRostersOfManyLabels holds that more labels than are predicted are none for a roster.
func TestRostersOfManyLabels(t *testing.T) {
	t.Parallel()
	for _, labels := range []int{23, 24, 25, 50} {
		var page strings.Builder
		for family := range 6 {
			for pod := range 3 {
				fmt.Fprintf(&page, "f%d{pod=\"%d\"", family, pod)
				for label := range labels - 1 {
					fmt.Fprintf(&page, ",l%d=\"\"", label)
				}
				page.WriteString("} 1\n")
			}
		}
		text := []byte(page.String())
		want := described(t, NewBytesDecoder(text, withoutPrediction))
		// Of memory of its own, in which there is no roster yet.
		require.Equal(t, want, described(t, NewBytesDecoder(text, Reuse(), withShortRosters)), "%d labels", labels)
	}
}

// TestRostersOfPages holds that the families of a page are indeed compared with each other.
func TestRostersOfPages(t *testing.T) {
	t.Parallel()
	var page strings.Builder
	for family := range 20 {
		fmt.Fprintf(&page, "# HELP f%d A family.\n# TYPE f%d gauge\n", family, family)
		for pod := range 100 {
			for state := range 1 + family%3 {
				fmt.Fprintf(&page, "f%d{namespace=\"n%d\",pod=\"p%d\",family%d=\"%d\"} 1\n", family, pod%7, pod*7919%1000, family, -state)
			}
		}
	}
	for name, d := range map[string]*Decoder{
		"from memory":   NewStringDecoder(page.String(), Reuse()),
		"from a reader": NewDecoder(strings.NewReader(page.String()), Reuse()),
	} {
		met, metrics := 0, 0
		for f, err := range d.Families() {
			require.NoError(t, err, name)
			met += d.assembler.rosters.met
			metrics += len(f.Metrics)
		}
		// Every other family is given out only when the one behind it has begun.
		require.Greater(t, met, metrics*4/10, name)
	}
}

// renamed is a text with other names of families, without the line that ends OpenMetrics.
func renamed(text []byte, prefix string) []byte {
	var to []byte
	for line := range bytes.Lines(text) {
		at := 0
		switch {
		case bytes.Equal(line, []byte("# EOF\n")):
			continue
		case bytes.HasPrefix(line, hash):
			at = min(len("# TYPE "), len(line)-1)
		case bytes.HasPrefix(line, []byte(`{"`)):
			at = len(`{"`)
		}
		to = append(append(append(to, line[:at]...), prefix...), line[at:]...)
	}
	return to
}

// FuzzRosters reads families that are about the same things as others before, but for some edits.
func FuzzRosters(f *testing.F) {
	for _, recipe := range fuzz.Recipes() {
		f.Add(recipe, []byte{1, 0, 1})
	}
	for file := range corpus.All() {
		if file.Format != corpus.Protobuf && len(file.Data) < 2<<10 {
			f.Add(file.Data, []byte{0, 0, 5})
		}
	}
	f.Add([]byte(pods), []byte{2, 5, 1, 1, 4, 0})
	formats := []format.Format{format.Text, format.OpenMetrics}
	f.Fuzz(func(t *testing.T, input, edits []byte) {
		for i, opts := range [][]Option{nil, {OpenMetrics()}} {
			page := fuzz.Exposition(input, formats[i])
			other := edited(page, edits)
			text := slices.Concat(renamed(page, "r"), renamed(page, "s"), renamed(other, "t"), renamed(edited(other, edits), "u"), page)
			for _, opts := range [][]Option{opts, append([]Option{Strict()}, opts...)} {
				want := transcribe(t, ofBytes(text), append([]Option{withoutPrediction}, opts...)...)
				for _, by := range []Option{nil, withShortRosters} {
					sameTranscript(t, "predicted", want, transcribe(t, ofBytes(text), append([]Option{by}, opts...)...))
				}
				// Of memory of its own, in which there is no roster yet.
				require.Equal(t, described(t, NewBytesDecoder(text, append([]Option{withoutPrediction}, opts...)...)),
					described(t, NewBytesDecoder(text, append([]Option{withShortRosters, Reuse()}, opts...)...)))
			}
		}
	})
}
