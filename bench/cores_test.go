package bench

import (
	"runtime"
	"testing"

	"github.com/promfmt/promfmt/convert"
)

// oneWorker makes a decoder read on one core however many there are.
var oneWorker = convert.Workers(1)

// onOneCore gives a benchmark and its garbage collector one core.
func onOneCore(b *testing.B) {
	cores := runtime.GOMAXPROCS(1)
	b.Cleanup(func() { runtime.GOMAXPROCS(cores) })
}
