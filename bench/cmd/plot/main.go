// Command plot draws how fast text is read by promfmt and by its peers:
//
//	plot -o speed.svg results.txt
//
// The results are what go test -bench has printed, as command table keeps it.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/promfmt/promfmt/bench/results"
)

func main() {
	out := flag.String("o", "", "file to write to instead of standard output")
	flag.Parse()
	err := func() error {
		var r results.Results
		for _, name := range flag.Args() {
			if err := r.ReadFile(name); err != nil {
				return err
			}
		}
		picture, err := plot(&r)
		if err != nil {
			return err
		}
		if *out == "" {
			_, err := io.WriteString(os.Stdout, picture)
			return err
		}
		return os.WriteFile(*out, []byte(picture), 0o644)
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "plot:", err)
		os.Exit(1)
	}
}
