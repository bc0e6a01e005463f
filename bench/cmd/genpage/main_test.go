package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/bench/page"
)

func TestWithoutASizeThePageHasEachFamilyOnce(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(&out, "node", "", 1))
	shape, _ := page.ShapeByName("node")
	require.Equal(t, page.Generate(shape, 1), out.Bytes())
}

func TestThePageReachesItsSize(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(&out, "node", "1MB", 1))
	require.InDelta(t, 1_000_000, out.Len(), 10_000)
}

func TestWhatIsNotKnownIsAnError(t *testing.T) {
	require.ErrorContains(t, run(nil, "cube", "", 1), "cube")
	require.Error(t, run(nil, "node", "1 yard", 1))
}

func TestAHostilePageIsWrittenByItsName(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(&out, "one-family", "1kB", 1))
	h, _ := page.HostileByName("one-family")
	require.Equal(t, h.Generate(1000), out.Bytes())
	out.Reset()
	require.NoError(t, run(&out, "one-family", "", 1))
	require.InDelta(t, 1_000_000, out.Len(), 100)
}

func TestTheListNamesShapesAndHostilePages(t *testing.T) {
	var out bytes.Buffer
	list(&out)
	require.Contains(t, out.String(), "ksm\n")
	require.Contains(t, out.String(), "one-family            One family of all samples.\n")
}
