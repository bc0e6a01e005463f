package page

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// Hostile is a kind of page that is made to be slow to read: of nothing but what a reader would rather not meet. Its
// families are not those of any program, and some of its lines are no samples at all.
type Hostile struct {
	// Name is one word, and Sentence says what the page is made of.
	Name, Sentence string
	// Size is how many bytes to measure with, so that the page has what its sentence says.
	Size int
	// Findings tells that its lines are refused or warned about.
	Findings bool
	// add adds the i-th lines.
	add func(t *text, i int)
}

// hostileSize is the size of those that have no other.
const hostileSize = 1_000_000

// Hostiles are all kinds of hostile pages.
func Hostiles() []Hostile {
	all := append([]Hostile(nil), hostiles...)
	for i := range all {
		all[i].Size = cmp.Or(all[i].Size, hostileSize)
	}
	return all
}

// HostileByName finds a kind of hostile page by its name.
func HostileByName(name string) (Hostile, bool) {
	for _, h := range Hostiles() {
		if h.Name == name {
			return h, true
		}
	}
	return Hostile{}, false
}

// Generate makes a page of at least size bytes, longer by less than what belongs together. It is the same page every
// time.
func (h Hostile) Generate(size int) []byte {
	t := text{Rand: rand.New(rand.NewPCG(1, 0))}
	for i := 0; len(t.buffer) < size; i++ {
		h.add(&t, i)
	}
	return t.buffer
}

var hostiles = []Hostile{
	{Name: "one-family", Sentence: "One family of all samples.", add: func(t *text, i int) {
		t.series("g", "i", strconv.Itoa(i))
	}},
	{Name: "families", Sentence: "Each line is one of a million families, without metadata.", add: func(t *text, i int) {
		t.series("m" + strconv.Itoa(i))
	}, Size: 10_000_000},
	{Name: "metadata", Sentence: "Families of one sample with help and type.", add: func(t *text, i int) {
		t.name = "m" + strconv.Itoa(i)
		t.help("h")
		t.kind("gauge")
		t.sample("", 1)
	}},
	{Name: "families-in-turn", Sentence: "The lines are of 5,000 families in turn.", add: func(t *text, i int) {
		t.series("m"+strconv.Itoa(i%5000), "i", strconv.Itoa(i/5000))
	}, Findings: true},
	{Name: "two-families-in-turn", Sentence: "The lines are of two families in turn.", add: func(t *text, i int) {
		t.series([]string{"first", "second"}[i%2], "i", strconv.Itoa(i))
	}, Findings: true},
	{Name: "new-labels", Sentence: "Each line has a label that no line before it had.", add: func(t *text, i int) {
		t.series("g", "l"+strconv.Itoa(i), "")
	}},
	{Name: "label-orders", Sentence: "Eight labels stand in another order on each line.", add: func(t *text, i int) {
		labels := []string{"a", "bb", "ccc", "dddd", "e", "ff", "ggg", "hhhh"}
		t.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
		t.series("g", interlace(labels, strconv.Itoa(i))...)
	}},
	{Name: "label-lists", Sentence: "Seven lists of labels take turns.", add: func(t *text, i int) {
		lists := []string{"a b c", "a c", "b", "c b a x", "a b x", "x", "d e f"}
		t.series("g", interlace(strings.Fields(lists[i%len(lists)]), strconv.Itoa(i))...)
	}},
	{Name: "label-prefixes", Sentence: "Long names of labels differ at their ends, in another way on each line.", add: func(t *text, i int) {
		prefix := strings.Repeat("label_", 20)
		t.series("g", prefix+strconv.Itoa(i%9), strconv.Itoa(i), prefix+strconv.Itoa(10+i%7), "")
	}},
	{Name: "many-labels", Sentence: "Each line has the same 1,000 labels.", add: func(t *text, i int) {
		t.series("g", interlace(numbered("l", 0, 1000), strconv.Itoa(i))...)
	}},
	{Name: "many-new-labels", Sentence: "Each line has 1,000 labels that no line before it had.", add: func(t *text, i int) {
		t.series("g", interlace(numbered("l", 1000*i, 1000), "")...)
	}},
	{Name: "most-labels", Sentence: "Each line has 4,000 labels, in falling order and in rising order in turn.", add: func(t *text, i int) {
		names := numbered("l", 0, 4000)
		if i%2 == 0 {
			slices.Reverse(names)
		}
		t.series("g", interlace(names, strconv.Itoa(i))...)
	}},
	{Name: "long-lines", Sentence: "Each line has a value of a mebibyte.", add: func(t *text, i int) {
		t.series("g", "a", strconv.Itoa(i)+strings.Repeat("x", 1<<20))
	}},
	{Name: "long-names", Sentence: "Each line is a family whose name has 10,000 letters.", add: func(t *text, i int) {
		t.series(strings.Repeat("m", 10_000) + strconv.Itoa(i))
	}},
	{Name: "escapes", Sentence: "Values of labels are nothing but escapes.", add: func(t *text, i int) {
		t.series("g", "i", strconv.Itoa(i), "a", strings.Repeat("\\\"\n", 300))
	}},
	{Name: "short-escapes", Sentence: "Values of labels are short and have an escape.", add: func(t *text, i int) {
		t.series("g", "i", `\`+strconv.Itoa(i), "j", `"`)
	}},
	{Name: "help-escapes", Sentence: "Help texts are nothing but escapes.", add: func(t *text, i int) {
		t.name = "m" + strconv.Itoa(i)
		t.help(strings.Repeat("\\\n", 300))
	}},
	{Name: "created", Sentence: "Each counter has a _created line behind it.", add: func(t *text, i int) {
		t.first(i, "c", "counter")
		t.sample("_total", 1, "i", strconv.Itoa(i))
		t.sample("_created", 1.7e9, "i", strconv.Itoa(i))
	}, Findings: true},
	{Name: "histograms-created", Sentence: "Each histogram has one bucket and a _created line behind it.", add: func(t *text, i int) {
		t.first(i, "h", "histogram")
		t.sample("_bucket", 1, "i", strconv.Itoa(i), "le", "+Inf")
		t.sample("_sum", 1, "i", strconv.Itoa(i))
		t.sample("_count", 1, "i", strconv.Itoa(i))
		t.sample("_created", 1.7e9, "i", strconv.Itoa(i))
	}, Findings: true},
	{Name: "falling-buckets", Sentence: "Histograms have their buckets in falling order.", add: func(t *text, i int) {
		t.first(i, "h", "histogram")
		for n, bound := range slices.Backward(latencyBounds) {
			t.sample("_bucket", float64(n), "i", strconv.Itoa(i), "le", bound)
		}
	}},
	{Name: "histograms-in-turn", Sentence: "The buckets are of 1,000 histograms in turn.", add: func(t *text, i int) {
		t.first(i, "h", "histogram")
		bound := i / 1000
		t.sample("_bucket", float64(bound%24), "i", strconv.Itoa(i%1000), "round", strconv.Itoa(bound/24), "le", latencyBounds[bound%24])
	}},
	{Name: "one-histogram", Sentence: "One histogram has all buckets, in falling order.", add: func(t *text, i int) {
		t.first(i, "h", "histogram")
		t.sample("_bucket", 1, "le", strconv.Itoa(1e6-1-i))
	}},
	{Name: "one-summary", Sentence: "One summary has all quantiles, in falling order.", add: func(t *text, i int) {
		t.first(i, "s", "summary")
		t.sample("", 1, "quantile", "0."+strconv.Itoa(1e8-1-i)+"5")
	}},
	{Name: "suffixes", Sentence: "Gauges are called like the parts of histograms.", add: func(t *text, i int) {
		suffixes := []string{"_bucket", "_sum", "_count", "_total", "_created", "_info"}
		t.series("m"+strconv.Itoa(i/len(suffixes))+suffixes[i%len(suffixes)], "i", "")
	}},
	{Name: "long-numbers", Sentence: "Values have 25 digits and an exponent.", add: func(t *text, i int) {
		t.number25("g", strconv.Itoa(i))
	}},
	{Name: "halfway-numbers", Sentence: "Values lie nearly halfway between two floats, which the 60th digit tells.", add: func(t *text, i int) {
		between := strconv.Itoa(1<<53 + 2*i + 1)
		t.add(`g{i="`, strconv.Itoa(i), `"} `, between, ".", strings.Repeat("0", 43), "1\n")
	}},
	{Name: "timestamps", Sentence: "One series, at another time on each line.", add: func(t *text, i int) {
		t.name = "g"
		t.sampleAt(1_700_000_000_000+int64(i), "", 1)
	}},
	{Name: "spaces", Sentence: "There are tabs and spaces wherever they may stand.", add: func(t *text, i int) {
		t.add("g \t{ \ti\t = \t\"", strconv.Itoa(i), "\" \t, } \t 1 \t\n")
	}},
	{Name: "quoted-names", Sentence: "Names are quoted and have a dot in them.", add: func(t *text, i int) {
		t.add(`{"a.b","c.d"="`, strconv.Itoa(i), "\"} 1\n")
	}},
	{Name: "non-ascii", Sentence: "Values of labels are not ASCII.", add: func(t *text, i int) {
		t.series("g", "i", "東京タワー"+strconv.Itoa(i), "j", "Zürich")
	}},
	{Name: "comments", Sentence: "Comments and no samples.", add: func(t *text, _ int) { t.add("# x\n") }},
	{Name: "blank-lines", Sentence: "Line feeds and nothing else.", add: func(t *text, _ int) { t.add("\n") }},
	{Name: "duplicates", Sentence: "One series, over and over again.", add: func(t *text, _ int) {
		t.series("g", "i", "x")
	}, Findings: true},
	{Name: "bad-lines", Sentence: "Each line lacks its closing brace.", add: func(t *text, i int) {
		t.add(`g{i="`, strconv.Itoa(i), "\" 1\n")
	}, Findings: true},
	{Name: "bad-bytes", Sentence: "Each line has a byte that is not UTF-8.", add: func(t *text, i int) {
		t.series("g", "i", strconv.Itoa(i)+"\xff")
	}, Findings: true},
	{Name: "odd-escapes", Sentence: "Each line has an escape that is none, which is but a warning.", add: func(t *text, i int) {
		t.add(`g{i="`, strconv.Itoa(i), `\d`, "\"} 1\n")
	}, Findings: true},
	{Name: "carriage-returns", Sentence: "Each line ends in CR LF.", add: func(t *text, i int) {
		t.add(`g{i="`, strconv.Itoa(i), "\"} 1\r\n")
	}, Findings: true},
}

// series writes a sample of value 1 of the family of that name.
func (t *text) series(name string, labels ...string) {
	t.name = name
	t.sample("", 1, labels...)
}

// first writes the type of the family of that name, if these are the first lines.
func (t *text) first(i int, name, kind string) {
	t.name = name
	if i == 0 {
		t.kind(kind)
	}
}

// number25 writes a sample whose value has 25 digits.
func (t *text) number25(name, label string) {
	t.add(name, `{i="`, label, `"} `)
	t.buffer = strconv.AppendFloat(t.buffer, t.Float64(), 'e', 24, 64)
	t.add("\n")
}

// interlace puts names and a value in turn.
func interlace(names []string, value string) []string {
	labels := make([]string, 0, 2*len(names))
	for _, name := range names {
		labels = append(labels, name, value)
	}
	return labels
}

// numbered are n names with a number from first on.
func numbered(prefix string, first, n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = prefix + strconv.Itoa(first+i)
	}
	return names
}
