package convert

import (
	"math"
	"slices"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// boundText is the text of a bound or quantile, its number, and whether it is how that number is written.
type boundText struct {
	text      span // in that of the list
	bound     float64
	canonical bool
	// fault is what OpenMetrics says against the text, if anything. Only of a clean bound is there nothing else to be said.
	fault diag.Rule
	clean bool
	// closed is the text with the end of the labels behind it, if it is short.
	closed lexer.ShortText
}

// closing is what stands behind the value of the last label.
const closing = `"}`

// boundTexts are the bounds of the latest metric that had some, and further ones of those before it. The metrics of a
// family mostly have the same ones in the same order, and so have most families of a program.
type boundTexts struct {
	list []boundText
	text []byte
	// strings are the texts of the first of them in the memory of the family in progress, as far as they were needed there.
	strings []string
	// unclean tells that some are.
	unclean bool
}

// maxBoundTexts is how many bounds, and maxBoundBytes how long texts are remembered from family to family.
const (
	maxBoundTexts = 256
	maxBoundBytes = 8 << 10
	// fewBoundBytes is how long texts are that all are kept at once, needed or not.
	fewBoundBytes = 256
)

// begin makes what is remembered ready for another family. Where there is something to be said against a bound, it must be
// said anew.
func (t *boundTexts) begin() {
	if len(t.list) > maxBoundTexts || len(t.text) > maxBoundBytes {
		*t = boundTexts{}
		return
	}
	if len(t.strings) > 0 {
		clear(t.strings)
		t.strings = t.strings[:0]
	}
	if t.unclean {
		if i := slices.IndexFunc(t.list, func(b boundText) bool { return !b.clean }); i >= 0 {
			t.list = t.list[:i]
		}
		t.unclean = false
	}
}

// is reports whether b is written so.
func (t *boundTexts) is(b *boundText, text []byte) bool {
	return string(b.text.of(t.text)) == string(text)
}

// put makes b, which is written so, the bound with index i, or the last one if there are not so many.
func (t *boundTexts) put(i int, b boundText, text []byte) *boundText {
	b.text.at = len(t.text)
	t.text = append(t.text, text...)
	b.text.end = len(t.text)
	if closed := append(t.text, closing...); len(closed)-b.text.at <= lexer.MostShort {
		b.closed = lexer.NewShortText(closed[b.text.at:])
	}
	t.unclean = t.unclean || !b.clean
	if i >= len(t.list) {
		i = len(t.list)
		t.list = append(t.list, boundText{})
	}
	if i < len(t.strings) {
		t.strings = t.strings[:i]
	}
	t.list[i] = b
	return &t.list[i]
}

// boundsLike are the bounds of metrics like m.
func (p *points) boundsLike(m *model.Metric) *boundTexts {
	if m.Summary() != nil {
		return &p.quantiles
	}
	return &p.bounds
}

// parse reads the text of a bound or quantile. It is compared first with the text at index i of the metric before, and
// with the first. The result is valid until the next call.
func (a *assembler) parse(t *boundTexts, text []byte, i int) (b *boundText, ok bool) {
	if i < len(t.list) && t.is(&t.list[i], text) {
		return &t.list[i], true
	}
	if len(t.list) > 0 && t.is(&t.list[0], text) {
		return &t.list[0], true
	}
	bound, ok := lexer.ParseFloat(text)
	if !ok || math.IsNaN(bound) {
		return nil, false
	}
	read := boundText{bound: bound, canonical: lexer.IsShortest(text), clean: true}
	if a.om != nil {
		read.fault = faultOfBound(view(text), bound)
		read.clean = read.fault == diag.UnknownRule && (t == &a.points.bounds || isQuantile(bound))
	}
	return t.put(i, read, text), true
}

// boundString is the text of b in the memory of the family.
func (a *assembler) boundString(t *boundTexts, b *boundText) string {
	return a.memory.text.string(b.text.of(t.text))
}

// boundStrings are the texts of the first n bounds in the memory of the family.
func (a *assembler) boundStrings(t *boundTexts, n int) []string {
	if len(t.strings) == 0 && len(t.text) <= fewBoundBytes {
		all := a.memory.text.string(t.text)
		for i := range t.list {
			text := t.list[i].text
			t.strings = append(t.strings, all[text.at:text.end])
		}
	}
	for len(t.strings) < n {
		t.strings = append(t.strings, a.boundString(t, &t.list[len(t.strings)]))
	}
	return t.strings[:n]
}
