package promfmt_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/promfmt/promfmt"
	"github.com/promfmt/promfmt/diag"
)

// The loop with which the documentation of the Python client shows its parser.
func ExampleTextStringToMetricFamilies() {
	for family := range promfmt.TextStringToMetricFamilies("my_gauge{zone=\"a\"} 1.0\n") {
		for sample := range family.Samples() {
			fmt.Println("Name:", sample.Name, "Labels:", sample.Labels, "Value:", sample.Value)
		}
	}
	// Output:
	// Name: my_gauge Labels: {zone="a"} Value: 1
}

// A bad line is an error between the families, and reading goes on behind it.
func ExampleTextStringToMetricFamilies_errors() {
	page := `# TYPE requests counter
requests{code="200"} 1027
requests{code="400" 3
# TYPE temperature gauge
temperature 21.5
`
	for family, err := range promfmt.TextStringToMetricFamilies(page) {
		var bad *diag.Diagnostic
		switch {
		case errors.As(err, &bad):
			fmt.Println(bad)
			fmt.Print(bad.Caret())
		case err != nil:
			fmt.Println("reading ended:", err)
		default:
			fmt.Println(family.Type, family.Name, "of", len(family.Metrics))
		}
	}
	// Output:
	// -:3:21: error: expected "," or "}", found "3" [syntax]
	//   requests{code="400" 3
	//                       ^
	// counter requests of 1
	// gauge temperature of 1
}

// A reader is read as the iteration goes on: a family is there when the next one begins.
func ExampleTextReaderToMetricFamilies() {
	body := strings.NewReader(`# HELP latency_seconds How long requests took.
# TYPE latency_seconds histogram
latency_seconds_bucket{le="0.1"} 8
latency_seconds_bucket{le="+Inf"} 9
latency_seconds_sum 0.75
latency_seconds_count 9
up 1
`)
	for family, err := range promfmt.TextReaderToMetricFamilies(body) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(family.Type, family.Name)
		for sample := range family.Samples() {
			fmt.Println(" ", sample.Name, sample.Labels, sample.Value)
		}
	}
	// Output:
	// histogram latency_seconds
	//   latency_seconds_bucket {le="0.1"} 8
	//   latency_seconds_bucket {le="+Inf"} 9
	//   latency_seconds_sum {} 0.75
	//   latency_seconds_count {} 9
	// unknown up
	//   up {} 1
}
