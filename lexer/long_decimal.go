package lexer

import (
	"bytes"
	"math"
	"math/bits"
)

// manyDigits are the first maxDigits digits of a number as a whole number, times ten to the power, and those behind them,
// perhaps with the point among them.
type manyDigits struct {
	mantissa uint64
	power    int
	rest     []byte
}

// decimalOfMany is decimal for a number of more digits than maxDigits, however many there are. The number is digits, perhaps with a
// point among them; its first maxDigits that are not zeros before all others are times ten to the power.
func decimalOfMany(number []byte, power int, negative bool) (value float64, ok bool) {
	d := manyDigits{power: power}
	d.mantissa, d.rest = nextDigits(bytes.TrimLeft(number, "0."))
	isMore := len(bytes.TrimLeft(d.rest, "0.")) > 0
	value, ok = nearestDecimal(d.mantissa, power, isMore)
	if ok && isMore {
		// The number is less than this one. Nearly always both are next to the same float.
		if above, _ := nearestDecimal(d.mantissa+1, power, false); above != value {
			value, ok = d.nearest(value, above)
		}
	}
	if negative {
		value = -value
	}
	return value, ok
}

// nearest is the one of two neighbouring floats that is nearest to d, which is between them. It is found by comparing the digits
// of d with those of what is halfway between the two, which are computed exactly, maxDigits of them at a time. It is not ok
// where that would take more than two words.
func (d *manyDigits) nearest(below, above float64) (value float64, ok bool) {
	pattern := math.Float64bits(below)
	mantissa := pattern&(1<<52-1) | 1<<52
	// Halfway is an odd number over two to the shift, and is compared times the power of ten that makes a whole number of the
	// mantissa of d.
	odd, shift := 2*mantissa+1, 1+1075-int(pattern>>52)+d.power
	if d.power >= 0 || shift <= 0 || shift >= 64 {
		return 0, false
	}
	high, low := bits.Mul64(odd, fives[-d.power])
	digits, expected := d.mantissa, high<<(64-shift)|low>>shift
	for rest := d.rest; ; {
		behind := low & (1<<shift - 1)
		switch {
		case digits < expected, digits == expected && len(rest) == 0 && behind > 0:
			return below, true
		case digits > expected:
			return above, true
		case len(rest) == 0:
			if mantissa&1 == 0 {
				return below, true
			}
			return above, true
		}
		digits, rest = nextDigits(rest)
		high, low = bits.Mul64(behind, powers[maxDigits])
		expected = high<<(64-shift) | low>>shift
	}
}

// nextDigits are the next maxDigits digits, with zeros for those that are not there, and what is left.
func nextDigits(text []byte) (digits uint64, rest []byte) {
	for n := 0; n < maxDigits; text = text[1:] {
		if len(text) == 0 {
			return digits * powers[maxDigits-n], nil
		}
		if text[0] != '.' {
			digits = digits*10 + uint64(text[0]-'0')
			n++
		}
	}
	return digits, text
}
