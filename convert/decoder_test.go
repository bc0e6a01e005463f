package convert

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// TestFamilyComesWithNext holds that a family is given out as soon as the next one begins.
func TestFamilyComesWithNext(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	d := NewDecoder(r)
	write := func(text string) { _, _ = io.WriteString(w, text) }
	go write("a 1\na{l=\"x\"} 2\nb 3\n") // and nothing more before the first family has been read
	family, err := d.Next()
	require.NoError(t, err)
	require.Equal(t, []string{"a", "  a 1", `  a{l="x"} 2`}, describe(family))

	go func() {
		write("c 4\n")
		_ = w.Close()
	}()
	for _, name := range []string{"b", "c"} {
		family, err := d.Next()
		require.NoError(t, err)
		require.Equal(t, name, family.Name)
	}
	_, err = d.Next()
	require.Equal(t, io.EOF, err)
}

// TestPositions holds that a diagnostic says where, what and what else could have been there.
func TestPositions(t *testing.T) {
	t.Parallel()
	text := "# HELP a text\na{l=\"x\"} 1\na{l=\"y\",-} 2\n"
	d := NewStringDecoder(text, File("page.txt"))
	_, err := d.Next()
	var got *diag.Diagnostic
	require.ErrorAs(t, err, &got)
	want := &diag.Diagnostic{
		Pos:      diag.Position{File: "page.txt", Line: 3, Column: 9, Offset: 33},
		Severity: diag.Error,
		Rule:     diag.LabelName,
		Message:  `expected a label name or "}", found "-"`,
		Found:    `"-"`,
		Expected: `a label name or "}"`,
		Hint:     `other names stand in quotes, as in {"a.b"="x"}`,
		Excerpt:  diag.Excerpt{Text: `a{l="y",-} 2`, Column: 9},
	}
	require.Empty(t, cmp.Diff(want, got))
	require.Equal(t, `page.txt:3:9: error: expected a label name or "}", found "-" `+
		`(other names stand in quotes, as in {"a.b"="x"}) [label-name]`, err.Error())
	require.Equal(t, "  a{l=\"y\",-} 2\n          ^\n", got.Caret())

	family, err := d.Next()
	require.NoError(t, err)
	require.Equal(t, 1, family.Line)
}

// TestLimits holds that what goes beyond a limit is refused with the limit's name, and the rest kept.
func TestLimits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		limits Limits
		row    row
	}{
		{
			name:   "a line",
			limits: Limits{LineBytes: 12},
			row: row{
				text:      lines(`a{l="1234"} 1`, `a{l="123"} 1`, `# `+strings.Repeat("x", 100), `b 2`),
				families:  []string{`a`, `  a{l="123"} 1`, `b`, `  b 2`},
				byDefault: []string{"1:13 error line-too-long", "3:13 error line-too-long"},
			},
		},
		{
			name:   "the labels of a series",
			limits: Limits{Labels: 2},
			row: row{
				text:      lines(`a{l="1",m="2"} 1`, `a{l="1",m="2",n="3"} 2`, `a{l="1",m="2",n="3",o="4"} 3`, `b 2`),
				families:  []string{`a`, `  a{l="1",m="2"} 1`, `b`, `  b 2`},
				byDefault: []string{"2:15 error too-many-labels", "3:15 error too-many-labels"},
			},
		},
		{
			name:   "the samples of a family",
			limits: Limits{Samples: 2},
			row: row{
				text:      lines(`a{l="1"} 1`, `a{l="2"} 2`, `a{l="3"} 3`, `a{l="4"} 4`, `b 2`),
				families:  []string{`a`, `  a{l="1"} 1`, `  a{l="2"} 2`, `b`, `  b 2`},
				byDefault: []string{"3:1 error too-many-samples"},
			},
		},
		{
			name:   "the families that are remembered",
			limits: Limits{Families: 2},
			row: row{
				text:      lines(`a 1`, `b 2`, `c 3`, `d 4`, `a 5`, `c 6`),
				families:  []string{`a`, `  a 1`, `b`, `  b 2`, `c`, `  c 3`, `d`, `  d 4`, `a (continued)`, `  a 5`, `c`, `  c 6`},
				byDefault: []string{"3:1 warning too-many-families", "5:1 warning interleaved-family"},
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			want := outcome{test.row.families, test.row.byDefault}
			for _, opts := range [][]Option{nil, {UseGrammar()}, {withoutPrediction}, {Reuse()}} {
				got := read(t, test.row.text, append(opts, WithLimits(test.limits))...)
				require.Empty(t, cmp.Diff(want, got, cmp.AllowUnexported(outcome{})))
			}
			var got outcome
			d := NewDecoder(iotestReader(test.row.text), WithLimits(test.limits), OnDiagnostic(got.diagnose))
			got.drain(t, d)
			require.Empty(t, cmp.Diff(want, got, cmp.AllowUnexported(outcome{})), "in small reads")
		})
	}
}

// iotestReader reads text three bytes at a time.
func iotestReader(text string) io.Reader { return &smallReader{strings.NewReader(text), 3} }

// smallReader gives no more than most bytes at a time.
type smallReader struct {
	reader io.Reader
	most   int
}

func (r *smallReader) Read(b []byte) (int, error) { return r.reader.Read(b[:min(len(b), r.most)]) }

// repeated reads as text n times over.
type repeated struct {
	text string
	n    int
	rest string
}

func (r *repeated) Read(b []byte) (int, error) {
	if r.rest == "" {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.n--
		r.rest = r.text
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// TestHugeLines holds that a line without end costs no more memory than the limit, and that the lines around it are
// kept.
func TestHugeLines(t *testing.T) {
	t.Parallel()
	const size = 256 << 20
	input := io.MultiReader(
		strings.NewReader("a 1\na{l=\""),
		&repeated{text: strings.Repeat("x", 1<<16), n: size >> 16},
		strings.NewReader("\"} 2\nb 3\n"),
	)
	d := NewDecoder(input)
	var got outcome
	got.drain(t, d)
	want := outcome{[]string{"a", "  a 1", "b", "  b 3"}, []string{"2:16777217 error line-too-long"}}
	require.Empty(t, cmp.Diff(want, got, cmp.AllowUnexported(outcome{})))
	require.LessOrEqual(t, len(d.source.buffer), 32<<20)
}

// TestManyLabels holds that a series of a million labels is refused at the first that is too much.
func TestManyLabels(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("a 1\na{")
	for i := range 1_000_000 {
		fmt.Fprintf(&text, `l%d="x",`, i)
	}
	text.WriteString("} 2\nb 3\n")
	got := read(t, text.String())
	// The names of the 4,096 labels before it are 2 to 5 bytes long, and each takes 5 bytes more.
	column := 3 + 10*(2+5) + 90*(3+5) + 900*(4+5) + 3096*(5+5)
	want := outcome{[]string{"a", "  a 1", "b", "  b 3"}, []string{fmt.Sprintf("2:%d error too-many-labels", column)}}
	require.Empty(t, cmp.Diff(want, got, cmp.AllowUnexported(outcome{})))
}

// TestNothingIsAllocated holds that a decoder which reuses its memory allocates nothing once it has seen a page.
func TestNothingIsAllocated(t *testing.T) {
	var page bytes.Buffer
	page.WriteString("# HELP a text\n# TYPE a counter\n")
	for i := range 1000 {
		fmt.Fprintf(&page, "a{job=\"x\",instance=\"host-%d:9100\"} %d\n", i, i)
	}
	page.WriteString("# TYPE h histogram\n")
	for i := range 100 {
		for j := range 10 {
			fmt.Fprintf(&page, "h_bucket{path=\"/%d\",le=\"%d\"} %d\n", i, j, j)
		}
		fmt.Fprintf(&page, "h_sum{path=\"/%d\"} 1.5\nh_count{path=\"/%d\"} 9\n", i, i)
	}
	page.WriteString("# TYPE s summary\n")
	for i := range 100 {
		fmt.Fprintf(&page, "s{path=\"/%d\",quantile=\"0.5\"} 2.5\ns_sum{path=\"/%d\"} 1e+06\ns_count{path=\"/%d\"} 3 1000\n", i, i, i)
	}
	for name, opts := range map[string][]Option{"reused": {Reuse(), Remember(0)}, "reused and remembered": {Reuse()}} {
		d := NewBytesDecoder(nil, opts...)
		samples := 0
		run := func() {
			d.ResetBytes(page.Bytes())
			for {
				family, err := d.Next()
				if err == io.EOF {
					return
				}
				require.NoError(t, err)
				samples += len(family.Metrics)
			}
		}
		run()
		run() // which is remembered
		require.Zero(t, testing.AllocsPerRun(20, run), name)
		require.NotZero(t, samples, name)
	}
}

// TestDecoderStartsAnew holds that a decoder that has been reset remembers nothing of what it read before.
func TestDecoderStartsAnew(t *testing.T) {
	t.Parallel()
	text := "\ufeff# TYPE a counter\r\na 1\r\nb x\r\na 2"
	for _, opts := range [][]Option{nil, {Reuse()}} {
		var first, second, third outcome
		current := &first
		d := NewStringDecoder(text, append(opts, OnDiagnostic(func(d *diag.Diagnostic) { current.diagnose(d) }))...)
		first.drain(t, d)
		current = &second
		d.Reset(strings.NewReader(text))
		second.drain(t, d)
		require.Empty(t, cmp.Diff(first, second, cmp.AllowUnexported(outcome{})))
		require.Len(t, first.diagnostics, 5)

		// A reset in the middle of an input is no different.
		d.ResetBytes([]byte(text))
		_, err := d.Next()
		require.Error(t, err)
		current = &third
		d.ResetBytes([]byte(text))
		third.drain(t, d)
		require.Empty(t, cmp.Diff(first, third, cmp.AllowUnexported(outcome{})))
	}
}

func TestWhatIsWrongWithALineIsSaidInTheOrderOfItsColumns(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []string
	}{
		"an error before the end of its line": {"a 1\nb{ 1\r\nc 1\n", []string{"2:4 label-name", "2:5 carriage-return"}},
		"a warning before it":                 {"a 1\nb{,} 1\r\nc 1\n", []string{"2:3 stray-comma", "2:7 carriage-return"}},
		"a fault that is found once the family before is finished": {
			"a 1\nb 1\na 2\r\na 2\r\n", []string{"3:1 interleaved-family", "3:4 carriage-return", "4:1 duplicate-series"},
		},
		"the last line has no end":      {"a 1\nb{ 1", []string{"2:4 label-name", "2:5 no-final-newline"}},
		"the last line has half an end": {"a 1\nb 1x\r", []string{"2:3 number", "2:5 carriage-return", "2:5 no-final-newline"}},
		"behind a byte order mark":      {"\ufeffa 1x\r\n", []string{"1:1 byte-order-mark", "1:6 number", "1:8 carriage-return"}},
	}
	for name, test := range tests {
		for _, opts := range [][]Option{nil, {Strict()}} {
			var got []string
			said := func(d *diag.Diagnostic) {
				got = append(got, fmt.Sprintf("%d:%d %s", d.Pos.Line, d.Pos.Column, d.Rule.ID()))
			}
			for _, err := range NewStringDecoder(test.text, append(opts, OnDiagnostic(said))...).Families() {
				if d, ok := errors.AsType[*diag.Diagnostic](err); ok {
					said(d)
				}
			}
			require.Equal(t, test.want, got, name)
		}
	}
}

// TestCollectTakesTimeInProportion holds that a family in as many parts as lines is put together in memory, and so in time,
// that grows with their number and not with its square.
func TestCollectTakesTimeInProportion(t *testing.T) {
	lines := map[string]string{
		"a series a part":  "h_count{a=\"%d\"} 1\nx 1\n",
		"a bucket a part":  "h_bucket{le=\"%d.0\"} 1\nx 1\n",
		"a simple series":  "g{a=\"%d\"} 1\nx 1\n",
		"a quantile apart": "s{quantile=\"%d.0\"} 1\nx 1\n",
	}
	for name, line := range lines {
		allocated := func(n int) uint64 {
			var page strings.Builder
			page.WriteString("# TYPE h histogram\n# TYPE g gauge\n# TYPE s summary\n")
			for i := range n {
				fmt.Fprintf(&page, line, i)
			}
			var parts []*model.MetricFamily
			for f, err := range NewStringDecoder(page.String()).Families() {
				require.NoError(t, err)
				parts = append(parts, f)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			families, err := Collect(func(yield func(*model.MetricFamily, error) bool) {
				for _, f := range parts {
					yield(f, nil)
				}
			})
			runtime.ReadMemStats(&after)
			require.NoError(t, err)
			require.Len(t, families, 4)
			return after.TotalAlloc - before.TotalAlloc
		}
		require.Less(t, allocated(4000), 10*allocated(1000), name) // 16 times as much would be the square
	}
}

// TestCollect holds that the parts of a family become one again.
func TestCollect(t *testing.T) {
	t.Parallel()
	text := lines(
		`# TYPE a histogram`, `a_bucket{l="x",le="1"} 1`, `a_bucket{l="y",le="1.0"} 1`,
		`b 1`,
		`a_bucket{l="x",le="+Inf"} 2`, `a_sum{l="x"} 3`, `a_bucket{l="x",le="1"} 9`,
		`# HELP b text`, `b{l="x"} oops`, `b{l="x"} 2`,
		`a_sum{l="x"} 4`, `a_count{l="y"} 5`,
	)
	families, err := Collect(NewStringDecoder(text).Families())
	var got []string
	for _, family := range families {
		got = append(got, describe(family)...)
	}
	require.Empty(t, cmp.Diff([]string{
		`histogram a`,
		`  a_bucket{l="x",le="1"} 1`,
		`  a_bucket{l="y",le="1.0"} 1`, `  a_count{l="y"} 5`,
		`  a_bucket{l="x",le="+Inf"} 2`, `  a_bucket{l="x",le="1"} 9`, `  a_sum{l="x"} 3`,
		`  a_sum{l="x"} 4`,
		`b "text"`, `  b 1`, `  b{l="x"} 2`,
	}, got))
	var d *diag.Diagnostic
	require.ErrorAs(t, err, &d)
	require.Equal(t, 9, d.Pos.Line)
}

// inParts is a page whose families come in several parts, each with something that is put to a metric of an earlier one.
const inParts = `# TYPE h histogram
h_bucket{le="1"} 1
# TYPE s summary
s{quantile="0.5"} 1
# TYPE c counter
c{l="x"} 1
h_bucket{le="2.0"} 2
s{quantile="0.90"} 2
c{l="y"} 2
h_bucket{le="+Inf"} 3
h_sum 3
h_count 3
s_count 4
s_sum 4
c{l="z"} 3
`

func TestCollectLeavesThePartsAsTheyWere(t *testing.T) {
	parts := func() (list []*model.MetricFamily) {
		for f, err := range NewStringDecoder(inParts).Families() {
			require.NoError(t, err)
			list = append(list, f)
		}
		return list
	}
	given, want := parts(), parts()
	collect := func() []*model.MetricFamily {
		families, err := Collect(func(yield func(*model.MetricFamily, error) bool) {
			for _, f := range given {
				if !yield(f, nil) {
					return
				}
			}
		})
		require.NoError(t, err)
		return families
	}
	first := collect()
	require.Empty(t, cmp.Diff(want, given))
	require.Empty(t, cmp.Diff(first, collect()))
	var got []string
	for _, f := range first {
		got = append(got, describe(f)...)
	}
	require.Empty(t, cmp.Diff([]string{
		`histogram h`, `  h_bucket{le="1"} 1`, `  h_bucket{le="2.0"} 2`, `  h_bucket{le="+Inf"} 3`, `  h_sum 3`, `  h_count 3`,
		`summary s`, `  s{quantile="0.5"} 1`, `  s{quantile="0.90"} 2`, `  s_sum 4`, `  s_count 4`,
		`counter c`, `  c{l="x"} 1`, `  c{l="y"} 2`, `  c{l="z"} 3`,
	}, got))
}

func TestCollectLeavesTheStatesAndExemplarsOfPartsAsTheyWere(t *testing.T) {
	part := func(state string, exemplar float64, continued bool) *model.MetricFamily {
		return &model.MetricFamily{Name: "a", HasType: true, Type: model.StateSet, Continued: continued, Metrics: []model.Metric{{
			Extra: &model.Extra{
				States: append(make([]model.State, 0, 8), model.State{Name: state}), Exemplars: []model.Exemplar{{Value: exemplar}},
			},
		}}}
	}
	given := []*model.MetricFamily{part("x", 1, false), part("y", 2, true)}
	for range 2 {
		families, err := Collect(func(yield func(*model.MetricFamily, error) bool) {
			for _, f := range given {
				yield(f, nil)
			}
		})
		require.NoError(t, err)
		require.Len(t, families, 1)
		require.Equal(t, []model.Metric{{Extra: &model.Extra{
			States: []model.State{{Name: "x"}, {Name: "y"}}, Exemplars: []model.Exemplar{{Value: 1}, {Value: 2}},
		}}}, families[0].Metrics)
	}
	require.Empty(t, cmp.Diff([]*model.MetricFamily{part("x", 1, false), part("y", 2, true)}, given))
}

func TestCollectPassesOverAPairOfNeither(t *testing.T) {
	whole := &model.MetricFamily{Name: "a"}
	families, err := Collect(func(yield func(*model.MetricFamily, error) bool) {
		_ = yield(nil, nil) && yield(whole, nil) && yield(nil, nil)
	})
	require.NoError(t, err)
	require.Len(t, families, 1)
	require.Same(t, whole, families[0], "a family that came in one part is given back as it is")
}

func TestCollectedFamiliesAreWhole(t *testing.T) {
	t.Parallel()
	families, err := Collect(NewStringDecoder("a 1\nb 1\na{l=\"x\"} 2\n").Families())
	require.NoError(t, err)
	require.Len(t, families, 2)
	require.Equal(t, []model.Metric{
		{Value: 1},
		{Labels: model.NewLabels("l", "x"), Value: 2},
	}, families[0].Metrics)
	require.False(t, families[0].Continued)
}

// manyFamilies yields the lines of n families of many long labels, a family at a time.
type manyFamilies struct {
	n, next int
	rest    []byte
}

func (r *manyFamilies) Read(b []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.next == r.n {
			return 0, io.EOF
		}
		r.rest = r.rest[:0]
		for i := range 200 {
			r.rest = fmt.Appendf(r.rest, "family_%d{series=\"%d\",text=\"%0120d\"} 1\n", r.next, i, i)
		}
		r.next++
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// TestWhatIsRememberedIsSmall holds that of families that nobody keeps little stays in memory, although they are known.
func TestWhatIsRememberedIsSmall(t *testing.T) {
	d := NewDecoder(&manyFamilies{n: 2000})
	families := 0
	for {
		_, err := d.Next()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		families++
	}
	require.Equal(t, 2000, families)
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	require.Less(t, memory.HeapAlloc, uint64(32<<20), "of 60 MB of families")
	runtime.KeepAlive(d)
}

// TestFamiliesThatNobodyKeepsAreNotKept holds that a family does not keep those alive that were read before it.
func TestFamiliesThatNobodyKeepsAreNotKept(t *testing.T) {
	const families, series = 400, 300
	var gauges, histograms bytes.Buffer
	for i := range families {
		fmt.Fprintf(&gauges, "# TYPE gauge_%d gauge\n", i)
		fmt.Fprintf(&histograms, "# TYPE histogram_%d histogram\n", i)
		for j := range series {
			fmt.Fprintf(&gauges, "gauge_%d{series=\"%d\",text=\"%080d\"} 1\n", i, j, j)
			for _, rest := range []string{"_bucket{le=\"1\",series=\"%d\"} 0\n", "_bucket{le=\"+Inf\",series=\"%d\"} 1\n", "_sum{series=\"%d\"} 2\n", "_count{series=\"%d\"} 1\n"} {
				fmt.Fprintf(&histograms, "histogram_%d"+rest, i, j)
			}
		}
	}
	var messages bytes.Buffer
	for f, err := range NewBytesDecoder(gauges.Bytes()).Families() {
		require.NoError(t, err)
		message, err := ToDTO(f)
		require.NoError(t, err)
		_, err = protodelim.MarshalTo(&messages, message)
		require.NoError(t, err)
	}
	type decoder interface {
		Next() (*model.MetricFamily, error)
	}
	replaying := func(page []byte) decoder {
		d := NewBytesDecoder(nil, Workers(1))
		for range 9 {
			d.ResetBytes(page)
			readThrough(t, d)
		}
		require.NotNil(t, d.pages.latest)
		d.ResetBytes(page)
		return d
	}
	for name, begin := range map[string]func() decoder{
		"gauges":                   func() decoder { return NewBytesDecoder(gauges.Bytes(), Workers(1)) },
		"gauges, by workers":       func() decoder { return NewBytesDecoder(gauges.Bytes(), Workers(4)) },
		"histograms":               func() decoder { return NewBytesDecoder(histograms.Bytes(), Workers(1)) },
		"histograms, by workers":   func() decoder { return NewBytesDecoder(histograms.Bytes(), Workers(4)) },
		"gauges in protobuf":       func() decoder { return NewProtobufDecoder(bytes.NewReader(messages.Bytes())) },
		"gauges that are replayed": func() decoder { return replaying(gauges.Bytes()) },
	} {
		d := begin()
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range families {
			_, err := d.Next()
			require.NoError(t, err)
		}
		runtime.ReadMemStats(&after)
		allocated := after.TotalAlloc - before.TotalAlloc
		runtime.GC()
		runtime.ReadMemStats(&after)
		require.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(allocated/6), name)
		runtime.KeepAlive(d)
	}
	runtime.KeepAlive(gauges)
	runtime.KeepAlive(histograms)
	runtime.KeepAlive(messages)
}

// TestWhatIsKnownDoesNotGrowWithEachInput holds that a decoder that has read many pages holds no more than for one of them.
func TestWhatIsKnownDoesNotGrowWithEachInput(t *testing.T) {
	t.Parallel()
	var rest bytes.Buffer
	for i := range 1000 {
		fmt.Fprintf(&rest, "# HELP f%d %0200d\n# TYPE f%d gauge\nf%d 1\n", i, i, i, i)
	}
	d := NewBytesDecoder(nil, Reuse(), Remember(0))
	for n := range 50 {
		// The first help text is longer than any chunk that there is.
		d.ResetBytes(fmt.Appendf(nil, "# HELP first %0*d\n# TYPE first gauge\nfirst 1\n%s", chunkBytes+n, n, rest.Bytes()))
		require.Equal(t, 1001, readThrough(t, d))
	}
	size := 0
	for _, chunk := range d.assembler.known.texts.chunks {
		size += len(chunk)
	}
	require.Less(t, size, 2*(rest.Len()+chunkBytes))
	require.Less(t, d.assembler.memory.text.total, 4*chunkBytes)
}

// TestReusedMemoryIsTakenBack holds that families which begin before the one before them has been given out do not keep
// memory from being taken back.
func TestReusedMemoryIsTakenBack(t *testing.T) {
	var page bytes.Buffer
	for i := range 2000 {
		fmt.Fprintf(&page, "# HELP f%d text\n# TYPE f%d gauge\n", i, i)
		for j := range 20 {
			fmt.Fprintf(&page, "f%d{series=\"%d\",text=\"%0120d\"} 1\n", i, 100+j, j)
		}
	}
	readers := map[string]io.Reader{
		"a family a read":      &readByFamily{page.Bytes()},
		"many families a read": bytes.NewReader(page.Bytes()),
	}
	for name, reader := range readers {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			d := NewDecoder(reader, Reuse(), Workers(1))
			families := 0
			for _, err := d.Next(); err != io.EOF; _, err = d.Next() {
				require.NoError(t, err)
				families++
			}
			runtime.ReadMemStats(&after)
			require.Equal(t, 2000, families)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20), "of 6 MB of text")
		})
	}
}

// readByFamily gives a family a read.
type readByFamily struct{ page []byte }

func (r *readByFamily) Read(b []byte) (int, error) {
	if len(r.page) == 0 {
		return 0, io.EOF
	}
	end := len(r.page)
	if next := bytes.Index(r.page[1:], []byte("# HELP")); next >= 0 {
		end = next + 1
	}
	n := copy(b, r.page[:end])
	r.page = r.page[n:]
	return n, nil
}

func TestMetricsOfOneFamilyLeaveNothingInThoseOfTheNext(t *testing.T) {
	// The histograms do not fit the memory where they are collected at first.
	var page strings.Builder
	page.WriteString("# TYPE h histogram\n")
	for i := range 1000 {
		fmt.Fprintf(&page, "h_count{i=\"%d\"} 1\n", i)
	}
	page.WriteString("# TYPE g gauge\ng{i=\"1\"} 1\ng{i=\"2\"} 2\n")
	families, err := Collect(NewStringDecoder(page.String()).Families())
	require.NoError(t, err)
	require.Len(t, families, 2)
	require.Len(t, families[0].Metrics, 1000)
	want := []model.Metric{
		{Labels: model.NewLabels("i", "1"), Value: 1},
		{Labels: model.NewLabels("i", "2"), Value: 2},
	}
	require.Empty(t, cmp.Diff(want, families[1].Metrics))
}
