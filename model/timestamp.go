package model

import (
	"math/bits"
	"time"
)

// Timestamp is an instant as an exposition gives it, exact to the nanosecond over the whole range of int64 seconds.
// The zero Timestamp is none at all.
type Timestamp struct {
	// Seconds counts from 1970-01-01 UTC and is rounded down.
	Seconds int64
	// Nanos is what is left over, 0 to 999,999,999.
	Nanos int32
	// Set tells an instant from none.
	Set bool
}

// TimestampFromMillis is the instant ms milliseconds after 1970-01-01 UTC.
func TimestampFromMillis(ms int64) Timestamp {
	seconds, rest := ms/1000, ms%1000
	if rest < 0 {
		seconds--
		rest += 1000
	}
	return Timestamp{Seconds: seconds, Nanos: int32(rest) * 1e6, Set: true}
}

// TimestampFromTime is the instant t; the zero time becomes no timestamp.
func TimestampFromTime(t time.Time) Timestamp {
	if t.IsZero() {
		return Timestamp{}
	}
	return Timestamp{Seconds: t.Unix(), Nanos: int32(t.Nanosecond()), Set: true}
}

// Millis is t in whole milliseconds, rounded down. It is exact only if nothing was rounded away and the result fits
// an int64; where it does not fit it is the nearest int64.
func (t Timestamp) Millis() (ms int64, exact bool) {
	negative := t.Seconds < 0
	seconds := uint64(t.Seconds)
	rest := uint64(t.Nanos / 1e6)
	if negative {
		seconds = -seconds
	}
	hi, lo := bits.Mul64(seconds, 1000)
	if negative {
		var borrow uint64
		lo, borrow = bits.Sub64(lo, rest, 0)
		if hi != borrow || lo > 1<<63 {
			return -1 << 63, false
		}
		return -int64(lo), t.Nanos%1e6 == 0
	}
	lo, carry := bits.Add64(lo, rest, 0)
	if hi+carry != 0 || lo >= 1<<63 {
		return 1<<63 - 1, false
	}
	return int64(lo), t.Nanos%1e6 == 0
}

// Float64 is t in seconds, to the nearest float64. From 2^53 seconds on, where a float64 does not count every second, its
// nanoseconds are left out.
func (t Timestamp) Float64() float64 {
	seconds, nanos := t.Seconds, int64(t.Nanos)
	if seconds < 0 && nanos > 0 {
		seconds, nanos = seconds+1, nanos-1e9 // of one sign, so that nothing cancels out
	}
	const counted = 1 << 53 / 1_000_000_000 // up to which a float64 counts every nanosecond
	switch {
	case -counted < seconds && seconds < counted:
		return float64(seconds*1e9+nanos) / 1e9
	case -1<<53 < seconds && seconds < 1<<53:
		return float64(seconds) + float64(nanos)/1e9
	}
	return float64(t.Seconds)
}

// Time is t as a time.Time in UTC, the zero time if t is not Set.
func (t Timestamp) Time() time.Time {
	if !t.Set {
		return time.Time{}
	}
	return time.Unix(t.Seconds, int64(t.Nanos)).UTC()
}

// Compare orders two timestamps that are Set: -1 if t is before u, 0 if they are equal, +1 if t is after u.
func (t Timestamp) Compare(u Timestamp) int {
	switch {
	case t.Seconds != u.Seconds:
		if t.Seconds < u.Seconds {
			return -1
		}
		return 1
	case t.Nanos != u.Nanos:
		if t.Nanos < u.Nanos {
			return -1
		}
		return 1
	}
	return 0
}
