package results

import (
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

func TestAResultIsFoundByThePartsOfItsName(t *testing.T) {
	r := read(t, "goos: linux\ncpu: Example\n"+
		"BenchmarkRead/page=node/by=expfmt-2 10 2000000 ns/op 25.00 MB/s 200000 B/op 9000 allocs/op\n"+
		"cpu: Other\n"+
		"BenchmarkLinear/page=ksm/size=10MB/workers=2-2 10 1000 ns/op 2.500 ns/byte\n"+
		"BenchmarkWrite/page=ksm/format=text/by=promfmt 10 1000 ns/op\nPASS\n")
	read := Key{Kind: "Read", Page: "node", By: "expfmt"}
	linear := Key{Kind: "Linear", Page: "ksm", Size: "10MB", Workers: "2"}
	written := Key{Kind: "Write", Page: "ksm", Format: "text", By: "promfmt"}
	if diff := cmp.Diff([]Key{read, linear, written}, r.Keys); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Setting{{"goos", "linux"}, {"cpu", "Example"}, {"cpu", "Other"}}, r.Config); diff != "" {
		t.Error(diff)
	}
	for _, test := range []struct {
		key  Key
		unit string
		want float64
	}{
		{read, Time, 2e-3}, {read, Speed, 25e6}, {read, AllocatedBytes, 200_000}, {read, Allocations, 9000}, {linear, TimePerByte, 2.5e-9},
	} {
		got, ok := r.Median(test.key, test.unit)
		require.True(t, ok, test.unit)
		require.InEpsilon(t, test.want, got, 1e-12, test.unit)
	}
	_, ok := r.Median(linear, Speed)
	require.False(t, ok)
	allocated, ok := r.PerInputByte(read, AllocatedBytes)
	require.True(t, ok)
	require.InEpsilon(t, 4, allocated, 1e-12)
	_, ok = r.PerInputByte(linear, AllocatedBytes)
	require.False(t, ok)
}

func TestFiguresOfSeveralRunsAreMedians(t *testing.T) {
	r := read(t, runs("100", "300", "200"))
	median, ok := r.Median(node, Speed)
	require.True(t, ok)
	require.Equal(t, 200e6, median)
	require.Equal(t, 3, r.Runs())
	require.Empty(t, r.Spread(node, Speed), "three runs are too few to tell")
}

func TestRunsAreThoseOfTheLeastOftenRun(t *testing.T) {
	r := read(t, runs("100", "300", "200")+"BenchmarkRead/page=ksm/by=expfmt 10 1000 ns/op\n")
	require.Equal(t, 1, r.Runs())
	require.Zero(t, new(Results).Runs())
}

func TestARatioIsOfMedians(t *testing.T) {
	r := read(t, runs("100", "300", "200")+"BenchmarkRead/page=node/by=promfmt 10 1000 ns/op 5000 MB/s\n")
	ours := node
	ours.By = "promfmt"
	ratio, ok := r.Ratio(ours, node, Speed)
	require.True(t, ok)
	require.Equal(t, 25.0, ratio)
	_, ok = r.Ratio(ours, Key{}, Speed)
	require.False(t, ok)
}

func TestABrokenResultIsAnError(t *testing.T) {
	var r Results
	require.ErrorContains(t, r.Read(strings.NewReader("BenchmarkRead 10 x ns/op\n"), "output"), "output:1")
	require.ErrorIs(t, r.ReadFile(filepath.Join(t.TempDir(), "none")), os.ErrNotExist)
}

// TestMediansAreThoseOfBenchstat holds medians and spreads to what the command benchstat makes of the same file.
func TestMediansAreThoseOfBenchstat(t *testing.T) {
	if testing.Short() {
		t.Skip("it may have to build benchstat")
	}
	name := filepath.Join(t.TempDir(), "results.txt")
	require.NoError(t, os.WriteFile(name, []byte(runs("117", "131", "102", "140", "125", "119")), 0o600))
	out, err := exec.Command("go", "tool", "benchstat", "-format", "csv", name).Output()
	require.NoError(t, err)
	reader := csv.NewReader(strings.NewReader(string(out)))
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	require.NoError(t, err)

	var r Results
	require.NoError(t, r.ReadFile(name))
	unit, compared := "", 0
	for _, row := range rows {
		switch {
		case len(row) == 3 && row[2] == "CI":
			unit = row[1]
		case row[0] == "Read/page=node/by=expfmt":
			want, err := strconv.ParseFloat(row[1], 64)
			require.NoError(t, err)
			got, ok := r.Median(node, unit)
			require.True(t, ok, unit)
			require.InEpsilon(t, want, got, 1e-6, unit)
			require.Equal(t, "±"+row[2], r.Spread(node, unit))
			compared++
		}
	}
	require.Equal(t, 2, compared, "%s", out)
}

var node = Key{Kind: "Read", Page: "node", By: "expfmt"}

// runs are the results of runs at these speeds.
func runs(speeds ...string) string {
	var b strings.Builder
	for _, speed := range speeds {
		fmt.Fprintf(&b, "BenchmarkRead/page=node/by=expfmt 10 1000 ns/op %s.00 MB/s\n", speed)
	}
	return b.String()
}

func read(t *testing.T, text string) *Results {
	t.Helper()
	var r Results
	require.NoError(t, r.Read(strings.NewReader(text), "output"))
	return &r
}
