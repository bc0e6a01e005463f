package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/bench/page"
	"github.com/promfmt/promfmt/bench/results"
)

const output = `goos: linux
cpu: Example
BenchmarkRead/page=node/by=expfmt             	 10	 2000000 ns/op	  25.00 MB/s	  200000 B/op	  9000 allocs/op
BenchmarkRead/page=node/by=textparse-labels   	 40	  500000 ns/op	 100.00 MB/s	   50000 B/op	  1000 allocs/op
BenchmarkRead/page=node/by=promfmt            	200	   50000 ns/op	1000.00 MB/s	   75000 B/op	    12 allocs/op
BenchmarkOther/page=node	100	  100000 ns/op
BenchmarkHostile/page=plain/by=promfmt        	200	   50000 ns/op	1000.00 MB/s	   1.000 ns/byte	 200.0 ns/line
BenchmarkHostile/page=comments/by=promfmt     	200	   50000 ns/op	 400.00 MB/s	   2.500 ns/byte	  50.0 ns/line
BenchmarkLinear/page=ksm/size=1MB/workers=1   	200	   50000 ns/op	1000.00 MB/s	   1.000 ns/byte
BenchmarkLinear/page=ksm/size=1MB/workers=2   	200	   50000 ns/op	1100.00 MB/s	   0.909 ns/byte
BenchmarkLinear/page=ksm/size=10MB/workers=1  	200	   50000 ns/op	 800.00 MB/s	   1.250 ns/byte
BenchmarkWrite/page=node/format=text/by=expfmt	100	  100000 ns/op	 500.00 MB/s	       0 B/op	     0 allocs/op
BenchmarkWrite/page=node/format=json/by=promfmt	100	  50000 ns/op	1000.00 MB/s	      25 B/op	     1 allocs/op
PASS
ok  	example	1.234s
`

func TestTablesOfOneRun(t *testing.T) {
	var r results.Results
	require.NoError(t, r.Read(strings.NewReader(output), "output"))
	want := `
- goos: linux
- cpu: Example
- runs: 1

## Reading text

| page | by | MB/s | B allocated per B of input | allocs/op | × expfmt | × textparse-labels |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
| node | expfmt | 25.0 | 4.00 | 9000 | 1.00 | 0.25 |
| node | textparse-labels | 100 | 1.00 | 1000 | 4.00 | 1.00 |
| node | promfmt | 1000 | 1.50 | 12 | 40.0 | 10.0 |

## Writing

| page | format | by | MB/s | B allocated per B of input | allocs/op | × expfmt |
| --- | --- | --- | ---: | ---: | ---: | ---: |
| node | text | expfmt | 500 | 0.00 | 0 | 1.00 |
| node | json | promfmt | 1000 | 0.00 | 1 | – |

## Size

| page | size | workers | MB/s | ns/B | × one worker | ns/B × 1MB |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
| ksm | 1MB | 1 | 1000 | 1.00 | 1.00 | 1.00 |
| ksm | 1MB | 2 | 1100 | 0.91 | 1.10 | 1.00 |
| ksm | 10MB | 1 | 800 | 1.25 | 1.00 | 1.25 |

## Hostile pages

| page | by | MB/s | ns/B | ns/line | ns/B × plain | ns/line × plain | of what |
| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |
| plain | promfmt | 1000 | 1.00 | 200 | 1.00 | 1.00 | – |
| comments | promfmt | 400 | 2.50 | 50.0 | 2.50 | 0.25 | Comments and no samples. |

## Other

| page |
| --- |
| node |
`
	got := markdown(&r)
	require.True(t, strings.HasPrefix(got, "# Benchmark results\n\n"))
	_, got, _ = strings.Cut(got, "to tell.\n")
	for _, s := range sections {
		got = strings.Replace(got, s.text+"\n\n", "", 1)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The tables must be those of the results that were kept, whoever wrote them. make results makes them anew.
func TestTheTablesAreThoseOfTheResults(t *testing.T) {
	var r results.Results
	require.NoError(t, r.ReadFile("../../results.txt"))
	tables, err := os.ReadFile("../../RESULTS.md")
	require.NoError(t, err)
	if diff := cmp.Diff(markdown(&r), strings.ReplaceAll(string(tables), "\r\n", "\n")); diff != "" {
		t.Error("run make results:\n", diff)
	}
}

// A page that is not in the results any more, or not yet, shows that they are old.
func TestTheResultsHaveAllPages(t *testing.T) {
	var r results.Results
	require.NoError(t, r.ReadFile("../../results.txt"))
	has := make(map[string]bool)
	for _, k := range r.Keys {
		has[k.Kind+" "+k.Page] = true
	}
	for _, shape := range page.Shapes() {
		require.True(t, has["Read "+shape.String()], shape)
		require.True(t, has["Write "+shape.String()], shape)
	}
	for _, h := range page.Hostiles() {
		require.True(t, has["Hostile "+h.Name], h.Name)
	}
}

func TestAMeasurementSaysWhatItWasMadeWith(t *testing.T) {
	head, err := describe()
	require.NoError(t, err)
	var r results.Results
	require.NoError(t, r.Read(strings.NewReader(head+"BenchmarkRead 1 1 ns/op\n"), "head"))
	var keys []string
	for _, s := range r.Config {
		keys = append(keys, s.Key)
		require.NotEmpty(t, s.Value)
	}
	require.Equal(t, []string{"date", "os", "cores", "go", "github.com/prometheus/common", "github.com/prometheus/prometheus"}, keys)
}

func TestASystemIsCalledByItsPrettyName(t *testing.T) {
	require.Equal(t, "Debian GNU/Linux 12", systemName("ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n"))
	require.NotEmpty(t, systemName(""))
}
