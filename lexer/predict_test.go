package lexer_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/lexer"
)

func TestPlainStringEnd(t *testing.T) {
	tests := []struct {
		name, text string
		from, want int
	}{
		{"the closing quote ends the content", `ab"`, 0, 2},
		{"the content may be empty", `"`, 0, 0},
		{"the content may begin anywhere", `l="ab",`, 3, 5},
		{"the first quote ends the content", `0123456789ab","0123456789ab"`, 0, 12},
		{"blanks and exclamation marks are content", ` ! ! ! ! ! ! ! !"`, 0, 16},
		{"characters beyond ASCII are content", `éééééééé∞"`, 0, 19},
		{"bad UTF-8 is content", "\xff\x80\xa2\xdc\xff\xff\xff\xff\xff\"", 0, 9},
		{"a backslash is not plain", `0123456789\n"`, 0, -1},
		{"a backslash right behind blanks is not plain", `  \\  "`, 0, -1},
		{"a control character is not plain", "0123\x000123456789\"", 0, -1},
		{"a line feed is not plain", "01\n3456789\"", 0, -1},
		{"text without a quote has no end", `0123456789`, 0, -1},
		{"nothing has no end", ``, 0, -1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, lexer.PlainStringEnd([]byte(test.text), test.from))
		})
	}
	t.Run("every byte at every place is seen", func(t *testing.T) {
		for c := range 256 {
			for i := range 20 {
				text := []byte(strings.Repeat("x", 20) + `"`)
				text[i] = byte(c)
				requirePlainStringEnd(t, text)
			}
		}
	})
}

// requirePlainStringEnd looks for the end of the content from every place of text as plainly as it goes.
func requirePlainStringEnd(t *testing.T, text []byte) {
	t.Helper()
	for from := range text {
		want := -1
		for i := from; i < len(text); i++ {
			if c := text[i]; c == '"' || c == '\\' || c < ' ' {
				if c == '"' {
					want = i
				}
				break
			}
		}
		require.Equal(t, want, lexer.PlainStringEnd(text, from), "%q from %d", text, from)
	}
}

func TestShortDecimal(t *testing.T) {
	tests := []struct {
		name, text string
		from       int
		value      float64
		end        int
	}{
		{"an integer before a line feed", "1027\n", 0, 1027, 4},
		{"an integer before a blank", "1027 5", 0, 1027, 4},
		{"a number may begin anywhere", "a 12.47\n", 2, 12.47, 7},
		{"a number may have a minus", "-0.25\n", 0, -0.25, 5},
		{"a point may begin the digits", ".5\n", 0, 0.5, 2},
		{"a point may end the digits", "5.\n", 0, 5, 2},
		{"digits may come to 2⁵³", "9007199254740.992\n", 0, 9007199254740.992, 17},
		{"digits may come to more than 2⁵³", "9007199254740993\n", 0, 9007199254740992, 16},
		{"digits may be as many as fit 64 bits", "-9999999999999999.999\n", 0, -1e16, 21},
		{"twenty digits are many", "12345678901234567.890\n", 0, 0, 0},
		{"zeros at the beginning do not count", "-0.0030000000000000001\n", 0, -0.0030000000000000001, 22},
		{"zeros alone are as many as they may be", "0000.00000000000000000\n", 0, 0, 22},
		{"zeros behind other digits count", "10000.000000000000000\n", 0, 0, 0},
		{"a large power of ten is left to others", "90071992547409931e-37\n", 0, 0, 0},
		{"a plus is left to others", "+5\n", 0, 0, 0},
		{"an exponent is left to others", "a 1e3\n", 2, 0, 2},
		{"a tab behind is left to others", "5\t", 0, 0, 0},
		{"a CR behind is left to others", "5\r\n", 0, 0, 0},
		{"a word is left to others", "NaN\n", 0, 0, 0},
		{"a minus alone is no number", "-\n", 0, 0, 0},
		{"a point alone is no number", ".\n", 0, 0, 0},
		{"nothing is no number", "\n", 0, 0, 0},
	}
	const moreText = "# There is text behind the number."
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			value, end := lexer.ShortDecimal([]byte(test.text+moreText), test.from)
			require.Equal(t, test.end, end)
			require.Equal(t, test.value, value)
		})
	}
	t.Run("a number at the very end of the text is left to others", func(t *testing.T) {
		_, end := lexer.ShortDecimal([]byte("1027\n"), 0)
		require.Zero(t, end)
	})
	t.Run("a minus before zero is kept", func(t *testing.T) {
		value, end := lexer.ShortDecimal([]byte("-0\n"+moreText), 0)
		require.Equal(t, 2, end)
		require.True(t, math.Signbit(value))
	})
}

// FuzzPrediction holds the fast primitives against the plain ones.
func FuzzPrediction(f *testing.F) {
	for _, text := range []string{`0123456789ab","x"`, `\"`, " !\"", "12.5\n", "-0 ", "1234567890123456 ", "é\xff\x00\""} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		requirePlainStringEnd(t, text[:min(len(text), 64)])
		value, end := lexer.ShortDecimal(append(slices.Clip(text), "\n# There is text behind the number."...), 0)
		if end == 0 {
			return
		}
		require.LessOrEqual(t, end, len(text))
		require.Equal(t, lexer.WordEnd(text[:end], 0), end)
		want, ok := lexer.ParseFloat(text[:end])
		require.True(t, ok, "%q", text[:end])
		require.Equal(t, math.Float64bits(want), math.Float64bits(value), "%q", text[:end])
	})
}
