package main

import (
	"iter"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// turn ends an instruction of a strand: the next strand's comes next.
var turn = func() {}

// weave writes the strands' instructions in turn, one of each.
func weave(strands ...func()) {
	type strand struct {
		next func() (struct{}, bool)
		turn func()
	}
	var left []*strand
	for _, write := range strands {
		s := &strand{}
		s.next, _ = iter.Pull(func(yield func(struct{}) bool) {
			s.turn = func() { yield(struct{}{}) }
			turn = s.turn
			write()
		})
		left = append(left, s)
	}
	for len(left) > 0 {
		var unfinished []*strand
		for _, s := range left {
			turn = s.turn
			if _, more := s.next(); more {
				unfinished = append(unfinished, s)
			}
		}
		left = unfinished
	}
	turn = func() {}
}

// vector is a register of four numbers.
type vector = reg.VecVirtual

// constants are those in use, by their bits.
var constants = map[uint64]Mem{}

// word is the bits w in each element of a vector in memory.
func word(name string, w uint64) Mem {
	m, known := constants[w]
	if !known {
		m = GLOBL(name, RODATA|NOPTR)
		for i := range 4 {
			DATA(8*i, U64(w))
		}
		constants[w] = m
	}
	return m
}

// number is x in each element of a vector in memory.
func number(name string, x float64) Mem { return word(name, math.Float64bits(x)) }

// The stack holds the vectors that registers have no room for: in lines of the
// cache, as one that lies across two costs twice.
var (
	stack     reg.GPVirtual
	allocated int
)

const stackVectors = 18

// alignStack sets up the function's stack.
func alignStack() {
	room := AllocLocal(32 * (stackVectors + 1))
	stack, allocated = GP64(), 0
	LEAQ(room.Offset(31), stack)
	ANDQ(I32(-32), stack)
}

// local is room for a vector.
func local() Mem {
	if allocated == stackVectors {
		panic("stackVectors is too small")
	}
	allocated++
	return Mem{Base: stack, Disp: 32 * (allocated - 1)}
}

// do writes an instruction of three operands, the last one its result.
func do(instruction func(...Op), a, b, to Op) {
	instruction(a, b, to)
	turn()
}

// shift writes a shift by a number of bits.
func shift(instruction func(...Op), bits uint8, a, to Op) { do(instruction, Imm(uint64(bits)), a, to) }

func from(m Mem) vector {
	v := YMM()
	VMOVUPD(m, v)
	turn()
	return v
}

func store(v vector, to Mem) {
	VMOVUPD(v, to)
	turn()
}

// put stores a vector where there is more room than in registers.
func put(v vector) Mem {
	m := local()
	store(v, m)
	return m
}

// plus, minus and times return a + b, a - b and a b.
func plus(a vector, b Op) vector  { return result(VADDPD, a, b) }
func minus(a vector, b Op) vector { return result(VSUBPD, a, b) }
func times(a vector, b Op) vector { return result(VMULPD, a, b) }

func result(instruction func(...Op), a vector, b Op) vector {
	v := YMM()
	do(instruction, b, a, v)
	return v
}

// polynomial returns a + b x, rounded twice.
func polynomial(a, b Mem, x vector) vector { return plus(times(x, b), a) }
