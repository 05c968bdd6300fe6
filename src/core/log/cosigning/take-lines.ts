import {
  type AdmissionState,
  cosignatureBy,
  cosignerAt,
  hostAt,
  limits,
  type NoteKey,
  noteKeyDigest,
  ProtocolError,
} from '../../../protocol/index.ts'
import type { CosigningContext } from './context.ts'

/** Stores lines that verify: of parties that are members at that size, and of others whose keys are known for the space. */
export async function storeCosignatures(
  context: CosigningContext,
  space: string,
  { size, lines }: { size: number; lines: readonly string[] },
): Promise<string[]> {
  const { db, states } = context
  const row = await db
    .selectFrom('log.space as s')
    .innerJoin('log.entry as e', 'e.space', 's.space')
    .select(['s.space', 's.size', 's.root', 's.time', 'e.root as signed'])
    .where('s.space', '=', space)
    .where('e.idx', '=', size - 1)
    .executeTakeFirst()
  if (!row) return []
  const { admission } = await states.at(db, row)
  const body = `${hostAt(admission, size).origin}\n${size}\n${Buffer.from(row.signed).toString('base64')}\n`
  const texts = lines.slice(0, 2 * limits.members).flatMap((line) => wholeLine(line) ?? [])
  const read = texts.map((line) => ({ line, good: readLine(admission, { body, size }, line) }))
  const good = read.flatMap((one) => one.good ?? [])
  const others = read.flatMap((one) => (one.good ? [] : [one.line]))
  const outside = others.length > 0 ? await storeOutside(context, space, { size, body, lines: others }) : []
  if (good.length > 0) {
    // The earliest line of a party on a checkpoint says when it had it.
    await db
      .insertInto('log.cosignature')
      .values(good.map((one) => ({ ...one, space, size })))
      .onConflict((there) => there.doNothing())
      .execute()
  }
  if (good.length + outside.length > 0) context.cosigned?.(space, [...good.map((one) => one.party), ...outside])
  return [...good.map((one) => one.party), ...outside]
}

/** Lines of witnesses that are no members, and lines by other algorithms. Returns the names of the good ones. */
async function storeOutside(
  { db, outsiders }: CosigningContext,
  space: string,
  { size, body, lines }: { size: number; body: string; lines: readonly string[] },
): Promise<string[]> {
  const keys = (await outsiders?.(space)) ?? []
  const good = lines.flatMap((line) => {
    const found = keys.flatMap((key) => {
      const time = line.startsWith(`— ${key.name} `) ? lineTime(body, line, key) : undefined
      return time === undefined ? [] : [{ name: key.name, key: noteKeyDigest(key), kind: key.type, time: time * 1000 }]
    })
    return found.slice(0, 1).map((one) => ({ ...one, space, size, line }))
  })
  if (good.length === 0) return []
  await db
    .insertInto('log.witness_line')
    .values(good)
    .onConflict((there) => there.doNothing())
    .execute()
  return good.map((one) => one.name)
}

function lineTime(body: string, line: string, key: NoteKey): number | undefined {
  try {
    return cosignatureBy(`${body}\n${line}`, key)
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

/** One line with its newline, unless it is longer than any cosignature. */
function wholeLine(line: string): string | undefined {
  const text = line.endsWith('\n') ? line : `${line}\n`
  return text.length <= longestLine && text.indexOf('\n') === text.length - 1 ? text : undefined
}

/** An ML-DSA-44 signature in base64 with its name. */
const longestLine = 4_000

/** The line of a member at that size, if it verifies over the note's body. */
export function readLine(
  admission: AdmissionState,
  { body, size }: { body: string; size: number },
  line: string,
): { party: string; time: number; line: string } | undefined {
  const party = /^— ([^ ]+) /.exec(line)?.[1]
  const member = party === undefined ? undefined : admission.members.get(party)
  if (party === undefined || !member) return undefined
  const time = lineTime(body, line, { name: party, type: 'cosignature', publicKey: cosignerAt(member, size) })
  return time === undefined ? undefined : { party, time: time * 1000, line }
}
