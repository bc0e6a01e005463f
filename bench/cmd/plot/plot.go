package main

import (
	_ "embed"
	"fmt"
	"math"
	"strings"
	"text/template"

	"github.com/promfmt/promfmt/bench/page"
	"github.com/promfmt/promfmt/bench/results"
)

// readers are those that are drawn, from top to bottom: what they are called in the results and in the picture, and the
// colour of their bars. The colours can be told apart on white and on black, and by those who see no red or green.
var readers = []struct{ By, Title, Colour string }{
	{"promfmt-anew-reuse", "promfmt, memory reused", "#6cb6ff"},
	{"promfmt-anew", "promfmt, families to keep", "#1f75d6"},
	{"textparse-labels", "Prometheus textparse", "#d98a2b"},
	{"expfmt", "expfmt", "#8c8c8c"},
}

// Lengths in the picture, which is as wide as a README on GitHub.
const (
	width     = 840
	barLeft   = 80  // where bars begin
	barRight  = 590 // where the axis ends; the words about a bar come behind it
	barTop    = 52  // where the first group begins, under the legend
	barHeight = 15
	barStep   = 18
	groupGap  = 16
)

// picture is what the template draws.
type picture struct {
	Width, Height             int
	Left, Middle, Top, Bottom int // of the bars
	Description               string
	Legend                    []legend
	Groups                    []group
	Ticks                     []tick
}

type legend struct {
	X             int
	Title, Colour string
}

// group is the bars of a page.
type group struct {
	Page string
	Y    int // of its middle
	Bars []bar
}

type bar struct {
	Y, Width, Height int
	Colour, Text     string
	TextX, TextY     int
}

type tick struct {
	X    int
	Text string
}

//go:embed speed.svg.tmpl
var svg string

var drawing = template.Must(template.New("speed.svg").Funcs(template.FuncMap{
	"add": func(n, to int) int { return to + n },
}).Parse(svg))

// plot draws bars on a linear scale from zero, so that their lengths compare.
func plot(r *results.Results) (string, error) {
	fastest := 0.0
	for _, shape := range page.Shapes() {
		for _, reader := range readers {
			speed, err := speedOf(r, shape.String(), reader.By)
			if err != nil {
				return "", err
			}
			fastest = max(fastest, speed)
		}
	}
	step := tickStep(fastest)
	most := step * math.Ceil(fastest/step)
	at := func(speed float64) int { return int(math.Round(speed / most * (barRight - barLeft))) }

	p := picture{Width: width, Left: barLeft, Middle: (barLeft + barRight) / 2, Top: barTop - 8}
	for i, reader := range readers {
		p.Legend = append(p.Legend, legend{barLeft + i*190, reader.Title, reader.Colour})
	}
	for n := 0.0; n <= most; n += step {
		p.Ticks = append(p.Ticks, tick{barLeft + at(n), fmt.Sprintf("%.0f", n)})
	}
	y := barTop
	var said []string
	for _, shape := range page.Shapes() {
		g := group{Page: shape.String(), Y: y + len(readers)*barStep/2}
		var speeds []string
		for _, reader := range readers {
			speed, _ := speedOf(r, shape.String(), reader.By)
			g.Bars = append(g.Bars, bar{
				Y: y, Width: max(at(speed), 1), Height: barHeight, Colour: reader.Colour, Text: caption(r, shape.String(), reader.By),
				TextX: barLeft + at(speed) + 6, TextY: y + barHeight - 3,
			})
			speeds = append(speeds, fmt.Sprintf("%s %.0f", reader.Title, speed))
			y += barStep
		}
		y += groupGap
		p.Groups = append(p.Groups, g)
		said = append(said, shape.String()+": "+strings.Join(speeds, "; "))
	}
	p.Bottom = y - groupGap + 5
	p.Height = p.Bottom + 46
	p.Description = strings.Join(said, ". ") + "."
	var b strings.Builder
	err := drawing.Execute(&b, p)
	return b.String(), err
}

// speedOf is how many megabytes of a page a reader reads in a second.
func speedOf(r *results.Results, page, by string) (float64, error) {
	speed, ok := r.Median(results.Key{Kind: "Read", Page: page, By: by}, results.Speed)
	if !ok {
		return 0, fmt.Errorf("the results don't say how fast %s reads the page %s", by, page)
	}
	return speed / 1e6, nil
}

// caption is the speed of a reader, and for promfmt how many times that of its peers it is.
func caption(r *results.Results, page, by string) string {
	speed, _ := speedOf(r, page, by)
	text := fmt.Sprintf("%.0f", speed)
	if !strings.HasPrefix(by, "promfmt") {
		return text
	}
	expfmt, _ := speedOf(r, page, "expfmt")
	textparse, _ := speedOf(r, page, "textparse-labels")
	return fmt.Sprintf("%s (%.0f× expfmt, %.1f× textparse)", text, speed/expfmt, speed/textparse)
}

// tickStep is 1, 2 or 5 times a power of ten, so that at most eight steps reach a number.
func tickStep(most float64) float64 {
	for power := 1.0; ; power *= 10 {
		for _, n := range []float64{1, 2, 5} {
			if n*power*8 >= most {
				return n * power
			}
		}
	}
}
