package bindings

import (
	"flag"
	"os"
	"regexp"
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

// Examples are what scripts are copied from: the arguments that they name must be
// there.
func TestExamplesNameArgumentsThatAreThere(t *testing.T) {
	s := New(lua.NewState(), nil)
	named := map[string]map[string]bool{} // by function, of those that take named arguments
	var examples []spec.Func
	note := func(f spec.Func) {
		examples = append(examples, f)
		if f.Named {
			named[f.Name] = map[string]bool{}
			for _, a := range f.Args {
				named[f.Name][a.Name] = true
			}
		}
	}
	for _, m := range s.Modules() {
		for _, f := range m.Funcs {
			note(f)
		}
		for _, ty := range m.Types {
			for _, f := range ty.Methods {
				note(f)
			}
		}
	}
	call := regexp.MustCompile(`\b(\w+\.\w+) ?\{([^{}]*)\}`)
	field := regexp.MustCompile(`(?:^|,)\s*(\w+) =`)
	checked := 0
	for _, f := range examples {
		for _, c := range call.FindAllStringSubmatch(f.Example, -1) {
			arguments, ok := named[c[1]]
			for _, a := range field.FindAllStringSubmatch(c[2], -1) {
				if checked++; ok && !arguments[a[1]] {
					t.Errorf("the example of %s gives %s the argument %s, which it does not have", f.Name, c[1], a[1])
				}
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d arguments were found in examples", checked)
	}
}
