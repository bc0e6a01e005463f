package convert_test

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
	_ "google.golang.org/protobuf/types/known/timestamppb" // a field's type

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// openMetricsSchema is the schema of OpenMetrics 1.0, a message a line: its fields by number, each a name and a type, *
// where it is repeated, | where it is one of the values that exclude each other.
const openMetricsSchema = `
MetricSet metric_families *MetricFamily
MetricFamily name string, type MetricType, unit string, help string, metrics *Metric
Metric labels *Label, metric_points *MetricPoint
Label name string, value string
MetricPoint unknown_value |UnknownValue, gauge_value |GaugeValue, counter_value |CounterValue, histogram_value |HistogramValue, state_set_value |StateSetValue, info_value |InfoValue, summary_value |SummaryValue, timestamp Timestamp
UnknownValue double_value |double, int_value |int64
GaugeValue double_value |double, int_value |int64
CounterValue double_value |double, int_value |uint64, created Timestamp, exemplar Exemplar
HistogramValue double_value |double, int_value |int64, count uint64, created Timestamp, buckets *Bucket
Bucket count uint64, upper_bound double, exemplar Exemplar
Exemplar value double, timestamp Timestamp, label *Label
StateSetValue states *State
State enabled bool, name string
InfoValue info *Label
SummaryValue double_value |double, int_value |int64, count uint64, created Timestamp, quantile *Quantile
Quantile quantile double, value double
`

const openMetricsTypes = "UNKNOWN GAUGE COUNTER STATE_SET INFO HISTOGRAM GAUGE_HISTOGRAM SUMMARY"

// metricSet is the message MetricSet of that schema.
func metricSet(t *testing.T) protoreflect.MessageDescriptor {
	t.Helper()
	scalars := map[string]descriptorpb.FieldDescriptorProto_Type{
		"string": descriptorpb.FieldDescriptorProto_TYPE_STRING, "double": descriptorpb.FieldDescriptorProto_TYPE_DOUBLE,
		"int64": descriptorpb.FieldDescriptorProto_TYPE_INT64, "uint64": descriptorpb.FieldDescriptorProto_TYPE_UINT64,
		"bool": descriptorpb.FieldDescriptorProto_TYPE_BOOL,
	}
	types := &descriptorpb.EnumDescriptorProto{Name: proto.String("MetricType")}
	for i, name := range strings.Fields(openMetricsTypes) {
		types.Value = append(types.Value, &descriptorpb.EnumValueDescriptorProto{Name: &name, Number: proto.Int32(int32(i))})
	}
	file := &descriptorpb.FileDescriptorProto{
		Name: proto.String("openmetrics.proto"), Package: proto.String("openmetrics"), Syntax: proto.String("proto3"),
		Dependency: []string{"google/protobuf/timestamp.proto"}, EnumType: []*descriptorpb.EnumDescriptorProto{types},
	}
	for line := range strings.Lines(strings.TrimSpace(openMetricsSchema)) {
		name, fields, _ := strings.Cut(strings.TrimSpace(line), " ")
		message := &descriptorpb.DescriptorProto{Name: &name}
		for i, field := range strings.Split(fields, ", ") {
			name, kind, _ := strings.Cut(field, " ")
			f := &descriptorpb.FieldDescriptorProto{
				Name: &name, Number: proto.Int32(int32(i + 1)), Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
			}
			if rest, ok := strings.CutPrefix(kind, "*"); ok {
				kind, f.Label = rest, descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
			}
			if rest, ok := strings.CutPrefix(kind, "|"); ok {
				kind, f.OneofIndex = rest, proto.Int32(0)
				message.OneofDecl = []*descriptorpb.OneofDescriptorProto{{Name: proto.String("one_of")}}
			}
			switch scalar, ok := scalars[kind]; {
			case ok:
				f.Type = scalar.Enum()
			case kind == "MetricType":
				f.Type, f.TypeName = descriptorpb.FieldDescriptorProto_TYPE_ENUM.Enum(), proto.String(".openmetrics.MetricType")
			case kind == "Timestamp":
				f.Type, f.TypeName = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(), proto.String(".google.protobuf.Timestamp")
			default:
				f.Type, f.TypeName = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(), proto.String(".openmetrics."+kind)
			}
			message.Field = append(message.Field, f)
		}
		file.MessageType = append(file.MessageType, message)
	}
	described, err := protodesc.NewFile(file, protoregistry.GlobalFiles)
	require.NoError(t, err)
	return described.Messages().ByName("MetricSet")
}

// openMetricsOf encodes the text form of a MetricSet.
func openMetricsOf(t *testing.T, text string) []byte {
	t.Helper()
	set := dynamicpb.NewMessage(metricSet(t))
	require.NoError(t, prototext.Unmarshal([]byte(text), set))
	page, err := proto.MarshalOptions{Deterministic: true}.Marshal(set)
	require.NoError(t, err)
	return page
}

func TestOpenMetricsProtobuf(t *testing.T) {
	family := func(name string, kind model.Type, suffix string, m ...model.Metric) *model.MetricFamily {
		return &model.MetricFamily{Name: name, HasType: true, Type: kind, Suffix: suffix, Metrics: m}
	}
	at := func(seconds int64, nanos int32) model.Timestamp {
		return model.Timestamp{Seconds: seconds, Nanos: nanos, Set: true}
	}
	inf := math.Inf(1)
	for _, test := range []struct {
		name string
		text string
		want []*model.MetricFamily
	}{
		{"nothing", ``, nil},
		{
			"metadata, of which what is empty is not there",
			`metric_families { name: "a_s" type: GAUGE unit: "s" help: "Help." } metric_families { name: "b" }`,
			[]*model.MetricFamily{
				{Name: "a_s", HasType: true, Type: model.Gauge, HasUnit: true, Unit: "s", HasHelp: true, Help: "Help."},
				family("b", model.Unknown, ""),
			},
		},
		{
			"doubles and integers",
			`metric_families { name: "g" type: GAUGE
				metrics { metric_points { gauge_value { double_value: 0 } } }
				metrics { labels { name: "a" value: "1" } metric_points { gauge_value { int_value: -3 } } }
			}
			metric_families { name: "u" metrics { metric_points { unknown_value { int_value: 9007199254740993 } } } }`,
			[]*model.MetricFamily{
				family("g", model.Gauge, "", model.Metric{}, model.Metric{Labels: model.NewLabels("a", "1"), Value: -3}),
				family("u", model.Unknown, "", model.Metric{Value: 1 << 53}),
			},
		},
		{
			"several points of a metric, to the nanosecond",
			`metric_families { name: "g" type: GAUGE metrics { labels { name: "a" value: "1" }
				metric_points { gauge_value { double_value: 1 } timestamp { seconds: -1 nanos: 1 } }
				metric_points { gauge_value { double_value: 2 } timestamp { seconds: 2 } }
			} }`,
			[]*model.MetricFamily{family("g", model.Gauge, "",
				model.Metric{Labels: model.NewLabels("a", "1"), Value: 1, Timestamp: at(-1, 1)},
				model.Metric{Labels: model.NewLabels("a", "1"), Value: 2, Timestamp: at(2, 0)})},
		},
		{
			"a counter that has all",
			`metric_families { name: "c" type: COUNTER metrics { metric_points { counter_value { int_value: 7 created { seconds: 5 nanos: 999999999 }
				exemplar { value: 1.5 timestamp { seconds: 6 } label { name: "trace_id" value: "abc" } } } } } }`,
			[]*model.MetricFamily{family("c", model.Counter, "_total", model.Metric{Value: 7, Extra: &model.Extra{
				Created:   at(5, 999_999_999),
				Exemplars: []model.Exemplar{{Labels: model.NewLabels("trace_id", "abc"), Value: 1.5, Timestamp: at(6, 0)}},
			}})},
		},
		{
			"a histogram, of which numbers that are 0 are left out",
			`metric_families { name: "h" type: HISTOGRAM metrics { metric_points { histogram_value { int_value: 3 count: 2 created { seconds: 1 }
				buckets { } buckets { upper_bound: 1 count: 1 exemplar { value: 0.5 } } buckets { upper_bound: inf count: 2 } } } } }
			metric_families { name: "empty" type: HISTOGRAM metrics { metric_points { histogram_value { double_value: 0 buckets { upper_bound: inf } } } } }
			metric_families { name: "none" type: HISTOGRAM metrics { metric_points { histogram_value { buckets { upper_bound: inf } } } } }`,
			[]*model.MetricFamily{
				family("h", model.Histogram, "", model.Metric{
					Extra: &model.Extra{Histogram: &model.HistogramValue{
						HasCount: true, Count: 2, HasSum: true, Sum: 3,
						Buckets:   []model.Bucket{{}, {UpperBound: 1, Count: 1}, {UpperBound: inf, Count: 2}},
						Exemplars: []model.BucketExemplar{{Bucket: 1, Exemplar: model.Exemplar{Value: 0.5}}},
					}, Created: at(1, 0)},
				}),
				family("empty", model.Histogram, "", model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
					HasCount: true, HasSum: true, Buckets: []model.Bucket{{UpperBound: inf}},
				}}}),
				family("none", model.Histogram, "", model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{Buckets: []model.Bucket{{UpperBound: inf}}}}}),
			},
		},
		{
			"a gauge histogram",
			`metric_families { name: "h" type: GAUGE_HISTOGRAM metrics { metric_points { histogram_value { double_value: -3 count: 2
				buckets { upper_bound: -1 count: 1 } buckets { upper_bound: inf count: 2 } } } } }`,
			[]*model.MetricFamily{family("h", model.GaugeHistogram, "", model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
				HasCount: true, Count: 2, HasSum: true, Sum: -3,
				Buckets: []model.Bucket{{UpperBound: -1, Count: 1}, {UpperBound: inf, Count: 2}},
			}}})},
		},
		{
			"a summary",
			`metric_families { name: "s" type: SUMMARY metrics { metric_points { summary_value { double_value: 1.5 count: 2 created { }
				quantile { quantile: 0.5 value: 1 } quantile { quantile: 0 value: nan } } } } }`,
			[]*model.MetricFamily{family("s", model.Summary, "", model.Metric{
				Extra: &model.Extra{Summary: &model.SummaryValue{
					HasCount: true, Count: 2, HasSum: true, Sum: 1.5,
					Quantiles: []model.Quantile{{Quantile: 0.5, Value: 1}, {Value: math.NaN()}},
				}, Created: at(0, 0)},
			})},
		},
		{
			"state sets and info",
			`metric_families { name: "e" type: STATE_SET metrics { labels { name: "a" value: "1" }
				metric_points { state_set_value { states { name: "on" enabled: true } states { name: "off" } } } } }
			metric_families { name: "i" type: INFO
				metrics { labels { name: "a" value: "1" } metric_points { info_value { info { name: "v" value: "1" } info { name: "w" value: "ä" } } } }
				metrics { labels { name: "a" value: "2" } metric_points { info_value { info { name: "v" value: "1" } info { name: "w" value: "2" } } } }
				metrics { metric_points { info_value { } } }
			}`,
			[]*model.MetricFamily{
				family("e", model.StateSet, "", model.Metric{Labels: model.NewLabels("a", "1"), Extra: &model.Extra{
					States: []model.State{{Name: "on", Enabled: true}, {Name: "off"}},
				}}),
				family("i", model.Info, "_info",
					model.Metric{Labels: model.NewLabels("a", "1", "v", "1", "w", "ä"), Value: 1},
					model.Metric{Labels: model.NewLabels("a", "2", "v", "1", "w", "2"), Value: 1},
					model.Metric{Value: 1}),
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := readProtobuf(t, convert.NewOpenMetricsProtobufDecoder, bytes.NewReader(openMetricsOf(t, test.text)), convert.Strict())
			require.Empty(t, got.diagnostics)
			requireFamilies(t, test.want, got.families)
		})
	}
}

func TestOpenMetricsProtobufJudges(t *testing.T) {
	point := func(kind, value string) string {
		return `metric_families { name: "f" type: ` + kind + ` metrics { metric_points { ` + value + ` } } }`
	}
	histogram := func(kind, value string) string { return point(kind, "histogram_value { "+value+" }") }
	summary := func(value string) string { return point("SUMMARY", "summary_value { "+value+" }") }
	const plusInf = ` buckets { upper_bound: inf }`
	for _, test := range []struct {
		name string
		text string
		rule diag.Rule
		left int // how many metrics there are by default
	}{
		{"a value of another type", point("GAUGE", `counter_value { int_value: 1 }`), diag.MissingValue, 0},
		{"no value", point("GAUGE", ``), diag.MissingValue, 0},
		{"a value without a number", point("GAUGE", `gauge_value { }`), diag.MissingValue, 0},
		{"a counter without a number", point("COUNTER", `counter_value { }`), diag.MissingValue, 0},
		{"no point", `metric_families { name: "f" metrics { } }`, diag.MissingValue, 0},
		{"no name", `metric_families { type: GAUGE }`, diag.EmptyName, -1},
		{"a type that does not exist", `metric_families { name: "f" type: 99 }`, diag.UnknownType, -1},
		{"a family twice", `metric_families { name: "f" } metric_families { name: "f" }`, diag.InterleavedFamily, 0},
		{"a unit that the name does not end in", `metric_families { name: "f" unit: "s" }`, diag.UnitSuffix, 0},
		{"a unit of an info family", `metric_families { name: "f_s" type: INFO unit: "s" }`, diag.UnitNotAllowed, 0},
		{"a label of info that the metric has", `metric_families { name: "f" type: INFO metrics { labels { name: "a" }
			metric_points { info_value { info { name: "a" } } } } }`, diag.DuplicateLabel, 0},
		{"a label that begins with underscores", `metric_families { name: "f" metrics { labels { name: "__a" }
			metric_points { unknown_value { int_value: 1 } } } }`, diag.UnderscoreLabel, 1},
		{"the label of a state set", `metric_families { name: "f" type: STATE_SET metrics { labels { name: "f" }
			metric_points { state_set_value { states { name: "on" } } } } }`, diag.BoundLabel, 1},
		{"a state twice", point("STATE_SET", `state_set_value { states { name: "on" } states { name: "on" } }`), diag.DuplicateSeries, 1},
		{"a negative total", point("COUNTER", `counter_value { double_value: -1 }`), diag.NegativeValue, 1},
		{"a total of NaN", point("COUNTER", `counter_value { double_value: nan }`), diag.NaNValue, 1},
		{"a point twice", `metric_families { name: "f" type: GAUGE metrics { metric_points { gauge_value { int_value: 1 } } metric_points { gauge_value { int_value: 1 } } } }`, diag.DuplicateSeries, 2},
		{"points with and without a time", `metric_families { name: "f" type: GAUGE metrics { metric_points { gauge_value { int_value: 1 } } metric_points { gauge_value { int_value: 1 } timestamp {} } } }`, diag.PartialTimestamps, 2},
		{"points that go back in time", `metric_families { name: "f" type: GAUGE metrics { metric_points { gauge_value { int_value: 1 } timestamp { seconds: 2 } } metric_points { gauge_value { int_value: 1 } timestamp { seconds: 1 } } } }`, diag.FallingTimestamp, 2},
		{"no bucket +Inf", histogram("HISTOGRAM", `buckets { upper_bound: 1 }`), diag.MissingInfinity, 1},
		{"a sum beside negative bounds", histogram("HISTOGRAM", `int_value: 1 buckets { upper_bound: -1 }`+plusInf), diag.SumWithNegativeBound, 1},
		{"a negative sum", histogram("HISTOGRAM", `int_value: -1`+plusInf), diag.NegativeValue, 1},
		{"a negative sum without negative bounds", histogram("GAUGE_HISTOGRAM", `int_value: -1`+plusInf), diag.NegativeGaugeSum, 1},
		{"a sum of NaN", histogram("GAUGE_HISTOGRAM", `double_value: nan`+plusInf), diag.NaNValue, 1},
		{"a quantile beyond 1", summary(`quantile { quantile: 1.5 }`), diag.QuantileRange, 1},
		{"a negative value of a quantile", summary(`quantile { quantile: 1 value: -1 }`), diag.QuantileValue, 1},
		{"a negative sum of a summary", summary(`double_value: -1`), diag.NegativeValue, 1},
		{
			"an exemplar that is too long",
			point("COUNTER", `counter_value { int_value: 1 exemplar { label { name: "a" value: `+strconv.Quote(strings.Repeat("ä", 128))+` } } }`), diag.ExemplarLength, 1,
		},
		{"a bad time", point("GAUGE", `gauge_value { int_value: 1 } timestamp { nanos: -1 }`), diag.Timestamp, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			page := openMetricsOf(t, test.text)
			got := readProtobuf(t, convert.NewOpenMetricsProtobufDecoder, bytes.NewReader(page))
			require.Equal(t, rules(test.rule), got.rules())
			strict := readProtobuf(t, convert.NewOpenMetricsProtobufDecoder, bytes.NewReader(page), convert.Strict())
			require.Equal(t, rules(test.rule), strict.rules())
			require.Equal(t, diag.Error, strict.diagnostics[0].Severity)
			if test.left < 0 {
				require.Empty(t, got.families)
				return
			}
			require.Len(t, got.families[0].Metrics, test.left)
		})
	}
}

// TestOpenMetricsProtobufFraming holds that what stands between the families of a set is skipped, and what is broken is
// reported where it is.
func TestOpenMetricsProtobufFraming(t *testing.T) {
	family := openMetricsOf(t, `metric_families { name: "f" type: GAUGE metrics { metric_points { gauge_value { int_value: 1 } } } }`)
	last := openMetricsOf(t, `metric_families { name: "last" }`)
	for _, test := range []struct {
		name    string
		between string
		rule    diag.Rule // UnknownRule if nothing is wrong
		at      int
		lost    bool
	}{
		{"nothing", "", diag.UnknownRule, 0, false},
		{"fields that are not known", "\x10\x80\x01\x1912345678\x25abcd\x2a\x02xy", diag.UnknownRule, 0, false},
		{"field 1 as a number", "\x08\x05", diag.ProtobufField, 0, false},
		{"field 0", "\x02\x00", diag.ProtobufSyntax, 0, true},
		{"a group", "\x1b\x1c", diag.ProtobufSyntax, 0, true},
		{"a number beyond 64 bits", "\x10" + strings.Repeat("\xff", 10), diag.ProtobufSyntax, 1, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			page := append(append(bytes.Clone(family), test.between...), last...)
			got := readProtobuf(t, convert.NewOpenMetricsProtobufDecoder, bytes.NewReader(page))
			if test.rule == diag.UnknownRule {
				require.Empty(t, got.diagnostics)
			} else {
				require.Equal(t, rules(test.rule), got.rules())
				require.Equal(t, int64(len(family)+test.at), got.diagnostics[0].Pos.Offset)
			}
			if test.lost {
				require.Len(t, got.families, 1)
				return
			}
			require.Len(t, got.families, 2)
			require.Equal(t, "last", got.families[1].Name)
		})
	}
	page := append(bytes.Clone(family), "\x12\x05abc"...)
	for n := 1; n < len(page); n++ {
		if n == len(family) {
			continue
		}
		got := readProtobuf(t, convert.NewOpenMetricsProtobufDecoder, bytes.NewReader(page[:n]))
		require.Equal(t, rules(diag.ProtobufSyntax), got.rules(), "%d bytes", n)
		require.Equal(t, int64(n), got.diagnostics[0].Pos.Offset)
	}
}

// TestOpenMetricsProtobufCopiesLabelsWithinBounds holds that long labels of a metric with many small points take no memory
// out of proportion.
func TestOpenMetricsProtobufCopiesLabelsWithinBounds(t *testing.T) {
	points := strings.Repeat(` metric_points { info_value { info { name: "a" value: "1" } } }`, 2000)
	page := openMetricsOf(t, `metric_families { name: "f" type: INFO metrics { labels { name: "l" value: "`+strings.Repeat("x", 50_000)+`" }`+points+` } }`)
	got := readProtobuf(t, convert.NewOpenMetricsProtobufDecoder, bytes.NewReader(page))
	require.Contains(t, got.rules(), diag.TooManyLabels)
	size := 0
	for _, m := range got.families[0].Metrics {
		size += len(m.Labels.Encoding())
	}
	require.Less(t, size, 70*len(page))
	require.NotEmpty(t, got.families[0].Metrics)
}

// A MetricSet holds all families of a page; they are read one after the other.
func ExampleNewOpenMetricsProtobufDecoder() {
	value := protowire.AppendBytes([]byte{2<<3 | 2}, []byte{2 << 3, 7}) // gauge_value { int_value: 7 }
	metric := protowire.AppendBytes([]byte{2<<3 | 2}, value)
	family := protowire.AppendBytes([]byte("\x0a\x05queue\x10\x01\x2a"), metric)
	set := protowire.AppendBytes([]byte{1<<3 | 2}, family)
	for family, err := range convert.NewOpenMetricsProtobufDecoder(bytes.NewReader(set)).Families() {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(family.Type, family.Name, family.Metrics[0].Value)
	}
	// Output: gauge queue 7
}
