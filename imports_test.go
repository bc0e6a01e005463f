package promfmt_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// mayImport is the one table of the packages of the project: what each may import of the others, tests aside. A package
// that does not stand in it is not allowed at all.
var mayImport = map[string][]string{
	"diag":        {},
	"lexer":       {},
	"model":       {},
	"format":      {},
	"grammar":     {"diag", "lexer"},
	"convert":     {"diag", "format", "grammar", "lexer", "model"},
	"writer":      {"diag", "format", "model"},
	"corpus":      {},
	"conformance": {"convert", "corpus", "format", "model"},
	"fuzz":        {},
	"interop":     {},
	"cmd/promfmt": {"conformance", "convert", "diag", "format", "model", "writer"},
	".":           {"convert", "model"},
}

// onlyIn says of an import, and of all below it, in which file or directory alone it may stand, tests included.
var onlyIn = map[string]string{
	"github.com/alecthomas/participle": "grammar/",
	"unsafe":                           "convert/view.go",
}

const module = "github.com/promfmt/promfmt"

func TestImportsRunOneWay(t *testing.T) {
	for _, file := range goFiles(t) {
		if strings.HasSuffix(file.path, "_test.go") {
			continue
		}
		allowed, known := mayImport[path.Dir(file.path)]
		if !known {
			t.Errorf("%s: package %s does not stand in the table", file.path, path.Dir(file.path))
			continue
		}
		for _, imported := range file.imports {
			if isAtOrBelow(imported, module) && !slices.Contains(allowed, directory(imported)) {
				t.Errorf("%s imports %s, which package %s may not", file.path, imported, path.Dir(file.path))
			}
		}
	}
}

func TestOnlyGrammarImportsParticipleAndOnlyViewImportsUnsafe(t *testing.T) {
	found := make(map[string]bool)
	for _, file := range goFiles(t) {
		for _, imported := range file.imports {
			for what, place := range onlyIn {
				if !isAtOrBelow(imported, what) {
					continue
				}
				found[what] = true
				if !strings.HasPrefix(file.path, place) {
					t.Errorf("%s imports %s, which is only for %s", file.path, imported, place)
				}
			}
		}
	}
	for what, place := range onlyIn {
		require.True(t, found[what], "%s does not import %s any more", place, what)
	}
}

func isAtOrBelow(imported, what string) bool {
	return imported == what || strings.HasPrefix(imported, what+"/")
}

// directory is where a package of the module is.
func directory(imported string) string {
	return path.Clean("./" + strings.TrimPrefix(imported, module))
}

// goFile is a Go file of the module.
type goFile struct {
	path    string // with slashes, from the root of the module
	imports []string
}

func goFiles(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	root := os.DirFS(".")
	require.NoError(t, fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path.Ext(name) == ".go":
			files = append(files, goFile{name, importsOf(t, name)})
		case name != "." && entry.IsDir() && isApart(root, name):
			return fs.SkipDir
		}
		return nil
	}))
	return files
}

// isApart reports whether a directory has no packages of the module: it is another module's or the go command skips it.
func isApart(root fs.FS, name string) bool {
	_, err := fs.Stat(root, path.Join(name, "go.mod"))
	base := path.Base(name)
	return err == nil || base == "testdata" || base[0] == '.' || base[0] == '_'
}

func importsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	require.NoError(t, err)
	var imports []string
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		imports = append(imports, imported)
	}
	return imports
}
