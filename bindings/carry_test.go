package bindings

import (
	"io"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"runlua/progress"
)

// carryState is a state that has run a program, and the global function each.
func carryState(t *testing.T, program string) (*Session, *lua.LFunction) {
	t.Helper()
	board := progress.New(progress.Options{Stdout: io.Discard, Stderr: io.Discard, Rendering: progress.Quiet})
	t.Cleanup(board.Close)
	s, l := scriptState(&scriptHost{t: t, board: board, files: map[string]string{"two.pdb": twoFrames, "eh.txt": eisensteinHuTable()}})
	t.Cleanup(l.Close)
	if err := l.DoString(program); err != nil {
		t.Fatal(err)
	}
	fn, _ := l.GetGlobal("each").(*lua.LFunction)
	return s, fn
}

// carriedTo unpacks a parcel in a new state.
func carriedTo(t *testing.T, p *parcel) *unpacked {
	t.Helper()
	w, _ := carryState(t, "")
	u, err := p.unpack(w)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func (u *unpacked) call(t *testing.T) lua.LValue {
	t.Helper()
	l := u.session.l
	if err := l.CallByParam(lua.P{Fn: u.live(u.root), NRet: 1, Protect: true}); err != nil {
		t.Fatal(err)
	}
	v := l.Get(-1)
	l.Pop(1)
	return v
}

func TestACarriedFunctionSeesWhatItCapturedWhenItWasPacked(t *testing.T) {
	s, each := carryState(t, `
		local n, list, numbers = 1, { 1, 2 }, array.new { 1, 2 }
		function each() return n .. #list .. numbers:sum() end
		function later() n, list[3], numbers[1] = 2, 3, 100 end`)
	p, err := s.pack(each, "each")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.l.DoString("later()"); err != nil {
		t.Fatal(err)
	}
	u := carriedTo(t, p)
	if got := u.call(t).String(); got != "123" {
		t.Errorf("got %s, want 123: 1, two items, 1 + 2", got)
	}
}

func TestWhatIsOneStaysOne(t *testing.T) {
	s, each := carryState(t, `
		local shared, n = {}, 0
		shared.self, shared[shared] = shared, "key"
		local object = setmetatable({ a = shared }, { __index = shared })
		local function up() n = n + 1 end
		local function get() return n end
		function each()
			up()
			each2 = each
			assert(shared.self == shared and shared[shared] == "key" and object.a == object.self, "tables")
			assert(get() == 1, "variables")
			assert(each == each2 and _G.each == each and math.floor(1.5) == 1, "globals")
			return array.new { 1 }:sum()
		end`)
	p, err := s.pack(each, "each")
	if err != nil {
		t.Fatal(err)
	}
	u := carriedTo(t, p)
	if got := u.call(t); got != lua.LNumber(1) {
		t.Errorf("got %v", got)
	}
	if s.l.GetGlobal("each2") != lua.LNil {
		t.Error("the worker wrote to the script's own state")
	}
}

func TestChangesAreFoundByName(t *testing.T) {
	const program = `
		local count, settings, list, numbers, last, untouched = 0, { box = 1, deep = { x = 1 } }, {}, array.new { 1, 2 }, nil, { 1 }
		local function read() return settings, count, list, numbers, last, untouched end
		total = 0
		function each() read() %s return 1 end`
	for _, test := range []struct{ change, want string }{
		{"", ""},
		{"count = count + 1", "count"},
		{"last = 3", "last"},
		{"settings.box = 2", "settings"},
		{"settings.deep.x = 2", "settings.deep"},
		{"settings.deep = nil", "settings"},
		{"settings.new = 1", "settings"},
		{"list[#list + 1] = 1", "list"},
		{"numbers[2] = 7", "numbers"},
		{"setmetatable(list, {})", "list"},
		{"total = total + 1", "total"},
		{"untouched[1] = 2 untouched[1] = 1", ""},
		{"local list = {} list[1] = 1", ""},
		{"function math.third(x) return x / 3 end", "math.third"},
	} {
		s, each := carryState(t, strings.Replace(program, "%s", test.change, 1))
		p, err := s.pack(each, "each")
		if err != nil {
			t.Fatal(err)
		}
		u := carriedTo(t, p)
		u.call(t)
		if got := strings.Join(u.changed(), " "); got != test.want {
			t.Errorf("after %q: changed are %q, want %q", test.change, got, test.want)
		}
	}
}

// onlyFingerprinted can enter a fingerprint, but not go to another state.
type onlyFingerprinted struct{}

func (onlyFingerprinted) FingerprintValue() (string, error) { return "constant", nil }
func (onlyFingerprinted) Describe() string                  { return "a thing" }

func TestWhatCannotBeCopiedIsRefusedByName(t *testing.T) {
	s, _ := carryState(t, "")
	u := s.l.NewUserData()
	u.Value = onlyFingerprinted{}
	s.l.SetGlobal("thing", u)
	if err := s.l.DoString("local held = { thing = thing } thing = nil function each() return held.thing end"); err != nil {
		t.Fatal(err)
	}
	_, err := s.pack(s.l.GetGlobal("each").(*lua.LFunction), "each")
	if err == nil || !strings.Contains(err.Error(), "each captures held.thing, a thing, which can't be copied to a worker") {
		t.Errorf("the error is %v", err)
	}
}

func TestWhatCannotBeCopiedAndIsNotUsedIsLeftOut(t *testing.T) {
	s, each := carryState(t, `
		local held = { box = 3, bar = progress.bar { label = "b", total = 1 }, co = coroutine.create(print) }
		function each() return held.box end
		function other() held.bar:close() end`)
	p, err := s.pack(each, "each")
	if err != nil {
		t.Fatal(err)
	}
	u := carriedTo(t, p)
	if got := u.call(t); got != lua.LNumber(3) {
		t.Errorf("got %v, want 3", got)
	}
	err = u.session.l.DoString("other()")
	if err == nil {
		t.Error("a bar of another state could be closed")
	}
}

func TestEveryValueThatEntersAFingerprintCanBeCarried(t *testing.T) {
	s, each := carryState(t, `
		local scale = 3
		local values = {
			array.zeros(3), cosmology.planck2018(), gravity.constant(0.1), gravity.yukawa { beta = 0.1, mass = 1 },
			cosmology.spectrum { file = "eh.txt" }, structure.read("two.pdb"), diffusion.sampler { preset = "af3" },
			denoiser.rouse { beads = 4, bond = 3.8 },
			denoiser.lua { dim = 2, fn = function(x, sigma) return x * (scale / sigma) end },
		}
		local function count() return #values end
		function each()
			scale = scale + 1 -- also of the denoiser's function
			local v = values
			return table.concat({ count(), v[2]:growth(0.5), v[1]:sum(), v[5]:sigma8(), v[6]:coordinates():sum(), v[7]:sigmas()[1],
				v[8]:denoise(array.zeros(1, 9) + 1, 2):sum(), v[9]:denoise(array.zeros(1, 2) + 1, 2):sum() }, " ")
		end`)
	p, err := s.pack(each, "each")
	if err != nil {
		t.Fatal(err)
	}
	want := (&unpacked{parcel: &parcel{root: item{value: each}}, session: s}).call(t)
	for range 2 { // the first leaves no trace
		u := carriedTo(t, p)
		if names := u.changed(); len(names) > 0 {
			t.Errorf("nothing ran, and changed are %v", names)
		}
		if got := u.call(t); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	if got := len(p.userdata); got != 9 {
		t.Errorf("%d values were packed, want 9", got)
	}
}
