package grammar_test

import (
	"fmt"

	"github.com/promfmt/promfmt/grammar"
	"github.com/promfmt/promfmt/lexer"
)

func ExampleParseLine() {
	line := grammar.ParseLine([]byte(`http_requests_total{method="post",code="200"} 1027 1395066363000`))
	fmt.Println(line.Sample.Name.Raw, line.Sample.Value.Raw, line.Sample.Timestamp.Raw)
	for _, item := range line.Sample.Labels.Items {
		fmt.Println(item.Name.Offset, item.Name.Raw, item.Value.Raw)
	}
	// Output:
	// http_requests_total 1027 1395066363000
	// 20 method "post"
	// 34 code "200"
}

func ExampleParseLine_bad() {
	line := grammar.ParseLine([]byte(`http_requests_total{method="post" code="200"} 1027`))
	fmt.Printf("column %d: %v [%v]\n", line.Err.Offset+1, line.Err, line.Err.Rule)
	fmt.Println(line)
	// Output:
	// column 35: expected "," or "}", found "code" [syntax]
	// http_requests_total{method="post" code="200"} 1027
}

func ExampleGrammar_ParseLine() {
	line := grammar.Of(lexer.OpenMetrics2).ParseLine([]byte(`rpc_seconds {count:2,sum:1.5,bucket:[0.5:1,+Inf:2]} st@1520430000.123`))
	for _, field := range line.Sample.Composite.Fields {
		fmt.Println(field.Name.Raw, len(field.Entries))
	}
	fmt.Println("since", line.Sample.Start.Raw)
	// Output:
	// count 0
	// sum 0
	// bucket 2
	// since 1520430000.123
}

func ExampleLines() {
	document := []byte("# TYPE up gauge\nup 1\n\nup-time 7\n")
	for line := range grammar.Lines(document) {
		switch {
		case line.Err != nil:
			fmt.Printf("%d: %v\n", line.Number, line.Err)
		case line.Type != nil:
			fmt.Printf("%d: %s is a %s\n", line.Number, line.Type.Name.Raw, line.Type.Word.Raw)
		case line.Sample != nil:
			fmt.Printf("%d: %s is %s\n", line.Number, line.Sample.Name.Raw, line.Sample.Value.Raw)
		}
	}
	// Output:
	// 1: up is a gauge
	// 2: up is 1
	// 4: expected "{" or a value, found "-time"
}

func ExampleExplain() {
	err := grammar.Explain([]byte("up 1 1395066363.5"), 5)
	fmt.Println(err)
	fmt.Println(err.Hint)
	// Output:
	// expected a timestamp or the end of the line, found "1395066363.5"
	// a timestamp is a whole number of milliseconds; in OpenMetrics it is in seconds
}
