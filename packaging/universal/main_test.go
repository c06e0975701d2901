package main

import (
	"bytes"
	"debug/macho"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// thin is the smallest Mach-O program: a header without load commands, and
// some bytes after it.
func thin(t *testing.T, cpu macho.Cpu, subtype uint32, rest string) []byte {
	t.Helper()
	h := struct {
		Magic    uint32
		CPU      macho.Cpu
		SubCPU   uint32
		Type     macho.Type
		Commands uint32
		Size     uint32
		Flags    uint32
		Reserved uint32
	}{Magic: macho.Magic64, CPU: cpu, SubCPU: subtype, Type: macho.TypeExec}
	var b bytes.Buffer
	if err := binary.Write(&b, binary.LittleEndian, h); err != nil {
		t.Fatal(err)
	}
	b.WriteString(rest)
	return b.Bytes()
}

func TestJoin(t *testing.T) {
	programs := [][]byte{
		thin(t, macho.CpuAmd64, 3, "made for Intel"),
		thin(t, macho.CpuArm64, 0, "made for Apple silicon"),
	}
	joined, err := join(programs)
	if err != nil {
		t.Fatalf("joining: got error %v, want none", err)
	}
	fat, err := macho.NewFatFile(bytes.NewReader(joined))
	if err != nil {
		t.Fatalf("reading what was joined: got error %v, want none", err)
	}
	if len(fat.Arches) != len(programs) {
		t.Fatalf("slices: got %d, want %d", len(fat.Arches), len(programs))
	}
	for i, want := range []struct {
		cpu    macho.Cpu
		subCPU uint32
	}{{macho.CpuAmd64, 3}, {macho.CpuArm64, 0}} {
		got := fat.Arches[i]
		if got.Cpu != want.cpu {
			t.Errorf("slice %d: got processor %v, want %v", i, got.Cpu, want.cpu)
		}
		if got.SubCpu != want.subCPU {
			t.Errorf("slice %d: got subtype %d, want %d", i, got.SubCpu, want.subCPU)
		}
		if got.Align != 14 {
			t.Errorf("slice %d: got alignment 2^%d, want 2^14, a page of arm64", i, got.Align)
		}
		if got.Offset%(1<<14) != 0 {
			t.Errorf("slice %d: got offset %d, want a multiple of 2^14", i, got.Offset)
		}
		bytesOf := make([]byte, got.Size)
		if _, err := io.ReadFull(io.NewSectionReader(bytes.NewReader(joined), int64(got.Offset), int64(got.Size)), bytesOf); err != nil {
			t.Fatalf("slice %d: got error %v, want %d bytes", i, err, got.Size)
		}
		if !bytes.Equal(bytesOf, programs[i]) {
			t.Errorf("slice %d: got %q, want %q", i, bytesOf, programs[i])
		}
	}
}

func TestJoinRefuses(t *testing.T) {
	intel := thin(t, macho.CpuAmd64, 3, "")
	for name, programs := range map[string][][]byte{
		"what is no Mach-O file":         {intel, []byte("\x7fELF and so on, longer than a header would be")},
		"two programs for one processor": {intel, intel},
		"an empty file":                  {intel, nil},
	} {
		if _, err := join(programs); err == nil {
			t.Errorf("%s: got no error, want one", name)
		}
	}
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	intel, arm, out := filepath.Join(dir, "amd64"), filepath.Join(dir, "arm64"), filepath.Join(dir, "universal")
	for path, b := range map[string][]byte{intel: thin(t, macho.CpuAmd64, 3, "a"), arm: thin(t, macho.CpuArm64, 0, "b")} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(out, []string{intel, arm}); err != nil {
		t.Fatalf("joining two files: got error %v, want none", err)
	}
	if _, err := macho.OpenFat(out); err != nil {
		t.Errorf("the file written: got error %v, want a universal program", err)
	}
	if err := run(out, []string{intel, filepath.Join(dir, "missing")}); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("a missing program: got error %v, want one that names it", err)
	}
}
