package format_test

import (
	"fmt"

	prommodel "github.com/prometheus/common/model"

	"github.com/promfmt/promfmt/format"
)

func ExampleDetect() {
	f, by := format.Detect(format.Evidence{Name: "page", Head: []byte(`[{"name":"up"`)})
	fmt.Printf("by its %s this is %s\n", by, f)
	// Output: by its first bytes this is json
}

func ExampleNegotiate() {
	accept := "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
	choice, acceptable := format.Negotiate(accept, format.Text, format.OpenMetrics)
	fmt.Println(choice.Format, choice.Escaping, acceptable)
	fmt.Println(choice.ContentType)
	// Output:
	// openmetrics allow-utf-8 true
	// application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8
}

func ExampleAcceptHeader() {
	fmt.Println(format.AcceptHeader(prommodel.NoEscaping, format.Text1, format.Text))
	// Output: text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1
}
