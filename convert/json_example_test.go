package convert_test

import (
	"fmt"
	"strings"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/format"
)

func ExampleNewJSONDecoder() {
	const page = `[{"name":"up","help":"","type":"GAUGE","metrics":[{"labels":{"job":"api"},"value":"1"}]}]`
	for family, err := range convert.NewJSONDecoder(strings.NewReader(page)).Families() {
		if err != nil {
			fmt.Println(err)
			continue
		}
		for s := range family.Samples() {
			fmt.Println(s.Name, s.Labels, s.Value)
		}
	}
	// Output: up {job="api"} 1
}

func ExampleNewReader() {
	const page = `{"name":"up","metrics":[{"value":"1"}]}`
	f, _ := format.Detect(format.Evidence{Head: []byte(page)})
	reader, err := convert.NewReader(strings.NewReader(page), f)
	if err != nil {
		fmt.Println(err)
		return
	}
	family, err := reader.Next()
	fmt.Println(f, family.Name, err)
	// Output: json up <nil>
}
