package fingerprint

import (
	lua "github.com/yuin/gopher-lua"
)

// A use tells what code does with a value that it gets from outside.
type use struct {
	whole    bool // it may do anything with the value
	assigned bool // it assigns fields
	fields   map[lua.LValue]*use
}

func (u *use) field(key lua.LValue) *use {
	if u.fields == nil {
		u.fields = map[lua.LValue]*use{}
	}
	if u.fields[key] == nil {
		u.fields[key] = new(use)
	}
	return u.fields[key]
}

func (u *use) merge(other *use) {
	u.whole = u.whole || other.whole
	u.assigned = u.assigned || other.assigned
	for key, f := range other.fields {
		u.field(key).merge(f)
	}
}

// A usage is what a function, with the functions defined in it, does with its
// upvalues and with globals.
type usage struct {
	upvalues []use
	globals  map[string]*use
	// methods is what it may take of the table behind strings: whatever it
	// indexes may be a string.
	methods use
}

// analyse reads the code of a function and of the functions within it.
func analyse(p *lua.FunctionProto) *usage {
	s := &scan{
		proto:    p,
		captured: map[int]bool{},
		usage:    &usage{upvalues: make([]use, p.NumUpvalues), globals: map[string]*use{}},
	}
	for pc := 0; pc < len(p.Code); pc += 1 + extraWords(p, pc) {
		if i := instruction(p.Code[pc]); i.op() == lua.OP_CLOSURE {
			s.closure(pc, p.FunctionPrototypes[i.bx()])
		}
	}
	for pc := 0; pc < len(p.Code); pc += 1 + extraWords(p, pc) {
		switch i := instruction(p.Code[pc]); i.op() {
		case lua.OP_GETUPVAL:
			s.loaded(pc, i.a(), &s.upvalues[i.b()])
		case lua.OP_GETGLOBAL:
			s.loaded(pc, i.a(), s.global(p.Constants[i.bx()].String()))
		case lua.OP_SELF, lua.OP_GETTABLE, lua.OP_GETTABLEKS:
			method := &s.methods
			if key, ok := s.constant(i.c()); ok {
				method = method.field(key)
			}
			method.whole = true
		}
	}
	return s.usage
}

type scan struct {
	proto *lua.FunctionProto
	*usage
	// captured holds the registers that closures made here share: what is in
	// them may be read at any time.
	captured map[int]bool
}

func (s *scan) global(name string) *use {
	if s.globals[name] == nil {
		s.globals[name] = new(use)
	}
	return s.globals[name]
}

// closure adds the usage of a function that is made at pc.
func (s *scan) closure(pc int, inner *lua.FunctionProto) {
	within := analyse(inner)
	for k := range within.upvalues {
		switch i := instruction(s.proto.Code[pc+1+k]); i.op() {
		case lua.OP_GETUPVAL:
			s.upvalues[i.b()].merge(&within.upvalues[k])
		default:
			s.captured[i.b()] = true
		}
	}
	for name, u := range within.globals {
		s.global(name).merge(u)
	}
	s.methods.merge(&within.methods)
}

// Bounds of what is followed; a value that goes further is taken whole.
const (
	maxPath  = 8    // fields of fields, and copies of registers
	maxSteps = 5000 // instructions looked at for one value
)

// loaded looks at what becomes of the value that the instruction at pc puts
// into register r.
func (s *scan) loaded(pc, r int, u *use) {
	found, steps := new(use), 0
	s.follow(pc, r, found, 0, &steps)
	if steps > maxSteps {
		found = &use{whole: true}
	}
	u.merge(found)
}

// follow adds to u the use of what register r holds after the instruction at
// pc: of every instruction that may read it before it is overwritten.
func (s *scan) follow(pc, r int, u *use, depth int, steps *int) {
	if s.captured[r] || depth > maxPath {
		u.whole = true
		return
	}
	seen := map[int]bool{}
	todo := successors(s.proto, pc)
	for len(todo) > 0 && *steps <= maxSteps {
		pc := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[pc] || pc >= len(s.proto.Code) {
			continue
		}
		seen[pc] = true
		*steps++
		i := instruction(s.proto.Code[pc])
		if i.reads(r) {
			s.read(pc, r, u, depth, steps)
		}
		if !i.overwrites(r) {
			todo = append(todo, successors(s.proto, pc)...)
		}
	}
}

// read adds to u what the instruction at pc, which reads register r, does.
func (s *scan) read(pc, r int, u *use, depth int, steps *int) {
	i := instruction(s.proto.Code[pc])
	switch i.op() {
	case lua.OP_MOVE, lua.OP_MOVEN:
		s.follow(pc, i.a(), u, depth+1, steps)
		return
	case lua.OP_GETTABLE, lua.OP_GETTABLEKS:
		if key, ok := s.constant(i.c()); ok && i.b() == r {
			s.follow(pc, i.a(), u.field(key), depth+1, steps)
			return
		}
	case lua.OP_SETTABLE, lua.OP_SETTABLEKS:
		if i.a() == r && i.b() != r && i.c() != r {
			u.assigned = true
			return
		}
	}
	u.whole = true
}

// constant returns the constant that an operand RK names, if it is one and can
// be followed as a key.
func (s *scan) constant(operand int) (key lua.LValue, ok bool) {
	if operand&rkConstant == 0 {
		return nil, false
	}
	key = s.proto.Constants[operand&^rkConstant]
	switch key.Type() {
	case lua.LTString, lua.LTNumber:
		return key, true
	}
	return nil, false
}
