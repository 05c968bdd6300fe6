package main

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"sort"
	"unicode/utf8"
)

// The one canonical ZIP of given files (docs/protocol/dossier.md, Archive).

const (
	localMark   = 0x04034b50
	centralMark = 0x02014b50
	endMark     = 0x06054b50
	end64Mark   = 0x06064b50
	finderMark  = 0x07064b50
	max16       = 0xffff
	max32       = 0xffffffff
)

// archive holds the files in the order of the central directory.
type archive struct {
	names []string
	files map[string][]byte
}

var le = binary.LittleEndian

// readArchive takes an archive apart as far as its structure allows. Whether it is the
// canonical one is asked later, by writing it again.
func readArchive(b []byte) *archive {
	count, size, offset := readEnd(b)
	a := &archive{files: map[string][]byte{}}
	at := offset
	for number := uint64(0); number < count; number++ {
		header := readCentral(b, at, offset+size)
		if _, twice := a.files[header.name]; twice {
			refuseAt(inFile(header.name), "zip-shape", "twice")
		}
		a.files[header.name] = readLocal(b, header, offset)
		a.names = append(a.names, header.name)
		at = header.end
	}
	if at != offset+size {
		refuse("zip-shape", "central directory has another length")
	}
	return a
}

func readEnd(b []byte) (count, size, offset uint64) {
	at := len(b) - 22
	if at < 0 || le.Uint32(b[at:]) != endMark {
		refuse("zip-shape", "no end record")
	}
	stop := uint64(at)
	if at >= 76 && le.Uint32(b[at-20:]) == finderMark {
		record := b[at-76:]
		if le.Uint32(record) != end64Mark {
			refuse("zip-shape", "no 64-bit end record")
		}
		count, size, offset = wide(record[32:]), wide(record[40:]), wide(record[48:])
		stop = uint64(at - 76)
	} else {
		count, size, offset = uint64(le.Uint16(b[at+10:])), uint64(le.Uint32(b[at+12:])), uint64(le.Uint32(b[at+16:]))
	}
	if offset+size != stop {
		refuse("zip-shape", "central directory does not end the file")
	}
	return count, size, offset
}

func wide(b []byte) uint64 {
	number := le.Uint64(b)
	if number > maxSafe {
		refuse("zip-shape", "a 64-bit number is too large")
	}
	return number
}

type centralHeader struct {
	name              string
	size, offset, end uint64
}

func readCentral(b []byte, at, limit uint64) centralHeader {
	if at+46 > limit || le.Uint32(b[at:]) != centralMark {
		refuse("zip-shape", "no central header at byte %d", at)
	}
	nameEnd := at + 46 + uint64(le.Uint16(b[at+28:]))
	end := nameEnd + uint64(le.Uint16(b[at+30:])) + uint64(le.Uint16(b[at+32:]))
	if end > limit || le.Uint16(b[at+10:]) != 0 {
		refuse("zip-shape", "central header at byte %d", at)
	}
	offset := uint64(le.Uint32(b[at+42:]))
	if offset == max32 && end-nameEnd >= 12 {
		offset = wide(b[nameEnd+4:])
	}
	name := b[at+46 : nameEnd]
	if !utf8.Valid(name) {
		refuse("bytes-utf8", "%d bytes", len(name))
	}
	return centralHeader{name: string(name), size: uint64(le.Uint32(b[at+20:])), offset: offset, end: end}
}

func readLocal(b []byte, header centralHeader, limit uint64) []byte {
	if header.offset+30 > limit || le.Uint32(b[header.offset:]) != localMark {
		refuseAt(inFile(header.name), "zip-shape", "no local header")
	}
	at := header.offset
	start := at + 30 + uint64(le.Uint16(b[at+26:])) + uint64(le.Uint16(b[at+28:]))
	if start+header.size > limit {
		refuseAt(inFile(header.name), "zip-shape", "reaches beyond the files")
	}
	return b[start : start+header.size]
}

func (a *archive) sorted() []string {
	names := append([]string(nil), a.names...)
	sort.Strings(names)
	return names
}

// requireCanonical writes the files again, piece by piece, and compares with what was given.
func (a *archive) requireCanonical(b []byte, placeOf func(file string) place) {
	written := 0
	var directory bytes.Buffer
	compare := func(piece []byte, at place) {
		end := written + len(piece)
		if end > len(b) || !same(piece, b[written:end]) {
			refuseAt(at, "zip-shape", "differs after byte %d", written)
		}
		written = end
	}
	for _, name := range a.sorted() {
		content := a.files[name]
		var local bytes.Buffer
		fields := commonFields(name, content)
		put(&local, 4, localMark)
		put(&local, 2, 20)
		local.Write(fields)
		local.WriteString(name)
		writeCentral(&directory, name, fields, uint64(written))
		compare(local.Bytes(), placeOf(name))
		compare(content, placeOf(name))
	}
	offset, size := uint64(written), uint64(directory.Len())
	writeEnd(&directory, uint64(len(a.names)), size, offset)
	compare(directory.Bytes(), nowhere())
	if written != len(b) {
		refuse("zip-shape", "differs after byte %d", written)
	}
}

// commonFields of local and central headers: from the flags to the length of extra fields.
func commonFields(name string, content []byte) []byte {
	var out bytes.Buffer
	put(&out, 2, 0x0800)
	put(&out, 2, 0)
	put(&out, 2, 0)
	put(&out, 2, 0x0021)
	put(&out, 4, uint64(crc32.ChecksumIEEE(content)))
	put(&out, 4, uint64(len(content)))
	put(&out, 4, uint64(len(content)))
	put(&out, 2, uint64(len(name)))
	put(&out, 2, 0)
	return out.Bytes()
}

func writeCentral(out *bytes.Buffer, name string, fields []byte, offset uint64) {
	far := offset >= max32
	version, short := uint64(20), offset
	if far {
		version, short = 45, max32
		fields = append([]byte(nil), fields...)
		fields[len(fields)-2] = 12
	}
	put(out, 4, centralMark)
	put(out, 2, version)
	put(out, 2, version)
	out.Write(fields)
	put(out, 2, 0)
	put(out, 2, 0)
	put(out, 2, 0)
	put(out, 4, 0)
	put(out, 4, short)
	out.WriteString(name)
	if far {
		put(out, 2, 1)
		put(out, 2, 8)
		put(out, 8, offset)
	}
}

func writeEnd(out *bytes.Buffer, count, size, offset uint64) {
	if count >= max16 || size >= max32 || offset >= max32 {
		put(out, 4, end64Mark)
		put(out, 8, 44)
		put(out, 2, 45)
		put(out, 2, 45)
		put(out, 4, 0)
		put(out, 4, 0)
		put(out, 8, count)
		put(out, 8, count)
		put(out, 8, size)
		put(out, 8, offset)
		put(out, 4, finderMark)
		put(out, 4, 0)
		put(out, 8, offset+size)
		put(out, 4, 1)
	}
	put(out, 4, endMark)
	put(out, 2, 0)
	put(out, 2, 0)
	put(out, 2, least(count, max16))
	put(out, 2, least(count, max16))
	put(out, 4, least(size, max32))
	put(out, 4, least(offset, max32))
	put(out, 2, 0)
}

func least(a, b uint64) uint64 {
	if a < b {
		return a
	}
	return b
}

func put(out *bytes.Buffer, width int, number uint64) {
	var b [8]byte
	le.PutUint64(b[:], number)
	out.Write(b[:width])
}
