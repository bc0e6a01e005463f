package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/bench/results"
)

// speeds are those of promfmt with reused memory, promfmt, textparse and expfmt.
var speeds = map[string][4]int{
	"node": {1000, 800, 100, 20}, "alltypes": {900, 700, 90, 20}, "ksm": {1600, 600, 100, 30}, "hist": {1200, 1500, 100, 10},
}

func measured(t *testing.T) *results.Results {
	t.Helper()
	var printed strings.Builder
	for page, each := range speeds {
		for i, reader := range readers {
			fmt.Fprintf(&printed, "BenchmarkRead/page=%s/by=%s 10 1000 ns/op %d MB/s\n", page, reader.By, each[i])
		}
	}
	var r results.Results
	require.NoError(t, r.Read(strings.NewReader(printed.String()), "output"))
	return &r
}

// element is any element of the picture.
type element struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Inner   []element  `xml:",any"`
}

func (e *element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// all are the elements of that name below e.
func (e *element) all(name string) (found []element) {
	for i := range e.Inner {
		if e.Inner[i].XMLName.Local == name {
			found = append(found, e.Inner[i])
		}
		found = append(found, e.Inner[i].all(name)...)
	}
	return found
}

func drawn(t *testing.T, picture string) element {
	t.Helper()
	var root element
	decoder := xml.NewDecoder(strings.NewReader(picture))
	require.NoError(t, decoder.Decode(&root))
	_, err := decoder.Token()
	for err == nil {
		_, err = decoder.Token()
	}
	require.ErrorIs(t, err, io.EOF)
	return root
}

func TestBarsAreAsLongAsSpeedsAreGreat(t *testing.T) {
	picture, err := plot(measured(t))
	require.NoError(t, err)
	root := drawn(t, picture)
	var widths []string
	for _, r := range root.all("rect") {
		if r.attr("x") == "80" && r.attr("rx") == "" {
			widths = append(widths, r.attr("width"))
		}
	}
	// 1600 MB/s are the 510 units of the whole axis.
	want := []string{
		"319", "255", "32", "6",
		"287", "223", "29", "6",
		"510", "191", "32", "10",
		"383", "478", "32", "3",
	}
	if diff := cmp.Diff(want, widths); diff != "" {
		t.Error(diff)
	}
}

func TestThePictureSaysWhatItShows(t *testing.T) {
	picture, err := plot(measured(t))
	require.NoError(t, err)
	root := drawn(t, picture)
	require.Equal(t, "img", root.attr("role"))
	require.Equal(t, "title description", root.attr("aria-labelledby"))
	require.Equal(t, "title", root.all("title")[0].attr("id"))
	description := root.all("desc")[0]
	require.Equal(t, "description", description.attr("id"))
	require.Contains(t, description.Text, "ksm: promfmt, memory reused 1600; promfmt, families to keep 600; Prometheus textparse 100; expfmt 30.")

	var texts []string
	for _, e := range root.all("text") {
		texts = append(texts, e.Text)
	}
	want := []string{
		"promfmt, memory reused", "promfmt, families to keep", "Prometheus textparse", "expfmt",
		"0", "200", "400", "600", "800", "1000", "1200", "1400", "1600", "MB of text a second, on one core; longer is faster",
		"node", "1000 (50× expfmt, 10.0× textparse)", "800 (40× expfmt, 8.0× textparse)", "100", "20",
		"alltypes", "900 (45× expfmt, 10.0× textparse)", "700 (35× expfmt, 7.8× textparse)", "90", "20",
		"ksm", "1600 (53× expfmt, 16.0× textparse)", "600 (20× expfmt, 6.0× textparse)", "100", "30",
		"hist", "1200 (120× expfmt, 12.0× textparse)", "1500 (150× expfmt, 15.0× textparse)", "100", "10",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Error(diff)
	}
}

func TestWithoutASpeedThereIsNoPicture(t *testing.T) {
	_, err := plot(new(results.Results))
	require.EqualError(t, err, "the results don't say how fast promfmt-anew-reuse reads the page node")
}

func TestTheAxisHasAtMostEightSteps(t *testing.T) {
	for most, want := range map[float64]float64{1: 1, 8: 1, 8.1: 2, 30: 5, 399: 50, 401: 100, 1600: 200, 2500: 500} {
		require.Equal(t, want, tickStep(most), most)
	}
}

// The picture must be that of the results that were kept. make results draws it anew.
func TestThePictureIsThatOfTheResults(t *testing.T) {
	var r results.Results
	require.NoError(t, r.ReadFile("../../results.txt"))
	want, err := plot(&r)
	require.NoError(t, err)
	got, err := os.ReadFile("../../speed.svg")
	require.NoError(t, err)
	if diff := cmp.Diff(want, strings.ReplaceAll(string(got), "\r\n", "\n")); diff != "" {
		t.Error("run make results:\n", diff)
	}
}
