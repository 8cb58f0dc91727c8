package bindings

import "testing"

func TestSmallWorkGetsOneThreadAndLargeWorkMore(t *testing.T) {
	const gib = 1 << 30
	cube := func(n int64) int64 { return n * n * n }
	for _, test := range []struct {
		cores             int
		mesh, bytes, room int64
		want              plan
	}{
		{2, 0, 0, 0, plan{2, 1}}, // no mesh
		{2, 64, 0, 0, plan{2, 1}},
		{16, 128, 0, 0, plan{16, 1}},
		{2, 256, 0, 0, plan{1, 2}},
		{16, 256, 0, 0, plan{2, 8}},
		{16, 192, 0, 0, plan{5, 3}},
		{16, 512, 0, 0, plan{1, 16}},
		{16, 128, 2 * gib, 8 * gib, plan{4, 4}}, // four fit
		{16, 128, 9 * gib, 8 * gib, plan{1, 16}},
		{16, 128, 9 * gib, 0, plan{16, 1}}, // nobody knows
	} {
		if got := defaultPlan(test.cores, cube(test.mesh), test.bytes, test.room); got != test.want {
			t.Errorf("%d cores, mesh %d³, %d of %d bytes: %+v, want %+v", test.cores, test.mesh, test.bytes, test.room, got, test.want)
		}
	}
	if got := planFor(3, 2); got != (plan{3, 1}) {
		t.Errorf("more workers than cores: %+v", got)
	}
}
