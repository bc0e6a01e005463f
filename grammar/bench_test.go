package grammar_test

import (
	"testing"

	"github.com/promfmt/promfmt/grammar"
	"github.com/promfmt/promfmt/lexer"
)

func BenchmarkParseLine(b *testing.B) {
	line := []byte(`http_request_duration_seconds_bucket{handler="/api/v1/query",method="GET",le="0.1"} 8932 1395066363000` + "\n")
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		grammar.ParseLine(line)
	}
}

func BenchmarkParseLineOfOpenMetrics(b *testing.B) {
	line := []byte(`rpc_seconds{path="/"} {count:17,sum:324789.3,bucket:[0.01:0,0.1:8,1.0:11,10.0:17,+Inf:17]} st@1520430000.123 # {trace_id="KOO5S4vxi0o"} 1.67 1520879602.890` + "\n")
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		grammar.Of(lexer.OpenMetrics2).ParseLine(line)
	}
}

func BenchmarkExplain(b *testing.B) {
	line := []byte(`http_request_duration_seconds_bucket{handler="/api/v1/query",method="GET",le="0.1"} 8932 1395066363.5` + "\n")
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		_ = grammar.Explain(line, 89)
	}
}
