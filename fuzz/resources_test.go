package fuzz

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
)

// hostile is a kind of input that is made to cost its reader more than it cost to make.
type hostile struct {
	name   string
	format format.Format
	// make makes an input of about so many bytes.
	make func(size int) []byte
	// allocated is how many bytes reading may allocate for each byte of the input, and held how many it may hold near its end.
	// Both come on top of what every input takes.
	allocated, held float64
	// nanoseconds is how long reading may take for a byte: ten times what it does and more, since machines differ.
	nanoseconds float64
}

// repeated is an input of a beginning, of lines that may have their number in them, and of an end.
func repeated(begin, line, end string) func(size int) []byte {
	return func(size int) []byte {
		b := []byte(begin)
		for i := 0; len(b) < size; i++ {
			if strings.Contains(line, "%") {
				b = fmt.Appendf(b, line, i)
			} else {
				b = append(b, line...)
			}
		}
		return append(b, end...)
	}
}

// field is a field of a protobuf message that holds bytes.
func field(number protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), content)
}

// delimited is a message behind its length.
func delimited(message []byte) []byte {
	return append(binary.AppendUvarint(nil, uint64(len(message))), message...)
}

// announcing is a protobuf message family with one histogram, whose content is given, over and over.
func announcing(histogram []byte) func(size int) []byte {
	return func(size int) (page []byte) {
		for i := 0; len(page) < size; i++ {
			family := field(1, fmt.Appendf(nil, "h%d", i))
			family = protowire.AppendVarint(protowire.AppendTag(family, 3, protowire.VarintType), 4)
			family = append(family, field(4, field(7, histogram))...)
			page = append(page, delimited(family)...)
		}
		return page
	}
}

// spanOf is a native bucket span of so many buckets, of which there are no counts.
func spanOf(length uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, 2, protowire.VarintType), length)
}

const (
	kilobyte = 1 << 10
	megabyte = 1 << 20
)

// slow is a bound of nanoseconds a byte above which inputs are a quarter as long, for the sake of who waits for the tests.
const slow = 1000

var hostiles = []hostile{
	{"a line without an end", format.Text, repeated("a{l=\"", "x", ""), 6, 4, 200},
	{"a help text without an end", format.Text, repeated("# HELP a ", `\n`, ""), 10, 4, 200},
	{"blanks only", format.Text, repeated("a", " ", ""), 6, 4, 200},
	{"a label block without an end", format.Text, repeated("a{", "l%d=\"\",", ""), 12, 4, 800},
	{"braces", format.Text, repeated("", "{", ""), 6, 4, 200},
	{"a label value of escapes", format.Text, repeated("a{l=\"", `\\`, "\"} 1\n"), 10, 4, 200},
	{"bad lines", format.Text, repeated("", "}\n", ""), 400, 0, 10000},
	{"a family a line", format.Text, repeated("", "f%d 1\n", ""), 50, 12, 2000},
	{"metadata only", format.Text, repeated("", "# TYPE f%d histogram\n", ""), 20, 5, 800},
	{"two families in turn", format.Text, repeated("", "# TYPE a histogram\na_bucket{le=\"1\"} 1\nb 1\n", ""), 2, 0, 800},
	{"one series again and again", format.Text, repeated("", "a 1\n", ""), 150, 35, 2000},
	{"a histogram of falling bounds", format.Text, repeated("# TYPE a histogram\n", "a_bucket{le=\"-%d\"} 1\n", ""), 16, 4, 800},
	{"NULs", format.Text, repeated("", "\x00", ""), 6, 4, 200},
	{"carriage returns", format.Text, repeated("a 1", "\r", ""), 6, 4, 200},
	{"metadata only", format.OpenMetrics, repeated("", "# TYPE f%d histogram\n# UNIT f%[1]d x\n", "# EOF\n"), 16, 5, 800},
	{"text behind the end", format.OpenMetrics, repeated("# EOF\n", "a{l=\"%d\"} 1\n", ""), 50, 16, 800},
	{"an exemplar without an end", format.OpenMetrics, repeated("a_total 1 # {l=\"", "x", ""), 6, 4, 200},
	{"creation times in no order", format.OpenMetrics, repeated("# TYPE a counter\n", "a_created{l=\"%d\"} 1\n", "# EOF\n"), 25, 6, 800},
	{"lists in lists", format.OpenMetrics2, repeated("# TYPE a histogram\na {bucket:[", "[", "\n# EOF\n"), 4, 1, 200},
	{"a composite value of many buckets", format.OpenMetrics2, repeated("# TYPE a histogram\na {count:1,bucket:[", "%d:1,", "+Inf:1]}\n# EOF\n"), 16, 4, 800},
	{"a span of all buckets there could be", format.OpenMetrics2,
		repeated("", "# TYPE a%d histogram\na%[1]d {count:1,sum:1,schema:0,zero_threshold:0,zero_count:0,positive_spans:[0:4294967295],positive_buckets:[1]}\n", "# EOF\n"), 10, 1, 2000},
	{"a message of a length that is not there", format.Protobuf, repeated("", "\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x0a\x01a", ""), 1, 0, 200},
	{"a message as long as the input", format.Protobuf, func(size int) []byte { return delimited(bytes.Repeat([]byte{0x0a, 0}, size/2)) }, 4, 1, 200},
	{"empty messages", format.Protobuf, repeated("", "\x00", ""), 400, 0, 10000},
	{"a span of all buckets there could be", format.Protobuf, announcing(field(12, spanOf(1<<32-1))), 50, 6, 2000},
	{"a bucket of nothing", format.Protobuf, announcing(bytes.Repeat(field(3, nil), 50)), 25, 1, 2000},
	{"metrics of nothing", format.Protobuf, func(size int) []byte {
		return delimited(append(field(1, []byte("a")), bytes.Repeat(field(4, nil), size/2)...))
	}, 400, 4, 10000},
	{"messages in messages", format.Protobuf, func(size int) []byte {
		inner := []byte{}
		for len(inner) < min(size, 10*kilobyte) {
			inner = field(4, inner)
		}
		return bytes.Repeat(delimited(inner), size/len(inner)+1)
	}, 2, 0, 200},
	{"a message of a length that is not there", format.OpenMetricsProtobuf, repeated("", "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f", ""), 4, 1, 200},
	{"empty messages", format.OpenMetricsProtobuf, repeated("", "\x0a\x00", ""), 400, 4, 10000},
	{"braces", format.Prototext, repeated("metric ", "{", ""), 8, 4, 200},
	{"a string without an end", format.Prototext, repeated("name: \"", "x", ""), 8, 4, 200},
	{"a span of all buckets there could be", format.Prototext,
		repeated("", "name: \"a%d\" type: HISTOGRAM metric { histogram { positive_span { length: 4294967295 } } }\n\n", ""), 30, 1, 2000},
	{"lists in lists", format.JSON, repeated("", "[", ""), 1, 0, 200},
	{"objects in objects", format.JSON, repeated("[", `{"metrics":[`, ""), 1, 0, 200},
	{"a string without an end", format.JSON, repeated(`[{"name":"`, "x", ""), 6, 4, 200},
	// An object is read as a whole, so what is wrong with its metrics is held until its end.
	{"metrics of nothing", format.JSON, repeated(`[{"name":"a","metrics":[{}`, ",{}", "]}]"), 700, 80, 10000},
	{"metrics that are refused", format.JSON, repeated(`[{"name":"a","type":"GAUGE","metrics":[{"value":1}`, ",{}", "]}]"), 1000, 10, 50000},
	{"a span of all buckets there could be", format.JSON,
		repeated("", `{"name":"a%d","type":"HISTOGRAM","metrics":[{"native":{"positive_spans":[{"length":4294967295}]}}]}`, ""), 30, 1, 2000},
}

// meter is an input that looks, once while its last part is read and once when something is given out then, how much
// memory is held.
type meter struct {
	*bytes.Reader
	before, held   int64
	reading, given bool
}

func (m *meter) Read(p []byte) (int, error) {
	m.look(&m.reading)
	return m.Reader.Read(p)
}

func (m *meter) look(looked *bool) {
	if !*looked && int64(m.Len()) < m.Size()/10 {
		*looked = true
		m.held = max(m.held, liveMemory()-m.before)
	}
}

func liveMemory() int64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}

func allocatedMemory() int64 {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.TotalAlloc)
}

// read reads an input to its end as a server would that keeps nothing of it.
func (h *hostile) read(t *testing.T, input io.Reader, given func(), options ...convert.Option) {
	t.Helper()
	r, err := convert.NewReader(input, h.format, append(options, convert.Reuse())...)
	require.NoError(t, err)
	for _, err := range r.Families() {
		given()
		if err != nil {
			var d *diag.Diagnostic
			require.ErrorAs(t, err, &d)
		}
	}
}

// memory is how many bytes reading an input allocates, and holds near its end.
func (h *hostile) memory(t *testing.T, input []byte, options ...convert.Option) (allocated, held int64) {
	t.Helper()
	m := &meter{Reader: bytes.NewReader(input), before: liveMemory()}
	before := allocatedMemory()
	h.read(t, m, func() { m.look(&m.given) }, options...)
	return allocatedMemory() - before, m.held
}

// time is how long reading an input so many times takes for each byte of it, in nanoseconds, with nothing measured besides.
func (h *hostile) time(t *testing.T, input []byte, times int, options ...convert.Option) float64 {
	t.Helper()
	begin := time.Now()
	for range times {
		h.read(t, bytes.NewReader(input), func() {}, options...)
	}
	return float64(time.Since(begin).Nanoseconds()) / float64(times*len(input))
}

// requireMemory holds memory under the bounds of the table. The best try counts: what workers hold in the moment that is
// looked at is a matter of who runs when, and what they allocate while the collector runs is counted though it is gone.
func (h *hostile) requireMemory(t *testing.T, input []byte, options ...convert.Option) {
	t.Helper()
	size := float64(len(input))
	mostAllocated, mostHeld := h.allocated*size+allocatedAlways, h.held*size+heldAlways
	allocated, held := math.Inf(1), math.Inf(1)
	for try := 0; try < tries && (allocated > mostAllocated || held > mostHeld); try++ {
		a, b := h.memory(t, input, options...)
		allocated, held = min(allocated, float64(a)), min(held, float64(b))
	}
	require.LessOrEqual(t, allocated, mostAllocated, "bytes allocated")
	require.LessOrEqual(t, held, mostHeld, "bytes held")
}

// skipUnderRaceDetector skips a test of what reading costs: the race detector takes twenty times that, and no steady part.
func skipUnderRaceDetector(t *testing.T) {
	t.Helper()
	if underRaceDetector {
		t.Skip("the race detector has costs of its own")
	}
}

// tries is how often a time, or memory, is taken: other programs may run at the same time, so the best counts.
const tries = 10

// TestHostileInputsCostNoMoreThanTheirLength holds memory and time under the bounds of the table, and the time of a byte of
// a long input near that of a byte of a short one: if it were quadratic in anything it would be sixteen times as long. As
// much is read of both, so that the collector and other programs have as much time to come between.
func TestHostileInputsCostNoMoreThanTheirLength(t *testing.T) {
	const longer, mostRatio = 16, 5
	skipUnderRaceDetector(t)
	for _, h := range hostiles {
		t.Run(h.format.String()+", "+h.name, func(t *testing.T) {
			size := megabyte
			if h.nanoseconds > slow {
				size /= 4
			}
			short, long := h.make(size/longer), h.make(size)
			one := convert.Workers(1)
			h.requireMemory(t, long, one)
			ofShort, ofLong := math.Inf(1), math.Inf(1)
			for try := 0; try < tries && (ofLong > h.nanoseconds || ofLong > mostRatio*ofShort); try++ {
				ofShort, ofLong = min(ofShort, h.time(t, short, longer, one)), min(ofLong, h.time(t, long, 1, one))
			}
			require.LessOrEqual(t, ofLong, h.nanoseconds, "nanoseconds a byte")
			require.LessOrEqual(t, ofLong/ofShort, float64(mostRatio), "the time of a byte, that of a short input being 1")
		})
	}
}

// What reading takes however short an input is: buffers, mostly.
const (
	allocatedAlways = 256 * kilobyte
	heldAlways      = 256 * kilobyte
)

// hostileToWorkers are inputs that several workers try to read at the same time. They hold pieces of the input, and what
// they read that has to be read again is there twice. The time is that which passes, on however many processors.
var hostileToWorkers = []hostile{
	{"a line without an end", format.Text, repeated("a{l=\"", "x", ""), 6, 4, 300},
	{"a label block without an end", format.Text, repeated("a{", "l%d=\"\",", ""), 8, 4, 300},
	{"a label value of escapes", format.Text, repeated("a{l=\"", `\\`, "\"} 1\n"), 12, 6, 300},
	{"a family a line", format.Text, repeated("", "f%d 1\n", ""), 110, 75, 2000},
	{"metadata only", format.Text, repeated("", "# TYPE f%d histogram\n", ""), 60, 35, 2000},
	{"two families in turn", format.Text, repeated("", "# TYPE a histogram\na_bucket{le=\"1\"} 1\nb 1\n", ""), 40, 30, 3000},
	{"a histogram of falling bounds", format.Text, repeated("# TYPE a histogram\n", "a_bucket{le=\"-%d\"} 1\n", ""), 40, 13, 800},
	{"carriage returns", format.Text, repeated("a 1", "\r", ""), 6, 4, 500},
}

// TestHostileInputsCostWorkersNoMoreThanTheirLength has no ratio: what is quadratic would be far above the bound of time.
func TestHostileInputsCostWorkersNoMoreThanTheirLength(t *testing.T) {
	skipUnderRaceDetector(t)
	for _, h := range hostileToWorkers {
		t.Run(h.name, func(t *testing.T) {
			input, workers := h.make(4*megabyte), convert.Workers(4)
			h.requireMemory(t, input, workers)
			took := math.Inf(1)
			for try := 0; try < tries && took > h.nanoseconds; try++ {
				took = min(took, h.time(t, input, 1, workers))
			}
			require.LessOrEqual(t, took, h.nanoseconds, "nanoseconds a byte")
		})
	}
}
