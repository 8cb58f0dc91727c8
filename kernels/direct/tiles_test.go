package direct

import "testing"

func TestEveryTwoTilesMeetOnce(t *testing.T) {
	for tiles := range 40 {
		met := map[[2]int]int{}
		for r := range rounds(tiles) {
			played := make([]bool, tiles)
			for number := range games(tiles) {
				a, b, ok := game(tiles, r, number)
				if !ok {
					continue
				}
				if a < 0 || a >= b || b >= tiles {
					t.Fatalf("%d tiles: game %d of round %d is between %d and %d", tiles, number, r, a, b)
				}
				if played[a] || played[b] {
					t.Fatalf("%d tiles: in round %d a tile of %d and %d plays twice", tiles, r, a, b)
				}
				played[a], played[b] = true, true
				met[[2]int{a, b}]++
			}
		}
		if len(met) != tiles*(tiles-1)/2 {
			t.Errorf("%d tiles: %d pairs meet, want %d", tiles, len(met), tiles*(tiles-1)/2)
		}
		for pair, times := range met {
			if times != 1 {
				t.Errorf("%d tiles: %v meet %d times", tiles, pair, times)
			}
		}
	}
}
