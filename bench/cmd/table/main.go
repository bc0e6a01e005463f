// Command table prints the results of the benchmarks as tables in Markdown: throughput, memory, and the ratios to the
// peers in the same runs.
//
//	table                            runs the benchmarks once and prints the tables
//	table -count 6 -o RESULTS.md     runs them six times and writes the medians to a file
//	table old.txt new.txt            prints the tables of what go test -bench has printed before
//
// It is to be run in the folder of the benchmarks. What go test prints goes to standard error.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"
)

func main() {
	count := flag.Int("count", 1, "how often to run all benchmarks; the tables show medians")
	benchtime := flag.String("benchtime", "500ms", "least time of one benchmark, as go test has it")
	pattern := flag.String("bench", ".", "pattern of the benchmarks to run, as go test has it")
	out := flag.String("o", "", "file to write the tables to instead of standard output")
	flag.Parse()

	err := func() error {
		var results results
		if flag.NArg() == 0 {
			if err := run(&results, *count, "-bench", *pattern, "-benchtime", *benchtime); err != nil {
				return err
			}
		}
		for _, name := range flag.Args() {
			if err := readFile(&results, name); err != nil {
				return err
			}
		}
		tables := results.markdown()
		if *out == "" {
			_, err := io.WriteString(os.Stdout, tables)
			return err
		}
		return os.WriteFile(*out, []byte(tables), 0o644)
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

// peers are the modules whose versions belong to a measurement.
var peers = []string{"github.com/prometheus/common", "github.com/prometheus/prometheus"}

// run runs the benchmarks count times on one core. It runs all of them before the first one again, so that a slow
// minute of the machine falls on one run of each instead of on all runs of one.
func run(results *results, count int, args ...string) error {
	versions, err := exec.Command("go", append([]string{"list", "-m", "-f", "{{.Path}}: {{.Version}}"}, peers...)...).Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	args = append([]string{"test", "-run", "^$", "-cpu", "1", "-timeout", "0"}, args...)
	for range count {
		var output bytes.Buffer
		fmt.Fprintf(&output, "date: %s\ngo: %s\n%s", time.Now().Format(time.DateOnly), runtime.Version(), versions)
		command := exec.Command("go", append(args, ".")...)
		command.Stdout = io.MultiWriter(&output, os.Stderr)
		command.Stderr = os.Stderr
		if err := command.Run(); err != nil {
			return fmt.Errorf("go test: %w", err)
		}
		if err := results.read(&output, "go test"); err != nil {
			return err
		}
	}
	return nil
}

func readFile(results *results, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	return results.read(file, name)
}
