import { createHash } from 'node:crypto'
import { saltBytes } from '../../../protocol/index.ts'
import type { ClockSource } from '../../config/types.ts'
import type { Blobs, Db } from '../../storage/types.ts'
import { textKindOf } from '../formats/names.ts'
import { isTooCostly, mediaOf, rulesVersion, withName } from '../look-into.ts'
import type { Look } from '../types.ts'
import '../tables.ts'
import type { Looker } from './create-looker.ts'

/** An attachment of an act, whose content the caller may see. */
export interface PartAtHand {
  /** Commitment of its salt and content. */
  hash: string
  name: string
  /** Bytes of the content. */
  size: number
  /** Asked only where it was not looked into before and does not lie here in the clear. */
  content(): Promise<Uint8Array>
}

export interface PartLook extends Look {
  /** base64url SHA-256 of the content. */
  sha256: string
}

/** A machine that was busy may have been to blame: what took too long is tried again after a day. */
export const costlyKeptMs = 24 * 3_600_000

/** Looks into an attachment once; whoever asks again gets what was found then, unless the rules changed. */
export function createPartLooks({
  db,
  blobs,
  clock,
  looker,
}: {
  db: Db
  blobs: Pick<Blobs, 'sizeOf' | 'range'>
  clock: ClockSource
  looker: Looker
}): (part: PartAtHand) => Promise<PartLook> {
  const underWay = new Map<string, Promise<Found>>()

  async function remembered({ hash, name }: PartAtHand): Promise<Found | undefined> {
    const row = await db
      .selectFrom('home.look')
      .select(['format', 'findings', 'hash', 'looked_at'])
      .where('part', '=', hash)
      .where('kind', '=', textKindOf(name))
      .where('rules', '=', rulesVersion)
      .executeTakeFirst()
    if (!row || (isTooCostly(row) && row.looked_at + costlyKeptMs < clock.now())) return undefined
    return { format: row.format, findings: row.findings, sha256: row.hash }
  }

  async function look(part: PartAtHand): Promise<Found> {
    const digest = createHash('sha256')
    async function* read() {
      for await (const piece of piecesOf(part)) {
        digest.update(piece)
        yield piece
      }
    }
    const { format, findings } = await looker.look({ name: part.name, size: part.size, read })
    const found = { format, findings, sha256: digest.digest('base64url') }
    await keep(part, found)
    return found
  }

  async function* piecesOf({ hash, size, content }: PartAtHand): AsyncIterable<Uint8Array> {
    const isInClear = (await blobs.sizeOf(db, hash)) === size + saltBytes
    if (isInClear) yield* blobs.range(db, hash, { from: saltBytes, to: size + saltBytes })
    else yield await content()
  }

  async function keep(part: PartAtHand, { format, findings, sha256 }: Found): Promise<void> {
    const said = {
      rules: rulesVersion,
      hash: sha256,
      format,
      findings: JSON.stringify(findings),
      looked_at: clock.now(),
    }
    await db
      .insertInto('home.look')
      .values({ part: part.hash, kind: textKindOf(part.name), ...said })
      .onConflict((there) => there.columns(['part', 'kind']).doUpdateSet(said))
      .execute()
  }

  return async (part) => {
    const key = `${part.hash} ${textKindOf(part.name)}`
    const found = (await remembered(part)) ?? (await (underWay.get(key) ?? begin(key, part)))
    const { sha256, ...rest } = found
    return { ...withName(part.name, { ...rest, media: mediaOf(rest.format) }), sha256 }
  }

  function begin(key: string, part: PartAtHand): Promise<Found> {
    const looking = look(part).finally(() => underWay.delete(key))
    underWay.set(key, looking)
    return looking
  }
}

type Found = Pick<PartLook, 'format' | 'findings' | 'sha256'>
