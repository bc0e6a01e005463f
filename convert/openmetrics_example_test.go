package convert_test

import (
	"fmt"

	"github.com/promfmt/promfmt/convert"
)

// What OpenMetrics says on lines of their own, or behind a value, belongs to the metric.
func ExampleOpenMetrics() {
	const text = `# TYPE http_requests counter
http_requests_total{code="200"} 1027 # {trace_id="abc"} 1 1520430001
http_requests_created{code="200"} 1520430000.5
# EOF
`
	d := convert.NewStringDecoder(text, convert.OpenMetrics(), convert.Strict())
	for family, err := range d.Families() {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(family.Type, family.Name, "with samples", family.SampleName())
		for _, m := range family.Metrics {
			fmt.Println(m.Labels, m.Value, "since", m.Created().Time().Format("15:04:05.0"))
			for _, x := range m.Exemplars() {
				fmt.Println("  for example", x.Labels)
			}
		}
	}
	// Output:
	// counter http_requests with samples http_requests_total
	// {code="200"} 1027 since 13:40:00.5
	//   for example {trace_id="abc"}
}

// The families of OpenMetrics 2.0 are the same as those of other formats, whose histograms take many lines.
func ExampleOpenMetrics2() {
	const text = `# TYPE latency_seconds histogram
latency_seconds{method="GET"} {count:6,sum:2.5,bucket:[0.1:3,1:5,+Inf:6]} st@1520430000
# EOF
`
	for family, err := range convert.NewStringDecoder(text, convert.OpenMetrics2()).Families() {
		if err != nil {
			fmt.Println(err)
			continue
		}
		for s := range family.Samples() {
			fmt.Println(s.Name, s.Labels, s.Value)
		}
	}
	// Output:
	// latency_seconds_bucket {method="GET",le="0.1"} 3
	// latency_seconds_bucket {method="GET",le="1"} 5
	// latency_seconds_bucket {method="GET",le="+Inf"} 6
	// latency_seconds_sum {method="GET"} 2.5
	// latency_seconds_count {method="GET"} 6
	// latency_seconds_created {method="GET"} 1.52043e+09
}
