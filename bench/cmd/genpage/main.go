// Command genpage writes an exposition page of a given shape and size to standard output:
//
//	genpage -shape ksm -size 1GB > page.txt
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/dustin/go-humanize"

	"github.com/promfmt/promfmt/bench/page"
)

func main() {
	name := flag.String("shape", "node", fmt.Sprintf("shape of the page, one of %v", page.Shapes()))
	size := flag.String("size", "", "least size, such as 64MB; each family of the shape once if not given")
	seed := flag.Uint64("seed", 1, "seed; the same one makes the same page")
	flag.Parse()
	if err := run(os.Stdout, *name, *size, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "genpage:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, name, size string, seed uint64) error {
	shape, ok := page.ShapeByName(name)
	if !ok {
		return fmt.Errorf("no shape %q; there are %v", name, page.Shapes())
	}
	if size == "" {
		_, err := out.Write(page.Generate(shape, seed))
		return err
	}
	bytes, err := humanize.ParseBytes(size)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	if err := page.Write(w, shape, seed, int64(bytes)); err != nil {
		return err
	}
	return w.Flush()
}
