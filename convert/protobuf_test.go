package convert_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// A page of protobuf messages is read as text is, but that a diagnostic tells a byte.
func ExampleNewProtobufDecoder() {
	var page bytes.Buffer
	encoder, _ := writer.New(&page, format.Protobuf)
	for _, name := range []string{"up", "jobs"} {
		f := &model.MetricFamily{Name: name, Type: model.Gauge, HasType: true, Metrics: []model.Metric{{Value: 1}}}
		if err := encoder.Encode(f); err != nil {
			fmt.Println(err)
		}
	}
	if err := encoder.Close(); err != nil {
		fmt.Println(err)
	}
	page.Truncate(page.Len() - 1)
	for family, err := range convert.NewProtobufDecoder(&page).Families() {
		if d, ok := errors.AsType[*diag.Diagnostic](err); ok {
			fmt.Println("byte", d.Pos.Offset, d.Rule, d.Message)
			continue
		}
		fmt.Println(family.Type, family.Name, len(family.Metrics))
	}
	// Output:
	// gauge up 1
	// byte 41 protobuf-syntax the input ends within a message, of which 1 bytes are missing
	// gauge jobs 0
}

// delimited puts its length before each message.
func delimited(messages ...[]byte) (page []byte) {
	for _, m := range messages {
		page = append(binary.AppendUvarint(page, uint64(len(m))), m...)
	}
	return page
}

// encoded encodes the text form of a family.
func encoded(t *testing.T, text string) []byte {
	t.Helper()
	message, err := proto.Marshal(dtoOf(t, text))
	require.NoError(t, err)
	return message
}

func readMessages(t *testing.T, messages [][]byte, opts ...convert.Option) protobufReading {
	t.Helper()
	return readProtobuf(t, convert.NewProtobufDecoder, bytes.NewReader(delimited(messages...)), opts...)
}

func requireFamilies(t *testing.T, want, got []*model.MetricFamily) {
	t.Helper()
	if diff := cmp.Diff(want, got, sameFamilies); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestProtobufReadsAllThatToDTOWrites(t *testing.T) {
	for _, test := range roundTrips {
		t.Run(test.name, func(t *testing.T) {
			message, err := proto.Marshal(dtoOf(t, test.dto))
			require.NoError(t, err)
			got := readMessages(t, [][]byte{message})
			require.Empty(t, got.rules())
			requireFamilies(t, []*model.MetricFamily{&test.family}, got.families)
		})
	}
}

// TestProtobufJudges has for each message what is said of it by default. Where that is no error the family is what
// FromDTO makes of it, and else that without the metric in question.
func TestProtobufJudges(t *testing.T) {
	const gauge, histogram = `name: "f" type: GAUGE `, `name: "f" type: HISTOGRAM `
	for _, test := range []struct {
		name  string
		text  string
		rules []diag.Rule
		left  int // how many metrics there are
	}{
		{"nothing", gauge, nil, 0},
		{"a type that is left out", `name: "f" metric { counter { value: 1 } }`, nil, 1},
		{"a type that is left out where all is untyped", `name: "f" metric { untyped { value: 1 } }`, nil, 1},
		{"a type that is left out, not all untyped", `name: "f" metric { untyped {} } metric { label { name: "a" } counter {} }`, rules(diag.MissingValue), 1},
		{"a value of another type beside the right one", gauge + `metric { gauge { value: 1 } counter { value: 2 } }`, nil, 1},
		{"a value of another type", gauge + `metric { counter { value: 2 } }`, rules(diag.MissingValue), 0},
		{"no value", gauge + `metric {} metric { gauge {} }`, rules(diag.MissingValue), 1},
		{"names with any characters", `name: "ä.b c" type: GAUGE metric { label { name: "é x" value: "\n" } gauge {} }`, nil, 1},
		{"a label name twice", gauge + `metric { label { name: "a" value: "1" } label { name: "a" value: "2" } gauge {} }`, rules(diag.DuplicateLabel), 0},
		{"a label without a name", gauge + `metric { label { value: "1" } gauge {} } metric { gauge {} }`, rules(diag.EmptyName), 1},
		{"the label __name__", gauge + `metric { label { name: "__name__" } gauge {} }`, rules(diag.NameLabel), 0},
		{"a reserved label is off by default", gauge + `metric { label { name: "__x" } gauge {} }`, nil, 1},
		{"a label that buckets have", histogram + `metric { label { name: "le" } histogram {} }`, rules(diag.BoundLabel), 1},
		{"a label that quantiles have", `name: "f" type: SUMMARY metric { label { name: "quantile" } summary {} }`, rules(diag.BoundLabel), 1},
		{"a series twice", gauge + `metric { gauge {} } metric { gauge {} }`, rules(diag.DuplicateSeries), 2},
		{
			"a series twice, in another order of its labels",
			gauge + `metric { label { name: "a" } label { name: "b" } gauge {} } metric { label { name: "b" } label { name: "a" } gauge {} }`,
			rules(diag.DuplicateSeries), 2,
		},
		{"a series at two times", gauge + `metric { gauge {} timestamp_ms: 1 } metric { gauge {} timestamp_ms: 2 }`, nil, 2},
		{
			"a series twice among many",
			gauge + strings.Repeat(`metric { label { name: "a" value: "x" } gauge {} timestamp_ms: 1 } metric { gauge {} }`, 1) + manySeries(20) + `metric { gauge {} }`,
			rules(diag.DuplicateSeries), 23,
		},
		{"a bucket twice", histogram + `metric { histogram { bucket { upper_bound: 1 } bucket { upper_bound: 1 } } }`, rules(diag.DuplicateSeries), 1},
		{"buckets that do not rise", histogram + `metric { histogram { bucket { upper_bound: 2 } bucket { upper_bound: 1 } } }`, rules(diag.BoundOrder), 1},
		{"a bucket of no number", histogram + `metric { histogram { bucket { upper_bound: nan } } }`, rules(diag.BucketBound), 1},
		{
			"counts that fall",
			histogram + `metric { histogram { bucket { upper_bound: 1 cumulative_count: 2 } bucket { upper_bound: 2 cumulative_count: 1 } } }`,
			rules(diag.FallingCounts), 1,
		},
		{
			"counts that fall in a gauge histogram",
			`name: "f" type: GAUGE_HISTOGRAM metric { histogram { bucket { upper_bound: 1 cumulative_count: 2 } bucket { upper_bound: 2 cumulative_count: 1 } } }`,
			nil, 1,
		},
		{
			"a count that differs from the bucket +Inf",
			histogram + `metric { histogram { sample_count: 2 bucket { upper_bound: inf cumulative_count: 1 } } }`, rules(diag.InfinityCount), 1,
		},
		{"a negative count", histogram + `metric { histogram { sample_count_float: -1 } }`, rules(diag.CountValue), 1},
		{"a fractional count", histogram + `metric { histogram { sample_count_float: 1.5 } }`, nil, 1},
		{"a quantile of no number", `name: "f" type: SUMMARY metric { summary { quantile { quantile: nan } } }`, rules(diag.QuantileLabel), 1},
		{
			"a quantile twice",
			`name: "f" type: SUMMARY metric { summary { quantile { quantile: 0.5 } quantile { quantile: 0.1 } quantile { quantile: 0.5 } } }`,
			rules(diag.DuplicateSeries), 1,
		},
		{"spans that cover more than there is", histogram + `metric { histogram { positive_span { length: 2 } positive_delta: 1 } }`, rules(diag.SpanTotal), 0},
		{"a span that goes back", histogram + `metric { histogram { positive_span { length: 1 } positive_span { offset: -1 length: 1 } positive_delta: [0, 0] } }`, rules(diag.SpanOffset), 0},
		{"a schema that there is not", histogram + `metric { histogram { schema: 9 } }`, rules(diag.NativeSchema), 0},
		{"custom bounds, which have no field", histogram + `metric { histogram { schema: -53 } }`, rules(diag.NativeSchema), 0},
		{"a zero bucket of negative width", histogram + `metric { histogram { zero_threshold: -1 } }`, rules(diag.ZeroThreshold), 0},
		{"a count that is not that of the native buckets", histogram + `metric { histogram { sample_count: 2 positive_span { length: 1 } positive_delta: 1 } }`, rules(diag.NativeCount), 1},
		{"native counts below 0", histogram + `metric { histogram { positive_span { length: 2 } positive_delta: [1, -2] } }`, rules(diag.CountValue), 1},
		{
			"deltas beyond 64 bits",
			histogram + `metric { histogram { positive_span { length: 2 } positive_delta: [9223372036854775807, 1] } }`, rules(diag.Number), 0,
		},
		{"a time with too many nanoseconds", `name: "f" type: COUNTER metric { counter { created_timestamp { nanos: 1000000000 } } }`, rules(diag.Timestamp), 0},
		{"an exemplar of no time", `name: "f" type: COUNTER metric { counter { exemplar { timestamp { nanos: -1 } } } }`, rules(diag.Timestamp), 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := dtoOf(t, test.text)
			message, err := proto.Marshal(d)
			require.NoError(t, err)
			got := readMessages(t, [][]byte{message})
			require.Equal(t, test.rules, got.rules())
			require.Len(t, got.families, 1)
			require.Len(t, got.families[0].Metrics, test.left)
			if test.left == len(d.Metric) {
				want, err := convert.FromDTO(d)
				require.NoError(t, err)
				requireFamilies(t, []*model.MetricFamily{want}, got.families)
			}
			for _, d := range got.diagnostics {
				require.Positive(t, d.Pos.Offset)
				require.Zero(t, d.Pos.Line)
				require.NotEmpty(t, d.Excerpt.Text)
			}
		})
	}
}

func rules(r ...diag.Rule) []diag.Rule { return r }

// manySeries are series that do not come in the order of their labels.
func manySeries(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `metric { label { name: "a" value: "%d" } gauge {} } `, i)
	}
	return b.String()
}

func TestProtobufRefusesAFamily(t *testing.T) {
	good := encoded(t, `name: "good" type: GAUGE metric { gauge { value: 1 } }`)
	for _, test := range []struct {
		name    string
		message []byte
		rule    diag.Rule
		at      int64 // from where the message begins
	}{
		{"no name", encoded(t, `type: GAUGE metric { gauge {} }`), diag.EmptyName, 0},
		{"nothing", nil, diag.EmptyName, 0},
		{"a type that does not exist", []byte("\x0a\x01f\x18\x4d"), diag.UnknownType, 0},
		{"a negative type", append([]byte("\x0a\x01f\x18"), bytes.Repeat([]byte{0xff}, 9)...), diag.ProtobufSyntax, 4},
		{"a name that is not UTF-8", []byte("\x0a\x02f\xff"), diag.InvalidUTF8, 1},
		{"another type than before", encoded(t, `name: "good" type: COUNTER metric { counter {} }`), diag.TypeConflict, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := readMessages(t, [][]byte{good, test.message, encoded(t, `name: "last" type: GAUGE`)})
			last := got.diagnostics[len(got.diagnostics)-1]
			require.Equal(t, test.rule, last.Rule)
			require.Equal(t, int64(1+len(good)+1)+test.at, last.Pos.Offset)
			var names []string
			for _, f := range got.families {
				names = append(names, f.Name)
			}
			if test.rule == diag.ProtobufSyntax {
				require.Equal(t, []string{"good", "f", "last"}, names, "what comes before is kept")
				return
			}
			require.Equal(t, []string{"good", "last"}, names)
		})
	}
}

func TestProtobufContinuesFamilies(t *testing.T) {
	messages := [][]byte{
		encoded(t, `name: "f" help: "one" type: GAUGE metric { gauge { value: 1 } }`),
		encoded(t, `name: "g" type: GAUGE`),
		encoded(t, `name: "f" help: "two" type: GAUGE unit: "s" metric { gauge { value: 2 } }`),
		encoded(t, `name: "f" metric { untyped { value: 3 } timestamp_ms: 4 }`),
	}
	got := readMessages(t, messages)
	require.Equal(t, rules(diag.InterleavedFamily, diag.DuplicateHelp, diag.InterleavedFamily, diag.LooseSample), got.rules())
	part := model.MetricFamily{
		Name: "f", HasHelp: true, Help: "one", HasType: true, Type: model.Gauge,
		Continued: true, HelpRepeated: true, TypeRepeated: true,
	}
	second, third := part, part
	second.HasUnit, second.Unit, second.Metrics = true, "s", metrics(model.Metric{Value: 2})
	third.HasUnit, third.Unit = true, "s"
	third.Loose = []model.Sample{{Name: "f", Value: 3, Timestamp: model.TimestampFromMillis(4)}}
	requireFamilies(t, []*model.MetricFamily{&second, &third}, got.families[2:])

	strict := readMessages(t, messages, convert.Strict())
	for _, d := range strict.diagnostics {
		require.Equal(t, diag.Error, d.Severity)
	}
	require.Len(t, strict.families, 3, "the loose samples are refused")
}

func TestProtobufKnowsFamiliesWhoseNamesRoseBefore(t *testing.T) {
	var messages [][]byte
	for i := range 200 {
		messages = append(messages, encoded(t, fmt.Sprintf(`name: "f%03d" help: "number %d" type: GAUGE`, i, i)))
	}
	again := encoded(t, `name: "f123" type: GAUGE metric { gauge {} }`)
	got := readMessages(t, append(messages, again, encoded(t, `name: "a"`), again, encoded(t, `name: "z"`), messages[199]))
	require.Equal(t, rules(diag.InterleavedFamily, diag.InterleavedFamily, diag.InterleavedFamily), got.rules())
	var continued []string
	for i, f := range got.families {
		if f.Continued {
			continued = append(continued, fmt.Sprint(i, " ", f.Name, " ", f.Help))
		}
	}
	require.Equal(t, []string{"200 f123 number 123", "202 f123 number 123", "204 f199 number 199"}, continued)
}

func TestProtobufStrictLeavesOutWhatItWouldWarnAbout(t *testing.T) {
	message := encoded(t, `name: "f" type: GAUGE metric { gauge {} } metric { gauge {} } metric { label { name: "a" } gauge {} }`)
	got := readMessages(t, [][]byte{message}, convert.Strict(), convert.File("page.pb"))
	require.Len(t, got.families[0].Metrics, 2)
	require.Equal(t, []*diag.Diagnostic{{
		Pos:      diag.Position{File: "page.pb", Column: 13, Offset: 12},
		Severity: diag.Error, Rule: diag.DuplicateSeries,
		Message: `series f{} occurs twice`,
		Excerpt: diag.Excerpt{Text: "18 01 22 02 12 00 22 02 12 00 22 07 0a 03 0a 01 61 12 00", Column: 25},
	}}, got.diagnostics)
}

func TestProtobufSeesEachSeriesThatComesTwiceThoughOthersWereLeftOut(t *testing.T) {
	const one, two = `metric { label { name: "a" value: "1" } gauge {} } `, `metric { label { name: "a" value: "2" } gauge {} } `
	got := readMessages(t, [][]byte{encoded(t, `name: "f" type: GAUGE `+one+one+two+two+one)}, convert.Strict())
	require.Equal(t, rules(diag.DuplicateSeries, diag.DuplicateSeries, diag.DuplicateSeries), got.rules())
	require.Len(t, got.families[0].Metrics, 2)
}

func TestProtobufJudgesLabelNamesInEachFamily(t *testing.T) {
	family := func(name, kind, label, value string) []byte {
		return encoded(t, `name: "`+name+`" type: `+kind+` metric { label { name: "`+label+`" } `+value+` { } }`)
	}
	got := readMessages(t, [][]byte{
		family("a", "GAUGE", "__x", "gauge"),
		family("b", "GAUGE", "__x", "gauge"),
		family("c", "GAUGE", "le", "gauge"),
		family("d", "HISTOGRAM", "le", "histogram"),
		family("e", "SUMMARY", "le", "summary"),
	}, convert.Strict())
	require.Equal(t, rules(diag.ReservedLabel, diag.ReservedLabel, diag.BoundLabel), got.rules())
}

// TestProtobufMergesFields holds that a field that is there several times means what the schema says: the last number,
// and messages merged.
func TestProtobufMergesFields(t *testing.T) {
	one := encoded(t, `name: "f" type: COUNTER metric { counter { value: 1 exemplar { label { name: "a" } value: 1 } created_timestamp { seconds: 1 } } }`)
	var d dto.MetricFamily
	require.NoError(t, proto.Unmarshal(one, &d))
	counter, err := proto.Marshal(d.Metric[0].Counter)
	require.NoError(t, err)
	more := func(label string) []byte {
		part, err := proto.Marshal(&dto.Counter{Value: proto.Float64(2), Exemplar: &dto.Exemplar{Label: []*dto.LabelPair{{Name: &label}}}})
		require.NoError(t, err)
		return part
	}
	var metric []byte
	for _, part := range [][]byte{counter, more("b"), {}, more("c")} {
		metric = protowire.AppendBytes(protowire.AppendTag(metric, 3, protowire.BytesType), part)
	}
	metric = protowire.AppendVarint(protowire.AppendTag(metric, 6, protowire.VarintType), 1)
	metric = protowire.AppendVarint(protowire.AppendTag(metric, 6, protowire.VarintType), 2)
	message := protowire.AppendBytes([]byte("\x0a\x01e\x0a\x01f\x18\x00\x22"), metric)

	var merged dto.MetricFamily
	require.NoError(t, proto.Unmarshal(message, &merged))
	want, err := convert.FromDTO(&merged)
	require.NoError(t, err)
	require.Len(t, want.Metrics[0].Extra.Exemplars[0].Labels.Slice(), 3)
	got := readMessages(t, [][]byte{message})
	require.Empty(t, got.rules())
	requireFamilies(t, []*model.MetricFamily{want}, got.families)
}

// TestProtobufFormsOfEncoding holds that the form in which a message is encoded does not matter where the encoding leaves
// a choice.
func TestProtobufFormsOfEncoding(t *testing.T) {
	label := "\x0a\x06\x0a\x01a\x12\x01b" // of a metric
	for name, message := range map[string]string{
		"as usual":                            "\x0a\x01f\x18\x01\x22\x0c" + label + "\x12\x00\x30\x05",
		"the type behind the metrics":         "\x0a\x01f\x22\x0c" + label + "\x12\x00\x30\x05\x18\x01",
		"the name last":                       "\x18\x01\x22\x0c" + label + "\x12\x00\x30\x05\x0a\x01f",
		"the labels last":                     "\x0a\x01f\x18\x01\x22\x0c\x30\x05\x12\x00" + label,
		"the value of a label first":          "\x0a\x01f\x18\x01\x22\x0c\x0a\x06\x12\x01b\x0a\x01a\x12\x00\x30\x05",
		"numbers longer than they need be":    "\x0a\x81\x80\x00f\x98\x80\x00\x81\x00\x22\x8d\x00" + label + "\x12\x00\x30\x85\x00",
		"fields that are not known":           "\x0a\x01f\x18\x01\x40\x01\x4912345678\x55abcd\x5a\x02xy\x22\x0f" + label + "\x12\x00\x30\x05\x78\xff\x01",
		"groups that are not known":           "\x0a\x01f\x18\x01\x63\x6b\x6c\x64\x22\x0e" + label + "\x7b\x7c\x12\x00\x30\x05",
		"fields not known in label and value": "\x0a\x01f\x18\x01\x22\x10\x0a\x08\x0a\x01a\x12\x01b\x18\x00\x12\x02\x10\x01\x30\x05",
	} {
		t.Run(name, func(t *testing.T) {
			want := &model.MetricFamily{Name: "f", HasType: true, Type: model.Gauge, Metrics: metrics(
				model.Metric{Labels: model.NewLabels("a", "b"), Timestamp: model.TimestampFromMillis(5)})}
			got := readMessages(t, [][]byte{[]byte(message)})
			require.Empty(t, got.diagnostics)
			requireFamilies(t, []*model.MetricFamily{want}, got.families)
		})
	}
}

func TestProtobufPackedNumbersMeanTheSame(t *testing.T) {
	histogram := func(fields func(b []byte) []byte) []byte {
		h := fields([]byte("\x28\x00")) // schema 0
		for _, tag := range []byte{9<<3 | 2, 12<<3 | 2} {
			h = append(h, tag, 2, 0x10, 2) // a span of two buckets
		}
		metric := protowire.AppendBytes([]byte{7<<3 | 2}, h)
		return protowire.AppendBytes([]byte("\x0a\x01f\x18\x04\x22"), metric)
	}
	double := func(b []byte, f float64) []byte { return protowire.AppendFixed64(b, math.Float64bits(f)) }
	apart := readMessages(t, [][]byte{histogram(func(b []byte) []byte {
		return append(b, "\x50\x06\x50\x01\x68\x02\x68\x04"...)
	}), histogram(func(b []byte) []byte {
		for _, field := range []byte{11, 14} {
			b = double(append(double(append(b, field<<3|1), 1.5), field<<3|1), 2)
		}
		return b
	})})
	packed := readMessages(t, [][]byte{histogram(func(b []byte) []byte {
		return append(b, "\x52\x02\x06\x01\x6a\x01\x02\x6a\x01\x04"...)
	}), histogram(func(b []byte) []byte {
		for _, field := range []byte{11, 14} {
			b = double(double(append(b, field<<3|2, 16), 1.5), 2)
		}
		return b
	})})
	require.Equal(t, rules(diag.InterleavedFamily), apart.rules())
	requireFamilies(t, apart.families, packed.families)
	require.Equal(t, []float64{3, 2}, packed.families[0].Metrics[0].Histogram().Native.NegativeCounts)
	require.Equal(t, []float64{1, 3}, packed.families[0].Metrics[0].Histogram().Native.PositiveCounts)
	require.Equal(t, []float64{1.5, 2}, packed.families[1].Metrics[0].Histogram().Native.PositiveCounts)
}

func TestProtobufReset(t *testing.T) {
	page := delimited(encoded(t, `name: "a" type: GAUGE metric { gauge { value: 1 } }`), encoded(t, `name: "b"`))
	for _, opts := range [][]convert.Option{nil, {convert.Reuse()}} {
		d := convert.NewProtobufDecoder(nil, opts...)
		_, err := d.Next()
		require.Equal(t, io.EOF, err)
		for range 3 {
			d.Reset(bytes.NewReader(page))
			f, err := d.Next()
			require.NoError(t, err)
			require.Equal(t, "a", f.Name)
			require.False(t, f.Continued)
		}
		_, err = d.Next()
		require.NoError(t, err)
		for range 2 {
			_, err = d.Next()
			require.Equal(t, io.EOF, err)
		}
	}
	d := convert.NewPrototextDecoder(nil)
	_, err := d.Next()
	require.Equal(t, io.EOF, err)
}

// TestProtobufFamiliesAreTheCallers holds that families stay as they are when what is left of their memory serves others.
func TestProtobufFamiliesAreTheCallers(t *testing.T) {
	page := protobufPages(t)["pages/node-exporter.pb"]
	first := readProtobuf(t, convert.NewProtobufDecoder, bytes.NewReader(page))
	want := byExpfmt(t, page)
	for range 5 {
		page := delimited(encoded(t, `name: "x" type: GAUGE `+manySeries(50)))
		readProtobuf(t, convert.NewProtobufDecoder, bytes.NewReader(page))
	}
	requireFamilies(t, want, first.families)
}

func TestProtobufReuse(t *testing.T) {
	pages := protobufPages(t)
	d := convert.NewProtobufDecoder(nil, convert.Reuse())
	for name, page := range pages {
		if len(page) > longPage {
			continue
		}
		want := readProtobuf(t, convert.NewProtobufDecoder, bytes.NewReader(page))
		d.Reset(bytes.NewReader(page))
		i := 0
		for f, err := range d.Families() {
			if err != nil {
				continue
			}
			if diff := cmp.Diff(want.families[i], f, sameFamilies); diff != "" {
				t.Errorf("%s (-owned +reused):\n%s", name, diff)
			}
			i++
		}
		require.Len(t, want.families, i)
	}
	page := pages["pages/prometheus.pb"]
	reader := bytes.NewReader(page)
	allocs := testing.AllocsPerRun(10, func() {
		reader.Reset(page)
		d.Reset(reader)
		for _, err := range d.Families() {
			require.NoError(t, err)
		}
	})
	require.Zero(t, allocs)
}
