package direct

// Particles are worked on in tiles. Every two tiles meet once, in rounds of a
// tournament in which a tile plays at most once, so that the games of a round
// go on at the same time without two of them adding to one sum, and each sum
// has an order that the number of particles fixes.

// tileBlocks is the number of blocks of a tile, for the given number of blocks:
// small enough for a first-level cache and for eight tiles, where that leaves
// some work in a game.
func tileBlocks(blocks int) int {
	const smallest, largest = 4, 32
	return min(largest, max(smallest, (blocks+7)/8))
}

// rounds is the number of rounds in which each of some tiles meets every other.
func rounds(tiles int) int {
	return max(0, tiles+tiles%2-1)
}

// games is the number of games of a round. With an odd number of tiles one of
// them is nobody's.
func games(tiles int) int { return (tiles + 1) / 2 }

// game says which tiles meet, the first below the second; ok is false if one
// of them has nobody to meet. The last tile stays where it is, the others move
// on in a circle around it.
func game(tiles, round, number int) (first, second int, ok bool) {
	circle := rounds(tiles)
	if number == 0 {
		first, second = round, circle
	} else {
		first, second = (round+number)%circle, (round-number+circle)%circle
	}
	if first > second {
		first, second = second, first
	}
	return first, second, second < tiles
}
