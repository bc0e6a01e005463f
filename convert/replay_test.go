package convert

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/fuzz"
	"github.com/promfmt/promfmt/model"
)

// remembering are decoders that read the pages of a server one after the other and remember them, with the name of how.
type remembering struct {
	name string
	*Decoder
	next        func(d *Decoder, page []byte)
	diagnostics []string
}

// inBlocks has a page in memory read in blocks of that size.
func inBlocks(size int) Option { return func(o *options) { o.blockBytes = size } }

func newRemembering(opts ...Option) (list []*remembering) {
	fromReader := func(d *Decoder, page []byte) { d.Reset(&smallReader{bytes.NewReader(page), 50}) }
	for _, r := range []remembering{
		{name: "to keep", next: (*Decoder).ResetBytes},
		{name: "in reused memory, in small blocks", next: (*Decoder).ResetBytes},
		{name: "from a reader", next: fromReader},
		{name: "from a reader, in reused memory", next: fromReader},
	} {
		d := &r
		this := slices.Concat([]Option{Remember(1 << 20), OnDiagnostic(func(found *diag.Diagnostic) { d.diagnose(found) })}, opts)
		if strings.Contains(r.name, "reused") {
			this = append(this, Reuse(), inBlocks(40))
		}
		r.Decoder = NewBytesDecoder(nil, this...)
		list = append(list, d)
	}
	return list
}

func (r *remembering) diagnose(d *diag.Diagnostic) {
	r.diagnostics = append(r.diagnostics, d.Error()+"\n"+d.Caret())
}

// read reads the next page and holds it against what is known of it.
func (r *remembering) read(t *testing.T, what string, page []byte, want transcript) {
	t.Helper()
	r.next(r.Decoder, page)
	r.diagnostics = nil
	families := want.Families
	for f, err := range r.Families() {
		if err != nil {
			var d *diag.Diagnostic
			require.ErrorAs(t, err, &d)
			r.diagnose(d)
			continue
		}
		require.NotEmpty(t, families, "%s, %s: a family too many, %s", what, r.name, f.Name)
		if diff := cmp.Diff(families[0], f, cmpopts.EquateNaNs()); diff != "" {
			t.Fatalf("%s, %s (-want +got):\n%s", what, r.name, diff)
		}
		families = families[1:]
	}
	require.Empty(t, families, "%s, %s: families are missing", what, r.name)
	require.Equal(t, want.Diagnostics, r.diagnostics, "%s, %s", what, r.name)
}

// requireRememberingChangesNothing holds that a page comes to the same whatever page came before it and is remembered.
func requireRememberingChangesNothing(t *testing.T, before, page []byte, opts ...Option) {
	t.Helper()
	reference := func(page []byte) transcript {
		return transcribe(t, func(report ...Option) *Decoder {
			return NewBytesDecoder(page, slices.Concat(report, opts, []Option{alone})...)
		})
	}
	wantBefore, want := reference(before), reference(page)
	for _, r := range newRemembering(opts...) {
		r.read(t, "the first page", before, wantBefore)
		r.read(t, "the page that is remembered", before, wantBefore)
		r.read(t, "a page like it", before, wantBefore)
		r.read(t, "another page", page, want)
		r.read(t, "the page again", before, wantBefore)
		r.read(t, "the other page again", page, want)
	}
}

var pageRows = []struct {
	name         string
	before, page string
	// replayed is how much of the page is read by comparing it with the one before.
	replayed int
	opts     []Option
}{
	{
		name:     "other values",
		before:   "# HELP a An a.\n# TYPE a gauge\na{l=\"x\"} 1\na{l=\"y\"} 2\n# TYPE b counter\nb 3\n",
		page:     "# HELP a An a.\n# TYPE a gauge\na{l=\"x\"} 15e3\na{l=\"y\"} NaN\n# TYPE b counter\nb -Inf\n",
		replayed: 81,
	},
	{
		name:     "a series that is gone",
		before:   "# TYPE a gauge\na{l=\"x\"} 1\na{l=\"y\"} 2\na{l=\"z\"} 3\n# TYPE b counter\nb 3\n",
		page:     "# TYPE a gauge\na{l=\"x\"} 1\na{l=\"z\"} 3\n# TYPE b counter\nb 3\n",
		replayed: 58,
	},
	{
		name:     "a new series, behind which the family is read otherwise",
		before:   "# TYPE a gauge\na{l=\"x\"} 1\na{l=\"z\"} 3\n# TYPE b counter\nb 3\n",
		page:     "# TYPE a gauge\na{l=\"x\"} 1\na{l=\"y\"} 2\na{l=\"z\"} 3\n# TYPE b counter\nb 3\n",
		replayed: 47,
	},
	{
		name:     "a series that comes twice now",
		before:   "# TYPE a gauge\na{l=\"x\"} 1\na{l=\"z\"} 3\n",
		page:     "# TYPE a gauge\na{l=\"x\"} 1\na{l=\"x\"} 3\na{l=\"z\"} 3\na{l=\"z\"} 3\n",
		replayed: 26,
	},
	{
		name:     "a series with its labels in another order",
		before:   "# TYPE a gauge\na{l=\"x\",m=\"y\"} 1\n",
		page:     "# TYPE a gauge\na{l=\"x\",m=\"y\"} 1\na{m=\"y\",l=\"x\"} 1\n",
		replayed: 32,
	},
	{
		name:     "a family that is gone",
		before:   "# TYPE a gauge\na 1\n# TYPE b counter\nb 3\n# TYPE c counter\nc 3\n",
		page:     "# TYPE a gauge\na 1\n# TYPE c counter\nc 3\n",
		replayed: 40,
	},
	{
		name:     "a family that is new",
		before:   "# TYPE a gauge\na 1\n# TYPE c counter\nc 3\n",
		page:     "# TYPE a gauge\na 1\n# TYPE b counter\nb 3\n# TYPE c counter\nc 3\n",
		replayed: 40,
	},
	{
		name:     "a family that comes back",
		before:   "# TYPE a gauge\na 1\n# TYPE b counter\nb 3\n",
		page:     "# TYPE a gauge\na 1\n# TYPE b counter\nb 3\n# TYPE a gauge\na 1\na{l=\"x\"} 2\n",
		replayed: 40,
	},
	{
		name:     "families in another order",
		before:   "# TYPE a gauge\na 1\n# TYPE b counter\nb 3\n",
		page:     "# TYPE b counter\nb 3\n# TYPE a gauge\na 1\n",
		replayed: 21,
	},
	{
		name:     "another type",
		before:   "# TYPE a gauge\na 1\n# TYPE b counter\nb 3\n",
		page:     "# TYPE a counter\na 1\n# TYPE b counter\nb 3\n",
		replayed: 21,
	},
	{
		name:     "metadata in the midst of a family",
		before:   "# TYPE a gauge\na{l=\"x\"} 1\na{l=\"z\"} 3\n",
		page:     "# TYPE a gauge\na{l=\"x\"} 1\n# HELP a An a.\na{l=\"z\"} 3\n",
		replayed: 26,
	},
	{
		name:     "a comment in the midst of a family",
		before:   "# TYPE a gauge\na{l=\"x\"} 1\na{l=\"z\"} 3\n",
		page:     "# TYPE a gauge\na{l=\"x\"} 1\n# nothing\na{l=\"z\"} 3\n",
		replayed: 26,
	},
	{
		name:     "a family whose name begins like the one before",
		before:   "# TYPE a gauge\na 1\n# TYPE ab gauge\nab 1\n",
		page:     "# TYPE a gauge\na 2\n# TYPE ab gauge\nab 2\n",
		replayed: 40,
	},
	{
		name:     "no metadata",
		before:   "a{l=\"x\"} 1\na{l=\"y\"} 1\nb 1\n",
		page:     "a{l=\"x\"} 2\na{l=\"y\"} 2\nb 2\n",
		replayed: 26,
	},
	{
		name:     "a sample that belongs to a new histogram now",
		before:   "# TYPE a gauge\na 1\nh_sum 1\n",
		page:     "# TYPE h histogram\nh_count 1\n# TYPE a gauge\na 1\nh_sum 1\n",
		replayed: 19,
	},
	{
		name:     "a new family of the name of a bucket",
		before:   "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
		page:     "# TYPE h_bucket gauge\nh_bucket 1\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
		replayed: 0,
	},
	{
		name:     "a histogram and a summary",
		before:   "# TYPE h histogram\nh_bucket{le=\"1.0\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n# TYPE s summary\ns{quantile=\"0.5\"} 1\ns_sum 1\ns_count 1\n",
		page:     "# TYPE h histogram\nh_bucket{le=\"1.0\"} 2\nh_bucket{le=\"+Inf\"} 3\nh_sum 4\nh_count 5\n# TYPE s summary\ns{quantile=\"0.5\"} 6\ns_sum 7\ns_count 8\n",
		replayed: 135,
	},
	{
		name:     "a histogram with another bucket",
		before:   "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n# TYPE a gauge\na 1\n",
		page:     "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n# TYPE a gauge\na 1\n",
		replayed: 19,
	},
	{
		name:     "a count that is none",
		before:   "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n# TYPE a gauge\na 1\n",
		page:     "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1.5\nh_sum 1\nh_count -1\n# TYPE a gauge\na 1\n",
		replayed: 19,
	},
	{
		name:     "timestamps",
		before:   "# TYPE a gauge\na{l=\"x\"} 1 1\na{l=\"z\"} 3 2\n# TYPE s summary\ns_sum 1 1\ns_count 1 1\n",
		page:     "# TYPE a gauge\na{l=\"x\"} 2 5\na{l=\"z\"} 5\n# TYPE s summary\ns_sum 1 2\ns_count 1 2\n",
		replayed: 78,
	},
	{
		name:     "parts of a summary at several times",
		before:   "# TYPE s summary\ns_sum 1 1\ns_count 1 1\n",
		page:     "# TYPE s summary\ns_sum 1 2\ns_count 1 3\n",
		replayed: 0,
	},
	{
		name:     "one series at several times, of which none is remembered",
		before:   "# TYPE a gauge\na 1 1\na 2 2\n# TYPE b gauge\nb 1\n",
		page:     "# TYPE a gauge\na 1 2\na 2 2\n# TYPE b gauge\nb 1\n",
		replayed: 19,
	},
	{
		name:     "a family with a warning, which is said anew",
		before:   "# TYPE a gauge\na 1\n# TYPE b Gauge\nb 1\n# TYPE c gauge\nc 1\n",
		page:     "# TYPE a gauge\na 2\n# TYPE b Gauge\nb 2\n# TYPE c gauge\nc 2\n",
		replayed: 38,
	},
	{
		name:     "a histogram before a family with a warning",
		before:   "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n# TYPE b Gauge\nb 1\n",
		page:     "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 2\nh_sum 2\nh_count 2\n# TYPE b Gauge\nb 2\n",
		replayed: 59,
	},
	{
		name:     "a histogram before a line that is refused, behind which it goes on",
		before:   "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n# TYPE b gauge\nb 1\n",
		page:     "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 2\nh_sum 2\nh_count 2\n# TYPE b x\nh_sum{l=\"x\"} 1\n# TYPE b gauge\nb 1\n",
		replayed: 19,
	},
	{
		name:     "a family with an error",
		before:   "# TYPE a gauge\na 1\n# TYPE b gauge\nb x\n# TYPE c gauge\nc 1\n# TYPE d gauge\nd 1\n",
		page:     "# TYPE a gauge\na 2\n# TYPE b gauge\nb y\n# TYPE c gauge\nc 2\n# TYPE d gauge\nd 2\n",
		replayed: 57,
	},
	{
		name:     "lines with CR LF, of which none is compared",
		before:   "# TYPE a gauge\r\na 1\r\n# TYPE b gauge\r\nb 1\r\n# TYPE c gauge\r\nc 1\r\n",
		page:     "# TYPE a gauge\r\na 2\r\n# TYPE b gauge\r\nb 2\r\n# TYPE c gauge\r\nc 2\r\n",
		replayed: 0,
	},
	{
		name:     "no line feed at the end",
		before:   "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n",
		page:     "# TYPE a gauge\na 2\n# TYPE b gauge\nb 2",
		replayed: 19,
	},
	{
		name:     "more samples than there may be",
		before:   "# TYPE a gauge\na{l=\"x\"} 1\na{l=\"z\"} 3\n",
		page:     "# TYPE a gauge\na{l=\"x\"} 1\na{l=\"z\"} 3\na{l=\"zz\"} 3\n",
		opts:     []Option{WithLimits(Limits{Samples: 2})},
		replayed: 37,
	},
	{
		name:     "more families than are known",
		before:   "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE c gauge\nc 1\n",
		page:     "# TYPE a gauge\na 2\n# TYPE b gauge\nb 2\n# TYPE c gauge\nc 2\n",
		opts:     []Option{WithLimits(Limits{Families: 2})},
		replayed: 38,
	},
	{
		name:     "a line that is too long now",
		before:   "# TYPE a gauge\na 1\n",
		page:     "# TYPE a gauge\na 1.0000000000000000\n",
		opts:     []Option{WithLimits(Limits{LineBytes: 15})},
		replayed: 0,
	},
	{
		name:     "OpenMetrics",
		before:   "# TYPE a_seconds counter\n# UNIT a_seconds seconds\na_seconds_total 1\n# TYPE h histogram\nh_bucket{le=\"1.0\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 1\nh_count 2\n# EOF\n",
		page:     "# TYPE a_seconds counter\n# UNIT a_seconds seconds\na_seconds_total 5\n# TYPE h histogram\nh_bucket{le=\"1.0\"} 3\nh_bucket{le=\"+Inf\"} 4\nh_sum 5\nh_count 4\n# EOF\n",
		opts:     []Option{OpenMetrics()},
		replayed: 148,
	},
	{
		name:     "values that OpenMetrics does not have",
		before:   "# TYPE a counter\na_total 1\n# TYPE i info\ni_info 1\n# TYPE s stateset\ns{s=\"a\"} 1\n# TYPE q summary\nq{quantile=\"0.5\"} 1\n# EOF\n",
		page:     "# TYPE a counter\na_total -1\n# TYPE i info\ni_info 2\n# TYPE s stateset\ns{s=\"a\"} 2\n# TYPE q summary\nq{quantile=\"0.5\"} -1\n# EOF\n",
		opts:     []Option{OpenMetrics()},
		replayed: 0,
	},
	{
		name:     "counts that OpenMetrics does not have",
		before:   "# TYPE h histogram\nh_bucket{le=\"1.0\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 1\nh_count 2\n# EOF\n",
		page:     "# TYPE h histogram\nh_bucket{le=\"1.0\"} 3\nh_bucket{le=\"+Inf\"} 2\nh_sum -1\nh_count 3\n# EOF\n",
		opts:     []Option{OpenMetrics()},
		replayed: 0,
	},
	{
		name:     "text behind the end of OpenMetrics",
		before:   "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# EOF\n",
		page:     "# TYPE a gauge\na 1\n# EOF\n# TYPE b gauge\nb 1\n",
		opts:     []Option{OpenMetrics()},
		replayed: 19,
	},
	{
		name:     "no end of OpenMetrics",
		before:   "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# EOF\n",
		page:     "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n",
		opts:     []Option{OpenMetrics()},
		replayed: 38,
	},
	{
		name:     "a sample without metadata that is refused, behind which the family before goes on",
		before:   "a 1\nb 1\n",
		page:     "a 1\nb x\na{l=\"y\"} 2\n",
		replayed: 4,
	},
	{
		name:     "the first line of another family that goes on",
		before:   "# TYPE a gauge\na 1\n# TYPE b gauge",
		page:     "# TYPE a gauge\na 1\n# TYPE b gaugeX\na{l=\"y\"} 2\n",
		replayed: 19,
	},
	{
		name:     "metadata behind the samples",
		before:   "# TYPE a gauge\na 1\n# HELP a late\n# TYPE b gauge\nb 1\n",
		page:     "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n",
		replayed: 19,
	},
	{
		name:     "a family without its samples, whose help comes late",
		before:   "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n",
		page:     "# TYPE a gauge\n# TYPE b gauge\nb 1\n# HELP a late\n",
		replayed: 19,
	},
	{
		name:     "a counter without its samples",
		before:   "# TYPE a counter\na_total 1\n# TYPE b gauge\nb 1\n",
		page:     "# TYPE a counter\n# TYPE b gauge\nb 1\n",
		replayed: 19,
	},
	{
		name:     "metadata that end in CR LF",
		before:   "# TYPE a gauge\r\na 1\n# TYPE b gauge\r\nb 1\n",
		page:     "# TYPE b gauge\r\nb 1\n",
		replayed: 0,
	},
	{
		name:     "families that come back beyond the limit of families",
		before:   "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE c gauge\nc 1\n# TYPE x gauge\nx 1\n# TYPE y gauge\ny 1\n# TYPE x gauge\nx 1\n",
		page:     "# TYPE x gauge\nx 1\n# TYPE y gauge\ny 1\n# TYPE x gauge\nx 1\n",
		opts:     []Option{WithLimits(Limits{Families: 3})},
		replayed: 0,
	},
	{
		name:     "an end of OpenMetrics that is none",
		before:   "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# EOF\n",
		page:     "# TYPE b gauge\nb 1\n# EOF\nb{l=\"x\"} 2\n",
		opts:     []Option{OpenMetrics()},
		replayed: 19,
	},
	{
		name:     "a counter of OpenMetrics without its samples",
		before:   "# TYPE a counter\na_total 1\n# TYPE b gauge\nb 1\n# EOF\n",
		page:     "# TYPE a counter\n# TYPE b gauge\nb 1\na 2\n# EOF\n",
		opts:     []Option{OpenMetrics()},
		replayed: 0,
	},
	{
		name:     "an odd end of OpenMetrics among metadata",
		before:   "# TYPE a gauge\n#  EOF\na 1\n# TYPE b gauge\nb 1\n",
		page:     "# TYPE a gauge\n#  EOF\na 1\n# TYPE b gauge\nb 1\n",
		opts:     []Option{OpenMetrics()},
		replayed: 0,
	},
	{
		name:     "a family of OpenMetrics with the name of a sample of one before",
		before:   "# TYPE a counter\na_total 1\n# EOF\n",
		page:     "# TYPE a counter\na_total 1\n# TYPE a_total gauge\na_total 1\n# TYPE b counter\n# EOF\n",
		opts:     []Option{OpenMetrics()},
		replayed: 27,
	},
}

func TestRememberingChangesNothing(t *testing.T) {
	t.Parallel()
	for _, row := range pageRows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			before, page := []byte(row.before), []byte(row.page)
			requireRememberingChangesNothing(t, before, page, row.opts...)
			requireRememberingChangesNothing(t, before, page, slices.Concat(row.opts, []Option{Strict()})...)
			requireRememberingChangesNothing(t, before, page, slices.Concat(row.opts, []Option{OnDiagnostic(nil)})...)
			// With Reuse a decoder begins without what another one remembers.
			d := NewBytesDecoder(nil, slices.Concat(row.opts, []Option{Remember(1000), Reuse(), OnDiagnostic(func(*diag.Diagnostic) {})})...)
			for _, text := range [][]byte{before, before, page} {
				d.ResetBytes(text)
				for f, err := range d.Families() {
					require.True(t, f != nil || err != nil)
				}
			}
			require.Equal(t, row.replayed, int(d.pages.bytes))
		})
	}
}

func TestRememberingPagesOfTheCorpusChangesNothing(t *testing.T) {
	t.Parallel()
	eachText(t, func(t *testing.T, file corpus.File) {
		if len(file.Data) > 16<<10 {
			return
		}
		for _, opts := range [][]Option{nil, {OpenMetrics()}} {
			requireRememberingChangesNothing(t, file.Data, edited(file.Data, []byte("some series come, others go, and many stay")), opts...)
		}
	})
}

func TestRememberingLargePagesChangesNothing(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(largePages)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := largePage(name)
			requireRememberingChangesNothing(t, page, edited(page, []byte("a few edits")))
		})
	}
}

// edited is a page with other values and some lines changed, three bytes of edits telling how.
func edited(page, edits []byte) []byte {
	list := bytes.SplitAfter(page, lineFeed)
	for i, line := range list {
		if n := bytes.LastIndexByte(line, ' ') + 1; n > 0 && n < len(line) && !bytes.HasPrefix(line, hash) && '1' <= line[n] && line[n] < '9' {
			list[i] = slices.Concat(line[:n], []byte{line[n] + 1}, line[n+1:])
		}
	}
	for ; len(edits) >= 3 && len(list) > 1; edits = edits[3:] {
		i := (int(edits[1])<<8 | int(edits[2])) % (len(list) - 1)
		line := list[i]
		switch edits[0] % 6 {
		case 0:
			list = slices.Delete(list, i, i+1)
		case 1:
			list = slices.Insert(list, i, line)
		case 2:
			list[i], list[i+1] = list[i+1], list[i]
		case 3:
			list = slices.Insert(list, len(list)-1, line)
		case 4:
			at := int(edits[2]) % (len(line) + 1)
			list[i] = slices.Concat(line[:at], []byte{"0.-x \n\"{}#"[edits[0]/6%10]}, line[at:])
		case 5:
			at := min(int(edits[2]), len(line))
			list[i] = slices.Concat(line[:at], line[min(at+1, len(line)):])
		}
	}
	return bytes.Join(list, nil)
}

// FuzzRemember reads a page that was edited where the one before is remembered.
func FuzzRemember(f *testing.F) {
	for _, row := range pageRows {
		f.Add([]byte(row.before), []byte("\x01\x00\x01"))
	}
	for i, recipe := range fuzz.Recipes() {
		f.Add(recipe, []byte{byte(i), 0, byte(3 * i), 4, 0, byte(i)})
	}
	for file := range corpus.All() {
		if file.Format != corpus.Protobuf && len(file.Data) < 2<<10 {
			f.Add(file.Data, []byte{0, 0, 5})
		}
	}
	formats := []format.Format{format.Text, format.OpenMetrics, format.OpenMetrics2}
	f.Fuzz(func(t *testing.T, input, edits []byte) {
		for i, opts := range [][]Option{nil, {OpenMetrics()}, {OpenMetrics2()}} {
			page := fuzz.Exposition(input, formats[i])
			requireRememberingChangesNothing(t, page, edited(page, edits), opts...)
			requireRememberingChangesNothing(t, page, edited(page, edits), slices.Concat(opts, []Option{Strict()})...)
			requireRememberingChangesNothing(t, page, edited(page, edits), slices.Concat(opts, []Option{OnDiagnostic(nil)})...)
		}
	})
}

// TestWhatIsReplayedIsTheCallersToChange holds that families of a remembered page share nothing that can be changed.
func TestWhatIsReplayedIsTheCallersToChange(t *testing.T) {
	t.Parallel()
	page := []byte("# TYPE a gauge\na{l=\"x\"} 1\n" +
		"# TYPE h histogram\nh_bucket{le=\"1.0\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n" +
		"# TYPE s summary\ns{quantile=\"0.50\"} 1\ns_sum 1\ns_count 1\n# TYPE t stateset\nt{t=\"x\"} 1\n# EOF\n")
	want := transcribe(t, ofBytes(page), OpenMetrics())
	for _, opts := range [][]Option{nil, {Reuse()}} {
		d := NewBytesDecoder(nil, append(opts, OpenMetrics(), Remember(1000))...)
		for range 5 {
			d.ResetBytes(page)
			n := 0
			for f, err := range d.Families() {
				require.NoError(t, err)
				require.Empty(t, cmp.Diff(want.Families[n], f))
				n++
				spoil(f)
			}
			require.Equal(t, len(want.Families), n)
		}
		require.Positive(t, d.pages.bytes)
	}
}

// spoil changes all of a family that can be changed.
func spoil(f *model.MetricFamily) {
	for i := range f.Metrics {
		m := &f.Metrics[i]
		if h := m.Histogram(); h != nil {
			clear(h.Buckets)
			clear(h.BoundTexts)
		}
		if s := m.Summary(); s != nil {
			clear(s.Quantiles)
			clear(s.QuantileTexts)
		}
		clear(m.States())
	}
	clear(f.Metrics)
	*f = model.MetricFamily{}
}

// TestAPageOutlastsOneThatIsTooLong holds that a page stays what an input is compared with to the end of that.
func TestAPageOutlastsOneThatIsTooLong(t *testing.T) {
	t.Parallel()
	family := func(name string, help int) string {
		return fmt.Sprintf("# HELP %s %s\n# TYPE %[1]s gauge\n%[1]s 1\n", name, strings.Repeat("x", help))
	}
	remembered := family("a", 150) + family("b", 150) + family("c", 150) + family("d", 150) + family("e", 150)
	another := family("a", 150) + family("b", 150) + family("c", 150) + family("v", 150) + family("w", 150)
	long := remembered + family("z", 2000) + family("a", 150)
	d := NewDecoder(nil, Remember(1200))
	for _, page := range []string{remembered, remembered, another, another, another, long} {
		d.Reset(&smallReader{strings.NewReader(page), 100})
		want := transcribe(t, ofBytes([]byte(page)))
		for i := 0; ; i++ {
			f, err := d.Next()
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(want.Families[i], f))
		}
	}
}

// TestRememberingHoldsNoMoreThanItMay holds that pages that are too long are not remembered, nor ones that differ all the
// time, and that to find that out takes less and less of the time.
func TestRememberingHoldsNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	read := func(d *Decoder, page string, fromReader bool) {
		d.ResetBytes([]byte(page))
		if fromReader {
			d.Reset(strings.NewReader(page))
		}
		for _, err := range d.Families() {
			require.NoError(t, err)
		}
	}
	for _, fromReader := range []bool{false, true} {
		page := "# TYPE a gauge\na 1\n"
		for limit, remembered := range map[int]bool{0: false, len(page) - 1: false, len(page): true} {
			d := NewBytesDecoder(nil, Remember(limit), Reuse())
			for range 3 {
				read(d, page, fromReader)
			}
			require.Equal(t, remembered, d.pages.page != nil, "%d bytes", limit)
			require.Empty(t, d.pages.text)
		}
		d := NewBytesDecoder(nil, Remember(1000), Reuse())
		var learned []int
		for n := range 100 {
			read(d, fmt.Sprintf("# TYPE a%d gauge\na%[1]d 1\n", n), fromReader)
			if d.pages.wait > 0 && d.pages.wait == d.pages.patience {
				learned = append(learned, n)
			}
		}
		require.Equal(t, []int{1, 3, 6, 11, 20, 37, 70}, learned)
	}
}
