// Command table prints the results of the benchmarks as tables in Markdown: throughput, memory, and the ratios to the
// peers in the same runs.
//
//	table                                           runs the benchmarks once and prints the tables
//	table -count 6 -results results.txt             runs them six times and keeps what go test printed
//	table -o RESULTS.md old.txt new.txt             makes a file of the tables of what was kept before
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
	"strings"
	"time"

	"github.com/promfmt/promfmt/bench/results"
)

func main() {
	count := flag.Int("count", 1, "how often to run all benchmarks; the tables show medians")
	benchtime := flag.String("benchtime", "100ms", "least time of one benchmark, as go test has it")
	pattern := flag.String("bench", ".", "pattern of the benchmarks to run, as go test has it")
	largest := flag.Int("largest", 1000, "size of the largest pages to read in MB")
	kept := flag.String("results", "", "file to keep what go test prints in")
	out := flag.String("o", "", "file to write the tables to instead of standard output")
	flag.Parse()

	err := func() error {
		var r results.Results
		if flag.NArg() == 0 {
			printed, err := run(*count, "-bench", *pattern, "-benchtime", *benchtime, ".", "-largest", fmt.Sprint(*largest))
			if err != nil {
				return err
			}
			if *kept != "" {
				if err := os.WriteFile(*kept, printed, 0o644); err != nil {
					return err
				}
			}
			if err := r.Read(bytes.NewReader(printed), "go test"); err != nil {
				return err
			}
		}
		for _, name := range flag.Args() {
			if err := r.ReadFile(name); err != nil {
				return err
			}
		}
		tables := markdown(&r)
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

// run runs the benchmarks count times and gives what was printed. It runs all of them before the first one again, so that
// a slow minute of the machine falls on one run of each instead of on all runs of one.
func run(count int, args ...string) ([]byte, error) {
	head, err := describe()
	if err != nil {
		return nil, err
	}
	printed := bytes.NewBufferString(head)
	args = append([]string{"test", "-run", "^$", "-timeout", "0"}, args...)
	for range count {
		command := exec.Command("go", args...)
		command.Stdout = io.MultiWriter(printed, os.Stderr)
		command.Stderr = os.Stderr
		if err := command.Run(); err != nil {
			return nil, fmt.Errorf("go test: %w", err)
		}
	}
	return printed.Bytes(), nil
}

// peers are the modules whose versions belong to a measurement.
var peers = []string{"github.com/prometheus/common", "github.com/prometheus/prometheus"}

// describe is what belongs to a measurement and go test does not print, as lines that package benchfmt reads.
func describe() (string, error) {
	versions, err := exec.Command("go", append([]string{"list", "-m", "-f", "{{.Path}}: {{.Version}}"}, peers...)...).Output()
	if err != nil {
		return "", fmt.Errorf("go list: %w", err)
	}
	release, _ := os.ReadFile("/etc/os-release") // only Linux has it
	return fmt.Sprintf("date: %s\nos: %s\ncores: %d\ngo: %s\n%s",
		time.Now().Format(time.DateOnly), systemName(string(release)), runtime.NumCPU(), runtime.Version(), versions), nil
}

// systemName is how a system calls itself in its os-release, or at least what kind of system it is.
func systemName(release string) string {
	for line := range strings.Lines(release) {
		if name, ok := strings.CutPrefix(line, "PRETTY_NAME="); ok {
			return strings.Trim(strings.TrimSpace(name), `"`)
		}
	}
	return runtime.GOOS
}
