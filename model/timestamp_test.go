package model_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/model"
)

func TestMillis(t *testing.T) {
	// The greatest int64 is ...,775,807 milliseconds and the least ...,775,808 before 1970.
	const greatest, least = math.MaxInt64 / 1000, math.MinInt64/1000 - 1
	for _, test := range []struct {
		name    string
		seconds int64
		nanos   int32
		millis  int64
		exact   bool
	}{
		{"the epoch", 0, 0, 0, true},
		{"a second and a half", 1, 500e6, 1500, true},
		{"a nanosecond is rounded down", 1, 1, 1000, false},
		{"just below a millisecond is rounded down", 0, 999_999, 0, false},
		{"a millisecond before the epoch", -1, 999e6, -1, true},
		{"a nanosecond before the epoch is rounded down", -1, 999_999_999, -1, false},
		{"a second before the epoch", -1, 0, -1000, true},
		{"the greatest int64", greatest, 807e6, math.MaxInt64, true},
		{"a fraction above the greatest int64", greatest, 807_000_001, math.MaxInt64, false},
		{"a millisecond above the greatest int64", greatest, 808e6, math.MaxInt64, false},
		{"a second above the greatest int64", greatest + 1, 0, math.MaxInt64, false},
		{"the greatest timestamp", math.MaxInt64, 999_999_999, math.MaxInt64, false},
		{"just above the least int64", least, 193e6, math.MinInt64 + 1, true},
		{"the least int64", least, 192e6, math.MinInt64, true},
		{"a fraction above the least int64", least, 192_000_001, math.MinInt64, false},
		{"a fraction below the least int64", least, 191_999_999, math.MinInt64, false},
		{"a second below the least int64", least - 1, 999_999_999, math.MinInt64, false},
		{"the least timestamp", math.MinInt64, 0, math.MinInt64, false},
		{"products that overflow 64 bits by little", -18446744073709552, 500e6, math.MinInt64, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			millis, exact := model.Timestamp{Seconds: test.seconds, Nanos: test.nanos, Set: true}.Millis()
			require.Equal(t, test.millis, millis)
			require.Equal(t, test.exact, exact)
		})
	}
}

func TestTimestampFromMillis(t *testing.T) {
	for _, millis := range []int64{0, 1, 999, 1000, 1520430000123, -1, -999, -1000, -1001, math.MaxInt64, math.MinInt64} {
		timestamp := model.TimestampFromMillis(millis)
		require.True(t, timestamp.Set)
		require.GreaterOrEqual(t, timestamp.Nanos, int32(0))
		back, exact := timestamp.Millis()
		require.Equal(t, millis, back)
		require.True(t, exact)
	}
	require.Equal(t, model.Timestamp{Seconds: -2, Nanos: 999e6, Set: true}, model.TimestampFromMillis(-1001))
}

func TestTimestampAndTime(t *testing.T) {
	instant := time.Date(2018, 3, 7, 13, 40, 0, 123_456_789, time.UTC)
	timestamp := model.TimestampFromTime(instant)
	require.Equal(t, model.Timestamp{Seconds: 1520430000, Nanos: 123_456_789, Set: true}, timestamp)
	require.Equal(t, instant, timestamp.Time())
	require.Equal(t, timestamp, model.TimestampFromTime(instant.In(time.FixedZone("", 3600))))

	require.Equal(t, model.Timestamp{Seconds: -1, Nanos: 999e6, Set: true}, model.TimestampFromTime(time.UnixMilli(-1)))
	require.Equal(t, model.Timestamp{Set: true}, model.TimestampFromTime(time.Unix(0, 0)))

	require.Equal(t, model.Timestamp{}, model.TimestampFromTime(time.Time{}))
	require.True(t, model.Timestamp{}.Time().IsZero())
}

func TestCompareTimestamps(t *testing.T) {
	rising := []model.Timestamp{
		{Seconds: math.MinInt64, Set: true},
		{Seconds: -1, Nanos: 999_999_999, Set: true},
		{Seconds: 0, Set: true},
		{Seconds: 0, Nanos: 1, Set: true},
		{Seconds: math.MaxInt64, Set: true},
	}
	for i, a := range rising {
		for j, b := range rising {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			require.Equal(t, want, a.Compare(b), "%v and %v", a, b)
		}
	}
}

func TestFloat64(t *testing.T) {
	for _, test := range []struct {
		name    string
		seconds int64
		nanos   int32
		want    float64
	}{
		{"the epoch", 0, 0, 0},
		{"a second and a half", 1, 500e6, 1.5},
		{"a nanosecond", 0, 1, 1e-9},
		{"a nanosecond before the epoch", -1, 999_999_999, -1e-9},
		{"a second and a nanosecond before the epoch", -2, 999_999_999, -1.000000001},
		{"the last nanosecond that is counted", 9_007_198, 999_999_999, 9_007_198.999999999},
		{"one behind it", 9_007_199, 1, 9_007_199.000000001},
		{"now", 1_750_000_000, 123_456_789, 1_750_000_000.123456789},
		{"the last second that is counted", 1<<53 - 1, 999_999_999, 1 << 53},
		{"the greatest timestamp", math.MaxInt64, 999_999_999, 1 << 63},
		{"the least timestamp", math.MinInt64, 999_999_999, -1 << 63},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, model.Timestamp{Seconds: test.seconds, Nanos: test.nanos, Set: true}.Float64())
		})
	}
}

func TestFloat64IsTheNearestOne(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		instant := model.Timestamp{Seconds: random.Int64() >> (10 + random.IntN(53)), Nanos: random.Int32N(1e9), Set: true}
		if random.IntN(2) == 0 {
			instant.Seconds = -instant.Seconds
		}
		want, _ := new(big.Rat).Add(new(big.Rat).SetInt64(instant.Seconds), big.NewRat(int64(instant.Nanos), 1e9)).Float64()
		require.Equal(t, want, instant.Float64(), "%+v", instant)
	}
}
