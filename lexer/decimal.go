package lexer

import (
	"math"
	"math/bits"
)

// nearestDecimal is the float64 that is nearest to a mantissa, which is not 0, times ten to the power: the form of the 16 or 17
// digits that most sums of floats have. It is not ok if the power is not of that size. The product, or as many digits of the
// quotient as are needed, is computed exactly and rounded once, to even where it is halfway. If there is more it is rounded as
// what is greater by next to nothing.
func nearestDecimal(mantissa uint64, power int, isMore bool) (value float64, ok bool) {
	switch {
	case power < -maxFivePower || power > maxFivePower:
		return 0, false
	case power < 0:
		divisor := fives[-power]
		zeros, divisorZeros := bits.LeadingZeros64(mantissa), bits.LeadingZeros64(divisor)
		mantissa <<= zeros
		divisor <<= divisorZeros
		exponent := divisorZeros - zeros - 64 + power
		low := uint64(0)
		if mantissa >= divisor { // so that the quotient has 64 digits
			mantissa, low = mantissa>>1, mantissa<<63
			exponent++
		}
		quotient, rest := bits.Div64(mantissa, low, divisor)
		return rounded(quotient, rest != 0 || isMore, exponent), true
	}
	high, low := bits.Mul64(mantissa, fives[power])
	if high == 0 {
		zeros := bits.LeadingZeros64(low)
		return rounded(low<<zeros, isMore, power-zeros), true
	}
	zeros := bits.LeadingZeros64(high)
	return rounded(high<<zeros|low>>(64-zeros), low<<zeros != 0 || isMore, power+64-zeros), true
}

// maxFivePower is the greatest power of five that fits a uint64. Those of ten are these times powers of two, which only change
// the exponent.
const maxFivePower = 27

var fives = func() (t [maxFivePower + 1]uint64) {
	t[0] = 1
	for i := range t[1:] {
		t[i+1] = 5 * t[i]
	}
	return t
}()

// rounded is the float64 that is nearest to a number of 64 binary digits, the first of which is not 0, times two to the exponent,
// which has to be far from the greatest and the least. There is more behind the digits if it is not exact.
func rounded(number uint64, isMore bool, exponent int) float64 {
	const (
		excess   = 64 - 53 // digits that do not fit
		half     = 1 << (excess - 1)
		bias     = 1023
		fraction = 52
	)
	mantissa, rest := number>>excess, number&(1<<excess-1)
	if rest > half || rest == half && (isMore || mantissa&1 == 1) {
		mantissa++ // which may carry into the exponent, and then is right
	}
	// The first digit of the mantissa counts as one in the exponent.
	return math.Float64frombits(uint64(exponent+excess+fraction+bias-1)<<fraction + mantissa)
}

// leadingZeros is how many digits of a number are zeros before the first other one.
func leadingZeros(number []byte) (zeros int) {
	for _, c := range number {
		switch c {
		case '0':
			zeros++
		case '.':
		default:
			return zeros
		}
	}
	return zeros
}
