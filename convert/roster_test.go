package convert

import (
	"bytes"
	"fmt"
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
