package convert

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
)

// readThrough reads the rest of an input and gives how many families there are.
func readThrough(t *testing.T, d *Decoder) (families int) {
	t.Helper()
	for _, err := range d.Families() {
		require.NoError(t, err)
		families++
	}
	return families
}

// gauges is a page of so many families of one sample, whose names begin with a prefix.
func gauges(prefix string, count int) []byte {
	var page bytes.Buffer
	for i := range count {
		fmt.Fprintf(&page, "# HELP %s%d A gauge.\n# TYPE %[1]s%[2]d gauge\n%[1]s%[2]d{l=\"x\"} %[2]d\n", prefix, i)
	}
	return page.Bytes()
}

// TestDecodersHandOnWhatTheyRemember holds that a page is read like one that another decoder has read, if they read alike.
func TestDecodersHandOnWhatTheyRemember(t *testing.T) {
	t.Parallel()
	page := gauges("a", 40)
	replayed := func(opts ...Option) bool {
		d := NewBytesDecoder(page, opts...)
		require.Equal(t, 40, readThrough(t, d))
		return d.pages.bytes > 0
	}
	// A pool may lose what it is given, and another test may have it.
	handsOn := func(opts ...Option) bool {
		for range 1000 {
			if replayed(opts...) {
				return true
			}
		}
		return false
	}
	require.True(t, handsOn(Remember(7777)))
	for range 10 {
		require.False(t, replayed(Remember(0)))
		require.False(t, replayed(Remember(7777), Reuse()))
	}
}

// TestWhatIsRememberedOnOtherTermsIsLeftAlone holds that a warning is told where a decoder that nobody listened to has
// remembered the page.
func TestWhatIsRememberedOnOtherTermsIsLeftAlone(t *testing.T) {
	t.Parallel()
	page := bytes.Replace(gauges("b", 40), []byte("# TYPE b7 gauge"), []byte("#  TYPE b7 gauge"), 1)
	severe := diag.DefaultSeverities()
	severe[diag.MetadataSpace] = diag.Error
	for range 50 {
		for range 3 {
			require.Equal(t, 40, readThrough(t, NewBytesDecoder(page)))
		}
		var told []diag.Rule
		readThrough(t, NewBytesDecoder(page, OnDiagnostic(func(d *diag.Diagnostic) { told = append(told, d.Rule) })))
		require.Equal(t, []diag.Rule{diag.MetadataSpace}, told)
		_, err := Collect(NewBytesDecoder(page, WithSeverities(severe)).Families())
		require.ErrorContains(t, err, "23:1")
	}
}

// TestManyDecodersMayHaveOnePage holds, under the race detector, that nobody changes what several decoders remember.
func TestManyDecodersMayHaveOnePage(t *testing.T) {
	t.Parallel()
	page, other := gauges("c", 100), gauges("d", 100)
	want := [][]string{described(t, NewBytesDecoder(page, Remember(0))), described(t, NewBytesDecoder(other, Remember(0)))}
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() {
			for range 30 {
				text, families := page, want[0]
				if n == 3 {
					text, families = other, want[1]
				}
				d := NewBytesDecoder(nil)
				for range 3 {
					d.ResetBytes(text)
					if got := described(t, d); !sameStrings(families, got) {
						t.Errorf("want %q, got %q", families, got)
					}
				}
			}
		})
	}
	all.Wait()
}

func sameStrings(a, b []string) bool { return strings.Join(a, "\n") == strings.Join(b, "\n") }

// TestAPageIsFoundBehindComments holds that lines that are no families do not count where a page is looked for in vain.
func TestAPageIsFoundBehindComments(t *testing.T) {
	t.Parallel()
	families := gauges("g", 40)
	page := append(bytes.Repeat([]byte("# a banner\n\n"), 100), families...)
	d := NewBytesDecoder(nil, Reuse())
	for range 3 {
		d.ResetBytes(page)
		require.Equal(t, 40, readThrough(t, d))
	}
	require.EqualValues(t, len(families), d.pages.bytes)
}

// TestLargeFamiliesOfAPageWasteNoMemory holds that families to keep that are compared with a page take no more memory than others,
// however many of them go into a chunk of it.
func TestLargeFamiliesOfAPageWasteNoMemory(t *testing.T) {
	for _, series := range []int{100, 200, 350, 500, 690} {
		var page bytes.Buffer
		for i := range 5000 {
			if i%series == 0 {
				fmt.Fprintf(&page, "# TYPE m%d gauge\n", i/series)
			}
			fmt.Fprintf(&page, "m%d{l=\"%d\"} 1\n", i/series, i)
		}
		allocated := func(opts ...Option) (bytes uint64) {
			d := NewBytesDecoder(nil, opts...)
			for range 4 {
				d.ResetBytes(page.Bytes())
				readThrough(t, d)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for range 20 {
				d.ResetBytes(page.Bytes())
				readThrough(t, d)
			}
			runtime.ReadMemStats(&after)
			return (after.TotalAlloc - before.TotalAlloc) / 20
		}
		require.LessOrEqual(t, allocated(), allocated(Remember(0))*11/10, "families of %d", series)
	}
}

// TestPagesOfTinyFamiliesAreNotRemembered holds that what is remembered does not take many times the memory of a page.
func TestPagesOfTinyFamiliesAreNotRemembered(t *testing.T) {
	t.Parallel()
	for families, remembered := range map[int]bool{fewFamilies: true, fewFamilies + 1: false} {
		var page bytes.Buffer
		for i := range families {
			fmt.Fprintf(&page, "a%d 1\n", i)
		}
		d := NewBytesDecoder(nil, Reuse())
		for range 3 {
			d.ResetBytes(page.Bytes())
			readThrough(t, d)
		}
		require.Equal(t, remembered, d.pages.latest != nil, "%d families", families)
	}
}

// TestLargeFamiliesThatAreReplayedAreNotInAChunk holds that, since whoever keeps one of a chunk keeps all.
func TestLargeFamiliesThatAreReplayedAreNotInAChunk(t *testing.T) {
	t.Parallel()
	var page bytes.Buffer
	for i := range 50 {
		fmt.Fprintf(&page, "# TYPE a%d gauge\n", i)
		for j := range 1 + 10*(i%10) {
			fmt.Fprintf(&page, "a%d{l=\"%d\"} %d\n", i, j, j)
		}
	}
	d := NewBytesDecoder(nil)
	for range 3 {
		d.ResetBytes(page.Bytes())
		readThrough(t, d)
	}
	d.ResetBytes(page.Bytes())
	for range 50 {
		f, err := d.Next()
		require.NoError(t, err)
		chunk, inChunk := d.assembler.memory.families.chunk, false
		for i := range chunk {
			inChunk = inChunk || f == &chunk[i]
		}
		require.False(t, inChunk && len(f.Metrics) > mostShared, "%d metrics", len(f.Metrics))
	}
	require.Positive(t, d.pages.bytes)
}

// TestALongPageIsRememberedOnceManyHaveCome holds that learning, which takes long, is left until it is likely to be of use.
func TestALongPageIsRememberedOnceManyHaveCome(t *testing.T) {
	t.Parallel()
	remembers := func(d *Decoder, page []byte, inputs int) (at int) {
		for n := range inputs {
			d.ResetBytes(page)
			readThrough(t, d)
			if d.pages.latest != nil {
				return n + 1
			}
		}
		return 0
	}
	short, long := gauges("a", 40), gauges("a", longPage/50)
	require.Greater(t, len(long), longPage)
	require.Equal(t, 2, remembers(NewBytesDecoder(nil, Reuse()), short, 20))
	require.Equal(t, 8, remembers(NewBytesDecoder(nil, Reuse()), long, 20))
	require.Zero(t, remembers(NewBytesDecoder(nil, Reuse(), Remember(longPage)), long, 20))
}

// TestAPageIsGivenUpWhereItIsOfNoUse holds that an input that is longer than what is remembered, or of other families, is soon
// read as if nothing were remembered, and by workers if it is large.
func TestAPageIsGivenUpWhereItIsOfNoUse(t *testing.T) {
	t.Parallel()
	page := gauges("e", 40)
	for _, row := range []struct {
		name  string
		input []byte
		begin func(d *Decoder, input []byte)
		// families is by when it is given up.
		families int
	}{
		{
			name:     "other families",
			input:    gauges("f", 100),
			begin:    (*Decoder).ResetBytes,
			families: mostMissed + 1,
		},
		{
			name:     "an input that is longer",
			input:    gauges("e", 1000),
			begin:    (*Decoder).ResetBytes,
			families: 0,
		},
		{
			name:     "an input that turns out to be longer",
			input:    gauges("e", 1000),
			begin:    func(d *Decoder, input []byte) { d.Reset(&smallReader{bytes.NewReader(input), 100}) },
			families: 200,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			d := NewBytesDecoder(nil, Reuse(), Remember(8000))
			for range 3 {
				d.ResetBytes(page)
				readThrough(t, d)
			}
			require.EqualValues(t, len(page), d.pages.bytes)
			latest := d.pages.latest
			row.begin(d, row.input)
			for range row.families + 1 {
				_, err := d.Next()
				require.NoError(t, err)
			}
			require.Nil(t, d.pages.page)
			readThrough(t, d)
			if len(row.input) > 8000 {
				require.Same(t, latest, d.pages.latest)
			}
			d.ResetBytes(page)
			require.Equal(t, 40, readThrough(t, d))
		})
	}
}
