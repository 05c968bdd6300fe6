import { type AdmissionState, cosignerAt, hostAt } from '../admission-state.ts'
import { limits } from '../limits.ts'
import { readCheckpoint, readCosignatures, splitNote } from '../notes.ts'
import { ProtocolError } from '../protocol-error.ts'

/** Lines of a checkpoint sorted out: the host's, members' cosignatures that fit the note, and the rest of those. */
export interface SortedLines {
  host: string
  inNote: string[]
  apart: string[]
  cosigned: { party: string; time: number }[]
}

/** Keeps the host's line and one valid cosignature per member, in order of party. Throws when the host's does not hold. */
export function validLines(state: AdmissionState, checkpoint: string, apart: readonly string[]): SortedLines {
  const { origin, key } = hostAt(state, state.size)
  readCheckpoint(checkpoint, origin, key)
  const { body, lines } = splitNote(checkpoint)
  const host = lines.find(({ name }) => name === origin)?.text
  if (host === undefined) throw new ProtocolError('checkpoint-signature', origin)
  const texts = [...lines.map(({ text }) => text), ...apart.map((line) => line.replace(/\n$/, ''))]
  const found = [...state.members]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([party, member]) => {
      const cosigner = cosignerAt(member, state.size)
      const line = texts.find(
        (text) => text.startsWith(`— ${party} `) && lineTime(body, text, party, cosigner) !== undefined,
      )
      const time = line === undefined ? undefined : lineTime(body, line, party, cosigner)
      return line === undefined || time === undefined ? [] : [{ line, party, time: time * 1000 }]
    })
  return {
    host,
    inNote: found.slice(0, limits.noteLines - 1).map(({ line }) => line),
    apart: found.slice(limits.noteLines - 1).map(({ line }) => line),
    cosigned: found.map(({ party, time }) => ({ party, time })),
  }
}

/** Seconds of a cosigner's valid line over a checkpoint's body; undefined for any other. */
export function lineTime(body: string, line: string, name: string, publicKey: string): number | undefined {
  try {
    return readCosignatures(`${body}\n${line}\n`, [{ name, publicKey }])[0]?.time
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
