// Command universal joins macOS programs for several processors into one
// universal file, as lipo does, on any system:
//
//	universal OUT PROGRAM...
package main

import (
	"bytes"
	"debug/macho"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: universal OUT PROGRAM...")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "universal:", err)
		os.Exit(1)
	}
}

func run(out string, programs []string) error {
	slices := make([][]byte, len(programs))
	for i, p := range programs {
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		slices[i] = b
	}
	joined, err := join(slices)
	if err != nil {
		return err
	}
	return os.WriteFile(out, joined, 0o755)
}

const (
	alignBits  = 14 // macOS maps pages of 16 KiB on arm64; amd64 takes them too
	headerSize = 8  // magic and number of slices
	archSize   = 20 // of a macho.FatArchHeader
)

// join makes a universal file of thin Mach-O files. Each is taken over byte for
// byte, at an aligned offset, so its signature stays valid.
func join(slices [][]byte) ([]byte, error) {
	header := binary.BigEndian.AppendUint32(nil, macho.MagicFat)
	header = binary.BigEndian.AppendUint32(header, uint32(len(slices)))
	out := make([]byte, headerSize+archSize*len(slices))
	for i, s := range slices {
		f, err := macho.NewFile(bytes.NewReader(s))
		if err != nil {
			return nil, fmt.Errorf("program %d: %w", i+1, err)
		}
		out = append(out, make([]byte, -len(out)&(1<<alignBits-1))...)
		for _, v := range []uint32{uint32(f.Cpu), f.SubCpu, uint32(len(out)), uint32(len(s)), alignBits} {
			header = binary.BigEndian.AppendUint32(header, v)
		}
		out = append(out, s...)
	}
	if int64(len(out)) >= 1<<32 {
		return nil, errors.New("larger than the 4 GiB that the header can say")
	}
	copy(out, header)
	// Reading it back finds two programs for one processor, and our own mistakes.
	if _, err := macho.NewFatFile(bytes.NewReader(out)); err != nil {
		return nil, err
	}
	return out, nil
}
