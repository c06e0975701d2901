//go:build !unix

package redistest

// Stop skips the test: no process can be made to hang here.
func (s *Server) Stop() {
	s.t.Helper()
	s.t.Skip("this system cannot stop a process")
}

// Continue ends Stop.
func (s *Server) Continue() {}
