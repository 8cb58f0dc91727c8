package bindings

import (
	"flag"
	"os"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
)

var update = flag.Bool("update", false, "write the API page again")

const apiPage = "../docs/lua-api.md"

func TestAPIPageTellsWhatTheModulesOffer(t *testing.T) {
	s := New(lua.NewState(), nil)
	want := spec.Markdown(s.Globals(), s.Modules())
	if *update {
		if err := os.WriteFile(apiPage, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(apiPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the modules offer now; go test ./bindings -run APIPage -update writes it", apiPage)
	}
}

func TestEveryFunctionIsDescribed(t *testing.T) {
	s := New(lua.NewState(), nil)
	check := func(f spec.Func) {
		if strings.Contains(f.Name, "__") {
			return
		}
		if !strings.HasSuffix(f.Doc, ".") {
			t.Errorf("%s: its doc must be whole sentences, got %q", f.Name, f.Doc)
		}
		for _, a := range append(f.First, f.Args...) {
			if a.Doc == "" || a.Kind == nil {
				t.Errorf("%s: argument %s has no doc or kind", f.Name, a.Name)
			}
		}
	}
	for _, f := range s.Globals() {
		check(f)
	}
	for _, m := range s.Modules() {
		if m.Doc == "" {
			t.Errorf("module %s has no doc", m.Name)
		}
		for _, f := range m.Funcs {
			if !strings.HasPrefix(f.Name, m.Name+".") {
				t.Errorf("%s stands in module %s", f.Name, m.Name)
			}
			check(f)
		}
		for _, ty := range m.Types {
			for _, f := range ty.Methods {
				check(f)
			}
		}
	}
}
