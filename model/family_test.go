package model_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/model"
)

func TestEveryTypeIsFoundByItsName(t *testing.T) {
	for kind := model.Unknown; kind <= model.StateSet; kind++ {
		found, ok := model.TypeByName(kind.String())
		require.True(t, ok, kind)
		require.Equal(t, kind, found)
	}
}

func TestOtherNamesAreNoTypes(t *testing.T) {
	for _, name := range []string{"", "untyped", "Counter", "counters", "gauge "} {
		_, ok := model.TypeByName(name)
		require.False(t, ok, name)
	}
}
