package convert_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
)

// TestProtobufBadMetrics holds that a metric that is no message costs no more than itself.
func TestProtobufBadMetrics(t *testing.T) {
	for _, test := range []struct {
		name   string
		metric string
		rule   diag.Rule
		at     int // from where the metric begins
	}{
		{"a label that is longer than the metric", "\x0a\x7f\x0a\x01a", diag.ProtobufSyntax, 2},
		{"a value that is longer than the metric", "\x12\x7f", diag.ProtobufSyntax, 2},
		{"a length of 2^60", "\x12\x80\x80\x80\x80\x80\x80\x80\x80\x10", diag.ProtobufSyntax, 10},
		{"a length that is cut", "\x12\x80", diag.ProtobufSyntax, 1},
		{"a double that is cut", "\x12\x04\x09abc", diag.ProtobufSyntax, 3},
		{"a number beyond 64 bits", "\x30\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x12\x00", diag.ProtobufSyntax, 1},
		{"a field of number 0", "\x12\x00\x02\x00", diag.ProtobufSyntax, 3},
		{"a type of encoding that there is not", "\x12\x00\x0f", diag.ProtobufSyntax, 3},
		{"the end of a group", "\x12\x00\x64", diag.ProtobufSyntax, 3},
		{"a group that does not end", "\x12\x00\x63\x08\x01", diag.ProtobufSyntax, 3},
		{"groups in groups in groups", "\x12\x00" + strings.Repeat("\x63", 20000), diag.ProtobufSyntax, 3},
		{"a label value that is not UTF-8", "\x0a\x06\x0a\x01a\x12\x01\xff\x12\x00", diag.InvalidUTF8, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			message := protowire.AppendBytes([]byte("\x0a\x01f\x18\x01\x22"), []byte(test.metric))
			begins := len(message) - len(test.metric)
			message = append(message, "\x22\x02\x12\x00"...)
			got := readMessages(t, [][]byte{message, encoded(t, `name: "last"`)})
			require.Equal(t, rules(test.rule), got.rules())
			require.Equal(t, int64(len(delimited(message))-len(message)+begins+test.at), got.diagnostics[0].Pos.Offset)
			require.Len(t, got.families, 2)
			require.Len(t, got.families[0].Metrics, 1)
		})
	}
}

func TestProtobufWrongTypesOfEncodingAreSkipped(t *testing.T) {
	for name, message := range map[string]string{
		"in a family":   "\x0a\x01f\x18\x01\x10\x01\x22\x02\x12\x00",
		"in a metric":   "\x0a\x01f\x18\x01\x22\x04\x12\x00\x08\x01",
		"in a value":    "\x0a\x01f\x18\x01\x22\x04\x12\x02\x08\x01",
		"in a label":    "\x0a\x01f\x18\x01\x22\x09\x0a\x05\x0a\x01a\x10\x01\x12\x00",
		"of the metric": "\x0a\x01f\x18\x01\x20\x01\x22\x02\x12\x00",
	} {
		t.Run(name, func(t *testing.T) {
			got := readMessages(t, [][]byte{[]byte(message)})
			require.Equal(t, rules(diag.ProtobufField), got.rules())
			require.Len(t, got.families[0].Metrics, 1)
		})
	}
}

// TestProtobufCutAnywhere holds that an input that ends too early gives an error there, and what came before is kept.
func TestProtobufCutAnywhere(t *testing.T) {
	messages := [][]byte{
		encoded(t, `name: "c" help: "ä" type: COUNTER metric { counter { value: 1 created_timestamp { seconds: 1 } exemplar { value: 2 } } }`),
		encoded(t, `name: "h" type: HISTOGRAM metric { label { name: "a" value: "b" } histogram { sample_count: 300 bucket { upper_bound: 1 cumulative_count: 300 }
			schema: 1 positive_span { offset: -2 length: 1 } positive_delta: 300 } timestamp_ms: 1234567 }`),
		encoded(t, `name: "s" type: SUMMARY unit: "u" metric { summary { quantile { quantile: 0.5 value: 1 } } } metric { label { name: "long" value: "`+strings.Repeat("x", 200)+`" } summary {} }`),
	}
	page := delimited(messages...)
	whole := make(map[int]bool)
	for i := range len(messages) + 1 {
		whole[len(delimited(messages[:i]...))] = true
	}
	for n := range len(page) + 1 {
		for _, r := range []io.Reader{bytes.NewReader(page[:n]), iotest.OneByteReader(bytes.NewReader(page[:n]))} {
			got := readProtobuf(t, convert.NewProtobufDecoder, r)
			if whole[n] {
				require.Empty(t, got.diagnostics, "%d bytes", n)
				continue
			}
			require.Equal(t, rules(diag.ProtobufSyntax), got.rules(), "%d bytes", n)
			require.Equal(t, int64(n), got.diagnostics[0].Pos.Offset)
			require.Contains(t, got.diagnostics[0].Message, "the input ends within a message")
		}
	}
}

// TestProtobufReaderFails holds that what came before an error of the reader is not lost, and that it ends the iteration.
func TestProtobufReaderFails(t *testing.T) {
	broken := errors.New("connection reset")
	page := delimited(encoded(t, `name: "a"`), encoded(t, `name: "b" type: GAUGE metric { gauge {} } metric { gauge { value: 2 } timestamp_ms: 1 }`))
	d := convert.NewProtobufDecoder(io.MultiReader(bytes.NewReader(page[:len(page)-3]), iotest.ErrReader(broken)))
	var sizes []int
	var errs []error
	for f, err := range d.Families() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		sizes = append(sizes, len(f.Metrics))
	}
	require.Equal(t, []error{broken}, errs)
	require.Equal(t, []int{0, 1}, sizes)
	_, err := d.Next()
	require.Equal(t, broken, err)
}

func TestProtobufLimits(t *testing.T) {
	small := encoded(t, `name: "small" type: GAUGE metric { gauge {} }`)
	long := encoded(t, `name: "`+strings.Repeat("x", 200)+`"`)
	for _, test := range []struct {
		name   string
		limits convert.Limits
		page   []byte
		rules  []diag.Rule
		at     int64
		left   []int // metrics a family
	}{
		{"a message beyond the limit", convert.Limits{LineBytes: 10}, delimited(small, long, small), rules(diag.MessageTooLong, diag.InterleavedFamily), int64(1 + len(small)), []int{1, 1}},
		{"an endless message", convert.Limits{LineBytes: 10}, append(binary.AppendUvarint(delimited(small), 1<<60), long...), rules(diag.MessageTooLong), int64(1 + len(small)), []int{1}},
		{"an endless message without a limit", convert.Limits{}, append(binary.AppendUvarint(delimited(small), 1<<60), small...), rules(diag.InterleavedFamily, diag.ProtobufSyntax), int64(10 + len(small)), []int{1, 1}},
		{"a length beyond 64 bits", convert.Limits{}, append(delimited(small), bytes.Repeat([]byte{0xff}, 12)...), rules(diag.ProtobufSyntax), int64(1 + len(small)), []int{1}},
		{
			"more labels than the limit", convert.Limits{Labels: 1},
			delimited(encoded(t, `name: "f" type: GAUGE metric { label { name: "a" } label { name: "b" } gauge {} } metric { label { name: "a" } gauge {} }`)),
			rules(diag.TooManyLabels), 8, []int{1},
		},
		{
			"more samples than the limit", convert.Limits{Samples: 2},
			delimited(encoded(t, `name: "f" type: GAUGE `+manySeries(9)), small), rules(diag.TooManySamples), 32, []int{2, 1},
		},
		{
			"more samples than the limit in one histogram", convert.Limits{Samples: 2},
			delimited(encoded(t, `name: "f" type: HISTOGRAM metric { histogram { sample_count: 1 sample_sum: 1 bucket {} } }`)), rules(diag.TooManySamples), 8, []int{0},
		},
		{"more families than the limit", convert.Limits{Families: 1}, delimited(small, encoded(t, `name: "f"`), encoded(t, `name: "f"`)), rules(diag.TooManyFamilies), 15, []int{1, 0, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := readProtobuf(t, convert.NewProtobufDecoder, bytes.NewReader(test.page), convert.WithLimits(test.limits))
			require.Equal(t, test.rules, got.rules())
			require.Equal(t, test.at, got.diagnostics[0].Pos.Offset, got.diagnostics[0])
			var left []int
			for _, f := range got.families {
				left = append(left, len(f.Metrics))
			}
			require.Equal(t, test.left, left)
		})
	}
}

// TestProtobufHugeCountsTakeNoMemory holds that what is only announced takes no memory.
func TestProtobufHugeCountsTakeNoMemory(t *testing.T) {
	for name, page := range map[string][]byte{
		"a message of 2^60 bytes":      binary.AppendUvarint(nil, 1<<60),
		"a span of 2^32 buckets":       delimited([]byte("\x0a\x01f\x18\x04\x22\x0a\x3a\x08\x62\x06\x10\xff\xff\xff\xff\x0f")),
		"metrics without a value":      delimited(append([]byte("\x0a\x01f\x18\x01"), bytes.Repeat([]byte{0x22, 0}, 50_000)...)),
		"packed deltas without an end": delimited([]byte("\x0a\x01f\x18\x04\x22\x09\x3a\x07\x6a\xff\xff\xff\xff\x07\x01")),
	} {
		t.Run(name, func(t *testing.T) {
			d := convert.NewProtobufDecoder(bytes.NewReader(page), convert.WithLimits(convert.Limits{}))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := d.Next()
			runtime.ReadMemStats(&after)
			require.Error(t, err)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(300e3))
			for err == nil || errors.As(err, new(*diag.Diagnostic)) {
				_, err = d.Next()
			}
			require.Equal(t, io.EOF, err)
		})
	}
}
