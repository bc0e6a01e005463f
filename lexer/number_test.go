package lexer_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/lexer"
)

var numberTests = []struct {
	name  string
	kind  lexer.Kind
	words []string
}{
	{"digits are an integer", lexer.Integer, []string{"0", "7", "007", "1027", "123456789012345", "1234567890123456", "18446744073709551616"}},
	{"an integer may have a sign", lexer.Integer, []string{"+1", "-1", "-0", "+00"}},
	{"digits beyond any size are an integer", lexer.Integer, []string{strings.Repeat("9", 400)}},
	{"a fraction makes a float", lexer.Float, []string{"1.5", "0.1", "-0.0", "+12.47", "3.141592653589793", "123456.78901234567890"}},
	{"a point may begin or end the digits", lexer.Float, []string{".5", "5.", "-.5", "+5."}},
	{"an exponent makes a float", lexer.Float, []string{"1e3", "1E3", "1e+3", "1e-3", "1.458255915e9", ".5e1", "5.e1", "1e007"}},
	{"numbers at the edge of one exact operation are floats", lexer.Float, []string{
		"1e22", "1e23", "1e-22", "1e-23", "999999999999999e22", "9999999999999999e22", "0.000000000000001e-7", "123456789012345e-22",
	}},
	{"numbers at the edge of float64 are floats", lexer.Float, []string{
		"1.7976931348623157e308", "1.7976931348623159e308", "5e-324", "2e-324", "2.2250738585072011e-308", "9007199254740993.0",
	}},
	{"numbers beyond float64 are floats", lexer.Float, []string{"1e400", "-1e400", "1e-400", "1e99999999999999999999"}},
	{"infinity is a float in any case and with any sign", lexer.Float, []string{
		"inf", "Inf", "INF", "+Inf", "-inf", "infinity", "Infinity", "+INFINITY", "-iNfInItY",
	}},
	{"NaN is a float in any case", lexer.Float, []string{"NaN", "nan", "NAN", "nAn"}},
	{"NaN has no sign", lexer.Invalid, []string{"+NaN", "-nan"}},
	{"a number has digits", lexer.Invalid, []string{"", "+", "-", ".", "+.", "e", "e5", ".e5", "-e5"}},
	{"an exponent has digits", lexer.Invalid, []string{"1e", "1e+", "1e-", "1.5E", "1ee5", "1e5.5", "1e5e5"}},
	{"a number has one sign and one point", lexer.Invalid, []string{"++1", "+-1", "1-", "1..5", "1.5.5", "--Inf"}},
	{"hexadecimal, binary and octal digits are not for numbers", lexer.Invalid, []string{"0x1F", "0X1p-2", "-0x1p4", "0b1", "0o7", "1p4", "ff"}},
	{"an underscore is not for numbers", lexer.Invalid, []string{"1_000", "1_0.5", "0x_1", "_1", "1_"}},
	{"what only begins like infinity or NaN is no number", lexer.Invalid, []string{"in", "infi", "infinit", "infinityx", "na", "nanx", "NaN(1)"}},
	{"a number has no other characters", lexer.Invalid, []string{"1a", "a1", "1,5", "1 ", " 1", "1\x00", "1\v", "١", "1\xff", "∞"}},
}

func TestNumbers(t *testing.T) {
	for _, test := range numberTests {
		t.Run(test.name, func(t *testing.T) {
			for _, word := range test.words {
				require.Equal(t, test.kind, lexer.NumberKind([]byte(word)), "%q", word)
				requireNumber(t, word)
			}
		})
	}
}

// requireNumber holds a word against strconv, bit for bit, but for the forms that are not of the format.
func requireNumber(t *testing.T, word string) {
	t.Helper()
	want, err := strconv.ParseFloat(word, 64)
	foreign := strings.ContainsAny(word, "_xX")

	isNumber := !foreign && (err == nil || errors.Is(err, strconv.ErrRange))
	kind := lexer.NumberKind([]byte(word))
	require.Equal(t, isNumber, kind != lexer.Invalid, "kind of %q", word)

	got, ok := lexer.ParseFloat([]byte(word))
	require.Equal(t, !foreign && err == nil, ok, "%q is a float64", word)
	if ok {
		require.Equal(t, math.Float64bits(want), math.Float64bits(got), "%q: %v and %v", word, want, got)
	}

	wantInt, err := strconv.ParseInt(word, 10, 64)
	gotInt, ok := lexer.ParseInt([]byte(word))
	require.Equal(t, err == nil, ok, "%q is an int64", word)
	if ok {
		require.Equal(t, wantInt, gotInt, "%q", word)
		require.Equal(t, lexer.Integer, kind, "%q", word)
	}
}

func TestIntegersAtTheEdge(t *testing.T) {
	tests := []struct {
		name, word string
		want       int64
		ok         bool
	}{
		{"the greatest integer fits", "9223372036854775807", math.MaxInt64, true},
		{"one more does not", "9223372036854775808", 0, false},
		{"the least integer fits", "-9223372036854775808", math.MinInt64, true},
		{"one less does not", "-9223372036854775809", 0, false},
		{"leading zeros do not count", "-000000000000000000000000000005", -5, true},
		{"twenty digits do not fit", "18446744073709551617", 0, false},
		{"a plus is fine", "+5", 5, true},
		{"a sign alone is none", "-", 0, false},
		{"nothing is none", "", 0, false},
		{"a float is none", "5.0", 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, ok := lexer.ParseInt([]byte(test.word))
			require.Equal(t, test.ok, ok)
			require.Equal(t, test.want, got)
			requireNumber(t, test.word)
		})
	}
}

func TestShortDecimalsAreExact(t *testing.T) {
	mantissas := []string{"0", "1", "-1", "12.47", "0.1", ".3", "7.", "123456789012345", "12345678.9012345", "1234567890123456"}
	for _, mantissa := range mantissas {
		requireNumber(t, mantissa)
		for exponent := -40; exponent <= 40; exponent++ {
			requireNumber(t, mantissa+"e"+strconv.Itoa(exponent))
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, test := range numberTests {
		for _, word := range test.words {
			f.Add(word)
		}
	}
	f.Fuzz(requireNumber)
}

func BenchmarkParseFloat(b *testing.B) {
	for _, word := range []string{"0", "1027", "12.47", "1.458255915e+09", "0.30000000000000004"} {
		b.Run(word, func(b *testing.B) {
			text := []byte(word)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				lexer.ParseFloat(text)
			}
		})
	}
}

// TestIsShortest holds that a number is its own shortest text only if strconv gives back just that text.
func TestIsShortest(t *testing.T) {
	t.Parallel()
	check := func(word string) {
		value, ok := lexer.ParseFloat([]byte(word))
		require.True(t, ok, word)
		want := strconv.FormatFloat(value, 'g', -1, 64) == word
		require.Equal(t, want, lexer.IsShortest([]byte(word)), word)
	}
	for _, word := range []string{
		"0", "-0", "+0", "00", "0.", ".5", "0.5", "0.50", "1", "1.0", "10", "100000", "999999", "1000000", "1e+06", "1e6",
		"1.5e+06", "0.0001", "0.00010", "0.00001", "0.00012", "1e-05", "123456.7", "1234567.8", "-1.25", "-01", "NaN", "nan", "+Inf",
		"Inf", "-Inf", "0.1234567890123456", "0.30000000000000004", "123456789012345678", "0.005", "0.0000", "-0.0",
	} {
		check(word)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		word := strconv.FormatUint(random.Uint64N(1e4), 10)
		if random.IntN(4) > 0 {
			word += "." + strings.Repeat("0", random.IntN(6)) + strconv.FormatUint(random.Uint64N(1e3), 10)
		}
		if random.IntN(3) == 0 {
			word += strings.Repeat("0", random.IntN(3)*(1-strings.Count(word, ".")))
		}
		check(word)
	}
}
