package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

const output = `goos: linux
cpu: Example
BenchmarkRead/page=node/by=expfmt             	 10	 2000000 ns/op	  25.00 MB/s	  200000 B/op	  9000 allocs/op
BenchmarkRead/page=node/by=textparse-labels   	 40	  500000 ns/op	 100.00 MB/s	   50000 B/op	  1000 allocs/op
BenchmarkRead/page=node/by=promfmt            	200	   50000 ns/op	1000.00 MB/s	   75000 B/op	    12 allocs/op
BenchmarkWrite/page=node/format=text/by=expfmt	100	  100000 ns/op	 500.00 MB/s	       0 B/op	     0 allocs/op
BenchmarkWrite/page=node/format=json/by=promfmt	100	  50000 ns/op	1000.00 MB/s	      25 B/op	     1 allocs/op
PASS
ok  	example	1.234s
`

func TestTablesOfOneRun(t *testing.T) {
	var r results
	require.NoError(t, r.read(strings.NewReader(output), "output"))
	want := `# Benchmark results

- goos: linux
- cpu: Example
- runs: 1

## Read

| page | by | MB/s | B allocated per B of input | allocs/op | × expfmt | × textparse-labels |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
| node | expfmt | 25.0 | 4.00 | 9000 | 1.00 | 0.25 |
| node | textparse-labels | 100 | 1.00 | 1000 | 4.00 | 1.00 |
| node | promfmt | 1000 | 1.50 | 12 | 40.0 | 10.0 |

## Write

| page | format | by | MB/s | B allocated per B of input | allocs/op | × expfmt |
| --- | --- | --- | ---: | ---: | ---: | ---: |
| node | text | expfmt | 500 | 0.00 | 0 | 1.00 |
| node | json | promfmt | 1000 | 0.00 | 1 | – |
`
	if diff := cmp.Diff(want, r.markdown()); diff != "" {
		t.Error(diff)
	}
}

func TestFiguresOfSeveralRunsAreMedians(t *testing.T) {
	var r results
	for _, speed := range []string{"100", "300", "200"} {
		line := "BenchmarkRead/page=node/by=expfmt 10 1000 ns/op " + speed + ".00 MB/s\n"
		require.NoError(t, r.read(strings.NewReader(line), "output"))
	}
	median, ok := r.median(key{kind: "Read", page: "node", by: "expfmt"}, "B/s")
	require.True(t, ok)
	require.Equal(t, 200e6, median)
	require.Equal(t, 3, r.runs())
}

func TestABrokenResultIsAnError(t *testing.T) {
	var r results
	require.ErrorContains(t, r.read(strings.NewReader("BenchmarkRead 10 x ns/op\n"), "output"), "output:1")
}
