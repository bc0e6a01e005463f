package model_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/model"
)

func TestLabelsKeepWhatTheyAreMadeOf(t *testing.T) {
	for _, test := range []struct {
		name   string
		labels []model.Label
		text   string
	}{
		{"no labels", []model.Label{}, `{}`},
		{"one label", []model.Label{{Name: "job", Value: "api"}}, `{job="api"}`},
		{
			"the order of the input",
			[]model.Label{{Name: "b", Value: "2"}, {Name: "a", Value: "1"}, {Name: "c", Value: "3"}},
			`{b="2",a="1",c="3"}`,
		},
		{"empty names and values", []model.Label{{Name: "", Value: ""}, {Name: "a", Value: ""}}, `{="",a=""}`},
		{"a name twice", []model.Label{{Name: "a", Value: "1"}, {Name: "a", Value: "2"}}, `{a="1",a="2"}`},
		{"bytes of any kind", []model.Label{{Name: "ü.\x00", Value: "\xff\n\"\\"}}, "{ü.\x00=\"\\xff\\n\\\"\\\\\"}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			labels := model.LabelsOf(test.labels...)
			require.Equal(t, test.labels, labels.Slice())
			require.Equal(t, len(test.labels), labels.Len())
			require.Equal(t, len(test.labels) == 0, labels.IsEmpty())
			require.Equal(t, test.text, labels.String())
			require.Equal(t, labels, model.LabelsFromEncoding(labels.Encoding()))
			require.Equal(t, test.labels, cutAll(labels))
		})
	}
}

func cutAll(labels model.Labels) []model.Label {
	all := []model.Label{}
	for first, rest, ok := labels.Cut(); ok; first, rest, ok = rest.Cut() {
		all = append(all, first)
	}
	return all
}

func TestLabelsOfAnyLength(t *testing.T) {
	for _, test := range []struct {
		name         string
		length       int
		headerLength int
	}{
		{"an empty string has a length of two bytes", 0, 2},
		{"256 bytes have a length of two bytes", 256, 2},
		{"65534 bytes have a length of two bytes", 65534, 2},
		{"65535 bytes have a length of ten bytes", 65535, 10},
		{"65536 bytes have a length of ten bytes", 65536, 10},
		{"a megabyte has a length of ten bytes", 1 << 20, 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			long := strings.Repeat("x", test.length)
			labels := model.NewLabels("before", "1", long, long, "after", "2")
			require.Len(t, labels.Encoding(), (2+6+2+1)+2*(test.headerLength+test.length)+(2+5+2+1))
			require.Equal(t, []model.Label{{Name: "before", Value: "1"}, {Name: long, Value: long}, {Name: "after", Value: "2"}}, labels.Slice())
			value, ok := labels.Get(long)
			require.True(t, ok)
			require.Equal(t, long, value)
		})
	}
}

func TestEncodingOfLabels(t *testing.T) {
	require.Equal(t, "\x03\x00job\x03\x00api", model.NewLabels("job", "api").Encoding())
	require.Equal(t, "\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00", model.NewLabels(strings.Repeat("x", 65535), "").Encoding()[:10])
	require.Equal(t, "kept\x01\x00a\x00\x00", string(model.AppendLabel([]byte("kept"), "a", "")))
}

func TestNewLabelsPanicsOnANameWithoutAValue(t *testing.T) {
	odd := strings.Fields("a 1 b")
	require.PanicsWithValue(t, "model.NewLabels: a name without a value", func() { model.NewLabels(odd...) })
}

func TestAllStopsWhenTold(t *testing.T) {
	for name := range model.NewLabels("a", "1", "b", "2").All() {
		require.Equal(t, "a", name)
		break
	}
}

func TestGet(t *testing.T) {
	labels := model.NewLabels("a", "1", "b", "", "a", "3")
	for _, test := range []struct {
		name  string
		label string
		value string
		ok    bool
	}{
		{"the first of two labels of a name", "a", "1", true},
		{"an empty value is there", "b", "", true},
		{"a label that is not there", "c", "", false},
		{"a value is not a name", "1", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			value, ok := labels.Get(test.label)
			require.Equal(t, test.value, value)
			require.Equal(t, test.ok, ok)
		})
	}
}

func TestMap(t *testing.T) {
	require.True(t, maps.Equal(map[string]string{"a": "1", "b": "2"}, model.NewLabels("b", "2", "a", "1").Map()))
}

func TestLabelsWithAndWithout(t *testing.T) {
	ab := model.NewLabels("a", "1", "b", "2")
	for _, test := range []struct {
		name      string
		got, want model.Labels
	}{
		{"with a new label adds it at the end", ab.With("0", "x"), model.NewLabels("a", "1", "b", "2", "0", "x")},
		{"with a known label replaces it where it stands", ab.With("a", "x"), model.NewLabels("a", "x", "b", "2")},
		{"with a label of an empty value keeps it", ab.With("b", ""), model.NewLabels("a", "1", "b", "")},
		{"with a label on none", model.Labels{}.With("a", "1"), model.NewLabels("a", "1")},
		{"without the first", ab.Without("a"), model.NewLabels("b", "2")},
		{"without the last", ab.Without("b"), model.NewLabels("a", "1")},
		{"without what is not there", ab.Without("c"), ab},
		{"without all of one name", model.NewLabels("a", "1", "b", "2", "a", "3").Without("a"), model.NewLabels("b", "2")},
		{"without the only one is empty", model.NewLabels("a", "1").Without("a"), model.Labels{}},
		{"sorted", model.NewLabels("b", "2", "B", "3", "a", "1").Sorted(), model.NewLabels("B", "3", "a", "1", "b", "2")},
		{"sorted keeps the order of equal names", model.NewLabels("b", "2", "a", "9", "a", "1").Sorted(), model.NewLabels("a", "9", "a", "1", "b", "2")},
		{"sorted none", model.Labels{}.Sorted(), model.Labels{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLabelsAreTheSameSet(t *testing.T) {
	for _, test := range []struct {
		name        string
		a, b        model.Labels
		equal, same bool
	}{
		{"none and none", model.Labels{}, model.NewLabels(), true, true},
		{"equal labels", model.NewLabels("a", "1", "b", "2"), model.NewLabels("a", "1", "b", "2"), true, true},
		{"another order", model.NewLabels("a", "1", "b", "2"), model.NewLabels("b", "2", "a", "1"), false, true},
		{"another value", model.NewLabels("a", "1"), model.NewLabels("a", "2"), false, false},
		{"names and values swapped", model.NewLabels("a", "b"), model.NewLabels("b", "a"), false, false},
		{"one more label", model.NewLabels("a", "1"), model.NewLabels("a", "1", "b", ""), false, false},
		{"the same bytes cut elsewhere", model.NewLabels("ab", "c"), model.NewLabels("a", "bc"), false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.equal, test.a.Equal(test.b))
			require.Equal(t, test.equal, test.a == test.b)
			require.Equal(t, test.same, test.a.SameSet(test.b))
			require.Equal(t, test.same, test.b.SameSet(test.a))
		})
	}
}
