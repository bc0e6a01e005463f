package writer

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"

	"github.com/promfmt/promfmt/model"
)

func isFinite(f float64) bool { return f-f == 0 }

// wholeCount is f as an integer, if it is one of those that a uint64 holds.
func wholeCount(f float64) (n uint64, ok bool) {
	switch {
	case f >= 0 && f < 1<<63: // the conversions of signed numbers are the faster ones
		n := int64(f)
		return uint64(n), float64(n) == f
	case f < 1<<64:
		return uint64(f), f > 0 // so large that all are whole
	}
	return 0, false
}

// appendCount appends a count: a whole one with all its digits, and any other as appendFloat does.
func appendCount(b []byte, f float64) []byte {
	if n, ok := wholeCount(f); ok {
		return appendUint(b, n)
	}
	return appendFloat(b, f)
}

// The shortest decimals of up to maxDigits digits are found with a multiplication and a division by a power of ten. No
// two such decimals are read as the same float, so one that is read as f is the shortest there is; and as digits and
// power are both floats without an error, their quotient is rounded just once, as it is in reading.
const (
	maxDigits  = 15
	maxDecimal = 1e15 // all whole numbers below have at most maxDigits digits
)

var powersOfTen = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// plainDigits is how many digits a whole number may have to be written without an exponent, and maxPlain the first that
// has more.
const (
	plainDigits = 6
	maxPlain    = 1e6
)

// appendFloat appends f in the form of model.FormatFloat: the shortest that reads back as f.
func appendFloat(b []byte, f float64) []byte {
	magnitude := f
	if math.Signbit(f) {
		magnitude = -f
	}
	if !(magnitude < maxDecimal) {
		return strconv.AppendFloat(b, f, 'g', -1, 64)
	}
	n := int64(magnitude)
	power := 0
	if float64(n) != magnitude {
		n, power = shortDecimal(magnitude)
		if n == 0 {
			return strconv.AppendFloat(b, f, 'g', -1, 64)
		}
	}
	if math.Signbit(f) {
		b = append(b, '-')
	}
	if power == 0 && n < maxPlain {
		return appendUint(b, uint64(n))
	}
	return appendDecimal(b, uint64(n), power)
}

// appendCanonical appends f in the canonical form of OpenMetrics: as appendFloat does, and with a point at least, or an
// exponent, to tell it from an integer.
func appendCanonical(b []byte, f float64) []byte {
	b = appendFloat(b, f)
	if -maxPlain < f && f < maxPlain && float64(int32(f)) == f {
		b = append(b, '.', '0')
	}
	return b
}

// shortDecimal finds digits and a power of ten whose quotient is f, which must be positive and less than maxDecimal.
// Digits is 0 if there are none within the limits.
func shortDecimal(f float64) (digits int64, power int) {
	// The digits that f has before its point, by its exponent and the logarithm of 2; it may be one less.
	exponent := int(math.Float64bits(f)>>52) - 1023
	power = maxDigits - 1 - exponent*1233>>12
	if power >= len(powersOfTen) {
		return 0, 0
	}
	scaled := f * powersOfTen[power]
	if scaled >= maxDecimal {
		power--
		scaled = f * powersOfTen[power]
	}
	digits = int64(scaled + 0.5)
	if float64(digits)/powersOfTen[power] != f {
		return 0, 0
	}
	return digits, power
}

// appendDecimal appends digits, of which there are at most 16, divided by ten to the power, in the shortest form: with an
// exponent if that is below -4 or there are more than plainDigits digits before the point, and else without.
func appendDecimal(b []byte, digits uint64, power int) []byte {
	high, low := eightDigits(digits/1e8), eightDigits(digits%1e8)
	var before, behind int // zeros around the digits
	if high != 0 {
		before = bits.TrailingZeros64(high) / 8
	} else {
		before = 8 + bits.TrailingZeros64(low)/8
	}
	if low != 0 {
		behind = bits.LeadingZeros64(low) / 8
	} else {
		behind = 8 + bits.LeadingZeros64(high)/8
	}
	count := 16 - before - behind
	point := 16 - before - power
	begin := len(b)
	b = append(b, 0) // room for the point, which goes behind some of the digits
	b = appendDigits(b, high, low, before)[:begin+1+count]
	switch {
	case point > plainDigits || point <= -4:
		b[begin] = b[begin+1]
		if count == 1 {
			b = b[:begin+1]
		} else {
			b[begin+1] = '.'
		}
		return appendExponent(b, point-1)
	case point > 0:
		copy(b[begin:], b[begin+1:begin+1+point])
		b[begin+point] = '.'
		return b
	default:
		const zeros = "0.000"
		b = append(b, zeros[:1-point]...)
		copy(b[begin+2-point:], b[begin+1:begin+1+count])
		copy(b[begin:], zeros[:2-point])
		return b
	}
}

// appendUint appends n.
func appendUint(b []byte, n uint64) []byte {
	switch {
	case n < 10:
		return append(b, byte('0'+n))
	case n < 1e8:
		digits := eightDigits(n)
		before := bits.TrailingZeros64(digits) / 8
		b = binary.LittleEndian.AppendUint64(b, digits>>(8*before)|asciiDigits)
		return b[:len(b)-before]
	case n < 1e16:
		high, low := eightDigits(n/1e8), eightDigits(n%1e8)
		before := bits.TrailingZeros64(high) / 8
		b = appendDigits(b, high, low, before)
		return b[:len(b)-before]
	}
	b = appendUint(b, n/1e16)
	n %= 1e16
	return appendDigits(b, eightDigits(n/1e8), eightDigits(n%1e8), 0)
}

const asciiDigits = 0x3030303030303030

// eightDigits gives the digits of n, which has at most eight, a byte each and the first in the lowest byte. It halves the
// number three times, all parts of a step at once.
func eightDigits(n uint64) uint64 {
	fours := n/10000 | n%10000<<32
	tens := fours * 10486 >> 20 & 0x0000007f_0000007f
	pairs := tens | (fours-tens*100)<<16
	ones := pairs * 103 >> 10 & 0x000f_000f_000f_000f
	return ones | (pairs-ones*10)<<8
}

// appendDigits appends sixteen digits in the form of eightDigits without those before, and as many zeros in their place.
func appendDigits(b []byte, high, low uint64, before int) []byte {
	if before < 8 {
		high = high>>(8*before) | low<<(64-8*before)
		low >>= 8 * before
	} else {
		high, low = low>>(8*(before-8)), 0
	}
	b = binary.LittleEndian.AppendUint64(b, high|asciiDigits)
	return binary.LittleEndian.AppendUint64(b, low|asciiDigits)
}

// appendExponent appends e, a sign and two digits.
func appendExponent(b []byte, exponent int) []byte {
	sign := byte('+')
	if exponent < 0 {
		sign, exponent = '-', -exponent
	}
	return append(b, 'e', sign, byte('0'+exponent/10), byte('0'+exponent%10))
}

// floatTexts keeps the texts of a row of floats, such as the bounds of a histogram, since the next histogram mostly has
// the same.
type floatTexts struct {
	canonical bool // the texts are those of appendCanonical

	floats []float64
	ends   []int
	text   []byte
	given  []byte
}

// givenOr is the i-th of the texts that were given, or, where none were, that of f.
func (t *floatTexts) givenOr(given []string, i int, f float64) []byte {
	if given != nil {
		t.given = append(t.given[:0], given[i]...)
		return t.given
	}
	return t.at(i, f)
}

// at is the text of f, the i-th of a row. They have to be asked for in turn, from 0. The text is valid until the next call.
func (t *floatTexts) at(i int, f float64) []byte {
	begin := 0
	if i > 0 {
		begin = t.ends[i-1]
	}
	if i >= len(t.floats) || math.Float64bits(t.floats[i]) != math.Float64bits(f) {
		t.floats = append(t.floats[:i], f)
		if t.canonical {
			t.text = appendCanonical(t.text[:begin], f)
		} else {
			t.text = appendFloat(t.text[:begin], f)
		}
		t.ends = append(t.ends[:i], len(t.text))
	}
	return t.text[begin:t.ends[i]]
}

// seconds is t as a number of seconds, rounded to the nearest float.
func seconds(t model.Timestamp) float64 { return float64(t.Seconds) + float64(t.Nanos)/1e9 }

// appendSign appends the sign of t, if it has one, and gives its magnitude.
func appendSign(b []byte, t model.Timestamp) (out []byte, seconds, nanos uint64) {
	seconds, nanos = uint64(t.Seconds), uint64(t.Nanos)
	if t.Seconds < 0 {
		b = append(b, '-')
		seconds = -seconds
		if nanos > 0 {
			seconds--
			nanos = 1e9 - nanos
		}
	}
	return b, seconds, nanos
}

// appendSeconds appends t in seconds, with all the digits that it has behind the point.
func appendSeconds(b []byte, t model.Timestamp) []byte {
	b, seconds, nanos := appendSign(b, t)
	return appendFraction(appendUint(b, seconds), nanos, 9)
}

// appendMillis appends t in milliseconds, with a fraction if it is finer than that.
func appendMillis(b []byte, t model.Timestamp) []byte {
	b, seconds, nanos := appendSign(b, t)
	millis, rest := nanos/1e6, nanos%1e6
	if seconds > 0 {
		b = appendUint(b, seconds)
		b = appendPadded(b, millis, 3)
	} else {
		b = appendUint(b, millis)
	}
	return appendFraction(b, rest, 6)
}

// appendFraction appends a point and the given number of digits of n behind it, but no zeros at the end, and nothing at
// all if n is 0.
func appendFraction(b []byte, n uint64, digits int) []byte {
	if n == 0 {
		return b
	}
	b = append(b, '.')
	b = appendPadded(b, n, digits)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return b
}

// appendPadded appends n with zeros before it up to the given number of digits.
func appendPadded(b []byte, n uint64, digits int) []byte {
	begin := len(b)
	for range digits {
		b = append(b, '0')
	}
	for i := begin + digits - 1; n > 0 && i >= begin; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return b
}
