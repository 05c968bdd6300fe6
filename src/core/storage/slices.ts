/** Byte strings one after another, and where each lies: `substring(bytes from start for length)`. */
export interface Sliced {
  bytes: Buffer
  /** The first byte is 1, as SQL counts. */
  starts: number[]
  lengths: number[]
}

/**
 * Many byte strings as one parameter: they travel as they are and the server cuts them apart. An array parameter
 * would write every byte as text.
 */
export function sliced(pieces: readonly Uint8Array[]): Sliced {
  let end = 1
  const starts = pieces.map((piece) => {
    const start = end
    end += piece.length
    return start
  })
  return { bytes: Buffer.concat(pieces), starts, lengths: pieces.map((piece) => piece.length) }
}
