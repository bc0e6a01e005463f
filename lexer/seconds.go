package lexer

import "math"

// nanoDigits is how many digits a fraction of a second has in nanoseconds, and nanosPerSecond how many of them make one.
const (
	nanoDigits     = 9
	nanosPerSecond = 1e9
)

// ParseSeconds reads a number of seconds, to the nearest nanosecond: seconds, rounded down, and nanos, which are 0 to
// 999,999,999. It is exact if nothing was rounded away. It is not ok if word is not a finite number or its seconds do not
// fit an int64.
func ParseSeconds(word []byte) (seconds int64, nanos int32, exact, ok bool) {
	begin := signEnd(word)
	whole, nanos, exact, ok := parseShortSeconds(word, begin)
	if !ok {
		if NumberKind(word) == Invalid || classes[word[len(word)-1]]&digit == 0 && word[len(word)-1] != '.' {
			return 0, 0, false, false // no number, or NaN or an infinity
		}
		if whole, nanos, exact, ok = parseDigitsOfSeconds(word, begin); !ok {
			return 0, 0, false, false
		}
	}
	if word[0] != '-' {
		return int64(whole), nanos, exact, whole <= math.MaxInt64
	}
	if nanos > 0 {
		whole, nanos = whole+1, nanosPerSecond-nanos
	}
	return -int64(whole), nanos, exact, whole <= 1<<63
}

// ShortSeconds reads a number of seconds that begins at i, if it is a decimal number without a sign, with at most 18 digits
// before the point and nine behind it. Otherwise end is i. What it reads is exact.
func ShortSeconds(text []byte, i int) (seconds int64, nanos int32, end int) {
	whole, end := scanDigits(text, i, 0)
	if end == i || end-i > mostDigits {
		return 0, 0, i
	}
	if end == len(text) || text[end] != '.' {
		return int64(whole), 0, end
	}
	fraction, stop := scanDigits(text, end+1, 0)
	digits := stop - (end + 1)
	if digits == 0 || digits > nanoDigits {
		return 0, 0, i
	}
	return int64(whole), int32(fraction * powers[nanoDigits-digits]), stop
}

// parseShortSeconds reads the number from begin on if it has few digits and no exponent. It is not ok for any other,
// well-formed or not.
func parseShortSeconds(word []byte, begin int) (whole uint64, nanos int32, exact, ok bool) {
	mantissa, digits, power, end := scanDecimal(word, begin)
	if digits == 0 || digits > maxDigits || end < len(word) || power < -nanoDigits {
		return 0, 0, false, false
	}
	unit, scale := uint64(1), int32(nanosPerSecond)
	for ; power < 0; power++ {
		unit *= 10
		scale /= 10
	}
	return mantissa / unit, int32(mantissa%unit) * scale, true, true
}

// parseDigitsOfSeconds reads a finite number from begin on, digit by digit. It is not ok if its whole part does not fit
// a uint64 by far.
func parseDigitsOfSeconds(word []byte, begin int) (whole uint64, nanos int32, exact, ok bool) {
	end := digitsEnd(word, begin)
	d := decimalDigits{text: word[begin:end], point: end - begin}
	if end < len(word) && word[end] == '.' {
		end = digitsEnd(word, end+1)
		d.text = word[begin:end]
	}
	if end < len(word) {
		d.shift = parseLargeExponent(word[end+1:])
	}

	place := d.first()
	if place >= maxDigits {
		return 0, 0, false, false
	}
	for ; place >= 0; place-- {
		whole = whole*10 + uint64(d.at(place))
	}
	for ; place >= -nanoDigits; place-- {
		nanos = nanos*10 + int32(d.at(place))
	}
	if d.at(place) >= 5 {
		nanos++
	}
	if nanos == nanosPerSecond {
		whole, nanos = whole+1, 0
	}
	return whole, nanos, d.isZeroFrom(place), true
}

// decimalDigits are the digits of a number, with a point behind the first few of them or without one, and the exponent
// by which the number is shifted. Places count from 0, that of the ones, and are negative behind the point.
type decimalDigits struct {
	text         []byte
	point, shift int
}

// index is where in the text the digit of a place stands, which may be outside of it.
func (d decimalDigits) index(place int) int {
	i := d.point - 1 - (place - d.shift)
	if i >= d.point {
		i++
	}
	return i
}

// at is the digit of a place, 0 where there is none.
func (d decimalDigits) at(place int) byte {
	if i := d.index(place); i >= 0 && i < len(d.text) {
		return d.text[i] - '0'
	}
	return 0
}

// first is the place of the first digit that is not 0, or -1 if that is behind the point or there is none.
func (d decimalDigits) first() int {
	for place := d.point - 1 + d.shift; place >= 0 && d.index(place) < len(d.text); place-- {
		if d.at(place) != 0 {
			return place
		}
	}
	return -1
}

// isZeroFrom reports whether all digits from a place on are 0.
func (d decimalDigits) isZeroFrom(place int) bool {
	for i := max(d.index(place), 0); i < len(d.text); i++ {
		if d.text[i] != '0' && i != d.point {
			return false
		}
	}
	return true
}

// parseLargeExponent reads an exponent behind its e. One that is beyond any use is as good as a hundred million.
func parseLargeExponent(word []byte) int {
	const beyond = 1e8
	n := 0
	for _, c := range word[signEnd(word):] {
		n = min(n*10+int(c-'0'), beyond)
	}
	if word[0] == '-' {
		return -n
	}
	return n
}
