package fuzz

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// The marks of inputs that do not stand for themselves. No exposition begins so.
const (
	madeMark    = "\xffF" // families made of what follows
	mutatedMark = "\xffM" // a page of the corpus, changed by what follows
)

// Exposition is what an input of a target stands for, in a format. So a target that takes an exposition takes those that
// are made as well, and the fuzzer may go on from either.
//
// Behind one of two marks the input is a recipe: bytes that decide which families to write, valid or nearly so, and what
// to change in the text then, or which short page of the corpus to change. Any other input stands for itself.
func Exposition(input []byte, f format.Format) []byte {
	if recipe, ok := bytes.CutPrefix(input, []byte(madeMark)); ok {
		c := NewChoices(recipe)
		families := Families
		if c.OneIn(4) {
			families = OddFamilies
		}
		changed, changes := c.OneIn(3), c.Split(32)
		exposition := encode(f, families(c))
		if d, isText := dialects[f]; isText && changed {
			return Mutate(changes, d, exposition, Pick(changes, pages()[f]))
		}
		return exposition
	}
	recipe, ok := bytes.CutPrefix(input, []byte(mutatedMark))
	if d, isText := dialects[f]; ok && isText {
		c := NewChoices(recipe)
		return Mutate(c, d, Pick(c, pages()[f]), Pick(c, pages()[f]))
	}
	return input
}

// dialects are the formats whose texts can be changed by tokens.
var dialects = map[format.Format]lexer.Dialect{
	format.Text: lexer.PrometheusText, format.Text1: lexer.PrometheusText,
	format.OpenMetrics: lexer.OpenMetrics, format.OpenMetrics2: lexer.OpenMetrics2,
}

// encode writes families, which always succeeds: the writers take what they are given.
func encode(f format.Format, families []*model.MetricFamily) []byte {
	var opts []writer.Option
	if f == format.Graphite {
		opts = append(opts, writer.GraphiteTime(sameTime))
	}
	var out bytes.Buffer
	e, err := writer.New(&out, f, opts...)
	if err != nil {
		panic(fmt.Sprintf("fuzz: no writer of %v: %v", f, err))
	}
	for _, family := range families {
		if err := e.Encode(family); err != nil {
			panic(fmt.Sprintf("fuzz: writing %v: %v", f, err))
		}
	}
	if err := e.Close(); err != nil {
		panic(fmt.Sprintf("fuzz: writing %v: %v", f, err))
	}
	return out.Bytes()
}

// sameTime stands for the time of day where Graphite needs one, so that the same recipe makes the same lines.
func sameTime(t model.Timestamp) time.Time {
	if t.Set {
		return t.Time()
	}
	return time.Unix(1_700_000_000, 0)
}

// longestPage is how long a page of the corpus may be to be changed: the fuzzer makes more of short ones.
const longestPage = 4 << 10

// pages are the short pages of the corpus by the formats whose dialect they are in.
var pages = sync.OnceValue(func() map[format.Format][][]byte {
	byFormat := make(map[format.Format][][]byte)
	for _, dir := range []string{
		corpus.Pages, corpus.Valid, corpus.Invalid, corpus.Regress, corpus.OpenMetricsValid, corpus.OpenMetricsInvalid,
		corpus.OpenMetrics2Valid, corpus.OpenMetrics2Invalid,
	} {
		for file := range corpus.Files(dir) {
			if len(file.Data) > longestPage {
				continue
			}
			switch file.Format {
			case corpus.Text:
				byFormat[format.Text] = append(byFormat[format.Text], file.Data)
				byFormat[format.Text1] = append(byFormat[format.Text1], file.Data)
			case corpus.OpenMetrics:
				byFormat[format.OpenMetrics] = append(byFormat[format.OpenMetrics], file.Data)
			case corpus.OpenMetrics2:
				byFormat[format.OpenMetrics2] = append(byFormat[format.OpenMetrics2], file.Data)
			}
		}
	}
	return byFormat
})

// Recipes are a few inputs of both kinds, always the same, for a target to begin with.
func Recipes() [][]byte {
	random := rand.New(rand.NewPCG(5, 2026))
	var recipes [][]byte
	for _, mark := range []string{madeMark, mutatedMark} {
		for range 8 {
			var b strings.Builder
			b.WriteString(mark)
			for range 40 + random.IntN(160) {
				b.WriteByte(byte(random.Uint32()))
			}
			recipes = append(recipes, []byte(b.String()))
		}
	}
	return recipes
}
