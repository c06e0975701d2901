package disk

// Dir is the folder.
func (s *Store) Dir() string { return s.dir }

// Wait waits for a sweep that goes on.
func (s *Store) Wait() { s.sweeping.Wait() }

// Sweep looks the folder through now.
func (s *Store) Sweep() {
	s.Wait()
	s.sweepAll()
}
