package lexer_test

import (
	"bytes"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/promfmt/promfmt/lexer"
)

// requireValue holds both ways to read a number against strconv, bit for bit. It is quick, so that it can be asked of
// millions of them.
func requireValue(t *testing.T, word []byte) {
	want, err := strconv.ParseFloat(string(word), 64)
	got, ok := lexer.ParseFloat(word)
	if ok != (err == nil) || ok && math.Float64bits(got) != math.Float64bits(want) {
		t.Fatalf("ParseFloat of %q is %v, %t; it should be %v, %v", word, got, ok, want, err)
	}
	line := append(word, "\n# There is text behind the number."...)
	switch short, end := lexer.ShortDecimal(line, 0); {
	case end == 0: // left to ParseFloat
	case end != len(word), math.Float64bits(short) != math.Float64bits(want):
		t.Fatalf("ShortDecimal of %q is %v and ends at %d; it should be %v", word, short, end, want)
	}
}

// TestAllShortNumbers reads every number of up to five digits with a point at every place, and every one of up to two
// digits with every exponent of two digits.
func TestAllShortNumbers(t *testing.T) {
	t.Parallel()
	var word [96]byte
	for n := range 100_000 {
		digits := strconv.AppendInt(word[8:8], int64(n), 10)
		requireValue(t, append(word[:0], digits...))
		for point := range len(digits) + 1 {
			w := append(word[16:16], digits[:point]...)
			w = append(append(w, '.'), digits[point:]...)
			requireValue(t, w)
		}
		if n >= 100 {
			continue
		}
		for exponent := range 100 {
			for _, sign := range []string{"+", "-"} {
				w := append(append(word[16:16:80], digits...), "e"+sign...)
				if exponent < 10 {
					w = append(w, '0')
				}
				requireValue(t, strconv.AppendInt(w, int64(exponent), 10))
				requireValue(t, append([]byte("-"), w...))
			}
		}
	}
}

// TestNumbersOfManyDigits reads numbers of as many digits as fit 64 bits, with every power of ten near to nothing.
func TestNumbersOfManyDigits(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 9))
	var word []byte
	for range 10_000 {
		mantissa := random.Uint64() >> random.IntN(64)
		for power := -29; power <= 29; power++ {
			word = strconv.AppendUint(word[:0], mantissa, 10)
			word = append(word, 'e')
			requireValue(t, strconv.AppendInt(word, int64(power), 10))
		}
	}
}

// TestNumbersHalfwayBetweenFloats reads numbers that are halfway between two floats, and those next to them, in as few digits
// as they can be written with.
func TestNumbersHalfwayBetweenFloats(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 11))
	for range 20_000 {
		for shift := -3; shift <= 10; shift++ {
			// 54 binary digits, the last of them 1, times two to the shift.
			halfway := new(big.Float).SetPrec(128).SetMantExp(new(big.Float).SetUint64(random.Uint64()>>10|1<<53|1), shift)
			word := []byte(halfway.Text('f', max(-shift, 0)))
			requireValue(t, word)
			requireValue(t, append([]byte("-"), word...))
			for _, near := range []byte{'0', '1', '9'} {
				requireValue(t, append(word[:len(word)-1:len(word)-1], near))
			}
			if bytes.IndexByte(word, '.') < 0 {
				word = append(word, '.')
			}
			requireValue(t, append(word, "01"...))
		}
	}
}

// TestLongNumbersHalfwayBetweenFloats reads numbers that are halfway between two floats with all the digits that they have, of which
// there are up to 80, and those next to them.
func TestLongNumbersHalfwayBetweenFloats(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 12))
	for range 200 {
		for shift := -70; shift <= 70; shift++ {
			halfway := new(big.Float).SetPrec(128).SetMantExp(new(big.Float).SetUint64(random.Uint64()>>10|1<<53|1), shift)
			word := []byte(halfway.Text('f', max(-shift, 1)))
			end := len(word) - 1
			requireValue(t, slices.Concat([]byte("-00"), word))
			requireValue(t, append(slices.Clone(word), strings.Repeat("0", random.IntN(40))...))
			requireValue(t, append(slices.Clone(word), strings.Repeat("0", random.IntN(40))+"1"...))
			requireValue(t, append(slices.Clone(word[:end]), '4', byte('0'+random.IntN(10))))
			requireValue(t, append(slices.Clone(word[:end-random.IntN(end)]), byte('0'+random.IntN(10))))
			requireValue(t, append(slices.Clone(word), "e-"+strconv.Itoa(random.IntN(30))...))
			requireValue(t, append(slices.Clone(word), "e+"+strconv.Itoa(random.IntN(30))...))
		}
	}
}

// TestRandomNumbers reads numbers with more digits than can be tried one and all: of any number of digits up to 25, with
// zeros before and behind, and the shortest forms of any float64.
func TestRandomNumbers(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 5))
	var word []byte
	for range 300_000 {
		word = word[:0]
		if random.IntN(2) == 0 {
			word = append(word, '-')
		}
		point, digits := random.IntN(26), 1+random.IntN(25)
		zeros := random.IntN(digits)
		for i := range digits {
			if i == point {
				word = append(word, '.')
			}
			if i < zeros && random.IntN(4) > 0 {
				word = append(word, '0')
				continue
			}
			word = append(word, byte('0'+random.IntN(10)))
		}
		if random.IntN(3) == 0 {
			word = append(word, 'e')
			word = strconv.AppendInt(word, int64(random.IntN(60)-30), 10)
		}
		requireValue(t, word)

		value := math.Float64frombits(random.Uint64())
		if !math.IsNaN(value) && !math.IsInf(value, 0) {
			requireValue(t, strconv.AppendFloat(nil, value, "gfe"[random.IntN(3)], -1, 64))
		}
		requireValue(t, strconv.AppendFloat(nil, random.ExpFloat64()*1000, 'g', -1, 64))
	}
}
