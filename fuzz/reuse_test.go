package fuzz

import (
	"bytes"
	"io"
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// resettable is a decoder that can begin anew with another input.
type resettable interface {
	Reset(r io.Reader)
	Families() iter.Seq2[*model.MetricFamily, error]
}

// reusing is a decoder that is kept for all inputs and takes the same memory again for each family.
type reusing struct {
	decoder     resettable
	diagnostics []*diag.Diagnostic
	// before is the input before, of which the memory is still full.
	before []byte
}

func newReusing[D resettable](newDecoder func(io.Reader, ...convert.Option) D, opts ...convert.Option) *reusing {
	r := &reusing{}
	note := func(d *diag.Diagnostic) { r.diagnostics = append(r.diagnostics, d) }
	r.decoder = newDecoder(bytes.NewReader(nil), slices.Concat(opts, []convert.Option{convert.Reuse(), convert.OnDiagnostic(note)})...)
	return r
}

// requireSame holds that the decoder makes of an input what one does whose families own their memory. Each family is
// looked at before the next step, up to which it is valid.
func (r *reusing) requireSame(t *testing.T, owned reading, input []byte, name string) {
	t.Helper()
	before := r.before
	r.before = slices.Clone(input)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the input before: %q", before)
		}
	})
	r.decoder.Reset(bytes.NewReader(input))
	r.diagnostics = nil
	families := owned.Families
	for f, err := range r.decoder.Families() {
		if err != nil {
			var d *diag.Diagnostic
			require.ErrorAs(t, err, &d)
			r.diagnostics = append(r.diagnostics, d)
			continue
		}
		require.NotEmpty(t, families, "%s, a family more in reused memory", name)
		requireSame(t, families[0], f, "%s, in memory of its own and reused", name)
		families = families[1:]
	}
	require.Empty(t, families, "%s, families are missing in reused memory", name)
	requireSame(t, owned.Diagnostics, r.diagnostics, "%s, in memory of its own and reused", name)
}

// readers are the ways to read a text of one dialect that have to come to the same.
type readers struct {
	opts    []convert.Option
	reusing []*reusing // one for each mode
}

func newReaders(opts ...convert.Option) readers {
	r := readers{opts: opts}
	for _, mode := range modes {
		r.reusing = append(r.reusing, newReusing(convert.NewDecoder, slices.Concat(opts, mode.opts)...))
	}
	return r
}

func (r readers) requireAgreement(t *testing.T, text []byte) {
	t.Helper()
	for i, mode := range modes {
		opts := slices.Concat(r.opts, mode.opts)
		fast := readText(t, text, opts...)
		slow := readText(t, text, append(opts, convert.UseGrammar())...)
		requireSame(t, slow, fast, "%s, by the grammar and by the fast reader", mode.name)
		r.reusing[i].requireSame(t, fast, text, mode.name)
	}
}
