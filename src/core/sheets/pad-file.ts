/** Where the table of objects begins, and the end of the file. */
const ending = /startxref\n(\d+)\n%%EOF\n$/
const endOf = (tableAt: number): string => `startxref\n${tableAt}\n%%EOF\n`

/**
 * A PDF made as long as a multiple of `sizeClass` bytes, by comments before its table of objects: no object moves, and
 * readers that look for the end within the last kilobyte find it.
 */
export function padFile(file: Uint8Array, sizeClass: number): Uint8Array {
  const bytes = Buffer.from(file)
  const [end, at] = ending.exec(bytes.subarray(-64).toString('latin1')) ?? []
  const tableAt = Number(at)
  if (end === undefined || bytes.toString('latin1', tableAt, tableAt + 5) !== 'xref\n')
    throw new Error('no table of objects')
  const body = bytes.length - end.length
  const added = lengthOfComments({ body, tableAt, sizeClass })
  return new Uint8Array(
    Buffer.concat([
      bytes.subarray(0, tableAt),
      comments(added),
      bytes.subarray(tableAt, body),
      Buffer.from(endOf(tableAt + added), 'latin1'),
    ]),
  )
}

/** The end names where the table is, and so grows by a byte where that passes a power of ten. */
function lengthOfComments({ body, tableAt, sizeClass }: { body: number; tableAt: number; sizeClass: number }): number {
  const classes = Math.ceil((body + endOf(tableAt).length) / sizeClass)
  for (let length = classes * sizeClass; ; length += sizeClass)
    for (const at of [tableAt, tableAt * 10]) {
      const added = length - body - endOf(at).length
      if (added >= 0 && endOf(tableAt + added).length === endOf(at).length) return added
    }
}

/** So many bytes of comment, in lines that every reader takes. */
function comments(length: number): Buffer {
  const line = 80
  const all = Buffer.alloc(length, ' ')
  for (let at = 0; at < length; at += line) all[at] = 0x25
  for (let at = line - 1; at < length; at += line) all[at] = 0x0a
  if (length > 0) all[length - 1] = 0x0a
  return all
}
