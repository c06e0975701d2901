package config

import "slices"

// nearest returns the known word with the fewest edits to the misspelt one, or "" if
// each one needs edits of more than a third of the characters.
func nearest(misspelt string, known []string) string {
	best, least := "", len([]rune(misspelt))/3+1
	for _, k := range known {
		if d := distance([]rune(misspelt), []rune(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance counts the edits that turn a into b: insert, delete or replace a character,
// or swap two neighbours.
func distance(a, b []rune) int {
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := range a {
		before, above, row := rows[0], rows[1], rows[2]
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(above[j+1]+1, row[j]+1, above[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		rows = [3][]int{above, slices.Clone(row), before}
	}
	return rows[1][len(b)]
}
