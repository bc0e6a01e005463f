package convert

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/fuzz"
)

// inPieces has workers read even small inputs, in pieces of about so many bytes or twice as many, of four or eight blocks, as large
// ones are read. Nothing is remembered of them.
func inPieces(size int) Option {
	return func(o *options) {
		o.workers, o.largeInput, o.pieceBytes, o.blockBytes, o.remembered = 3, 0, size, size/4, 0
	}
}

// inPiecesFrom are decoders that read a text in such pieces, from memory and from a reader. The reader gives no more than
// size bytes at a time, into a buffer of its own, since what else is at hand decides how much is read at once.
func inPiecesFrom(data []byte, size int) map[string]func(...Option) *Decoder {
	return map[string]func(...Option) *Decoder{
		fmt.Sprintf("in pieces of %d", size): func(opts ...Option) *Decoder {
			return NewBytesDecoder(data, append(opts, inPieces(size))...)
		},
		fmt.Sprintf("in pieces of %d, from a reader", size): func(opts ...Option) *Decoder {
			d := newDecoder(append(opts, inPieces(size)))
			d.reset(source{reader: &smallReader{bytes.NewReader(data), max(size, 1)}, buffer: []byte{}})
			return d
		},
	}
}

// workerModes are the ways to read that differ in what they accept. The limits are within reach of a short text.
var workerModes = map[string][]Option{
	"by default":                nil,
	"strict":                    {Strict()},
	"within limits":             {WithLimits(Limits{LineBytes: 40, Labels: 2, Samples: 3, Families: 2})},
	"within a limit of samples": {WithLimits(Limits{Samples: 10})},
}

// requireWorkersChangeNothing holds that workers give the same families and diagnostics in every mode.
func requireWorkersChangeNothing(t *testing.T, data []byte, sizes ...int) {
	t.Helper()
	for mode, opts := range workerModes {
		want := transcribe(t, ofBytes(data), append([]Option{Workers(1)}, opts...)...)
		unheard := transcribeErrors(t, ofBytes(data)(append([]Option{Workers(1)}, opts...)...))
		for _, size := range sizes {
			for name, decoder := range inPiecesFrom(data, size) {
				sameTranscript(t, mode+", "+name, want, transcribe(t, decoder, opts...))
				sameTranscript(t, mode+", "+name+", with nobody listening", unheard, transcribeErrors(t, decoder(opts...)))
			}
		}
	}
}

// largePages are pages in which pieces begin at all sorts of lines.
var largePages = map[string]func(line int) string{
	"a gauge in order":          func(i int) string { return fmt.Sprintf("g{i=\"%06d\"} %d\n", i, i) },
	"a gauge in no order":       func(i int) string { return fmt.Sprintf("g{i=\"%d\",j=\"x\"} %d\n", i*7919%10007, i) },
	"a gauge with timestamps":   func(i int) string { return fmt.Sprintf("g{i=\"%d\"} %d %d\n", i%50, i, i) },
	"a series that comes twice": func(i int) string { return fmt.Sprintf("g{i=\"%d\"} %d\n", i%199, i) },
	"labels in changing order": func(i int) string {
		return fmt.Sprintf([]string{"g{i=\"%d\",j=\"\"} 1\n", "g{j=\"\",i=\"%d\"} 1\n"}[i/3%2], i%270)
	},
	"families without metadata": func(i int) string { return fmt.Sprintf("m%d{i=\"%d\"} 1\n", i/5, i) },
	"families that come back":   func(i int) string { return fmt.Sprintf("m%d{i=\"%d\"} 1\n", i%3, i) },
	"families of one gauge":     func(i int) string { return fmt.Sprintf("# HELP g%d h\n# TYPE g%d gauge\ng%d %d\n", i, i, i, i) },
	"metadata without samples":  func(i int) string { return fmt.Sprintf("# HELP g%d h\n# TYPE g%d gauge\n", i, i) },
	"comments everywhere":       func(i int) string { return fmt.Sprintf("# nothing\ng{i=\"%d\"} 1\n\n", i) },
	"counters that lack _total": func(i int) string { return fmt.Sprintf("# TYPE c%d counter\nc%d_total 1\n", i, i) },
	"bad lines here and there":  func(i int) string { return []string{"g{i=\"1\" 1\n", fmt.Sprintf("g{i=\"%d\"} 1\n", i)}[min(i%100, 1)] },
	"one series all the time":   func(int) string { return "g 1\n" },
	"quoted names":              func(i int) string { return fmt.Sprintf("{\"a.b\",i=\"%d\"} 1\n", i) },
	"a family before its bucket": func(i int) string {
		return fmt.Sprintf("# TYPE h%d_sum gauge\nh%d_sum 1\n# TYPE h%d histogram\nh%d_sum 1\nh%d_count 1\n", i, i, i, i, i)
	},
	"a histogram": func(i int) string {
		return fmt.Sprintf("h_bucket{i=\"%[1]d\",le=\"1\"} 1\nh_bucket{i=\"%[1]d\",le=\"+Inf\"} 2\nh_sum{i=\"%[1]d\"} 3\nh_count{i=\"%[1]d\"} 2\n", i)
	},
	"a histogram in an odd order": func(i int) string {
		return fmt.Sprintf("h_count{i=\"%[1]d\"} 2\nh_sum{i=\"%[1]d\"} 3\nh_bucket{i=\"%[1]d\",le=\"+Inf\"} 2\nh_bucket{le=\"1\",i=\"%[1]d\"} 1\n", i)
	},
	"a histogram at several times": func(i int) string {
		return fmt.Sprintf("h_bucket{i=\"%[1]d\",le=\"+Inf\"} 2 %[2]d\nh_sum{i=\"%[1]d\"} 3 %[2]d\nh_count{i=\"%[1]d\"} 2 %[2]d\n", i/4, i)
	},
	"a summary": func(i int) string {
		return fmt.Sprintf("s{i=\"%[1]d\",quantile=\"0.5\"} 1\ns{i=\"%[1]d\",quantile=\"0.99\"} 2\ns_sum{i=\"%[1]d\"} 3\ns_count{i=\"%[1]d\"} 2\n", i)
	},
}

// firstLines are the metadata of the families that have them only at their beginning.
var firstLines = map[string]string{
	"a histogram":                  "# HELP h h\n# TYPE h histogram\n",
	"a histogram in an odd order":  "# TYPE h histogram\n",
	"a histogram at several times": "# TYPE h histogram\n",
	"a summary":                    "# TYPE s summary\n",
	"a gauge in order":             "# HELP g in order\n# TYPE g gauge\n",
	"a gauge in no order":          "# TYPE g gauge\n",
}

func largePage(name string) []byte {
	var page strings.Builder
	page.WriteString(firstLines[name])
	for i := range 300 {
		page.WriteString(largePages[name](i))
	}
	page.WriteString("# TYPE last counter\nlast_total 1\nlast_total 2")
	return []byte(page.String())
}

func TestWorkersChangeNothing(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]string{
		"a series twice behind a head of its own piece": "# HELP a a\n# TYPE a gauge\na{i=\"1\"} 1\na{i=\"1\"} 2\na{i=\"2\"} 3\n",
		"a part of a histogram that is a family, in a later piece": "h_bucket 1\n# TYPE h histogram\nh_sum{i=\"1\"} 1\nh_count{i=\"1\"} 1\n" +
			"h_bucket{i=\"2\",le=\"+Inf\"} 1\n",
		"a sample without a timestamp behind those of another metric with one, in a later piece": "g 1\n# TYPE h histogram\n" +
			"h_bucket{i=\"1\",le=\"1\"} 1 5\nh_bucket{i=\"2\",le=\"1\"} 1 5\nh_bucket{i=\"1\",le=\"2\"} 1 5\n" +
			"h_bucket{i=\"1\",le=\"3\"} 1\n",
		"metadata behind samples":                              "# TYPE a gauge\na 1\n# HELP a late\nb 1\n# TYPE b gauge\n",
		"a type that comes twice":                              "# TYPE a gauge\na 1\n# TYPE a counter\na 2\n",
		"families that come back beyond the limit of families": "a 1\nb 1\nc 1\n# TYPE d gauge\nd 1\ne 1\nd 2\ne 2\n",
		"a sample of what a worker takes for a family that comes back": "s_count_sum{i=\"5\"} 1\ns_count_count{i=\"5\"} 1\n" +
			"s_count{i=\"6\",quantile=\"0.5\"} 1\ns_count_count{i=\"6\"} 1\ns_count{i=\"7\",quantile=\"0.5\"} 1\n" +
			"h_sum{i=\"2\"} 1\n# TYPE m summary\nm_count 1\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for size := range len(page) {
				requireWorkersChangeNothing(t, []byte(page), size)
			}
		})
	}
	eachText(t, func(t *testing.T, file corpus.File) {
		requireWorkersChangeNothing(t, file.Data, max(300, len(file.Data)/20))
	})
	t.Run("families without a type, called like the parts of a histogram", func(t *testing.T) {
		t.Parallel()
		var page strings.Builder
		for _, suffix := range []string{"_bucket", "_count", "_sum"} {
			fmt.Fprintf(&page, "# TYPE h%s untyped\n", suffix)
			for i := range 30 {
				fmt.Fprintf(&page, "h%s{i=\"%d\",le=\"1\"} 1\n", suffix, i)
			}
		}
		requireWorkersChangeNothing(t, []byte(page.String()), 100, 300, 700)
	})
	for name := range largePages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireWorkersChangeNothing(t, largePage(name), 700, 4000)
		})
	}
}

// TestWorkersWithReusedMemory holds that a family is whole until the next step.
func TestWorkersWithReusedMemory(t *testing.T) {
	t.Parallel()
	for name := range largePages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := largePage(name)
			d := NewDecoder(bytes.NewReader(data), Reuse(), inPieces(2000))
			want := described(t, NewBytesDecoder(data, Workers(1)))
			for range 2 {
				require.Equal(t, want, described(t, d))
				d.Reset(bytes.NewReader(data))
			}
		})
	}
}

func described(t *testing.T, d *Decoder) []string {
	t.Helper()
	var o outcome
	o.drain(t, d)
	return o.families
}

func TestWorkersKeepLimits(t *testing.T) {
	t.Parallel()
	data := largePage("a gauge in no order")
	limits := Limits{Samples: 150}
	want := transcribe(t, ofBytes(data), WithLimits(limits), Workers(1))
	require.NotEmpty(t, want.Diagnostics)
	sameTranscript(t, "in pieces", want, transcribe(t, ofBytes(data), WithLimits(limits), inPieces(3000)))
	data, limits = largePage("families of one gauge"), Limits{Families: 150}
	want = transcribe(t, ofBytes(data), WithLimits(limits), Workers(1))
	require.NotEmpty(t, want.Diagnostics)
	sameTranscript(t, "in pieces", want, transcribe(t, ofBytes(data), WithLimits(limits), inPieces(3000)))
}

// TestLargeInputIsReadByWorkers holds that what is read by workers is indeed taken over and not read again.
func TestLargeInputIsReadByWorkers(t *testing.T) {
	t.Parallel()
	for name, least := range map[string]float64{
		"a gauge in order": 0.99, "a gauge in no order": 0.99, "families of one gauge": 0.99, "families without metadata": 0.99,
		"metadata without samples": 0.99, "a histogram": 0.9, "a summary": 0.9,
	} {
		t.Run(name, func(t *testing.T) {
			data := largePage(name)
			d := NewBytesDecoder(data, inPieces(5000))
			again := 0
			for {
				before := len(d.block)
				if _, err := d.Next(); err != nil {
					break
				}
				if len(d.block) > before {
					again += len(d.block)
				}
			}
			require.Less(t, float64(again), (1-least)*float64(len(data)))
		})
	}
}

// TestWorkersKeepTheirMemory holds that a decoder which is reset in the middle of an input reads the next one with the memory of all
// its workers.
func TestWorkersKeepTheirMemory(t *testing.T) {
	var page bytes.Buffer
	for family := 0; page.Len() < 3*largeInput; family++ {
		for series := range 1000 {
			fmt.Fprintf(&page, "family_%d{series=\"%d\"} 1\n", family, series)
		}
	}
	d := NewBytesDecoder(nil, Reuse(), Workers(2), Remember(0))
	run := func() {
		d.ResetBytes(page.Bytes())
		_, err := d.Next()
		require.NoError(t, err)
	}
	for range 10 {
		run()
	}
	require.Less(t, testing.AllocsPerRun(10, run), 20.0)
}

func TestPiecesEndWhereFamiliesBegin(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, rest string }{
		"before a type":                                        {"a 1\na 2\na 3\na 4\na 5\n# TYPE b gauge\nb 1\n", "# TYPE b gauge\nb 1\n"},
		"before the first of several comments":                 {"a 1\na 2\na 3\na 4\na 5\na 6\na 7\n# HELP b b\n# TYPE b gauge\n", "# HELP b b\n# TYPE b gauge\n"},
		"before the last family of several":                    {"a 1\n# TYPE b gauge\nb 1\n# TYPE c gauge\nc 1\n", "# TYPE c gauge\nc 1\n"},
		"before a family that is called like an information":   {strings.Repeat("x_created{a=\"b\"} 1\n", 5) + "# TYPE x_info gauge\nx_info 1\nx_info 2\n", "# TYPE x_info gauge\nx_info 1\nx_info 2\n"},
		"nowhere, since the family begins in the first half":   {"# TYPE a gauge\na 1\na 2\n", ""},
		"nowhere, since there are nothing but comments":        {"# a\n# b\n# c\n", ""},
		"nowhere, since all are comments":                      {strings.Repeat("# TYPE a gauge\n# HELP b b\n", 10), ""},
		"nowhere, since there is no metadata":                  {"a 1\nb 2\nc 3\nd 4\n", ""},
		"before a type whose samples have suffixes":            {strings.Repeat("a 1\n", 10) + "# TYPE b summary\nb_sum 1\nb_count 2\n", "# TYPE b summary\nb_sum 1\nb_count 2\n"},
		"nowhere, since the only number sign is within a line": {"a 1\na{b=\"#\"} 2\n", ""},
		"nowhere, since a comment is most of the text":         {"a 1\n# " + strings.Repeat("c", 10000) + "\na 2\n", ""},
		"before a comment, far from the end":                   {strings.Repeat("a 1\n", 10000) + "# b\n" + strings.Repeat("b 1\n", 9000), "# b\n" + strings.Repeat("b 1\n", 9000)},
	} {
		t.Run(name, func(t *testing.T) {
			rest := ""
			if head := lastHead([]byte(tt.text)); head > 0 {
				rest = tt.text[head:]
			}
			require.Equal(t, tt.rest, rest)
		})
	}
}

// TestGoroutinesEnd holds that a decoder that is given up leaves no goroutine behind.
func TestGoroutinesEnd(t *testing.T) {
	data := largePage("families of one gauge")
	before := runtime.NumGoroutine()
	for range 20 {
		_, err := NewBytesDecoder(data, inPieces(3000)).Next()
		require.NoError(t, err)
	}
	for range 5000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// workerSeed is an input of FuzzWorkers and the size of the pieces to read it in.
type workerSeed struct {
	input []byte
	size  uint16
}

func workerSeeds() (seeds []workerSeed) {
	for file := range corpus.All() {
		if file.Format != corpus.Protobuf && len(file.Data) < 8<<10 {
			seeds = append(seeds, workerSeed{file.Data, 50})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(largePages)) {
		page := largePage(name)
		seeds = append(seeds, workerSeed{page[:min(len(page), 2000)], 300})
	}
	for _, recipe := range fuzz.Recipes() {
		seeds = append(seeds, workerSeed{recipe, 100})
	}
	return seeds
}

// TestSeedsOfWorkersAreCut holds that most seeds come in several pieces, since else FuzzWorkers would hold little.
func TestSeedsOfWorkersAreCut(t *testing.T) {
	t.Parallel()
	seeds, cut := workerSeeds(), map[string]int{}
	for _, seed := range seeds {
		for name, decoder := range inPiecesFrom(fuzz.Exposition(seed.input, format.Text), int(seed.size)) {
			d := decoder(Reuse()) // or else the memory of the pieces is given up at the end
			for err := error(nil); err != io.EOF; {
				_, err = d.Next()
			}
			if len(d.workers.blank)+len(d.workers.spent) > 1 {
				_, from, _ := strings.Cut(name, ",")
				cut[from]++
			}
		}
	}
	require.Len(t, cut, 2)
	for from, n := range cut {
		require.Greater(t, 2*n, len(seeds), from)
	}
}

// FuzzWorkers reads a text in pieces of any size.
func FuzzWorkers(f *testing.F) {
	for _, seed := range workerSeeds() {
		f.Add(seed.input, seed.size)
	}
	f.Fuzz(func(t *testing.T, input []byte, size uint16) {
		requireWorkersChangeNothing(t, fuzz.Exposition(input, format.Text), int(size))
	})
}
