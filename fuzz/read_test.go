package fuzz

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// reading is all that comes out of a decoder.
type reading struct {
	Families []*model.MetricFamily
	// Diagnostics are warnings and errors in the order in which they came.
	Diagnostics []*diag.Diagnostic
}

// errors are the diagnostics that are not warnings.
func (r reading) errors() []*diag.Diagnostic {
	return slices.DeleteFunc(slices.Clone(r.Diagnostics), func(d *diag.Diagnostic) bool { return d.Severity != diag.Error })
}

// read reads everything from the decoder that newDecoder makes with the options.
func read(t *testing.T, newDecoder func(...convert.Option) *convert.Decoder, opts ...convert.Option) (r reading) {
	t.Helper()
	note := func(d *diag.Diagnostic) { r.Diagnostics = append(r.Diagnostics, d) }
	for f, err := range newDecoder(append([]convert.Option{convert.OnDiagnostic(note)}, opts...)...).Families() {
		if err == nil {
			r.Families = append(r.Families, f)
			continue
		}
		var d *diag.Diagnostic
		require.ErrorAs(t, err, &d)
		note(d)
	}
	return r
}

func readText(t *testing.T, text []byte, opts ...convert.Option) reading {
	t.Helper()
	return read(t, func(opts ...convert.Option) *convert.Decoder { return convert.NewBytesDecoder(text, opts...) }, opts...)
}

func readFrom(t *testing.T, r io.Reader, opts ...convert.Option) reading {
	t.Helper()
	return read(t, func(opts ...convert.Option) *convert.Decoder { return convert.NewDecoder(r, opts...) }, opts...)
}

func requireSame(t *testing.T, want, got any, format string, args ...any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Fatalf(format+" (-want +got):\n"+diff, args...)
	}
}

// modes are the ways to read that differ in what they accept. The limits of the last are within reach of a short text.
var modes = []struct {
	name string
	opts []convert.Option
}{
	{"by default", nil},
	{"strict", []convert.Option{convert.Strict()}},
	{"within limits", []convert.Option{convert.WithLimits(convert.Limits{LineBytes: 40, Labels: 2, Samples: 3, Families: 2})}},
}

// FuzzReaders holds that the fast reader, with all it predicts, and the grammar make the same of a text: the same
// families, and the same diagnostics at the same places in the same words. So does the fast reader in memory that has
// been in use before.
func FuzzReaders(f *testing.F) {
	fuzzTexts(f, newReaders().requireAgreement)
}

// FuzzChunks holds that it does not matter how a text comes in: whole in memory, whole from a reader, or in pieces of
// any lengths, none included.
func FuzzChunks(f *testing.F) {
	for i, input := range slices.Concat(seeds(), Recipes()) {
		f.Add(input, []byte{1})
		f.Add(input, []byte{byte(i), 0, 7, byte(5 * i), 0})
	}
	f.Fuzz(func(t *testing.T, input, cuts []byte) { cutsDoNotMatter(t, exposition(t, input, format.Text), cuts) })
}

func cutsDoNotMatter(t *testing.T, text, cuts []byte, opts ...convert.Option) {
	for _, mode := range modes {
		opts := slices.Concat(opts, mode.opts)
		want := readText(t, text, opts...)
		requireSame(t, want, readFrom(t, bytes.NewReader(text), opts...), "%s, in memory and whole", mode.name)
		requireSame(t, want, readFrom(t, &pieces{text: text, cuts: cuts}, opts...), "%s, in memory and in pieces", mode.name)
	}
}

// pieces reads a text in pieces whose lengths are cuts, over and over.
type pieces struct {
	text, cuts []byte
	reads      int
}

// Read gives the next piece. If its length is odd the last one comes together with the end. There are never two empty
// ones in a row: a reader that gives nothing a hundred times is taken for dead.
func (p *pieces) Read(b []byte) (int, error) {
	cut, before := byte(255), byte(255)
	if n := len(p.cuts); n > 0 {
		cut, before = p.cuts[p.reads%n], p.cuts[(p.reads+n-1)%n]
	}
	if before == 0 {
		cut = max(cut, 1)
	}
	p.reads++
	n := copy(b[:min(len(b), int(cut))], p.text)
	p.text = p.text[n:]
	if len(p.text) == 0 && (n == 0 || n%2 == 1) {
		return n, io.EOF
	}
	return n, nil
}

// FuzzStrict holds that strict is stricter: a text that it finds no error in has none by default either, and means the
// same.
func FuzzStrict(f *testing.F) {
	fuzzTexts(f, func(t *testing.T, text []byte) { strictIsStricter(t, text) })
}

func strictIsStricter(t *testing.T, text []byte, opts ...convert.Option) {
	strict := readText(t, text, append([]convert.Option{convert.Strict()}, opts...)...)
	if len(strict.errors()) > 0 {
		return
	}
	byDefault := readText(t, text, opts...)
	require.Empty(t, byDefault.errors(), "there is no error when strict")
	requireSame(t, strict.Families, byDefault.Families, "strict and by default")
}
