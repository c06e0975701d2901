package render

// numbering numbers values from 0. Equal values have the same number.
type numbering[V comparable] struct {
	values  []V
	numbers map[V]int
}

// of returns the number of a value, which it adds if it is new.
func (n *numbering[V]) of(value V) int {
	if _, isKnown := n.numbers[value]; !isKnown {
		if n.numbers == nil {
			n.numbers = map[V]int{}
		}
		n.numbers[value] = len(n.values)
		n.values = append(n.values, value)
	}
	return n.numbers[value]
}
