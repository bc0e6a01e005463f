package convert_test

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
)

// A decoder gives one family after the other, and what is wrong with the text between them.
func ExampleDecoder() {
	page := "# TYPE up gauge\nup 1\nup{ 1\n# TYPE jobs_total counter\njobs_total 7 \n"
	d := convert.NewStringDecoder(page, convert.File("page.prom"))
	for {
		family, err := d.Next()
		var bad *diag.Diagnostic
		switch {
		case err == io.EOF:
			return
		case errors.As(err, &bad):
			fmt.Println("line", bad.Pos.Line, bad.Rule, bad.Message)
		case err != nil:
			fmt.Println(err)
			return
		default:
			fmt.Println(family.Type, family.Name, family.Metrics[0].Value)
		}
	}
	// Output:
	// line 3 label-name expected a label name or "}", found "1"
	// gauge up 1
	// counter jobs_total 7
}

// Something that reads the pages of one server over and over keeps one decoder, which then allocates nothing and reads no
// more than the values where a page has the series of one before.
func ExampleDecoder_Reset() {
	d := convert.NewDecoder(nil, convert.Reuse())
	for _, body := range []string{"up 1\n", "up 0\n"} {
		d.Reset(strings.NewReader(body))
		for family, err := range d.Families() {
			if err != nil {
				fmt.Println(err)
				continue
			}
			fmt.Println(family.Name, family.Metrics[0].Value)
		}
	}
	// Output:
	// up 1
	// up 0
}

// What is wrong is an error or a warning, depending on how strict one is.
func ExampleStrict() {
	page := "a 1\nb 2\na{zone=\"x\"} 3\n"
	warn := convert.OnDiagnostic(func(d *diag.Diagnostic) { fmt.Println("lenient:", d) })
	for range convert.NewStringDecoder(page, warn).Families() {
	}
	for _, err := range convert.NewStringDecoder(page, convert.Strict()).Families() {
		if err != nil {
			fmt.Println("strict:", err)
		}
	}
	// Output:
	// lenient: -:3:1: warning: family "a" comes back after lines of other families [interleaved-family]
	// strict: -:3:1: error: family "a" comes back after lines of other families [interleaved-family]
}

// The lines of a family may stand apart; collected, they are one family again.
func ExampleCollect() {
	families, err := convert.Collect(convert.NewStringDecoder("a 1\nb 2\na{zone=\"x\"} 3\n").Families())
	if err != nil {
		fmt.Println(err)
	}
	for _, family := range families {
		fmt.Println(family.Name, len(family.Metrics))
	}
	// Output:
	// a 2
	// b 1
}
