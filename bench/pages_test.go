package bench

import (
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
