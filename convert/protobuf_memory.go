package convert

import "github.com/promfmt/promfmt/model"

// valueMemory is what the rarer parts of families are made of, which in protobuf are not so rare: hardly a counter or
// histogram of a client library comes without the time at which it began.
type valueMemory struct {
	extras          slab[model.Extra]
	exemplars       slab[model.Exemplar]
	bucketExemplars slab[model.BucketExemplar]
	natives         slab[model.NativeHistogram]
	spans           slab[model.Span]
	counts          slab[float64]
}

// newValueMemory makes memory for an input of about that many bytes.
func newValueMemory(input int, reused bool) *valueMemory {
	return &valueMemory{
		extras:          newSlab[model.Extra](input, 200, 80, reused),
		exemplars:       newSlab[model.Exemplar](input, 10_000, 40, reused),
		bucketExemplars: newSlab[model.BucketExemplar](input, 10_000, 48, reused),
		natives:         newSlab[model.NativeHistogram](input, 10_000, 144, reused),
		spans:           newSlab[model.Span](input, 10_000, 8, reused),
		counts:          newSlab[float64](input, 10_000, 8, reused),
	}
}

// reset takes back the memory of all families.
func (m *valueMemory) reset() {
	m.extras.reset()
	m.exemplars.reset()
	m.bucketExemplars.reset()
	m.natives.reset()
	m.spans.reset()
	m.counts.reset()
}
