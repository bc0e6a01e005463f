package writer

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
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
// power are both floats without an error, their quotient is rounded just once, as it is in reading. Only where there is none
// more digits are looked for, by other means.
const (
	maxDigits  = 15
	maxDecimal = 1e15 // all whole numbers below have at most maxDigits digits
	maxPower   = 22   // greater powers of ten are no floats without an error
)

var powersOfTen = [maxPower + 1]float64{
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
	pattern := math.Float64bits(f)
	negative := pattern >= signBit
	if negative {
		f = -f
	}
	if !(f < maxDecimal) {
		switch {
		case f != f:
			return append(b, "NaN"...)
		case f <= math.MaxFloat64:
			return strconv.AppendFloat(b, math.Float64frombits(pattern), 'g', -1, 64)
		case negative:
			return append(b, "-Inf"...)
		}
		return append(b, "+Inf"...)
	}
	digits, power := int64(f), 0
	whole := float64(digits) == f
	if whole && digits < 10 && !negative {
		return append(b, byte('0'+digits))
	}
	if !whole {
		if digits, power = shortDecimal(f); digits == 0 {
			return strconv.AppendFloat(b, math.Float64frombits(pattern), 'g', -1, 64)
		}
	}
	if negative {
		b = append(b, '-')
	}
	if whole && digits < maxPlain {
		return appendEight(b, uint64(digits))
	}
	return appendDecimal(b, uint64(digits), power)
}

const signBit = 1 << 63

// appendCanonical appends f in the canonical form of OpenMetrics: as appendFloat does, and with a point at least, or an
// exponent, to tell it from an integer.
func appendCanonical(b []byte, f float64) []byte {
	b = appendFloat(b, f)
	if -maxPlain < f && f < maxPlain && float64(int32(f)) == f {
		b = append(b, '.', '0')
	}
	return b
}

// shortDecimal finds the least digits and a power of ten whose quotient is read as f, which must be positive, less than
// maxDecimal and not whole. Digits is 0 if they are not found within the limits.
func shortDecimal(f float64) (digits int64, power int) {
	// The digits that f has before its point, by its exponent and the logarithm of 2; it may be one less.
	exponent := int(math.Float64bits(f)>>52) - 1023
	power = maxDigits - 1 - exponent*1233>>12
	if power > maxPower {
		return 0, 0
	}
	scaled := f * powersOfTen[power]
	if scaled >= maxDecimal {
		power--
		scaled = f * powersOfTen[power]
	}
	digits = int64(scaled + 0.5)
	if float64(digits)/powersOfTen[power] != f {
		return longDecimal(f, power+longDigits-maxDigits)
	}
	return digits, power
}

// longDigits is how many digits any float needs at most.
const longDigits = 17

var powersOfFive = func() (t [maxPower + longDigits - maxDigits + 1]uint64) {
	t[0] = 1
	for i := range t[1:] {
		t[i+1] = 5 * t[i]
	}
	return t
}()

// longDecimal is shortDecimal for an f that needs more than maxDigits digits, as most sums of floats do. It is given the
// power of ten with which f has longDigits digits before the point, and so makes few enough of them to be computed exactly.
//
// All decimals that are nearer to f than half the distance to the next float are read as f. If one with a digit less is
// among them it is the nearest of these, and else it is the nearest with all digits.
func longDecimal(f float64, power int) (digits int64, scale int) {
	const fraction = 52
	pattern := math.Float64bits(f)
	mantissa := pattern&(1<<fraction-1) | 1<<fraction
	// f times the power of ten is product over two to the shift.
	shift := uint(1023 + fraction - int(pattern>>fraction) - power)
	five := powersOfFive[power]
	high, low := bits.Mul64(mantissa, five)
	whole, rest := high<<(64-shift)|low>>shift, low&(1<<shift-1)
	if whole/1e16-1 >= 9 || mantissa == 1<<fraction { // a power of two is nearer to the float below it
		return 0, 0
	}
	// In halves, as the distance that is within is five of them.
	tens, ones := whole/10, whole%10
	down := (ones<<shift + rest) * 2
	up := 10<<(shift+1) - down
	within := five + 1 - mantissa&1 // what is just halfway is read as the even one of the two
	switch half := uint64(1) << (shift - 1); {
	case down < up && down < within:
		return int64(tens), power - 1
	case up < down && up < within:
		return int64(tens + 1), power - 1
	case down == up && up < within || rest == half:
		return 0, 0
	case rest > half:
		whole++
	}
	return int64(whole), power
}

// appendDecimal appends digits, of which there are at most longDigits, divided by ten to the power, in the shortest form: with
// an exponent if that is below -4 or there are more than plainDigits digits before the point, and else without. A number
// without an exponent must not be whole.
//
// The digits, but for the 17th, stay in two words until the point is among them, and are stored as they are; what is stored
// beyond the end is not counted.
func appendDecimal(b []byte, digits uint64, power int) []byte {
	last := uint64(0)
	if digits >= 1e16 {
		digits, last, power = digits/10, digits%10, power-1
	}
	high, low := eightDigits(digits/1e8), eightDigits(digits%1e8)
	before := 0 // zeros before the digits, which go
	if high == 0 {
		high, low, before = low, 0, 8
	}
	zeros := uint(bits.TrailingZeros64(high)) &^ 7
	high, low, before = high>>zeros|low<<(64-zeros), low>>zeros, before+int(zeros/8)
	count := 16 - bits.LeadingZeros64(low)/8 // without the zeros behind them
	switch {
	case last != 0:
		count = longDigits
	case low == 0:
		count = 8 - bits.LeadingZeros64(high)/8
	}
	high |= asciiDigits
	low |= asciiDigits
	point := 16 - before - power // how many of the digits stand before the point

	b = slices.Grow(b, decimalRoom)
	begin := len(b)
	out := b[begin : begin+decimalRoom]
	if -4 < point && point <= 0 {
		const zeros = '0' | '.'<<8 | '0'<<16 | '0'<<24 | '0'<<32
		binary.LittleEndian.PutUint64(out, zeros)
		out = out[2-point:]
		binary.LittleEndian.PutUint64(out, high)
		binary.LittleEndian.PutUint64(out[8:], low)
		out[16] = byte('0' + last)
		return b[:begin+2-point+count]
	}
	exponent := point - 1
	scientific := exponent >= plainDigits || exponent < -4
	if scientific {
		point = 1
	}
	// What is before the point stays, and what is behind it moves by a byte.
	shift := 8 * uint(point)
	mask := uint64(1)<<shift - 1
	binary.LittleEndian.PutUint64(out, high&mask|'.'<<shift|high&^mask<<8)
	binary.LittleEndian.PutUint64(out[8:], low<<8|high>>56)
	out[16], out[17] = byte(low>>56), byte('0'+last)
	end := begin + count + 1
	if !scientific {
		return b[:end]
	}
	if count == 1 {
		end = begin + 1 // without the point
	}
	binary.LittleEndian.PutUint32(b[end:cap(b)], exponents[exponent+maxPower])
	return b[:end+4]
}

// exponents are the texts from e-22 to e+22, four bytes in a word.
var exponents = func() (t [2*maxPower + 1]uint32) {
	for i := range t {
		t[i] = binary.LittleEndian.Uint32(fmt.Appendf(nil, "e%+03d", i-maxPower))
	}
	return t
}()

// decimalRoom is how much appendDecimal may store.
const decimalRoom = 32

// appendUint appends n.
func appendUint(b []byte, n uint64) []byte {
	switch {
	case n < 1e8:
		return appendEight(b, n)
	case n < 1e16:
		b = appendEight(b, n/1e8)
	default:
		b = appendUint(b, n/1e16)
		b = binary.LittleEndian.AppendUint64(b, eightDigits(n/1e8%1e8)|asciiDigits)
	}
	return binary.LittleEndian.AppendUint64(b, eightDigits(n%1e8)|asciiDigits)
}

// appendInt appends n.
func appendInt(b []byte, n int64) []byte {
	if n < 0 {
		return appendUint(append(b, '-'), -uint64(n))
	}
	return appendUint(b, uint64(n))
}

// appendEight appends n, which has at most eight digits.
func appendEight(b []byte, n uint64) []byte {
	digits := eightDigits(n)
	zeros := bits.TrailingZeros64(digits|1<<56) / 8 // before the digits; of 0 the last one stays
	b = binary.LittleEndian.AppendUint64(b, (digits|asciiDigits)>>(8*uint(zeros)))
	return b[:len(b)-zeros]
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

// floatTexts keeps the texts of a row of floats, such as the bounds of a histogram, since the next histogram mostly has
// the same.
type floatTexts struct {
	spell func([]byte, float64) []byte // appendFloat if it is nil

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
		if t.spell == nil {
			t.text = appendFloat(t.text[:begin], f)
		} else {
			t.text = t.spell(t.text[:begin], f)
		}
		t.ends = append(t.ends[:i], len(t.text))
	}
	return t.text[begin:t.ends[i]]
}

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
