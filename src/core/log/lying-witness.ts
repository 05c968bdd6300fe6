import {
  cosignatureBy,
  type NoteKey,
  noteKeyDigest,
  peekCheckpoint,
  ProtocolError,
  splitNote,
  toBase64url,
} from '../../protocol/index.ts'
import { type ContradictionContext, convict } from './contradiction.ts'
import { readConsistency } from './reading.ts'

export interface LyingWitnessContext extends ContradictionContext {
  outsiders?(space: string): Promise<readonly NoteKey[]>
}

/**
 * Convicts witnesses from outside that put their name to a history of the space that is not ours, and to ours too.
 * The space stays as it is: who is shown by lines that do not count is the host's affair, and its own evidence.
 *
 * @param came - Note of the other history, of a size we hold, with the lines it came with.
 */
export async function convictWitnesses(
  context: LyingWitnessContext,
  { space, origin }: { space: string; origin: string },
  came: string,
): Promise<void> {
  const keys = ((await context.outsiders?.(space)) ?? []).filter(({ type }) => type === 'cosignature')
  for (const key of keys) {
    const theirs = noteOfOne(came, key)
    const ours = theirs && (await findOurs(context, { space, origin }, key, peekCheckpoint(theirs).size))
    if (!ours) continue
    const { size } = peekCheckpoint(theirs)
    const newer = peekCheckpoint(ours.note).size
    const path = newer > size ? (await readConsistency(context.db, space, size, newer)).map(toBase64url) : undefined
    await convict(
      context,
      {
        kind: 'two-histories',
        space,
        accused: { party: key.name, role: 'witness', key: key.publicKey },
        notes: [theirs, ours.note],
        ...(path ? { proof: { root: toBase64url(ours.rootThere), path } } : {}),
      },
      { held: ours.note, came: theirs, detail: `${key.name} put its name to two histories up to size ${size}` },
    )
  }
}

/** The note with nothing but one witness's line, if it holds. */
function noteOfOne(note: string, key: NoteKey): string | undefined {
  const { body, lines } = splitNote(note)
  for (const { text } of lines.filter(({ name }) => name === key.name)) {
    const single = `${body}\n${text}\n`
    try {
      if (cosignatureBy(single, key) !== undefined) return single
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
    }
  }
  return undefined
}

/** Its first line on our history from a size on, and our root at that size. */
async function findOurs(
  { db }: LyingWitnessContext,
  { space, origin }: { space: string; origin: string },
  key: NoteKey,
  size: number,
): Promise<{ note: string; rootThere: Uint8Array } | undefined> {
  const line = await db
    .selectFrom('log.witness_line as l')
    .innerJoin('log.entry as e', (join) => join.onRef('e.space', '=', 'l.space'))
    .whereRef('e.idx', '=', (q) => q('l.size', '-', 1))
    .select(['l.size', 'l.line', 'e.root'])
    .where('l.space', '=', space)
    .where('l.name', '=', key.name)
    .where('l.key', '=', noteKeyDigest(key))
    .where('l.size', '>=', size)
    .orderBy('l.size')
    .limit(1)
    .executeTakeFirst()
  const there = await db
    .selectFrom('log.entry')
    .select('root')
    .where('space', '=', space)
    .where('idx', '=', size - 1)
    .executeTakeFirst()
  if (!line || !there) return undefined
  const root = Buffer.from(line.root).toString('base64')
  return { note: `${origin}\n${line.size}\n${root}\n\n${line.line}`, rootThere: there.root }
}
