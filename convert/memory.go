package convert

import "github.com/promfmt/promfmt/model"

// slab cuts slices of T from large chunks, so that many small ones cost few allocations. What it gives out is not
// touched by it again, unless it is reused and has been reset.
type slab[T any] struct {
	chunk  []T   // the current one
	used   int   // how much of it is in use; to count it spares the write barrier of a pointer
	total  int   // of the sizes of all chunks
	first  int   // the size of the first chunk
	most   int   // the greatest size of a chunk, but for larger requests
	reused bool  // whether reset takes all chunks back
	chunks [][]T // all chunks of a reused slab
	next   int   // the first of chunks that is not in use
}

// take is a slice of length and capacity n, nil if that is 0. In a reused slab its elements are not zero.
func (s *slab[T]) take(n int) []T {
	if n == 0 {
		return nil
	}
	if n > len(s.chunk)-s.used {
		if !s.shares(n) {
			return make([]T, n)
		}
		s.reserve(n)
	}
	begin := s.used
	s.used += n
	return s.chunk[begin:s.used:s.used]
}

// shares reports whether so many elements are cut from a chunk, and not from memory of their own so that the rest of one is not
// left in vain.
func (s *slab[T]) shares(n int) bool { return n <= s.most/4 || s.reused }

// one is memory for one element, which is zero.
func (s *slab[T]) one() *T {
	if s.used == len(s.chunk) {
		s.reserve(1)
	}
	element := &s.chunk[s.used]
	s.used++
	if s.reused {
		var zero T
		*element = zero
	}
	return element
}

// reserve makes sure that the next n elements are in one chunk.
func (s *slab[T]) reserve(n int) {
	if n <= len(s.chunk)-s.used {
		return
	}
	s.used = 0
	if s.next < len(s.chunks) {
		// None is passed over, so that what is kept from input to input does not grow with each.
		if size := len(s.chunks[s.next]); n > size {
			s.chunks[s.next] = make([]T, n)
			s.total += n - size
		}
		s.chunk = s.chunks[s.next]
		s.next++
		return
	}
	// A further chunk is a part of what there is already, so that no more than that part may be in vain.
	size := s.first
	if s.total > 0 {
		size = max(min(s.total/4, s.most), s.most/64, 1)
	}
	size = max(size, n)
	s.total += size
	s.chunk = make([]T, size)
	if s.reused {
		s.chunks = append(s.chunks, s.chunk)
		s.next = len(s.chunks)
	}
}

// open is an empty slice to append to, with room for at least n elements. It is given back with commit before the slab
// is asked for anything else.
func (s *slab[T]) open(n int) []T { return s.room(n)[:0] }

// room is what is left of a chunk, at least n elements, to be written to. What is used of it is given back with commit or
// advance before the slab is asked for anything else.
func (s *slab[T]) room(n int) []T {
	if n > len(s.chunk)-s.used {
		s.reserve(n)
	}
	return s.chunk[s.used:]
}

// commit is what was appended to an open slice, with no capacity left; nil if that is nothing.
func (s *slab[T]) commit(used []T) []T {
	n := len(used)
	if n == 0 {
		return nil
	}
	if n <= len(s.chunk)-s.used && &used[0] == &s.chunk[s.used] {
		s.used += n
	}
	return used[:n:n]
}

// advance goes on behind the n elements that were appended to an open slice within the room that was asked for.
func (s *slab[T]) advance(n int) { s.used += n }

// reset takes back all that a reused slab has given out.
func (s *slab[T]) reset() {
	s.used = 0
	if s.next > 1 {
		s.chunk, s.next = s.chunks[0], 1
	}
}

// arena keeps strings.
type arena struct{ slab[byte] }

func (a *arena) string(b []byte) string {
	if len(b) > len(a.chunk)-a.used {
		kept := a.take(len(b))
		copy(kept, b)
		return view(kept)
	}
	kept := a.chunk[a.used:]
	a.used += copy(kept, b)
	return view(kept[:len(b)])
}

// memory is what families are made of.
type memory struct {
	// input is the size of the input that its chunks are made for.
	input      int
	text       arena
	families   slab[model.MetricFamily]
	metrics    slab[model.Metric]
	samples    slab[model.Sample]
	histograms slab[histogram]
	summaries  slab[summary]
	buckets    slab[model.Bucket]
	quantiles  slab[model.Quantile]
}

// histogram is what a metric has that is a histogram.
type histogram struct {
	extra model.Extra
	value model.HistogramValue
}

// summary is what a metric has that is a summary.
type summary struct {
	extra model.Extra
	value model.SummaryValue
}

// histogram is memory for a histogram.
func (m *memory) histogram() *model.Extra {
	h := m.histograms.one()
	h.extra.Histogram = &h.value
	return &h.extra
}

// summary is memory for a summary.
func (m *memory) summary() *model.Extra {
	s := m.summaries.one()
	s.extra.Summary = &s.value
	return &s.extra
}

// A family of more metrics is not in a chunk with other families. Histograms and summaries take more memory.
const (
	mostShared        = 32
	mostComplexShared = 4
)

// sharesChunk reports whether a family of that type and so many metrics may be in a chunk with others. Whoever keeps a family
// keeps the chunk that it is in, as does the slab as long as there is room in it, and with that all that the others in it have.
func (m *memory) sharesChunk(t model.Type, metrics int) bool {
	return m.families.reused || metrics <= mostComplexShared || metrics <= mostShared && !t.IsComplex()
}

// apart gives a family that may not share a chunk memory of its own, if it is the one for which memory was taken last.
func (m *memory) apart(f *model.MetricFamily) *model.MetricFamily {
	s := &m.families
	if m.sharesChunk(f.Type, len(f.Metrics)+len(f.Loose)) || s.used == 0 || f != &s.chunk[s.used-1] {
		return f
	}
	own := new(model.MetricFamily)
	*own = *f
	*f = model.MetricFamily{}
	s.used--
	return own
}

// chunkBytes is about the greatest size of a chunk of memory.
const chunkBytes = 32 << 10

// newMemory makes memory for an input of about that many bytes.
func newMemory(input int, reused bool) *memory {
	return &memory{
		input:      input,
		text:       newArena(input, reused),
		families:   newSlab[model.MetricFamily](input, 190, 128, reused),
		metrics:    newSlab[model.Metric](input, 100, 48, reused),
		samples:    newSlab[model.Sample](input, 10_000, 64, reused),
		histograms: newSlab[histogram](input, 10_000, 192, reused),
		summaries:  newSlab[summary](input, 10_000, 152, reused),
		buckets:    newSlab[model.Bucket](input, 1000, 16, reused),
		quantiles:  newSlab[model.Quantile](input, 1000, 16, reused),
	}
}

// serves reports whether there is memory and its chunks are not far too small for an input of about that many bytes. Those of
// memory that is not reused are gone with their families anyway.
func (m *memory) serves(input int) bool {
	return m != nil && (!m.families.reused || input <= 2*m.input)
}

func newArena(input int, reused bool) arena { return arena{newSlab[byte](input, 1, 1, reused)} }

// newSlab makes a slab whose first chunk serves an input that has one element for so many bytes. An element takes size
// bytes.
func newSlab[T any](input, bytesPerElement, size int, reused bool) slab[T] {
	most := chunkBytes / size
	return slab[T]{first: min(max(input/bytesPerElement, most/64, 1), most), most: most, reused: reused}
}

// reset takes back the memory of all families. It is for reused memory, or before any has been taken.
func (m *memory) reset() {
	m.text.reset()
	m.families.reset()
	m.metrics.reset()
	m.samples.reset()
	m.histograms.reset()
	m.summaries.reset()
	m.buckets.reset()
	m.quantiles.reset()
}
