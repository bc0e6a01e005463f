package bench

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/bench/page"
	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
)

// account is what came of a page that has anything in it.
type account struct{ samples, refused, warnings int }

// readHostile reads to the end in spite of all diagnostics.
func (a *account) readHostile(d *convert.Decoder) error {
	for f, err := range d.Families() {
		switch {
		case err == nil:
			a.samples += familySamples(f)
		case isDiagnostic(err):
			a.refused++
		default:
			return err
		}
	}
	return nil
}

func isDiagnostic(err error) bool {
	_, ok := errors.AsType[*diag.Diagnostic](err)
	return ok
}

// hostileReaders are the ways in which hostile pages are read. Each gives a function that reads a page.
var hostileReaders = []struct {
	by string
	// findings tells that it is for pages with findings only.
	findings bool
	open     func(a *account) func(page []byte) error
}{
	{by: "promfmt", open: func(a *account) func(page []byte) error {
		return func(page []byte) error { return a.readHostile(bytesDecoder(page, oneWorker, anew)) }
	}},
	{by: "promfmt-reuse", open: func(a *account) func(page []byte) error {
		d := bytesDecoder(nil, convert.Reuse(), oneWorker, anew)
		return func(page []byte) error {
			d.ResetBytes(page)
			return a.readHostile(d)
		}
	}},
	{by: "promfmt-on-diagnostic", findings: true, open: func(a *account) func(page []byte) error {
		count := convert.OnDiagnostic(func(*diag.Diagnostic) { a.warnings++ })
		return func(page []byte) error { return a.readHostile(bytesDecoder(page, oneWorker, anew, count)) }
	}},
}

// BenchmarkHostile reads pages that are made to be slow to read, and before them a plain one to compare a byte's cost with.
func BenchmarkHostile(b *testing.B) {
	onOneCore(b)
	benchmarkHostile(b, page.Hostile{Name: "plain", Findings: true}, pages()["ksm"])
	for _, h := range page.Hostiles() {
		benchmarkHostile(b, h, nil)
	}
}

// benchmarkHostile reads a text, or if there is none a page that is as large as time allows.
func benchmarkHostile(b *testing.B, h page.Hostile, text []byte) {
	b.Run("page="+h.Name, func(b *testing.B) {
		for _, r := range hostileReaders {
			if r.findings && !h.Findings {
				continue
			}
			b.Run("by="+r.by, func(b *testing.B) {
				var a account
				read := r.open(&a)
				text := text
				if text == nil {
					text = bearable(b, h, read)
				}
				require.NoError(b, read(text))
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					if err := read(text); err != nil {
						b.Fatal(err)
					}
				}
				reportPerByte(b, len(text))
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(bytes.Count(text, []byte{'\n'})), "ns/line")
			})
		}
	})
}

// bearable is a page of its size, or a smaller one if reading takes so long that the time can't be proportional to the size.
func bearable(b *testing.B, h page.Hostile, read func(page []byte) error) (text []byte) {
	largest := h.Size
	if testing.Short() {
		largest = 100_000
	}
	for size := 100_000; size <= largest; size *= 10 {
		text = h.Generate(size)
		begin := time.Now()
		require.NoError(b, read(text))
		if time.Since(begin) > time.Duration(len(text))*500*time.Nanosecond {
			break
		}
	}
	return text
}

// reportPerByte reports the time of a byte of input.
func reportPerByte(b *testing.B, size int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(size), "ns/byte")
}

// Histograms and summaries may put their samples in an order of their own, so here it does not count.
func TestHostilePagesAreReadAsTextparseReadsThem(t *testing.T) {
	for _, h := range page.Hostiles() {
		if h.Findings {
			continue
		}
		t.Run(h.Name, func(t *testing.T) {
			text := h.Generate(100_000)
			want, got := textparseSamples(t, text), promfmtSamples(t, bytesDecoder(text))
			slices.Sort(want)
			slices.Sort(got)
			requireSame(t, want, got)
		})
	}
}

func TestHostilePagesAreReadToTheEnd(t *testing.T) {
	for _, h := range page.Hostiles() {
		for _, r := range hostileReaders {
			t.Run(h.Name+" by "+r.by, func(t *testing.T) {
				text := h.Generate(100_000)
				var a account
				require.NoError(t, r.open(&a)(text))
				if h.Findings {
					require.Equal(t, page.Samples(text), a.samples+a.refused)
				} else {
					require.Zero(t, a.refused)
				}
				if r.findings {
					require.Equal(t, h.Findings, a.refused+a.warnings > 0)
				}
			})
		}
	}
}
