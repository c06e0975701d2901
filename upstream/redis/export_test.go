package redis

import (
	"context"
	"crypto/x509"
)

// Get is a plain GET of an answer by the store's own client.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	return s.client.Get(ctx, s.answerKey(key)).Bytes()
}

// Trust replaces the authorities whose certificates are accepted.
func (s *Store) Trust(authorities *x509.CertPool) {
	s.client.Options().TLSConfig.RootCAs = authorities
}
