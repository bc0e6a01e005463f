package bench

import (
	"bytes"
	"sync"

	"github.com/promfmt/promfmt/bench/page"
)

const seed = 1

// pages are the pages to measure with, one of each shape.
var pages = sync.OnceValue(func() map[string][]byte {
	pages := make(map[string][]byte)
	for _, shape := range page.Shapes() {
		pages[shape.String()] = page.Generate(shape, seed)
	}
	return pages
})

// withOtherValues is a page with the same series and other values, where they are more than one digit.
func withOtherValues(page []byte) []byte {
	other := bytes.Clone(page)
	for rest := other; len(rest) > 0; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		rest = after
		if bytes.HasPrefix(line, []byte("#")) {
			continue
		}
		value := line[bytes.LastIndexByte(line, '}')+1:]
		value = value[bytes.IndexByte(value, ' ')+1:]
		if len(value) > 1 && '1' <= value[0] && value[0] <= '9' {
			value[0] = '1' + (value[0]-'0')%9
		}
	}
	return other
}
