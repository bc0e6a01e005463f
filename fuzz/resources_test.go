package fuzz

import (
	"bytes"
	"encoding/binary"
	"fmt"
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

const kilobyte = 1 << 10

var hostiles = []hostile{
	{"a line without an end", format.Text, repeated("a{l=\"", "x", ""), 6, 4},
	{"a help text without an end", format.Text, repeated("# HELP a ", `\n`, ""), 10, 4},
	{"blanks only", format.Text, repeated("a", " ", ""), 6, 4},
	{"a label block without an end", format.Text, repeated("a{", "l%d=\"\",", ""), 12, 4},
	{"braces", format.Text, repeated("", "{", ""), 6, 4},
	{"a label value of escapes", format.Text, repeated("a{l=\"", `\\`, "\"} 1\n"), 10, 4},
	{"bad lines", format.Text, repeated("", "}\n", ""), 400, 0},
	{"a family a line", format.Text, repeated("", "f%d 1\n", ""), 50, 12},
	{"metadata only", format.Text, repeated("", "# TYPE f%d histogram\n", ""), 20, 5},
	{"two families in turn", format.Text, repeated("", "# TYPE a histogram\na_bucket{le=\"1\"} 1\nb 1\n", ""), 2, 0},
	{"one series again and again", format.Text, repeated("", "a 1\n", ""), 150, 35},
	{"a histogram of falling bounds", format.Text, repeated("# TYPE a histogram\n", "a_bucket{le=\"-%d\"} 1\n", ""), 16, 4},
	{"NULs", format.Text, repeated("", "\x00", ""), 6, 4},
	{"carriage returns", format.Text, repeated("a 1", "\r", ""), 6, 4},
	{"metadata only", format.OpenMetrics, repeated("", "# TYPE f%d histogram\n# UNIT f%[1]d x\n", "# EOF\n"), 16, 5},
	{"text behind the end", format.OpenMetrics, repeated("# EOF\n", "a{l=\"%d\"} 1\n", ""), 50, 16},
	{"an exemplar without an end", format.OpenMetrics, repeated("a_total 1 # {l=\"", "x", ""), 6, 4},
	{"creation times in no order", format.OpenMetrics, repeated("# TYPE a counter\n", "a_created{l=\"%d\"} 1\n", "# EOF\n"), 25, 6},
	{"lists in lists", format.OpenMetrics2, repeated("# TYPE a histogram\na {bucket:[", "[", "\n# EOF\n"), 4, 1},
	{"a composite value of many buckets", format.OpenMetrics2, repeated("# TYPE a histogram\na {count:1,bucket:[", "%d:1,", "+Inf:1]}\n# EOF\n"), 16, 4},
	{"a span of all buckets there could be", format.OpenMetrics2,
		repeated("", "# TYPE a%d histogram\na%[1]d {count:1,sum:1,schema:0,zero_threshold:0,zero_count:0,positive_spans:[0:4294967295],positive_buckets:[1]}\n", "# EOF\n"), 10, 1},
	{"a message of a length that is not there", format.Protobuf, repeated("", "\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x0a\x01a", ""), 1, 0},
	{"a message as long as the input", format.Protobuf, func(size int) []byte { return delimited(bytes.Repeat([]byte{0x0a, 0}, size/2)) }, 4, 1},
	{"empty messages", format.Protobuf, repeated("", "\x00", ""), 400, 0},
	{"a span of all buckets there could be", format.Protobuf, announcing(field(12, spanOf(1<<32-1))), 50, 6},
	{"a bucket of nothing", format.Protobuf, announcing(bytes.Repeat(field(3, nil), 50)), 25, 1},
	{"metrics of nothing", format.Protobuf, func(size int) []byte {
		return delimited(append(field(1, []byte("a")), bytes.Repeat(field(4, nil), size/2)...))
	}, 400, 4},
	{"messages in messages", format.Protobuf, func(size int) []byte {
		inner := []byte{}
		for len(inner) < min(size, 10*kilobyte) {
			inner = field(4, inner)
		}
		return bytes.Repeat(delimited(inner), size/len(inner)+1)
	}, 2, 0},
	{"a message of a length that is not there", format.OpenMetricsProtobuf, repeated("", "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f", ""), 4, 1},
	{"empty messages", format.OpenMetricsProtobuf, repeated("", "\x0a\x00", ""), 400, 4},
	{"braces", format.Prototext, repeated("metric ", "{", ""), 8, 4},
	{"a string without an end", format.Prototext, repeated("name: \"", "x", ""), 8, 4},
	{"a span of all buckets there could be", format.Prototext,
		repeated("", "name: \"a%d\" type: HISTOGRAM metric { histogram { positive_span { length: 4294967295 } } }\n\n", ""), 30, 1},
	{"lists in lists", format.JSON, repeated("", "[", ""), 1, 0},
	{"objects in objects", format.JSON, repeated("[", `{"metrics":[`, ""), 1, 0},
	{"a string without an end", format.JSON, repeated(`[{"name":"`, "x", ""), 6, 4},
	// An object is read as a whole, so what is wrong with its metrics is held until its end.
	{"metrics of nothing", format.JSON, repeated(`[{"name":"a","metrics":[{}`, ",{}", "]}]"), 700, 80},
	{"metrics that are refused", format.JSON, repeated(`[{"name":"a","type":"GAUGE","metrics":[{"value":1}`, ",{}", "]}]"), 1000, 10},
	{"a span of all buckets there could be", format.JSON,
		repeated("", `{"name":"a%d","type":"HISTOGRAM","metrics":[{"native":{"positive_spans":[{"length":4294967295}]}}]}`, ""), 30, 1},
}

// cost is what reading an input takes.
type cost struct {
	allocated, held int64
	time            time.Duration
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

// costOf reads an input to its end as a server would that keeps nothing of it.
func costOf(t *testing.T, h hostile, input []byte) cost {
	t.Helper()
	m := &meter{Reader: bytes.NewReader(input), before: liveMemory()}
	allocated, begin := allocatedMemory(), time.Now()
	r, err := convert.NewReader(m, h.format, convert.Reuse())
	require.NoError(t, err)
	for _, err := range r.Families() {
		m.look(&m.given)
		if err != nil {
			var d *diag.Diagnostic
			require.ErrorAs(t, err, &d)
		}
	}
	c := cost{time: time.Since(begin), allocated: allocatedMemory() - allocated, held: m.held}
	return c
}

// TestHostileInputsCostNoMoreThanTheirLength holds memory under the bounds of the table, and the time of a byte of a long
// input near that of a byte of a short one: if it were quadratic in anything it would be eight times as long.
func TestHostileInputsCostNoMoreThanTheirLength(t *testing.T) {
	const longer = 8
	for _, h := range hostiles {
		t.Run(h.format.String()+", "+h.name, func(t *testing.T) {
			short, long := h.make(16*kilobyte), h.make(longer*16*kilobyte)
			ratio := math.Inf(1)
			// Other programs may run at the same time, so the best of a few counts.
			for try := 0; try < 5 && ratio > longer*3/4; try++ {
				ofShort, ofLong := costOf(t, h, short), costOf(t, h, long)
				size := float64(len(long))
				require.LessOrEqual(t, float64(ofLong.allocated), h.allocated*size+allocatedAlways, "bytes allocated")
				require.LessOrEqual(t, float64(ofLong.held), h.held*size+heldAlways, "bytes held")
				ratio = float64(ofLong.time) / float64(ofShort.time) / longer
			}
			require.LessOrEqual(t, ratio, longer*3/4.0, "the time of a byte, that of a short input being 1")
		})
	}
}

// What reading takes however short an input is: buffers, mostly.
const (
	allocatedAlways = 512 * kilobyte
	heldAlways      = 256 * kilobyte
)
