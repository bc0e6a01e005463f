package convert

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

func TestTextBehindTheEndIsReadByDefaultAndToldOnce(t *testing.T) {
	t.Parallel()
	text := lines("# TYPE a gauge", "a 1", "# EOF", `a{l="x"} 2`, "", "# EOF", "b 3")
	families, diagnostics := readOpenMetricsText(t, text, OpenMetrics())
	require.Equal(t, []string{"gauge a", "  a 1", `  a{l="x"} 2`, "b", "  b 3"}, families)
	require.Equal(t, []string{"4:1 warning text-after-eof", "5:1 warning blank-line"}, diagnostics)

	families, diagnostics = readOpenMetricsText(t, text, OpenMetrics(), Strict())
	require.Equal(t, []string{"gauge a", "  a 1"}, families)
	require.Equal(t, []string{"4:1 error text-after-eof"}, diagnostics)
}

func TestAMissingEndIsToldBehindTheLastFamily(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		opts := []Option{OpenMetrics()}
		if strict {
			opts = append(opts, Strict())
		}
		var told []string
		opts = append(opts, OnDiagnostic(func(d *diag.Diagnostic) { told = append(told, d.Error()) }))
		d := NewStringDecoder("a 1\nb 2\n", opts...)
		for _, name := range []string{"a", "b"} {
			family, err := d.Next()
			require.NoError(t, err)
			require.Equal(t, name, family.Name)
		}
		_, err := d.Next()
		if strict {
			require.EqualError(t, err, "-:3:1: error: the line # EOF is missing [missing-eof]")
			_, err = d.Next()
		}
		require.Equal(t, io.EOF, err)
		_, err = d.Next()
		require.Equal(t, io.EOF, err)
		if !strict {
			require.Equal(t, []string{"-:3:1: warning: the line # EOF is missing [missing-eof]"}, told)
		}
	}
}

func TestTheEndIsNotMissedWhereTheReaderFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	d := NewDecoder(io.MultiReader(strings.NewReader("a 1\nb"), iotest.ErrReader(broken)), OpenMetrics(), Strict())
	family, err := d.Next()
	require.NoError(t, err)
	require.Equal(t, "a", family.Name)
	_, err = d.Next()
	require.Equal(t, broken, err)
}

func TestADecoderOfOpenMetricsBeginsAnew(t *testing.T) {
	t.Parallel()
	for _, more := range [][]Option{nil, {Reuse()}} {
		d := NewStringDecoder("# TYPE a counter\na_total 1\n# EOF\n", append(more, OpenMetrics(), Strict())...)
		for range 3 {
			var names []string
			for family, err := range d.Families() {
				require.NoError(t, err)
				names = append(names, family.SampleName())
			}
			require.Equal(t, []string{"a_total"}, names)
			d.ResetBytes([]byte("# TYPE a counter\na_total 1\n# EOF\n"))
		}
	}
}

// What one decoder leaves to the next one, of whatever format, has no meaning for it.
func TestDecodersOfSeveralFormatsTakeTurns(t *testing.T) {
	t.Parallel()
	for i := range 20 {
		families, diagnostics := readOpenMetricsText(t, "# TYPE a counter\na_total 1 5\na_created 2 5\n# EOF\n", OpenMetrics())
		require.Len(t, families, 5, i)
		require.Empty(t, diagnostics)
		families, diagnostics = readOpenMetricsText(t, "# TYPE a counter\na 1 5\na_created 2\n\n")
		require.Equal(t, []string{"counter a", "  a 1 @5", "  of {}: at 0 s + 5000000 ns", "a_created", "  a_created 2"}, families)
		require.Empty(t, diagnostics)
		families, diagnostics = readOpenMetricsText(t, "# TYPE a summary\na {count:1,sum:2,quantile:[]}\n# EOF\n", OpenMetrics2())
		require.Equal(t, []string{"summary a", "  a_sum 2", "  a_count 1"}, families)
		require.Empty(t, diagnostics)
	}
}

// Families that are kept do not change when others are read.
func TestFamiliesOfOpenMetricsOwnTheirMemory(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range 200 {
		fmt.Fprintf(&text, "# TYPE a%d histogram\n# UNIT a%d x\na%d_bucket{le=\"1.0\"} 1 # {t=\"%d\"} 0.5\na%d_bucket{le=\"+Inf\"} 1\na%d_created %d\n",
			i, i, i, i, i, i, i)
	}
	text.WriteString("# EOF\n")
	var kept []*model.MetricFamily
	var then []string
	data := []byte(text.String())
	for family, err := range NewBytesDecoder(data, OpenMetrics()).Families() {
		require.NoError(t, err)
		kept = append(kept, family)
		then = append(then, describeWhole(family)...)
	}
	clear(data)
	var now []string
	for _, family := range kept {
		now = append(now, describeWhole(family)...)
	}
	require.Equal(t, then, now)
}

func TestNothingIsAllocatedForASampleOfOpenMetrics(t *testing.T) {
	var text strings.Builder
	text.WriteString("# TYPE a histogram\n")
	for i := range 200 {
		fmt.Fprintf(&text, "a_bucket{l=\"%03d\",le=\"1.0\"} 1 # {t=\"x\"} 0.5\na_bucket{l=\"%03d\",le=\"+Inf\"} 1\na_created{l=\"%03d\"} 5\n", i, i, i)
	}
	text.WriteString("# TYPE b counter\n")
	for i := range 200 {
		fmt.Fprintf(&text, "b_total{l=\"%03d\"} 1 5 # {t=\"x\"} 0.5\nb_created{l=\"%03d\"} 5 5\n", i, i)
	}
	text.WriteString("# EOF\n")
	data := []byte(text.String())
	d := NewBytesDecoder(data, OpenMetrics(), Reuse(), Remember(0)) // to try to remember a page takes memory
	read := func() {
		d.ResetBytes(data)
		for _, err := range d.Families() {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	read()
	if allocations := testing.AllocsPerRun(10, read); allocations > 10 {
		t.Errorf("%v allocations for 1000 samples", allocations)
	}
}

// The creation time and the exemplars of a histogram stay with it if its lines are in several parts.
func TestCollectPutsThePartsOfAHistogramOfOpenMetricsTogether(t *testing.T) {
	t.Parallel()
	text := lines("# TYPE a histogram", `a_bucket{le="+Inf"} 1 # {t="x"} 2`, "b 1", "a_created 5", "c 1", "a_sum 2 # {} 3", "# EOF")
	families, err := Collect(NewStringDecoder(text, OpenMetrics()).Families())
	require.NoError(t, err)
	require.Equal(t, []string{
		"histogram a", `  a_bucket{le="+Inf"} 1`, "  a_sum 2", "  a_created 5", "  of {}: since 5 s + 0 ns",
		"  of {}: exemplar {} 3", `  of {}: bucket 0 exemplar {t="x"} 2`,
	}, describeWhole(families[0]))
	require.Len(t, families, 3)
}
