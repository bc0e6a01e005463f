package lexer

import (
	"bytes"
	"math"
	"math/bits"
	"strconv"
)

// NumberKind is Integer or Float if word is a number, and else Invalid. A number is
// what Go's strconv.ParseFloat reads, without hexadecimal digits, underscores and a signed NaN. Its size does not matter here.
func NumberKind(word []byte) Kind {
	i := signEnd(word)
	whole := digitsEnd(word, i)
	if whole == len(word) && whole > i {
		return Integer
	}
	if isDecimal(word, i, whole) || isInf(word[i:]) || i == 0 && equalFold(word, "nan") {
		return Float
	}
	return Invalid
}

// isDecimal reports whether word, whose digits from i to whole are known, is a decimal number.
func isDecimal(word []byte, i, whole int) bool {
	digits := whole - i
	i = whole
	if i < len(word) && word[i] == '.' {
		fraction := digitsEnd(word, i+1)
		digits += fraction - (i + 1)
		i = fraction
	}
	if digits == 0 {
		return false
	}
	if i < len(word) && (word[i] == 'e' || word[i] == 'E') {
		begin := i + 1 + signEnd(word[i+1:])
		i = digitsEnd(word, begin)
		if i == begin {
			return false
		}
	}
	return i == len(word)
}

func signEnd(word []byte) int {
	if len(word) > 0 && (word[0] == '+' || word[0] == '-') {
		return 1
	}
	return 0
}

func digitsEnd(word []byte, i int) int {
	for i+8 <= len(word) {
		if stop := digitStops(wordAt(word, i) ^ lowBits*'0'); stop != 0 {
			return i + bits.TrailingZeros64(stop)/8
		}
		i += 8
	}
	for i < len(word) && classes[word[i]]&digit != 0 {
		i++
	}
	return i
}

func isInf(word []byte) bool { return equalFold(word, "inf") || equalFold(word, "infinity") }

// equalFold reports whether word is lower in any case. Only ASCII letters have a case here.
func equalFold(word []byte, lower string) bool {
	if len(word) != len(lower) {
		return false
	}
	for i, c := range word {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// ParseFloat reads a number, to the nearest float64. It is not ok if word is not a number or is too large for a finite
// float64.
func ParseFloat(word []byte) (value float64, ok bool) {
	if value, ok := parseDecimal(word); ok {
		return value, true
	}
	switch NumberKind(word) {
	case Invalid:
		return 0, false
	case Float:
		if i := signEnd(word); isInf(word[i:]) {
			if i == 1 && word[0] == '-' {
				return math.Inf(-1), true
			}
			return math.Inf(+1), true
		}
		if equalFold(word, "nan") {
			return math.NaN(), true
		}
	}
	value, err := strconv.ParseFloat(string(word), 64)
	return value, err == nil
}

// maxExactMantissa is up to where a float64 holds every whole number, and maxExactPower is the greatest power of ten that
// it holds exactly. A quotient or product of two such is rounded once, so it is right.
const (
	maxExactMantissa = 1 << 53
	maxExactPower    = 22
)

// maxDigits is how many decimal digits always fit a uint64.
const maxDigits = 19

var exactPowers = [maxExactPower + 1]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// parseDecimal reads decimal numbers with a small power of ten. It is not ok for any other, well-formed or not.
func parseDecimal(word []byte) (value float64, ok bool) {
	begin := signEnd(word)
	mantissa, digits, power, i := scanDecimal(word, begin)
	if digits == 0 {
		return 0, false
	}
	exponent := 0
	if i < len(word) {
		if exponent, ok = parseExponent(word[i:]); !ok {
			return 0, false
		}
	}
	if digits > maxDigits {
		if digits -= leadingZeros(word[begin:]); digits > maxDigits {
			return decimalOfMany(word[begin:i], power+exponent+digits-maxDigits, word[0] == '-')
		}
	}
	return decimal(mantissa, digits, power+exponent, word[0] == '-')
}

// scanDecimal reads digits and a fraction from i on. They are the mantissa times ten to the power, provided that there
// are no more digits than maxDigits.
func scanDecimal(text []byte, i int) (mantissa uint64, digits, power, end int) {
	mantissa, end = scanDigits(text, i, 0)
	digits = end - i
	if end < len(text) && text[end] == '.' {
		i = end + 1
		mantissa, end = scanDigits(text, i, mantissa)
		power = i - end
		digits -= power
	}
	return mantissa, digits, power, end
}

// scanDigits appends the digits from i on to those of a mantissa, eight at a time.
func scanDigits(text []byte, i int, mantissa uint64) (extended uint64, end int) {
	for i+8 <= len(text) {
		word := wordAt(text, i) ^ lowBits*'0'
		n := bits.TrailingZeros64(digitStops(word)) / 8
		if n == 0 {
			return mantissa, i
		}
		mantissa = mantissa*powers[n] + eightDigits(word<<(64-8*n))
		i += n
		if n < 8 {
			return mantissa, i
		}
	}
	for i < len(text) && text[i]-'0' <= 9 {
		mantissa = mantissa*10 + uint64(text[i]-'0')
		i++
	}
	return mantissa, i
}

// digitStops sets the high bit in the place of every byte of word that is more than 9. Only the lowest place that is set
// can be relied on.
func digitStops(word uint64) uint64 { return (word + lowBits*(0x80-10) | word) & highBits }

// maxWholePower is the greatest power of ten that fits a uint64.
const maxWholePower = 19

var powers = [maxWholePower + 1]uint64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
}

// eightDigits is the number whose digits are the bytes of word, the first in the lowest: pairs are joined to pairs.
func eightDigits(word uint64) uint64 {
	const pair = 0x000000ff_000000ff
	word = word*10 + word>>8
	return ((word&pair)*(100+1000000<<32) + (word>>16&pair)*(1+10000<<32)) >> 32
}

// decimal is what scanDecimal has read, to the nearest float64, if it has so few digits and so small a power. Zeros at the
// beginning do not count as digits.
func decimal(mantissa uint64, digits, power int, negative bool) (value float64, ok bool) {
	switch {
	case digits > maxDigits:
		return 0, false
	case mantissa > maxExactMantissa || power < -maxExactPower || power > maxExactPower:
		if mantissa == 0 {
			return 0, false
		}
		if value, ok = nearestDecimal(mantissa, power, false); !ok {
			return 0, false
		}
	case power < 0:
		// Conversion of a signed integer is one instruction.
		value = float64(int64(mantissa)) / exactPowers[-power]
	default:
		value = float64(int64(mantissa)) * exactPowers[power]
	}
	if negative {
		value = -value
	}
	return value, true
}

// parseExponent reads an exponent of at most two digits, such as e+06.
func parseExponent(word []byte) (exponent int, ok bool) {
	if word[0] != 'e' && word[0] != 'E' {
		return 0, false
	}
	begin := 1 + signEnd(word[1:])
	if n := len(word) - begin; n < 1 || n > 2 {
		return 0, false
	}
	for _, c := range word[begin:] {
		if classes[c]&digit == 0 {
			return 0, false
		}
		exponent = exponent*10 + int(c-'0')
	}
	if word[1] == '-' {
		exponent = -exponent
	}
	return exponent, true
}

// ParseInt reads an Integer. It is not ok if word is no Integer or does not fit an int64.
func ParseInt(word []byte) (value int64, ok bool) {
	if value, end := ShortInt(word, 0); end == len(word) && end > 0 {
		return value, true
	}
	i := signEnd(word)
	if i == len(word) {
		return 0, false
	}
	negative := word[0] == '-'
	limit := uint64(math.MaxInt64)
	if negative {
		limit++
	}
	var n uint64
	for ; i < len(word); i++ {
		if classes[word[i]]&digit == 0 {
			return 0, false
		}
		d := uint64(word[i] - '0')
		if n > (limit-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	if negative {
		return -int64(n), true
	}
	return int64(n), true
}

// IsShortest reports whether word, a number, is the shortest text of its value in the form that strconv gives it with
// the format 'g': no sign but -, no needless zeros, and an exponent only below -4 or from 6 on.
func IsShortest(word []byte) bool {
	i := 0
	if word[0] == '-' {
		i = 1
	}
	whole := digitsEnd(word, i)
	end := whole
	if whole < len(word) && word[whole] == '.' {
		end = digitsEnd(word, whole+1)
	}
	// Decimals of so few digits all differ in value, so each is the shortest of its own.
	const distinctDigits = 15
	if end < len(word) || end-i > distinctDigits || whole == i {
		value, ok := ParseFloat(word)
		var shortest [32]byte
		return ok && string(strconv.AppendFloat(shortest[:0], value, 'g', -1, 64)) == string(word)
	}
	const plainDigits = 6
	digits, fraction := word[i:whole], word[whole:]
	switch {
	case len(digits) > plainDigits || digits[0] == '0' && len(digits) > 1:
		return false
	case len(fraction) == 0:
		return true
	case len(fraction) == 1 || fraction[len(fraction)-1] == '0':
		return false
	}
	return digits[0] != '0' || !bytes.HasPrefix(fraction, []byte(".0000"))
}
