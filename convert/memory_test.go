package convert

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOfNothingThereIsNoSlice holds that what has no elements is nil in memory that has been in use as well.
func TestOfNothingThereIsNoSlice(t *testing.T) {
	t.Parallel()
	for _, reused := range []bool{false, true} {
		s := newSlab[int](1000, 10, 8, reused)
		require.Nil(t, s.take(0))
		require.Len(t, s.take(3), 3)
		require.Nil(t, s.take(0))
		s.reset()
		require.Nil(t, s.take(0))
	}
}
