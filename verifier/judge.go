package main

import (
	"bufio"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"io"
)

// runJudge judges many files in one process, for comparing implementations. A frame is one
// byte for the kind of file ('d': dossier, 'e': evidence,
// 't': a time-stamp, what it is over and the trusted certificates, each after its length), four bytes of length, most significant first, and
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
		case 't':
			r, err := judgeTimeStamp(file)
			if err != nil {
				return 2, err
			}
			writeJSON(output, r)
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

func judgeTimeStamp(frame []byte) (timeStamp, error) {
	var parts [][]byte
	for len(frame) >= 4 {
		n := int(binary.BigEndian.Uint32(frame))
		if n > len(frame)-4 {
			return timeStamp{}, fmt.Errorf("frame cut short")
		}
		parts, frame = append(parts, frame[4:4+n]), frame[4+n:]
	}
	if len(parts) < 2 {
		return timeStamp{}, fmt.Errorf("a token and what it is over")
	}
	var roots []*x509.Certificate
	for _, der := range parts[2:] {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return timeStamp{}, err
		}
		roots = append(roots, c)
	}
	return verifyTimeStamp(parts[0], parts[1], roots), nil
}
