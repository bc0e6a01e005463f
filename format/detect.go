package format

import (
	"path"
	"slices"
	"strings"
)

// Evidence is what there is to tell the format of an input by. Any part may be missing.
type Evidence struct {
	// ContentType is the header of that name.
	ContentType string
	// Name is the name of a file or the path of a URL, of which the extension counts. That of a compression is passed
	// over.
	Name string
	// Head is how the input begins, decompressed. HeadSize bytes of it are enough.
	Head []byte
	// Tail is how the input ends, nil if that is not at hand. TailSize bytes of it are enough.
	Tail []byte
}

// How much of the beginning and of the end of an input Detect looks at.
const (
	HeadSize = 4 << 10
	TailSize = 8
)

// Clue is what a format has been told by, in words that go behind "by its".
type Clue string

// The clues, in the order in which they count.
const (
	ByContentType Clue = "content type"
	ByExtension   Clue = "extension"
	ByBytes       Clue = "first bytes"
	// ByNothing is for an input that is Text because nothing says otherwise.
	ByNothing Clue = ""
)

// Detect tells the format of an input: from its content type, else from its extension, else from its bytes, else it is
// Text. A content type or extension that is of several formats leaves it to the bytes which of them it is; one that is of
// none is passed over. Parameters of a media type that are of no known format are passed over as well.
func Detect(e Evidence) (Format, Clue) {
	clues := []struct {
		clue   Clue
		points func(Format) bool
	}{
		{ByContentType, pointedAtBy(e.ContentType)},
		{ByContentType, pointedAtBy(withoutParameters(e.ContentType))},
		{ByExtension, func(f Format) bool { return slices.Contains(formats[f].extensions, extension(e.Name)) }},
		{ByBytes, e.fits},
	}
	for _, c := range clues {
		var candidates []Format
		for _, f := range All() {
			if !formats[f].onlyWritten && c.points(f) {
				candidates = append(candidates, f)
			}
		}
		if len(candidates) > 0 {
			return candidates[max(0, slices.IndexFunc(candidates, e.fits))], c.clue
		}
	}
	return Text, ByNothing
}

// fits reports whether the bytes are those of the format.
func (e Evidence) fits(f Format) bool {
	begins := formats[f].begins
	return begins != nil && begins(e.Head[:min(len(e.Head), HeadSize)], e.Tail)
}

// pointedAtBy is whether a format has a content type.
func pointedAtBy(contentType string) func(Format) bool {
	r, ok := parseMediaRange(contentType)
	return func(f Format) bool {
		return ok && slices.ContainsFunc(formats[f].media, func(m mediaType) bool { return m.fit(r) >= fitsExactly })
	}
}

func withoutParameters(contentType string) string {
	kind, _, _ := strings.Cut(contentType, ";")
	return kind
}

// extension is that of a name in lower case, not counting that of a compression.
func extension(name string) string {
	name = strings.ToLower(name)
	for _, compression := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, compression)
	}
	return path.Ext(name)
}
