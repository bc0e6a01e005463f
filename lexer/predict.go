package lexer

import (
	"encoding/binary"
	"math/bits"
)

// The primitives in this file read what is simple and common, fast, and leave everything else to the others. They take
// text that need not end with the line.

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// wordAt is the eight bytes at i, the first one lowest. To slice them at both ends is cheaper than at one.
func wordAt(text []byte, i int) uint64 { return binary.LittleEndian.Uint64(text[i : i+8]) }

// stringStops sets the high bit in the place of every byte of word that may end plain content of a string: of those below
// the quote's successor, and of a backslash. Only the lowest place that is set can be relied on.
func stringStops(word uint64) uint64 {
	low := word - lowBits*('"'+1)
	escape := (word ^ lowBits*'\\') - lowBits
	return (low | escape) &^ word & highBits
}

// MostShort is how many bytes a ShortText has at most.
const MostShort = 8

// ShortText is up to eight bytes that are found in a text in one step. The zero ShortText is found nowhere.
type ShortText struct{ word, mask uint64 }

// NewShortText makes a ShortText of the first eight bytes of text, or as many as it has.
func NewShortText(text []byte) ShortText {
	var first [8]byte
	n := copy(first[:], text)
	if n == 0 {
		return ShortText{}
	}
	return ShortText{binary.LittleEndian.Uint64(first[:]), ^uint64(0) >> (64 - 8*n)}
}

// IsAt reports whether s stands in text at i. It may miss it at the very end of text.
func (s ShortText) IsAt(text []byte, i int) bool {
	return s.mask != 0 && i+8 <= len(text) && (wordAt(text, i)^s.word)&s.mask == 0
}

// PlainStringEnd gives the index of the quote that ends the content of a string beginning at i. It is negative if there
// is a backslash or a control character before the quote, or no quote.
func PlainStringEnd(text []byte, i int) int {
	for ; i+8 <= len(text); i += 8 {
		if stop := stringStops(wordAt(text, i)); stop != 0 {
			i += bits.TrailingZeros64(stop) / 8
			switch c := text[i]; {
			case c == '"':
				return i
			case c == '\\' || c < ' ':
				return -1
			}
			i -= 7 // a blank or !, go on behind it
		}
	}
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return i
		case c == '\\' || c < ' ':
			return -1
		}
	}
	return -1
}

// decimalRoom is how much text there must be from a number on for ShortDecimal to read it.
const decimalRoom = 32

// ShortDecimal reads a number that begins at i, if it is a decimal number of few digits that a blank or a line feed
// follows. Otherwise end is i. A number at the very end of text may be refused.
func ShortDecimal(text []byte, i int) (value float64, end int) {
	begin := i
	if len(text)-i < decimalRoom {
		return 0, begin
	}
	negative := text[i] == '-'
	if negative {
		i++
	}
	mantissa, digits := leadingDigits(text, i)
	i += digits
	if text[i] == '\n' && digits > 0 && !negative {
		return float64(int64(mantissa)), i
	}
	if digits == 8 {
		mantissa, end = scanDigits(text, i, mantissa)
		i, digits = end, digits+end-i
	}
	power := 0
	if i+9 < len(text) && text[i] == '.' {
		if text[i+1] == '0' && text[i+2] == '\n' && digits > 0 && digits <= mostDigits && !negative {
			return float64(int64(mantissa)), i + 2 // a whole number as OpenMetrics writes it
		}
		fraction, n := leadingDigits(text, i+1)
		mantissa = mantissa*powers[n] + fraction
		i += n + 1
		if n == 8 {
			mantissa, end = scanDigits(text, i, mantissa)
			i, n = end, n+end-i
		}
		digits, power = digits+n, -n
	}
	if i+4 < len(text) && text[i] == 'e' && text[i+2]-'0' <= 9 && text[i+3]-'0' <= 9 {
		exponent := int(text[i+2]-'0')*10 + int(text[i+3]-'0')
		switch text[i+1] {
		case '+':
			power += exponent
		case '-':
			power -= exponent
		default:
			return 0, begin
		}
		i += 4
	}
	if digits == 0 || i == len(text) || text[i] != '\n' && text[i] != ' ' {
		return 0, begin
	}
	if digits > maxDigits {
		digits -= leadingZeros(text[begin+signEnd(text[begin:]) : i])
	}
	value, ok := decimal(mantissa, digits, power, negative)
	if !ok {
		return 0, begin
	}
	return value, i
}

// mostDigits is how many digits a number may have that surely fits an int64.
const mostDigits = 18

// ShortInt reads a whole number without a sign that begins at i, if it has at most 18 digits. Otherwise end is i.
func ShortInt(text []byte, i int) (value int64, end int) {
	n, end := scanDigits(text, i, 0)
	if end-i > mostDigits {
		return 0, i
	}
	return int64(n), end
}

// leadingDigits is the number of up to eight digits at i, and how many they are. There must be eight bytes.
func leadingDigits(text []byte, i int) (value uint64, n int) {
	word := wordAt(text, i) ^ lowBits*'0'
	n = bits.TrailingZeros64(digitStops(word)) / 8
	// Two shifts by half of the bits are cheaper than one, which might be by all 64.
	half := uint(32-4*n) & 63
	return eightDigits(word << half << half), n
}
