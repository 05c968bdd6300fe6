/** Reads big-endian numbers one after the other, as font files write them. */
export function byteReader(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const next = (size: number) => {
    at += size
    return at - size
  }
  const reader = {
    at: () => at,
    skip: (size: number) => void next(size),
    u8: () => view.getUint8(next(1)),
    u16: () => view.getUint16(next(2)),
    i16: () => view.getInt16(next(2)),
    u32: () => view.getUint32(next(4)),
    take: (size: number): Uint8Array => {
      const from = next(size)
      if (at > bytes.length) throw new RangeError('the font file ends too early')
      return bytes.subarray(from, at)
    },
    tag: () => String.fromCharCode(...reader.take(4)),
    /** UIntBase128 of WOFF 2.0 §4.1. */
    base128: () => {
      let value = 0
      for (let count = 0; count < 5; count += 1) {
        const byte = reader.u8()
        value = value * 128 + (byte & 0x7f)
        if (byte < 128) return value
      }
      throw new RangeError('a number of the font file is too long')
    },
    /** 255UInt16 of MicroType Express. */
    short255: () => {
      const code = reader.u8()
      if (code === 253) return reader.u16()
      if (code === 255) return reader.u8() + 253
      return code === 254 ? reader.u8() + 506 : code
    },
  }
  return reader
}

export type ByteReader = ReturnType<typeof byteReader>
