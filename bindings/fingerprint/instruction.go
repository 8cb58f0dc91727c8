package fingerprint

import lua "github.com/yuin/gopher-lua"

// An instruction of gopher-lua, laid out as its opcode.go has it:
//
//	operation (6 bits) | A (8) | C (9) | B (9)
//	operation (6 bits) | A (8) | Bx (18), signed as sBx
//
// An operand B or C that is an RK has bit 8 set if it is a constant.
type instruction uint32

const (
	rkConstant = 1 << 8
	maxSBx     = (1<<18 - 1) >> 1
)

func (i instruction) op() int  { return int(i >> 26) }
func (i instruction) a() int   { return int(i>>18) & 0xff }
func (i instruction) b() int   { return int(i & 0x1ff) }
func (i instruction) c() int   { return int(i>>9) & 0x1ff }
func (i instruction) bx() int  { return int(i & 0x3ffff) }
func (i instruction) sbx() int { return i.bx() - maxSBx }

// extraWords is how many words behind the instruction at pc are operands of it
// rather than instructions: what captures the upvalues of a closure, and the
// block number of a long list.
func extraWords(p *lua.FunctionProto, pc int) int {
	switch i := instruction(p.Code[pc]); i.op() {
	case lua.OP_CLOSURE:
		return int(p.FunctionPrototypes[i.bx()].NumUpvalues)
	case lua.OP_SETLIST:
		if i.c() == 0 {
			return 1
		}
	}
	return 0
}

// successors returns where execution can go on after the instruction at pc.
func successors(p *lua.FunctionProto, pc int) []int {
	i := instruction(p.Code[pc])
	next := pc + 1 + extraWords(p, pc)
	switch i.op() {
	case lua.OP_JMP, lua.OP_FORPREP:
		return []int{next + i.sbx()}
	case lua.OP_FORLOOP:
		return []int{next, next + i.sbx()}
	case lua.OP_EQ, lua.OP_LT, lua.OP_LE, lua.OP_TEST, lua.OP_TESTSET, lua.OP_TFORLOOP:
		return []int{next, next + 1}
	case lua.OP_LOADBOOL:
		if i.c() != 0 {
			return []int{next + 1}
		}
	case lua.OP_RETURN:
		return nil
	}
	return []int{next}
}

// reads tells whether the instruction reads register r.
func (i instruction) reads(r int) bool {
	rk := func(operand int) bool { return operand&rkConstant == 0 && operand == r }
	from := func(first, count int) bool { return r >= first && (count < 0 || r < first+count) }
	switch i.op() {
	case lua.OP_MOVE, lua.OP_MOVEN, lua.OP_NOT, lua.OP_TESTSET:
		return i.b() == r
	case lua.OP_UNM, lua.OP_LEN:
		return rk(i.b())
	case lua.OP_LOADK, lua.OP_LOADBOOL, lua.OP_LOADNIL, lua.OP_GETUPVAL, lua.OP_GETGLOBAL, lua.OP_NEWTABLE,
		lua.OP_JMP, lua.OP_CLOSE, lua.OP_CLOSURE, lua.OP_VARARG, lua.OP_NOP:
		return false
	case lua.OP_GETTABLE, lua.OP_GETTABLEKS, lua.OP_SELF:
		return i.b() == r || rk(i.c())
	case lua.OP_SETGLOBAL, lua.OP_SETUPVAL, lua.OP_TEST:
		return i.a() == r
	case lua.OP_SETTABLE, lua.OP_SETTABLEKS:
		return i.a() == r || rk(i.b()) || rk(i.c())
	case lua.OP_ADD, lua.OP_SUB, lua.OP_MUL, lua.OP_DIV, lua.OP_MOD, lua.OP_POW, lua.OP_EQ, lua.OP_LT, lua.OP_LE:
		return rk(i.b()) || rk(i.c())
	case lua.OP_CONCAT:
		return from(i.b(), i.c()-i.b()+1)
	case lua.OP_CALL, lua.OP_TAILCALL:
		if i.b() == 0 {
			return from(i.a(), -1)
		}
		return from(i.a(), i.b())
	case lua.OP_RETURN:
		return from(i.a(), i.b()-1) // B = 0: all from A up
	case lua.OP_FORLOOP, lua.OP_FORPREP, lua.OP_TFORLOOP:
		return from(i.a(), 3)
	case lua.OP_SETLIST:
		if i.b() == 0 {
			return from(i.a(), -1)
		}
		return from(i.a(), i.b()+1)
	}
	return true // an operation unknown here: as if it read everything
}

// overwrites tells whether the instruction surely sets register r.
func (i instruction) overwrites(r int) bool {
	from := func(first, count int) bool { return r >= first && r < first+count }
	switch i.op() {
	case lua.OP_MOVE, lua.OP_MOVEN, lua.OP_LOADK, lua.OP_LOADBOOL, lua.OP_GETUPVAL, lua.OP_GETGLOBAL, lua.OP_GETTABLE,
		lua.OP_GETTABLEKS, lua.OP_NEWTABLE, lua.OP_ADD, lua.OP_SUB, lua.OP_MUL, lua.OP_DIV, lua.OP_MOD, lua.OP_POW,
		lua.OP_UNM, lua.OP_NOT, lua.OP_LEN, lua.OP_CONCAT, lua.OP_CLOSURE:
		return i.a() == r
	case lua.OP_LOADNIL:
		return from(i.a(), i.b()-i.a()+1)
	case lua.OP_SELF:
		return from(i.a(), 2)
	case lua.OP_CALL:
		return from(i.a(), i.c()-1)
	case lua.OP_VARARG:
		return from(i.a(), i.b()-1)
	}
	return false
}
