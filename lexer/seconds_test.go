package lexer_test

import (
	"bytes"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/lexer"
)

var secondsTests = []struct{ word, want string }{
	{"0", "0 0"},
	{"-0", "0 0"},
	{"1", "1 0"},
	{"+1.", "1 0"},
	{".5", "0 500000000"},
	{"1600000000.123", "1600000000 123000000"},
	{"1.000000001", "1 1"},
	{"-1", "-1 0"},
	{"-1.25", "-2 750000000"},
	{"-0.000000001", "-1 999999999"},
	{"1.5e3", "1500 0"},
	{"1.6e9", "1600000000 0"},
	{"1234567E-3", "1234 567000000"},
	{"12.5e-1", "1 250000000"},
	{"1e-9", "0 1"},
	{"1e18", "1000000000000000000 0"},
	{"000000000000000000000000000001.10000000000000000000000", "1 100000000"},
	{"0.00000000000000000000000000015e28", "1 500000000"},
	{"0e999999999999999999999999", "0 0"},

	{"1.0000000004", "1 0 rounded"},
	{"1.0000000005", "1 1 rounded"},
	{"1.9999999995", "2 0 rounded"},
	{"-1.9999999995", "-2 0 rounded"},
	{"-1.0000000005", "-2 999999999 rounded"},
	{"5e-10", "0 1 rounded"},
	{"4.9e-10", "0 0 rounded"},
	{"1e-999999999999999999999999", "0 0 rounded"},

	{"9223372036854775807", "9223372036854775807 0"},
	{"9223372036854775807.999999999", "9223372036854775807 999999999"},
	{"9223372036854775807.9999999999", "not ok"},
	{"9223372036854775808", "not ok"},
	{"-9223372036854775808", "-9223372036854775808 0"},
	{"-9223372036854775808.000000001", "not ok"},
	{"1e19", "not ok"},
	{"99999999999999999999", "not ok"},
	{"1e300", "not ok"},
	{"1e999999999999999999999999", "not ok"},
	{"NaN", "not ok"},
	{"+Inf", "not ok"},
	{"-infinity", "not ok"},
	{"", "not ok"},
	{"-", "not ok"},
	{".", "not ok"},
	{"1.e", "not ok"},
	{"1_0", "not ok"},
	{"0x1", "not ok"},
	{"1 ", "not ok"},
}

func describeSeconds(word []byte) string {
	seconds, nanos, exact, ok := lexer.ParseSeconds(word)
	switch {
	case !ok:
		return "not ok"
	case !exact:
		return fmt.Sprint(seconds, nanos, " rounded")
	}
	return fmt.Sprint(seconds, nanos)
}

func TestParseSeconds(t *testing.T) {
	for _, test := range secondsTests {
		t.Run(test.word, func(t *testing.T) {
			require.Equal(t, test.want, describeSeconds([]byte(test.word)))
		})
	}
}

func TestShortSeconds(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       string // seconds, nanos, and what is left of the text
	}{
		{"whole seconds", "1700000000\n", `1700000000 0 "\n"`},
		{"milliseconds", "1700000000.125 # {}", `1700000000 125000000 " # {}"`},
		{"all digits of nanoseconds", "0.000000001\n", `0 1 "\n"`},
		{"the end of the text", "12", `12 0 ""`},
		{"more digits than nanoseconds have", "0.0000000015\n", `0 0 "0.0000000015\n"`},
		{"more digits than fit", "1234567890123456789\n", `0 0 "1234567890123456789\n"`},
		{"no digit behind the point", "1.\n", `0 0 "1.\n"`},
		{"a sign", "-1\n", `0 0 "-1\n"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			seconds, nanos, end := lexer.ShortSeconds([]byte(test.text), 0)
			require.Equal(t, test.want, fmt.Sprintf("%d %d %q", seconds, nanos, test.text[end:]))
		})
	}
}

// FuzzSeconds holds ParseSeconds against numbers of any size.
func FuzzSeconds(f *testing.F) {
	for _, test := range secondsTests {
		f.Add([]byte(test.word))
	}
	f.Fuzz(func(t *testing.T, word []byte) {
		requireSeconds(t, word)
	})
}

func requireSeconds(t *testing.T, word []byte) {
	got := describeSeconds(word)
	text := append([]byte(" "), word...)
	if seconds, nanos, end := lexer.ShortSeconds(text, 1); end > 1 {
		require.Equal(t, describeSeconds(text[1:end]), fmt.Sprint(seconds, nanos))
	}
	if e := bytes.LastIndexAny(word, "eE"); e >= 0 && len(word)-e > 5 {
		return // too large for big.Rat
	}
	value, ok := new(big.Rat).SetString(strings.TrimSuffix(string(word), "."))
	if lexer.NumberKind(word) == lexer.Invalid || !ok {
		if lexer.NumberKind(word) == lexer.Invalid || bytes.ContainsAny(word, "nN") {
			require.Equal(t, "not ok", got)
		}
		return
	}
	scaled := new(big.Rat).Mul(value, big.NewRat(1e9, 1))
	half := big.NewRat(1, 2)
	if scaled.Sign() < 0 {
		half.Neg(half)
	}
	rounded := new(big.Rat).Add(scaled, half)
	nanos := new(big.Int).Quo(rounded.Num(), rounded.Denom())
	seconds, rest := new(big.Int).DivMod(nanos, big.NewInt(1e9), new(big.Int))
	want := fmt.Sprint(seconds, rest)
	if !scaled.IsInt() {
		want = fmt.Sprint(seconds, rest, " rounded")
	}
	if !seconds.IsInt64() {
		want = "not ok"
	}
	require.Equal(t, want, got, "%q", word)
}

func BenchmarkParseSeconds(b *testing.B) {
	for _, word := range []string{"1600000000", "1600000000.123", "1.6e9"} {
		b.Run(word, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(word)))
			for b.Loop() {
				lexer.ParseSeconds([]byte(word))
			}
		})
	}
}
