package writer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/model"
)

// TestPlainMembers holds that labels that are copied by words are written as one by one, and that those that cannot be
// copied are found, wherever the character stands that forbids it.
func TestPlainMembers(t *testing.T) {
	check := func(plain bool, labels ...string) {
		ls := model.NewLabels(labels...)
		var o output
		want := []byte("before ")
		for name, value := range ls.All() {
			want = append(appendText(&o, want, name), ':')
			want = append(appendText(&o, want, value), ',')
		}
		got, ok := appendPlainMembers([]byte("before "), ls.Encoding())
		require.Equal(t, plain, ok, "%q", labels)
		if ok {
			require.Equal(t, string(want), string(got))
		}
		require.Equal(t, string(want), string(appendLabelMembers(&o, []byte("before "), ls)))
	}
	check(true)
	check(true, "", "")
	check(true, "", "", "", "", "", "")
	check(true, "a_name_of_more_than_two_words", "x", "b", "")
	check(false, "a", strings.Repeat("x", longLength))
	check(false, "a", "x", strings.Repeat("b", longLength), "y")
	for _, length := range []int{1, 7, 8, 9, 17} {
		for at := range length {
			for c := range 256 {
				text := []byte(strings.Repeat("x", length))
				text[at] = byte(c)
				plain := ' ' <= c && c <= 0x7f && c != '"' && c != '\\'
				check(plain, "a", string(text), "b", "y")
				check(plain, "a", "y", string(text), "y")
				check(plain, "a", "y", "b", string(text))
			}
		}
	}
}
