package writer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/model"
)

// TestLabelsCopiedByWordsAreThoseWrittenOneByOne compares the fast path, over all lengths that take another way through
// it and with every kind of character at every place, with the plain one.
func TestLabelsCopiedByWordsAreThoseWrittenOneByOne(t *testing.T) {
	plain := &text{}
	check := func(pairs ...string) {
		labels := model.NewLabels(pairs...)
		want := string(plain.appendAnyLabels(nil, nil, labels))
		size := len(labels.Encoding())
		needed := strings.ContainsAny(strings.Join(pairs, ""), "\"\\\n") && (size < wordSize || size > shortLabels)
		for i := 0; i < len(pairs); i += 2 {
			needed = needed || !isLabelName(pairs[i])
		}
		got, ok := plain.appendPlainLabels([]byte("x{"), labels.Encoding())
		require.Equal(t, !needed, ok, "%q", pairs)
		if ok {
			require.Equal(t, "x{"+want, string(got))
		}
	}
	for n := range 65 {
		check("n", strings.Repeat("\"", n))
		check("n", strings.Repeat("a\n", n/2), "m", strings.Repeat("\\\\b\"", n/9))
	}
	const letters = "abcdefghijklmnopqrstuvwxyz"
	for name := 1; name <= 20; name++ {
		for value := range 70 {
			v := strings.Repeat("é0 ", 30)[:value]
			check(letters[:name], v)
			check("a", "", letters[:name], v)
			check(letters[:name], v, "b", "c")
		}
	}
	for c := range 256 {
		for n := 1; n <= 18; n++ {
			for i := range n {
				s := letters[:i] + string([]byte{byte(c)}) + letters[i+1:n]
				check(s, "v")
				check("n", s)
				check("n", s, "m", strings.Repeat("long ", 12))
			}
		}
	}
	for n := 65530; n <= 65540; n++ {
		long := strings.Repeat("x", n)
		for _, pairs := range [][]string{{"a", long}, {long, "a"}, {"a", "b", "c", long}} {
			labels := model.NewLabels(pairs...)
			want := string(plain.appendAnyLabels(nil, nil, labels))
			if got := string(plain.appendLabels(nil, nil, labels)); got != want {
				t.Fatalf("labels with a string of %d bytes differ", n)
			}
		}
	}
}
