package writer

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/model"
)

func TestFloatsAreWrittenAsStrconvWritesThem(t *testing.T) {
	check := func(f float64) {
		for _, f := range [...]float64{f, -f} {
			if got, want := string(appendFloat([]byte("x "), f)), "x "+model.FormatFloat(f); got != want {
				t.Fatalf("%x is written as %q, not as %q", math.Float64bits(f), got, want)
			}
		}
	}
	for _, f := range []float64{
		0, 1, 9, 10, 99, 100, 999999, 1e6, 1e7, 1234567, 12345678, 123456789, 1e14, 1e15, 1e16, 1e21, 1<<53 - 1, 1 << 53,
		1 << 63, 1 << 64, 0.1, 0.25, 0.3, 1.5, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 0.00012345, 0.1 + 0.2,
		999999.5, 9999999.5, 99999999999999.5, 999999999999999.5, 1718900000.123, math.Pi, math.MaxFloat64,
		math.SmallestNonzeroFloat64, math.Inf(1), math.NaN(),
	} {
		check(f)
	}
	// All decimals of up to four digits, wherever the point is.
	for digits := range 10_000 {
		for exponent := -27; exponent <= 20; exponent++ {
			f, err := strconv.ParseFloat(strconv.Itoa(digits)+"e"+strconv.Itoa(exponent), 64)
			if err != nil {
				t.Fatal(err)
			}
			check(f)
		}
	}
	// Decimals of every number of digits beside those where one more begins.
	for digits := 5; digits <= 17; digits++ {
		for near := int64(-20); near <= 20; near++ {
			for exponent := -25; exponent <= 5; exponent++ {
				text := strconv.FormatInt(int64(math.Pow10(digits))+near, 10) + "e" + strconv.Itoa(exponent)
				f, err := strconv.ParseFloat(text, 64)
				if err != nil {
					t.Fatal(err)
				}
				check(f)
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	// Floats of all exponents at which 16 and 17 digits are found without strconv, and of those beside them: powers of two,
	// which have a nearer neighbour, others of few binary digits, which are halfway between two decimals, and any.
	for exponent := -30; exponent <= 53; exponent++ {
		for range 1000 {
			check(math.Ldexp(1+math.Ldexp(float64(r.IntN(8)), -r.IntN(52)), exponent))
			check(math.Ldexp(1+r.Float64(), exponent))
		}
	}
	for range 30_000 {
		check(math.Float64frombits(r.Uint64()))
		check(r.Float64())
		check(float64(r.Uint64() >> (r.Uint64() % 64)))
		f, err := strconv.ParseFloat(strconv.FormatUint(r.Uint64()>>(r.Uint64()%64), 10)+"e-"+strconv.Itoa(r.IntN(30)), 64)
		require.NoError(t, err)
		check(f)
	}
}

func TestIntegersAreWrittenAsStrconvWritesThem(t *testing.T) {
	check := func(n uint64) {
		if got, want := string(appendUint([]byte("x "), n)), "x "+strconv.FormatUint(n, 10); got != want {
			t.Fatalf("%d is written as %q", n, got)
		}
	}
	for n := range uint64(200_000) {
		check(n)
	}
	for power := uint64(1); power < 1e19; power *= 10 {
		for near := range uint64(100) {
			check(power + near)
			check(power*10 - 1 - near)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		check(r.Uint64() >> r.UintN(64))
	}
}
