package conformance

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/promfmt/promfmt/corpus"
)

// Select are the files of the corpus that one of the words stands for, or all of them if there are no words. A word is a
// format such as "openmetrics", a folder such as "invalid" or "openmetrics/invalid", or a file such as "valid/histogram.txt".
// One that stands for nothing is an error.
func Select(words []string) ([]corpus.File, error) {
	all := slices.Collect(corpus.Every())
	for _, word := range words {
		if !slices.ContainsFunc(all, func(f corpus.File) bool { return stands(word, f) }) {
			return nil, fmt.Errorf("%q is no format, folder or file of the corpus; there are %s", word, strings.Join(Words(), ", "))
		}
	}
	if len(words) == 0 {
		return all, nil
	}
	return slices.DeleteFunc(all, func(f corpus.File) bool {
		return !slices.ContainsFunc(words, func(word string) bool { return stands(word, f) })
	}), nil
}

func stands(word string, f corpus.File) bool {
	word = strings.TrimSuffix(word, "/")
	return word == f.Format || word == f.Name || word != "" && strings.HasPrefix(f.Name, word+"/")
}

// Words are the formats and folders that Select knows.
func Words() []string {
	var words []string
	add := func(word string) {
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	for file := range corpus.Every() {
		add(file.Format)
	}
	for file := range corpus.Every() {
		add(path.Dir(file.Name))
	}
	return words
}
