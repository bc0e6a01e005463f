//go:build !windows

package conformance_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/promfmt/promfmt/conformance"
)

// A parser that finds fault with one word only.
func ExampleRun() {
	files, err := conformance.Select([]string{"regress/lone-hash.txt", "invalid/value-word.txt", "invalid/value-missing.txt"})
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := conformance.Run(context.Background(), "! grep -q one", files, conformance.Options{
		Verdict: conformance.Both, Compare: conformance.None, Timeout: time.Minute, Parallel: 2,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range report.Results {
		fmt.Println(strings.TrimSpace(fmt.Sprint(r.File, " ", r.Outcome, " ", r.Reason)))
	}
	// Output:
	// invalid/value-missing.txt wrongly accepted 4:15: expected "{" or a value, found end of line [syntax]
	// invalid/value-word.txt refused
	// regress/lone-hash.txt lenient
}
