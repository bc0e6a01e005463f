package fuzz

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// FuzzProtobuf holds our reading of delimited protobuf against that of expfmt and FromDTO: what expfmt accepts gives us no
// error but for known reasons, and where there is none the families are the same. They are so in memory which has been in
// use before.
func FuzzProtobuf(f *testing.F) {
	for file := range corpus.All() {
		if file.Format == corpus.Protobuf && len(file.Data) <= 8*longestSeed {
			f.Add(file.Data)
		}
	}
	for _, text := range seeds() {
		families, _ := convert.Collect(convert.NewBytesDecoder(text).Families())
		var page bytes.Buffer
		encoder, err := writer.New(&page, format.Protobuf)
		require.NoError(f, err)
		for _, family := range families {
			require.NoError(f, encoder.Encode(family))
		}
		require.NoError(f, encoder.Close())
		f.Add(page.Bytes())
	}
	for _, text := range protobufTexts {
		f.Add(protobufPage(f, text))
	}
	for _, d := range weRefuseProtobuf {
		f.Add([]byte(d.example))
	}
	for _, recipe := range Recipes() {
		f.Add(recipe)
	}
	reusing := newReusing(convert.NewProtobufDecoder, withoutLimits)
	f.Fuzz(func(t *testing.T, input []byte) {
		page := exposition(t, input, format.Protobuf)
		ours := readMessages(t, page, convert.NewProtobufDecoder, withoutLimits)
		protobufAgrees(t, page, ours)
		reusing.requireSame(t, ours, page, "protobuf")
	})
}

// protobufTexts are messages that have much in few bytes.
var protobufTexts = []string{
	`name: "c" help: "h" type: COUNTER unit: "u" metric { label { name: "a" value: "b" } counter { value: 1 created_timestamp { seconds: 1 nanos: 2 }
		exemplar { label { name: "t" value: "x" } value: 3 timestamp { seconds: -1 } } } timestamp_ms: -5 }`,
	`name: "s" type: SUMMARY metric { summary { sample_count: 1 sample_sum: nan quantile { quantile: 0.5 value: 1 } created_timestamp {} } }`,
	`name: "h" type: HISTOGRAM metric { histogram { sample_count: 300 sample_sum: 1 bucket { upper_bound: 1 cumulative_count: 200 exemplar { value: 1 } }
		bucket { upper_bound: inf cumulative_count: 300 } } }`,
	`name: "n" type: HISTOGRAM metric { histogram { sample_count: 6 schema: -1 zero_threshold: 0.5 zero_count: 1
		negative_span { offset: -2 length: 1 } negative_delta: 1 positive_span { offset: 0 length: 2 } positive_delta: [2, 0] exemplars { value: 1 timestamp {} } } }`,
	`name: "g" type: GAUGE_HISTOGRAM metric { histogram { sample_count_float: -1.5 schema: 3 zero_count_float: 0.5 positive_span { length: 1 } positive_count: 2.5 } }`,
	`name: "u" metric { untyped { value: 1 } } metric { label { name: "a" } untyped {} }`,
	`name: "g" type: GAUGE metric { gauge { value: 1 } } metric { label { name: "b" value: "1" } gauge {} } metric { label { name: "a" value: "1" } gauge {} }`,
}

func protobufPage(t testing.TB, text string) []byte {
	var d dto.MetricFamily
	require.NoError(t, prototext.Unmarshal([]byte(text), &d))
	message, err := proto.Marshal(&d)
	require.NoError(t, err)
	return append(binary.AppendUvarint(nil, uint64(len(message))), message...)
}

func protobufAgrees(t *testing.T, page []byte, ours reading) {
	for _, f := range ours.Families {
		require.NotEmpty(t, f.Name)
		require.LessOrEqual(t, len(slices.Collect(f.Samples())), 2*len(page), "a sample takes a byte at least, and its time of creation no more")
	}
	if !isWhole(page) {
		require.NotEmpty(t, ours.errors())
		return
	}
	theirs, refused, err := readDTO(page)
	if err != nil {
		return
	}
	explained := refused
	for _, d := range ours.Diagnostics {
		known := slices.ContainsFunc(weRefuseProtobuf, func(k protobufDifference) bool { return slices.Contains(k.rules, d.Rule) })
		require.True(t, refused || known || d.Severity != diag.Error, "expfmt accepts, but we say: %v", d)
		explained = explained || known
	}
	// A further part of a family has what was said of it before, which expfmt does not know.
	parted := slices.ContainsFunc(ours.Families, func(f *model.MetricFamily) bool { return f.Continued })
	if explained || parted {
		return
	}
	if diff := cmp.Diff(theirs, ours.Families, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("families (-expfmt +ours):\n%s", diff)
	}
}

// isWhole reports whether all messages are as long as they say. If one is not, expfmt takes as much memory as it announces,
// so that seven bytes can end a program.
func isWhole(page []byte) bool {
	for len(page) > 0 {
		length, n := binary.Uvarint(page)
		if n <= 0 || length > uint64(len(page)-n) {
			return false
		}
		page = page[n+int(length):]
	}
	return true
}

// withoutLimits has messages read that are of any size.
var withoutLimits = convert.WithLimits(convert.Limits{})

type newMessageDecoder func(io.Reader, ...convert.Option) *convert.ProtobufDecoder

// readMessages reads everything from the decoder that newDecoder makes with the options.
func readMessages(t *testing.T, page []byte, newDecoder newMessageDecoder, opts ...convert.Option) (r reading) {
	t.Helper()
	note := func(d *diag.Diagnostic) { r.Diagnostics = append(r.Diagnostics, d) }
	for f, err := range newDecoder(bytes.NewReader(page), append(opts, convert.OnDiagnostic(note))...).Families() {
		if err == nil {
			r.Families = append(r.Families, f)
			continue
		}
		var d *diag.Diagnostic
		require.ErrorAs(t, err, &d)
		require.LessOrEqual(t, d.Pos.Offset, int64(len(page)))
		note(d)
	}
	return r
}

// readDTO reads by expfmt and FromDTO, and tells whether the latter has refused anything.
func readDTO(page []byte) (families []*model.MetricFamily, refused bool, err error) {
	d := expfmt.NewDecoder(bytes.NewReader(page), expfmt.FmtProtoDelim.WithEscapingScheme(prommodel.NoEscaping))
	for {
		var m dto.MetricFamily
		err := d.Decode(&m)
		if errors.Is(err, io.EOF) {
			return families, refused, nil
		}
		if err != nil {
			return nil, false, err
		}
		f, err := convert.FromDTO(&m)
		refused = refused || err != nil
		if f != nil {
			families = append(families, f)
		}
	}
}

// protobufDifference is a kind of messages that expfmt and FromDTO accept and we do not, or not all of them.
type protobufDifference struct {
	reason  string
	rules   []diag.Rule
	example string
}

// weRefuseProtobuf are the differences. Names and label values that are not UTF-8 both refuse.
var weRefuseProtobuf = []protobufDifference{
	{
		"a series has no label twice, and none of the name of the metric's; expfmt does not look",
		[]diag.Rule{diag.DuplicateLabel, diag.NameLabel},
		"\x1b\x0a\x01f\x18\x01\x22\x14\x0a\x06\x0a\x01a\x12\x01b\x0a\x06\x0a\x01a\x12\x01b\x12\x00\x30\x05",
	},
	{
		"help texts, units and the labels of exemplars have to be UTF-8; expfmt does not look",
		[]diag.Rule{diag.InvalidUTF8},
		"\x06\x0a\x01f\x12\x01\xff",
	},
	{
		"a name that an earlier message had with another type is not that of another family",
		[]diag.Rule{diag.TypeConflict},
		"\x05\x0a\x01f\x18\x01\x05\x0a\x01f\x18\x00",
	},
	{
		"buckets of a schema that there is not, of a zero bucket of no width that is a number, or before those in front of them " +
			"have no bounds",
		[]diag.Rule{diag.NativeSchema, diag.ZeroThreshold, diag.SpanOffset},
		"\x0b\x0a\x01f\x18\x04\x22\x04\x3a\x02\x28\x14",
	},
	{
		"the labels of an exemplar have names, none of them twice, or else it is left out; expfmt does not look",
		[]diag.Rule{diag.Exemplar},
		"\x12\x0a\x01f\x18\x00\x22\x0b\x1a\x09\x12\x07\x0a\x05\x0a\x00\x12\x01x",
	},
}

// TestKnownDifferencesInProtobuf holds that each known difference still occurs, in its example and alone.
func TestKnownDifferencesInProtobuf(t *testing.T) {
	for _, d := range weRefuseProtobuf {
		_, refused, err := readDTO([]byte(d.example))
		require.NoError(t, err, d.reason)
		require.False(t, refused, d.reason)
		ours := readMessages(t, []byte(d.example), convert.NewProtobufDecoder, withoutLimits)
		isKnown := func(found *diag.Diagnostic) bool { return slices.Contains(d.rules, found.Rule) }
		require.True(t, slices.ContainsFunc(ours.Diagnostics, isKnown), d.reason)
		for _, e := range ours.errors() {
			require.True(t, isKnown(e), "%s: %v", d.reason, e)
		}
	}
}

// FuzzOpenMetricsProtobuf holds that no bytes make the reader of MetricSet panic, that what is wrong is told where it is,
// and that memory which has been in use before changes nothing.
func FuzzOpenMetricsProtobuf(f *testing.F) {
	f.Add([]byte("\x0a\x1b\x0a\x01c\x10\x02\x2a\x14\x0a\x06\x0a\x01a\x12\x01b\x12\x0a\x1a\x04\x10\x01\x22\x00\x42\x02\x08\x01"))
	f.Add([]byte("\x0a\x24\x0a\x01h\x10\x05\x2a\x1d\x12\x1b\x22\x19\x10\x01\x18\x02\x2a\x0b\x08\x02\x11\x00\x00\x00\x00\x00\x00\xf0\x7f\x2a\x04\x1a\x02\x1a\x00\x22\x02\x08\x01"))
	f.Add([]byte("\x0a\x12\x0a\x01e\x10\x03\x2a\x0b\x12\x09\x2a\x07\x0a\x05\x08\x01\x12\x01a\x0a\x11\x0a\x01i\x10\x04\x2a\x0a\x12\x08\x32\x06\x0a\x04\x0a\x02ab"))
	for _, recipe := range Recipes() {
		f.Add(recipe)
	}
	reusing := newReusing(convert.NewOpenMetricsProtobufDecoder)
	f.Fuzz(func(t *testing.T, input []byte) {
		page := exposition(t, input, format.OpenMetricsProtobuf)
		ours := readMessages(t, page, convert.NewOpenMetricsProtobufDecoder)
		for _, f := range ours.Families {
			require.NotEmpty(t, f.Name)
		}
		reusing.requireSame(t, ours, page, "protobuf of OpenMetrics")
	})
}

// FuzzPrototext holds that no text makes the reader of the text form panic, that what is wrong is told where it is, and
// that memory which has been in use before changes nothing.
func FuzzPrototext(f *testing.F) {
	for _, text := range protobufTexts {
		f.Add([]byte(text + "\n" + text + "\n\n" + text))
	}
	for _, recipe := range Recipes() {
		f.Add(recipe)
	}
	reusing := newReusing(convert.NewPrototextDecoder)
	f.Fuzz(func(t *testing.T, input []byte) {
		text := exposition(t, input, format.Prototext)
		ours := readMessages(t, text, convert.NewPrototextDecoder)
		for _, d := range ours.errors() {
			require.LessOrEqual(t, d.Pos.Line, bytes.Count(text, []byte{'\n'})+1)
		}
		reusing.requireSame(t, ours, text, "prototext")
	})
}
