package convert_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/promfmt/promfmt/convert"
)

// unknownField is a field that changes nothing of a family, but that it is not plain.
const unknownField = "\x78\x01"

// familiesNearlyPlain are families that are plain, or would be but for one thing.
func familiesNearlyPlain() map[string]string {
	series := func(values ...string) string {
		var b strings.Builder
		for i, value := range values {
			fmt.Fprintf(&b, "metric { label { name: 'a' value: '%s' } gauge { value: %d } } ", value, i)
		}
		return b.String()
	}
	var falling []string
	for i := range 12 {
		falling = append(falling, fmt.Sprint(99-i))
	}
	rising := slices.Clone(falling)
	slices.Reverse(rising)
	return map[string]string{
		"no metric":                       `name: "f" help: "h" type: GAUGE`,
		"an empty help text":              `name: "f" help: "" type: GAUGE metric { gauge { value: 1 } }`,
		"no help text":                    `name: "f" type: COUNTER metric { counter { value: 1 } }`,
		"a long help text":                `name: "f" help: "` + strings.Repeat("longer ", 30) + `" type: UNTYPED metric { untyped { value: 1 } }`,
		"a very long help text":           `name: "f" help: "` + strings.Repeat("longer ", 6000) + `" type: GAUGE ` + series("x", "y"),
		"other letters":                   `name: "größe" help: "ä" type: GAUGE metric { label { name: "ö" value: "ü" } gauge { value: 1 } }`,
		"a name cut in a letter":          `name: "f\303" help: "h" type: GAUGE metric { gauge { value: 1 } }`,
		"a help text cut in a letter":     `name: "f" help: "h\303" type: GAUGE metric { gauge { value: 1 } }`,
		"a label name cut in a letter":    `name: "f" type: GAUGE metric { label { name: "a\303" value: "b" } gauge { value: 1 } }`,
		"a label value cut in a letter":   `name: "f" type: GAUGE metric { label { name: "a" value: "b\342\202" } gauge { value: 1 } }`,
		"half a letter each":              `name: "f" type: GAUGE metric { label { name: "a\303" value: "\244b" } gauge { value: 1 } }`,
		"timestamps":                      `name: "f" type: GAUGE metric { gauge { value: 1 } timestamp_ms: 123456789012 }`,
		"a negative timestamp":            `name: "f" type: GAUGE metric { gauge { value: 1 } timestamp_ms: -5 }`,
		"a series at two times":           `name: "f" type: GAUGE metric { gauge { value: 1 } timestamp_ms: 1 } metric { gauge { value: 2 } timestamp_ms: 2 }`,
		"values that rise":                `name: "f" type: GAUGE ` + series(rising...),
		"values that fall":                `name: "f" type: GAUGE ` + series(falling...),
		"a few values that fall":          `name: "f" type: GAUGE ` + series("3", "2", "1"),
		"a series twice":                  `name: "f" type: GAUGE ` + series("1", "2", "1"),
		"a series twice behind others":    `name: "f" type: GAUGE ` + series(append(rising, "95")...),
		"two series without labels":       `name: "f" type: GAUGE metric { gauge { value: 1 } } metric { gauge { value: 2 } }`,
		"a series without labels at last": `name: "f" type: GAUGE ` + series("1") + `metric { gauge { value: 2 } }`,
		"a series with labels at last":    `name: "f" type: GAUGE metric { gauge { value: 2 } } ` + series("1"),
		"other label names at last":       `name: "f" type: GAUGE ` + series("1") + `metric { label { name: "b" } gauge { value: 2 } }`,
		"a further label at last": `name: "f" type: GAUGE ` + series("1") +
			`metric { label { name: "a" value: "1" } label { name: "b" value: "1" } gauge { value: 2 } }`,
		"a label name twice":      `name: "f" type: GAUGE metric { label { name: "a" value: "1" } label { name: "a" value: "2" } gauge { value: 1 } }`,
		"a label without a name":  `name: "f" type: GAUGE metric { label { name: "" value: "1" } gauge { value: 1 } }`,
		"a label without a value": `name: "f" type: GAUGE metric { label { name: "a" } gauge { value: 1 } }`,
		"a reserved label name":   `name: "f" type: GAUGE metric { label { name: "__a" value: "1" } gauge { value: 1 } }`,
		"a long label":            `name: "f" type: GAUGE ` + series(strings.Repeat("x", 200), strings.Repeat("y", 40_000)),
		"many labels":             `name: "f" type: GAUGE metric { ` + manyLabels(20) + ` gauge { value: 1 } }`,
		"a value of another type": `name: "f" type: COUNTER metric { gauge { value: 1 } }`,
		"no number":               `name: "f" type: GAUGE metric { gauge { } }`,
		"many values that fall":   `name: "f" type: GAUGE ` + series(append(many("z", 400), many("y", 400)...)...),
		"a series twice of many":  `name: "f" type: GAUGE ` + series(append(many("z", 400), "y1", "z7")...),
		"a unit behind many":      `name: "f" type: GAUGE ` + series(many("z", 900)...) + ` unit: "u"`,
		"an exemplar at last":     `name: "f" type: COUNTER metric { label { name: "a" value: "1" } counter { value: 1 } } metric { label { name: "a" value: "2" } counter { value: 1 exemplar { value: 1 } } }`,
		"a time of creation":      `name: "f" type: COUNTER metric { counter { value: 1 created_timestamp { seconds: 1 } } }`,
		"a unit":                  `name: "f_s" type: GAUGE metric { gauge { value: 1 } } unit: "s"`,
		"no type":                 `name: "f" metric { gauge { value: 1 } }`,
		"no name":                 `help: "h" type: GAUGE metric { gauge { value: 1 } }`,
	}
}

// many are so many values.
func many(prefix string, n int) (values []string) {
	for i := range n {
		values = append(values, fmt.Sprint(prefix, i))
	}
	return values
}

func manyLabels(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "label { name: 'l%d' value: 'v' } ", i)
	}
	return b.String()
}

// TestProtobufPlainFamiliesMeanTheSame holds that a family that can be read in one go means what it means if it cannot.
func TestProtobufPlainFamiliesMeanTheSame(t *testing.T) {
	for name, text := range familiesNearlyPlain() {
		t.Run(name, func(t *testing.T) {
			message := encoded(t, text)
			for _, opts := range [][]convert.Option{nil, {convert.Strict()}, {convert.WithLimits(convert.Limits{Labels: 1, Samples: 2, Families: 2})}} {
				requirePlainTheSame(t, message, opts)
			}
		})
	}
}

// TestProtobufPlainPagesMeanTheSame holds it of all messages of a page, whose memory is shared.
func TestProtobufPlainPagesMeanTheSame(t *testing.T) {
	for name, page := range protobufPages(t) {
		if len(page) > longPage {
			continue
		}
		t.Run(name, func(t *testing.T) {
			var with []byte
			for rest := page; len(rest) > 0; {
				message, n := protowire.ConsumeBytes(rest)
				if n < 0 {
					return // for other tests
				}
				with = append(with, delimited(append(slices.Clone(message), unknownField...))...)
				rest = rest[n:]
			}
			requireSameReading(t, page, with, nil)
		})
	}
}

// requirePlainTheSame reads a message with another before it and a part of the same family behind it.
func requirePlainTheSame(t *testing.T, message []byte, opts []convert.Option) {
	t.Helper()
	before := encoded(t, `name: "before" type: GAUGE metric { label { name: "a" value: "b" } gauge { value: 1 } }`)
	other := append(slices.Clone(message), unknownField...)
	requireSameReading(t, delimited(before, message, message), delimited(before, other, other), opts)
}

func requireSameReading(t *testing.T, page, other []byte, opts []convert.Option) {
	t.Helper()
	got := readProtobuf(t, convert.NewProtobufDecoder, strings.NewReader(string(page)), opts...)
	want := readProtobuf(t, convert.NewProtobufDecoder, strings.NewReader(string(other)), opts...)
	if diff := cmp.Diff(want.families, got.families, sameFamilies); diff != "" {
		t.Errorf("(-not plain +plain):\n%s", diff)
	}
	require.Equal(t, sayings(want), sayings(got))
}

// sayings are what the diagnostics say, but for places.
func sayings(r protobufReading) (sayings []string) {
	for _, d := range r.diagnostics {
		sayings = append(sayings, fmt.Sprintf("%s %s %s", d.Severity, d.Rule, d.Message))
	}
	return sayings
}

func FuzzProtobufPlain(f *testing.F) {
	for _, text := range familiesNearlyPlain() {
		if message := encoded(f, text); len(message) < 1024 {
			f.Add(message)
		}
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		if proto.Unmarshal(message, &dto.MetricFamily{}) != nil {
			return
		}
		requirePlainTheSame(t, message, nil)
		requirePlainTheSame(t, message, []convert.Option{convert.Strict()})
	})
}
