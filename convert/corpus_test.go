package convert

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// transcript is everything that comes out of a decoder: the families and, as text, all diagnostics.
type transcript struct {
	Families    []*model.MetricFamily
	Diagnostics []string
}

func transcribe(t testing.TB, decoder func(...Option) *Decoder, opts ...Option) transcript {
	t.Helper()
	var got transcript
	report := func(d *diag.Diagnostic) { got.Diagnostics = append(got.Diagnostics, d.Error()+"\n"+d.Caret()) }
	for family, err := range decoder(append(opts, OnDiagnostic(report))...).Families() {
		if err == nil {
			got.Families = append(got.Families, family)
			continue
		}
		var d *diag.Diagnostic
		require.ErrorAs(t, err, &d)
		report(d)
	}
	return got
}

// transcribeErrors is transcribe for a decoder whose warnings nobody hears.
func transcribeErrors(t testing.TB, d *Decoder) (got transcript) {
	t.Helper()
	for family, err := range d.Families() {
		if err == nil {
			got.Families = append(got.Families, family)
			continue
		}
		got.Diagnostics = append(got.Diagnostics, err.Error())
	}
	return got
}

// alone is an option of decoders that others are held against: what they make of an input does not hang on what came before.
var alone = Remember(0)

func ofBytes(data []byte) func(...Option) *Decoder {
	return func(opts ...Option) *Decoder { return NewBytesDecoder(data, append([]Option{alone}, opts...)...) }
}

func ofReader(r io.Reader) func(...Option) *Decoder {
	return func(opts ...Option) *Decoder { return NewDecoder(r, append([]Option{alone}, opts...)...) }
}

func sameTranscript(t testing.TB, what string, want, got transcript) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// eachText runs a subtest for each text of the corpus, those of other formats that are text as well included.
func eachText(t *testing.T, test func(t *testing.T, file corpus.File)) {
	t.Helper()
	for file := range corpus.All() {
		if file.Format == corpus.Protobuf {
			continue
		}
		t.Run(file.Name, func(t *testing.T) {
			t.Parallel()
			test(t, file)
		})
	}
}

// TestReadersAgree holds the three ways to read a line together: as predicted, line by line, and by the grammar.
func TestReadersAgree(t *testing.T) {
	t.Parallel()
	eachText(t, func(t *testing.T, file corpus.File) {
		for name, opts := range map[string][]Option{"by default": nil, "strict": {Strict()}} {
			want := transcribe(t, ofBytes(file.Data), opts...)
			sameTranscript(t, name+", line by line", want, transcribe(t, ofBytes(file.Data), append(opts, withoutPrediction)...))
			sameTranscript(t, name+", with short rosters", want, transcribe(t, ofBytes(file.Data), append(opts, withShortRosters)...))
			sameTranscript(t, name+", by the grammar", want, transcribe(t, ofBytes(file.Data), append(opts, UseGrammar())...))
		}
	})
}

// TestReadsMayBeShort holds that it does not matter how a reader cuts an exposition.
func TestReadsMayBeShort(t *testing.T) {
	t.Parallel()
	eachText(t, func(t *testing.T, file corpus.File) {
		want := transcribe(t, ofBytes(file.Data))
		sameTranscript(t, "whole", want, transcribe(t, ofReader(bytes.NewReader(file.Data))))
		sameTranscript(t, "a byte at a time", want, transcribe(t, ofReader(iotest.OneByteReader(bytes.NewReader(file.Data)))))
		sameTranscript(t, "data with the error", want, transcribe(t, ofReader(iotest.DataErrReader(bytes.NewReader(file.Data)))))
		for seed := range uint64(4) {
			cut := &randomReader{bytes.NewReader(file.Data), rand.New(rand.NewPCG(seed, 0))}
			sameTranscript(t, "cut at random", want, transcribe(t, ofReader(cut)))
		}
	})
}

// randomReader reads pieces of random length, some of them empty.
type randomReader struct {
	reader io.Reader
	random *rand.Rand
}

func (r *randomReader) Read(b []byte) (int, error) {
	return r.reader.Read(b[:min(len(b), r.random.IntN(200))])
}

// TestReusedMemory holds that reusing memory changes nothing as long as a family is valid.
func TestReusedMemory(t *testing.T) {
	t.Parallel()
	eachText(t, func(t *testing.T, file corpus.File) {
		var reused []string
		for family, err := range NewBytesDecoder(file.Data, Reuse()).Families() {
			if err == nil {
				reused = append(reused, describe(family)...)
			}
		}
		var owned []string
		for family, err := range NewBytesDecoder(file.Data).Families() {
			if err == nil {
				owned = append(owned, describe(family)...)
			}
		}
		if diff := cmp.Diff(owned, reused); diff != "" {
			t.Errorf("(-owned +reused):\n%s", diff)
		}
	})
}

// TestReaderFails holds that the families before an error of the reader are not lost, and what was cut is not read.
func TestReaderFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	text := "a 1\nb 2\nc 3"
	d := NewDecoder(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)))
	var names []string
	var errs []error
	for family, err := range d.Families() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		names = append(names, family.Name)
	}
	require.Equal(t, []string{"a", "b"}, names)
	require.Equal(t, []error{broken}, errs)
	_, err := d.Next()
	require.Equal(t, broken, err)
}
