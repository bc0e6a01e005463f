package convert

import (
	"testing"

	"github.com/promfmt/promfmt/lexer"
)

func BenchmarkReadOpenMetrics(b *testing.B) {
	lines := []struct{ name, line string }{
		{"plain", `http_requests_total{code="200",handler="/api/v1/query",method="get"} 12345`},
		{"timestamp", `http_requests_total{code="200",handler="/api/v1/query",method="get"} 12345 1600000000.123`},
		{"exemplar", `http_request_duration_seconds_bucket{handler="/api/v1/query",le="0.25"} 12345 # {trace_id="4bf92f3577b34da6a3ce929d0e0e4736",span_id="00f067aa0ba902b7"} 0.2041 1600000000.123`},
		{"composite", `http_request_duration_seconds{handler="/api/v1/query"} {count:30,sum:12.5,schema:3,zero_threshold:1e-128,zero_count:0,positive_spans:[-14:3,2:2],positive_buckets:[3,8,9,6,4],bucket:[0.05:3,0.1:9,0.25:17,0.5:24,1:29,+Inf:30]} 1600000000.123 st@1599990000`},
		{"help", `# HELP http_request_duration_seconds How long requests took.`},
	}
	for _, line := range lines {
		b.Run(line.name, func(b *testing.B) {
			e, text := newEntry(lexer.OpenMetrics2), []byte(line.line)
			b.ReportAllocs()
			b.SetBytes(int64(len(text) + 1))
			for b.Loop() {
				if readOpenMetrics(text, e) != accepted || len(e.findings) > 0 {
					b.Fatal(e.findings)
				}
			}
		})
	}
}
