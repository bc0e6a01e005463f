package grammar_test

import (
	"testing"

	"github.com/promfmt/promfmt/grammar"
)

func BenchmarkParseLine(b *testing.B) {
	line := []byte(`http_request_duration_seconds_bucket{handler="/api/v1/query",method="GET",le="0.1"} 8932 1395066363000` + "\n")
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		grammar.ParseLine(line)
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
