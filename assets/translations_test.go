package assets

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template"
	"text/template/parse"
)

var update = flag.Bool("update", false, "make room in the catalogues for new texts and drop those that nobody says")

// languages are those that there is a catalogue for, with the forms that plurals
// have in them, by CLDR. English is written by -update alone, but for plurals.
var languages = map[string][]string{
	"en": {"one", "other"},
	"de": {"one", "other"},
	"fr": {"one", "many", "other"},
	"tr": {"one", "other"},
	"ar": {"zero", "one", "two", "few", "many", "other"},
}

// ofFyne are texts that Fyne says itself, in menus and file dialogs. It brings
// some of these languages along, but not all.
var ofFyne = []string{
	"Advanced", "Cancel", "Confirm", "Copy", "Create Folder", "Cut", "Enter filename", "Error", "Favourites", "File",
	"Folder", "New Folder", "No", "OK", "Open", "Paste", "Quit", "Redo", "Save", "Select all", "Show Hidden Files",
	"Undo", "Yes",
}

// said is a text of the program: where, in English, and whether it has plurals.
type said struct {
	where   string
	english string
	plural  bool
}

// texts finds every call of lang.L, N, X and XN below root. Their keys must be
// written out: this test cannot know what is in a variable.
func texts(t *testing.T, roots ...string) map[string]said {
	t.Helper()
	all := map[string]said{}
	for _, text := range ofFyne {
		all[text] = said{"Fyne", text, false}
	}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") ||
				strings.HasPrefix(filepath.ToSlash(name), "../ui/language/") {
				return err
			}
			data, err := os.ReadFile(name)
			if err != nil || !bytes.Contains(data, []byte("lang.")) && !bytes.Contains(data, []byte("[]translated{")) {
				return err
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, name, data, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					collect(t, files, n, all)
				case *ast.CompositeLit:
					list(files, n, all)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func collect(t *testing.T, files *token.FileSet, call *ast.CallExpr, all map[string]said) {
	t.Helper()
	f, is := call.Fun.(*ast.SelectorExpr)
	if !is {
		return
	}
	if of, is := f.X.(*ast.Ident); !is || of.Name != "lang" || !slices.Contains([]string{"L", "N", "X", "XN"}, f.Sel.Name) {
		return
	}
	where := files.Position(call.Pos()).String()
	var words []string
	for _, arg := range call.Args[:min(len(call.Args), len(f.Sel.Name)+btoi(f.Sel.Name == "X"))] {
		if literal, is := arg.(*ast.BasicLit); is && literal.Kind == token.STRING {
			text, _ := strconv.Unquote(literal.Value)
			words = append(words, text)
		}
	}
	keyed := strings.HasPrefix(f.Sel.Name, "X")
	if len(words) == 0 || keyed && len(words) < 2 {
		t.Errorf("%s: the text must be written out in the call, in one piece", where)
		return
	}
	s := said{where: where, english: words[0], plural: strings.HasSuffix(f.Sel.Name, "N")}
	if keyed {
		s.english = words[1]
	}
	if old, there := all[words[0]]; there && (old.plural != s.plural || old.english != s.english) {
		t.Errorf("%s: %q is said otherwise at %s", where, words[0], old.where)
	}
	all[words[0]] = s
}

// list takes the texts of a []translated.
func list(files *token.FileSet, of *ast.CompositeLit, all map[string]said) {
	array, is := of.Type.(*ast.ArrayType)
	if !is {
		return
	}
	if element, is := array.Elt.(*ast.Ident); !is || element.Name != "translated" {
		return
	}
	for _, e := range of.Elts {
		if literal, is := e.(*ast.BasicLit); is {
			text, _ := strconv.Unquote(literal.Value)
			all[text] = said{files.Position(e.Pos()).String(), text, false}
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// fields are what a template has put in, sorted.
func fields(t *testing.T, text string) []string {
	t.Helper()
	parsed, err := template.New("").Parse(text)
	if err != nil {
		t.Errorf("%q: %v", text, err)
		return nil
	}
	var names []string
	if parsed.Tree == nil {
		return nil
	}
	for _, n := range parsed.Root.Nodes {
		if action, is := n.(*parse.ActionNode); is {
			names = append(names, action.String())
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// TestTranslations holds the catalogues to what the program says: every text in
// every language, with the same things put in, and nothing that nobody says.
func TestTranslations(t *testing.T) {
	all := texts(t, "../ui", "../cmd/tring")
	for code, forms := range languages {
		file := filepath.Join("translations", code+".json")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var catalogue map[string]any
		if err := json.Unmarshal(data, &catalogue); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if *update {
			fill(catalogue, all, code, forms)
			write(t, file, catalogue)
		}
		for key, s := range all {
			if !check(t, file, key, s, catalogue[key], forms) {
				t.Errorf("%s: %q (%s) is missing; make room for it with go test ./assets -update, then translate it", file, key, s.where)
			}
		}
		for key := range catalogue {
			if _, known := all[key]; !known {
				t.Errorf("%s: nobody says %q any more; drop it with go test ./assets -update", file, key)
			}
		}
	}
}

// check reports whether a text is there, and says what is wrong with it.
func check(t *testing.T, file, key string, s said, entry any, wanted []string) bool {
	t.Helper()
	var said []string
	switch entry := entry.(type) {
	case string:
		if said = append(said, entry); s.plural && entry != "" {
			t.Errorf("%s: %q needs its plural forms", file, key)
		}
	case map[string]any:
		for form, text := range entry {
			if !s.plural || !slices.Contains(wanted, form) {
				t.Errorf("%s: %q has no form %q", file, key, form)
			}
			text, _ := text.(string)
			said = append(said, text)
		}
		if len(entry) < len(wanted) {
			said = append(said, "")
		}
	}
	want := fields(t, s.english)
	for _, text := range said {
		if text == "" {
			return false
		}
		got := fields(t, text)
		if s.plural { // "one call" may leave its number out, and nothing else
			got, want := without(got, "{{.Count}}"), without(want, "{{.Count}}")
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q puts in %q, want %q", file, text, got, want)
			}
		} else if !slices.Equal(got, want) {
			t.Errorf("%s: %q puts in %q, want %q", file, text, got, want)
		}
	}
	return len(said) > 0
}

func without(all []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == one })
}

// fill makes room for what is missing, says the English, and drops the rest.
func fill(catalogue map[string]any, all map[string]said, code string, forms []string) {
	for key := range catalogue {
		if _, known := all[key]; !known {
			delete(catalogue, key)
		}
	}
	for key, s := range all {
		text := ""
		if code == "en" {
			text = s.english
		}
		old, is := catalogue[key].(map[string]any)
		switch {
		case !s.plural && (code == "en" || catalogue[key] == nil):
			catalogue[key] = text
		case s.plural && !is:
			old = map[string]any{}
			catalogue[key] = old
			fallthrough
		case s.plural:
			for _, form := range forms {
				if old[form] == nil {
					old[form] = text
				}
			}
		}
	}
}

func write(t *testing.T, file string, catalogue map[string]any) {
	t.Helper()
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(catalogue); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
