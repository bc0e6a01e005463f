package page

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strconv"
)

// Shape is a kind of page.
type Shape struct {
	name     string
	families func(*rand.Rand) []family
}

// family is one family of a page. Its samples are written by a function when the page has come to it.
type family struct {
	name, kind, help string
	samples          func(*text)
}

var shapes = []Shape{
	{"node", nodeFamilies},
	{"alltypes", mixedFamilies},
	{"ksm", kubeFamilies},
	{"hist", histogramFamilies},
}

// Shapes are all shapes: "node" is like a page of node_exporter, many small families; "alltypes" mixes all types, with
// escapes and timestamps; "ksm" is in the manner of kube-state-metrics, many series of long labels; "hist" is in the
// manner of the API server of Kubernetes, many histograms of many labels.
func Shapes() []Shape { return append([]Shape(nil), shapes...) }

// ShapeByName finds a shape by its name.
func ShapeByName(name string) (Shape, bool) {
	for _, s := range shapes {
		if s.name == name {
			return s, true
		}
	}
	return Shape{}, false
}

// String is the name of the shape.
func (s Shape) String() string { return s.name }

// Generate makes the page in which every family of the shape stands once.
func Generate(shape Shape, seed uint64) []byte {
	var page bytes.Buffer
	p := newPrinter(shape, seed)
	for _, f := range p.families {
		page.Write(p.print(f))
	}
	return page.Bytes()
}

// Write writes a page of at least size bytes. The page ends with the family that reaches the size, so it is longer by
// less than a family, and no more than one family is held in memory. The error is that of w.
func Write(w io.Writer, shape Shape, seed uint64, size int64) error {
	p := newPrinter(shape, seed)
	for {
		for _, f := range p.families {
			if size <= 0 {
				return nil
			}
			n, err := w.Write(p.print(f))
			if err != nil {
				return err
			}
			size -= int64(n)
		}
		p.round++
	}
}

// Samples counts the samples of a page: in a page of this package each line is a sample or begins with #.
func Samples(page []byte) int {
	lines := bytes.Count(page, []byte("\n"))
	comments := bytes.Count(page, []byte("\n#"))
	if bytes.HasPrefix(page, []byte("#")) {
		comments++
	}
	return lines - comments
}

// printer writes the families of a shape one by one.
type printer struct {
	text
	families []family
	round    int
}

func newPrinter(shape Shape, seed uint64) *printer {
	r := rand.New(rand.NewPCG(seed, 0))
	return &printer{text: text{Rand: r}, families: shape.families(r)}
}

// print gives the text of a family. It is good until the next call.
func (p *printer) print(f family) []byte {
	p.name = f.name
	if p.round > 0 {
		p.name = "again" + strconv.Itoa(p.round) + "_" + f.name
	}
	p.buffer = p.buffer[:0]
	if f.help != "" {
		p.help(f.help)
	}
	if f.kind != "" {
		p.kind(f.kind)
	}
	f.samples(&p.text)
	return p.buffer
}
