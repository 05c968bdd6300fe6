package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// runJudge judges many files in one process, for comparing implementations. A frame is one
// byte for the kind of file ('d': dossier, 'e': evidence), four bytes of length, most significant first, and
// the file. Each report is one line of JSON.
func runJudge(in io.Reader, out io.Writer) (int, error) {
	input, output := bufio.NewReaderSize(in, 1<<20), bufio.NewWriterSize(out, 1<<20)
	for {
		var head [5]byte
		if _, err := io.ReadFull(input, head[:]); err == io.EOF {
			return 0, output.Flush()
		} else if err != nil {
			return 2, err
		}
		file := make([]byte, binary.BigEndian.Uint32(head[1:]))
		if _, err := io.ReadFull(input, file); err != nil {
			return 2, err
		}
		switch head[0] {
		case 'd':
			writeJSON(output, verifyDossier(file, nil))
		case 'e':
			writeJSON(output, verifyEvidence(file, nil))
		default:
			return 2, fmt.Errorf("unknown kind of frame %q", head[0])
		}
		if input.Buffered() == 0 {
			if err := output.Flush(); err != nil {
				return 2, err
			}
		}
	}
}
