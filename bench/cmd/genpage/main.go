// Command genpage writes an exposition page of a given shape and size to standard output:
//
//	genpage -shape ksm -size 1GB > page.txt
//
// The shape may also be the name of a hostile page. genpage -list says what there is.
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
	name := flag.String("shape", "node", "shape of the page")
	size := flag.String("size", "", "least size, such as 64MB; each family of the shape once if not given, a hostile page as it is measured with")
	seed := flag.Uint64("seed", 1, "seed; the same one makes the same page, and a hostile page is always the same")
	names := flag.Bool("list", false, "list the shapes and the hostile pages")
	flag.Parse()
	if *names {
		list(os.Stdout)
		return
	}
	if err := run(os.Stdout, *name, *size, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "genpage:", err)
		os.Exit(1)
	}
}

// list writes a line for each shape and hostile page.
func list(out io.Writer) {
	for _, shape := range page.Shapes() {
		fmt.Fprintln(out, shape) //nolint:errcheck // standard output
	}
	for _, h := range page.Hostiles() {
		fmt.Fprintf(out, "%-21s %s\n", h.Name, h.Sentence) //nolint:errcheck // standard output
	}
}

func run(out io.Writer, name, size string, seed uint64) error {
	var bytes uint64
	if size != "" {
		var err error
		if bytes, err = humanize.ParseBytes(size); err != nil {
			return err
		}
	}
	if h, ok := page.HostileByName(name); ok {
		if size == "" {
			bytes = uint64(h.Size)
		}
		_, err := out.Write(h.Generate(int(bytes)))
		return err
	}
	shape, ok := page.ShapeByName(name)
	if !ok {
		return fmt.Errorf("no shape %q; -list lists them", name)
	}
	if size == "" {
		_, err := out.Write(page.Generate(shape, seed))
		return err
	}
	w := bufio.NewWriter(out)
	if err := page.Write(w, shape, seed, int64(bytes)); err != nil {
		return err
	}
	return w.Flush()
}
