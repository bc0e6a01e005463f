package convert_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// sameFamilies compares families without regard to lines, which only text has.
var sameFamilies = cmp.Options{
	cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(model.MetricFamily{}, "Line"),
}

// protobufPages are the pages of the corpus as delimited protobuf: those that are so already, and the texts as the writer
// of protobuf writes them, their parts of families put together.
func protobufPages(t *testing.T) map[string][]byte {
	t.Helper()
	pages := make(map[string][]byte)
	for file := range corpus.All() {
		if file.Format == corpus.Protobuf {
			pages[file.Name] = file.Data
			continue
		}
		families, _ := convert.Collect(convert.NewBytesDecoder(file.Data).Families())
		pages[file.Name] = written(t, format.Protobuf, families)
	}
	return pages
}

func written(t *testing.T, to format.Format, families []*model.MetricFamily) []byte {
	t.Helper()
	var b bytes.Buffer
	e, err := writer.New(&b, to)
	require.NoError(t, err)
	for _, f := range families {
		require.NoError(t, e.Encode(f))
	}
	require.NoError(t, e.Close())
	return b.Bytes()
}

// byExpfmt reads delimited protobuf by way of expfmt and FromDTO.
func byExpfmt(t *testing.T, page []byte) (families []*model.MetricFamily) {
	t.Helper()
	d := expfmt.NewDecoder(bytes.NewReader(page), expfmt.FmtProtoDelim.WithEscapingScheme(prommodel.NoEscaping))
	for {
		var m dto.MetricFamily
		err := d.Decode(&m)
		if errors.Is(err, io.EOF) {
			return families
		}
		require.NoError(t, err)
		f, err := convert.FromDTO(&m)
		require.NoError(t, err)
		families = append(families, f)
	}
}

// protobufReading is all that comes out of a decoder.
type protobufReading struct {
	families    []*model.MetricFamily
	diagnostics []*diag.Diagnostic
}

// rules are those of the diagnostics, in their order.
func (r *protobufReading) rules() (rules []diag.Rule) {
	for _, d := range r.diagnostics {
		rules = append(rules, d.Rule)
	}
	return rules
}

func readProtobuf(t *testing.T, open func(io.Reader, ...convert.Option) *convert.ProtobufDecoder, r io.Reader, opts ...convert.Option) (got protobufReading) {
	t.Helper()
	note := func(d *diag.Diagnostic) { got.diagnostics = append(got.diagnostics, d) }
	for f, err := range open(r, append(opts, convert.OnDiagnostic(note))...).Families() {
		if err == nil {
			got.families = append(got.families, f)
			continue
		}
		var d *diag.Diagnostic
		require.ErrorAs(t, err, &d)
		note(d)
	}
	return got
}

// TestProtobufIsReadAsFromDTODoes holds that the decoder makes the same of every page as expfmt and FromDTO.
func TestProtobufIsReadAsFromDTODoes(t *testing.T) {
	for name, page := range protobufPages(t) {
		got := readProtobuf(t, convert.NewProtobufDecoder, bytes.NewReader(page))
		parts := byExpfmt(t, page)
		if len(got.families) == len(parts) {
			for i, f := range got.families {
				if f.Continued {
					got.families[i], parts[i] = nil, nil // the untyped samples beside a typed family
				}
			}
		}
		if diff := cmp.Diff(parts, got.families, sameFamilies); diff != "" {
			t.Errorf("%s (-expfmt +ours):\n%s", name, diff)
		}
		for _, d := range got.diagnostics {
			require.Equal(t, diag.Warning, d.Severity, "%s: %v", name, d)
		}
	}
}

// longPage is how long a page may be where a test takes its time with each.
const longPage = 8 << 10

// TestProtobufReadsMayBeShort holds that it does not matter how a reader cuts an exposition.
func TestProtobufReadsMayBeShort(t *testing.T) {
	for name, page := range protobufPages(t) {
		if len(page) > longPage {
			continue
		}
		want := readProtobuf(t, convert.NewProtobufDecoder, bytes.NewReader(page))
		for _, r := range []io.Reader{iotest.OneByteReader(bytes.NewReader(page)), iotest.DataErrReader(bytes.NewReader(page))} {
			got := readProtobuf(t, convert.NewProtobufDecoder, r)
			require.Equal(t, want.diagnostics, got.diagnostics, name)
			if diff := cmp.Diff(want.families, got.families, sameFamilies); diff != "" {
				t.Errorf("%s (-whole +cut):\n%s", name, diff)
			}
		}
	}
}
