//go:build amd64 && !noasm

package direct

//go:generate go run -C _gen . -pkg direct -out ../pairs_amd64.s -stubs ../pairs_amd64.go

import "golang.org/x/sys/cpu"

// vectorKernels are the loops in assembly, or nil if the processor lacks AVX2.
// The functions here check what the assembly takes for granted.
func vectorKernels[T number]() *kernels[T] {
	if !cpu.X86.HasAVX2 {
		return nil
	}
	var k any
	switch any(T(0)).(type) {
	case float32:
		k = &kernels[float32]{"avx2", vectorBetween(betweenSingle), vectorWithin(withinSingle)}
	case float64:
		k = &kernels[float64]{"avx2", vectorBetween(betweenDouble), vectorWithin(withinDouble)}
	}
	return k.(*kernels[T])
}

func vectorBetween[T number](
	f func(a, sa, b, sb *T, count int, eps2 T),
) func(a *block[T], sa *sums[T], b []block[T], sb []sums[T], eps2 T) {
	return func(a *block[T], sa *sums[T], b []block[T], sb []sums[T], eps2 T) {
		if len(b) == 0 {
			return
		}
		_ = sb[len(b)-1]
		f(&a.X[0], &sa.X[0], &b[0].X[0], &sb[0].X[0], len(b), eps2)
	}
}

func vectorWithin[T number](f func(a, s *T, eps2 T)) func(a *block[T], s *sums[T], eps2 T) {
	return func(a *block[T], s *sums[T], eps2 T) { f(&a.X[0], &s.X[0], eps2) }
}
