import { createHash } from 'node:crypto'
import {
  consistencyNodes,
  consistencyPath,
  encodeBundle,
  type Envelope,
  inclusionNodes,
  inclusionPath,
  type Json,
  type Marking,
  type Part,
  parseTilePath,
  ProtocolError,
  readLeaf,
  type Receipt,
  rules,
  saltBytes,
  tileBytes,
  tileHeight,
  tileWidth,
  toBase64url,
} from '../../protocol/index.ts'
import { sql } from 'kysely'
import { z } from 'zod'
import { mark } from '../markings/index.ts'
import type { Marked } from '../markings/types.ts'
import type { ActContent, AttachmentBytes, LoggedAct } from '../module/types.ts'
import type { Darkness } from '../sealing/types.ts'
import { texts } from '../storage/index.ts'
import type { Blobs, Db } from '../storage/types.ts'
import { scenarioAt } from './drill-clock.ts'
import { readNodes } from './nodes.ts'
import { readClockSettings } from './space-facts.ts'
import type { PartReader, PartRef } from './part-reader.ts'
import { parsePart } from './space-state.ts'
import type { ListedAttachment } from './sign-act.ts'

/** Acts at most per call. */
export const actsLimit = 500
const entriesLimit = 4096

interface ActRow {
  space: string
  idx: number
  leaf: Buffer
  time: number
  reason: string | null
  dark: string | null
}

/** Acts of a space from an index on, in order. */
export async function readActs(
  db: Db,
  space: string,
  { from = 0, limit = actsLimit, types }: { from?: number; limit?: number; types?: string[] } = {},
): Promise<LoggedAct[]> {
  let query = selectActs(db).where('e.space', '=', space).where('e.idx', '>=', from)
  if (types) query = query.where('e.type', 'in', types.length > 0 ? types : [''])
  return withScenarioTime(db, await query.orderBy('e.idx').limit(Math.min(limit, actsLimit)).execute())
}

/** An act by its hash, wherever it stands; one that stands in several spaces is the first stored. */
export async function readAct(db: Db, hash: string): Promise<LoggedAct | undefined> {
  const rows = await selectActs(db).where('e.act_hash', '=', hash).limit(1).execute()
  return (await withScenarioTime(db, rows))[0]
}

/** Acts by their hashes; one that stands in several spaces is the first stored. */
export async function readActsNamed(db: Db, hashes: readonly string[]): Promise<LoggedAct[]> {
  if (hashes.length === 0) return []
  const rows = await selectActs(db)
    .distinctOn('e.act_hash')
    .where(sql<boolean>`e.act_hash = any(${texts(hashes)})`)
    .execute()
  return withScenarioTime(db, rows)
}

export async function readActById(db: Db, space: string, author: string, id: string): Promise<LoggedAct | undefined> {
  const rows = await selectActs(db)
    .where('e.space', '=', space)
    .where('e.author', '=', author)
    .where('e.act_id', '=', id)
    .execute()
  return (await withScenarioTime(db, rows))[0]
}

function selectActs(db: Db) {
  return db
    .selectFrom('log.entry as e')
    .leftJoin('view.without_effect as w', (join) => join.onRef('w.space', '=', 'e.space').onRef('w.idx', '=', 'e.idx'))
    .leftJoin('view.dark as d', (join) => join.onRef('d.space', '=', 'e.space').onRef('d.idx', '=', 'e.idx'))
    .select(['e.space', 'e.idx', 'e.leaf', 'e.time', 'w.reason', 'd.reason as dark'])
}

async function withScenarioTime(db: Db, rows: readonly ActRow[]): Promise<LoggedAct[]> {
  const settings = await readClockSettings(db, [...new Set(rows.map((row) => row.space))])
  return rows.map(({ space, idx, leaf, time, reason, dark }) => {
    const { act } = readLeaf(leaf)
    return {
      space,
      index: idx,
      hash: act.hash,
      time,
      scenarioTime: scenarioAt(settings.get(space) ?? [], time, idx),
      statement: act.statement,
      ...(reason === null ? {} : { withoutEffect: reason }),
      ...(dark === null ? {} : { dark: dark as Darkness }),
    }
  })
}

const listedAttachments = z
  .array(
    z.object({
      name: z.string().max(300),
      title: z.string().max(300).optional(),
      media: z.string().max(127),
      hash: z.string(),
      size: z.number(),
      marking: z.custom<Marking>().optional(),
    }),
  )
  .max(64)

/** Body, text and the list of attachments of each act, behind the gate under the act's marking. */
export async function readContents(
  { db, blobs, parts: reader }: ReadingContext,
  hashes: readonly string[],
): Promise<Map<string, Marked<ActContent>>> {
  return contentsOf({ db, blobs, parts: reader }, await readStatements(db, hashes))
}

/** The same for statements that are at hand, whether or not they are on the record. */
export async function contentsOf(
  { db, blobs, parts: reader }: ReadingContext,
  statements: readonly StatementParts[],
): Promise<Map<string, Marked<ActContent>>> {
  const json = statements.flatMap((one) => refsOf(one).filter(({ part }) => isJsonRole(part.role)))
  const answers = await reader.read(db, json)
  const contents = new Map(json.map((ref, at) => [ref.part, answers[at]]))
  const files = statements.flatMap(({ parts }) => parts.filter((part) => part.role === 'attachment').map(storedHash))
  const present = await blobs.has(db, [...new Set(files)])
  return new Map(
    statements.map(({ act, parts, marking }) => {
      const partOf = (role: string) => parts.find((part) => part.role === role)
      const read = (role: string) => {
        const part = partOf(role)
        const one = part && contents.get(part)
        return one?.state === 'open' ? parsePart(one.content) : undefined
      }
      const [body, text] = [read('body'), read('text')]
      const attachments = attachmentsOf(parts, read('attachments'), present)
      const dark = parts.map((part) => contents.get(part)).find((one) => one?.state === 'dark')
      return [
        act,
        mark<ActContent>(
          {
            ...(body === undefined ? {} : { body }),
            ...(text === undefined ? {} : { text }),
            attachments,
            ...(dark?.state === 'dark' ? { dark: dark.why } : {}),
          },
          marking,
        ),
      ]
    }),
  )
}

/** What reading content needs. */
export interface ReadingContext {
  db: Db
  blobs: Blobs
  parts: PartReader
}

/** Blobs (salt and content) of an act's parts that can be read here, by commitment: what a dossier holds. */
export async function readPayload(
  { db, parts }: ReadingContext,
  act: string,
  only?: Part['role'],
): Promise<Map<string, Uint8Array>> {
  const [statement] = await readStatements(db, [act])
  if (!statement) return new Map()
  const wanted = statement.parts.filter(({ role }) => only === undefined || role === only)
  const read = await parts.read(db, refsOf({ ...statement, parts: wanted }))
  return new Map(
    wanted.flatMap((part, at) => {
      const one = read[at]
      return one?.state === 'open' ? [[part.hash, one.blob] as const] : []
    }),
  )
}

function storedHash({ hash, enc }: Part): string {
  return enc?.hash ?? hash
}

function refsOf({ space, author, parts }: StatementParts): PartRef[] {
  return parts.map((part) => ({ space, author, part }))
}

/** One attachment under its own marking, or the act's where the list is gone; undefined when it is not here. */
export async function readAttachment(
  context: ReadingContext,
  act: string,
  partHash: string,
): Promise<Marked<Uint8Array> | undefined> {
  const found = await findAttachment(context, act, partHash)
  const content = found && (await readOpen(context, found.file))
  return content && mark(content, found.marking)
}

/** The same piece by piece. What lies here in the clear is never whole in memory; what is sealed is opened first. */
export async function readAttachmentPieces(
  context: ReadingContext,
  act: string,
  partHash: string,
): Promise<Marked<AttachmentBytes> | undefined> {
  const found = await findAttachment(context, act, partHash)
  const bytes =
    found && (found.file.part.enc ? await openedBytes(context, found.file) : await storedBytes(context, partHash))
  return bytes && mark(bytes, found.marking)
}

async function findAttachment(
  { db, parts: reader }: ReadingContext,
  act: string,
  partHash: string,
): Promise<{ file: PartRef; marking: Marking } | undefined> {
  const [statement] = await readStatements(db, [act])
  const refs = statement && refsOf(statement)
  const file = refs?.find(({ part }) => part.hash === partHash && part.role === 'attachment')
  if (!statement || !file) return undefined
  const [names] = await reader.read(db, refs?.filter(({ part }) => part.role === 'attachments') ?? [])
  const listed = listOf(names?.state === 'open' ? names.content : undefined)
  return { file, marking: listed.find((one) => one.hash === partHash)?.marking ?? statement.marking }
}

async function readOpen({ db, parts: reader }: ReadingContext, file: PartRef): Promise<Uint8Array | undefined> {
  const [content] = await reader.read(db, [file])
  return content?.state === 'open' ? content.content : undefined
}

async function openedBytes(context: ReadingContext, file: PartRef): Promise<AttachmentBytes | undefined> {
  const content = await readOpen(context, file)
  return content && { size: content.byteLength, pieces: () => slicesOf(content) }
}

async function* slicesOf(content: Uint8Array): AsyncGenerator<Uint8Array> {
  const slice = 1024 * 1024
  for (let from = 0; from < content.byteLength; from += slice) yield content.subarray(from, from + slice)
}

async function storedBytes({ db, blobs }: ReadingContext, commitment: string): Promise<AttachmentBytes | undefined> {
  const size = await blobs.sizeOf(db, commitment)
  if (size === undefined) return undefined
  const pieces = () => contentOfBlob(blobs.range(db, commitment, { from: 0, to: size }), commitment)
  return { size: size - saltBytes, pieces }
}

/** The bytes after the salt, compared with their commitment as they pass. */
async function* contentOfBlob(pieces: AsyncIterable<Uint8Array>, commitment: string): AsyncGenerator<Uint8Array> {
  const digest = createHash('sha256')
  let skip: number = saltBytes
  for await (const piece of pieces) {
    digest.update(piece)
    yield piece.subarray(skip)
    skip = 0
  }
  if (digest.digest('base64url') !== commitment) throw new Error(`payload is not what ${commitment} promises`)
}

function isJsonRole(role: string): boolean {
  return role === 'body' || role === 'text' || role === 'attachments'
}

export interface StatementParts {
  act: string
  space: string
  author: string
  marking: Marking
  parts: Part[]
}

async function readStatements(db: Db, hashes: readonly string[]): Promise<StatementParts[]> {
  if (hashes.length === 0) return []
  const rows = await db
    .selectFrom('log.entry')
    .select(['act_hash', 'leaf'])
    .distinctOn('act_hash')
    .where('act_hash', 'in', hashes)
    .execute()
  return rows.map((row) => {
    const { space, author, parts, marking } = readLeaf(row.leaf).act.statement
    return { act: row.act_hash, space, author, parts, marking }
  })
}

function attachmentsOf(
  parts: StatementParts['parts'],
  list: Json | undefined,
  present: ReadonlySet<string>,
): ActContent['attachments'] {
  const listed = parseList(list)
  return parts
    .filter((part) => part.role === 'attachment')
    .map((part) => {
      const { hash, size, media } = part
      const entry = listed.find((one) => one.hash === hash)
      return {
        name: entry?.name ?? '',
        ...(entry?.title ? { title: entry.title } : {}),
        media: entry?.media ?? media,
        hash,
        size,
        ...(entry?.marking ? { marking: entry.marking } : {}),
        present: present.has(storedHash(part)),
      }
    })
}

function listOf(content: Uint8Array | undefined): ListedAttachment[] {
  return parseList(content === undefined ? undefined : parsePart(content))
}

function parseList(list: Json | undefined): ListedAttachment[] {
  return (listedAttachments.safeParse(list).data ?? []) as ListedAttachment[]
}

/** Proof of an act under the newest checkpoint of its space. */
export async function readReceipt(db: Db, hash: string): Promise<Receipt | undefined> {
  const row = await db
    .selectFrom('log.entry as e')
    .innerJoin('log.checkpoint as c', 'c.space', 'e.space')
    .select(['e.space', 'e.idx', 'c.size', 'c.note'])
    .where('e.act_hash', '=', hash)
    .limit(1)
    .executeTakeFirst()
  if (!row) return undefined
  const nodes = await readNodes(db, row.space, inclusionNodes(row.idx, row.size))
  const path = inclusionPath(row.idx, row.size, nodes.get).map((one) => toBase64url(one))
  return { index: row.idx, checkpoint: row.note, path }
}

export async function readEntries(db: Db, space: string, from: number, limit: number): Promise<Uint8Array[]> {
  const rows = await db
    .selectFrom('log.entry')
    .select('leaf')
    .where('space', '=', space)
    .where('idx', '>=', from)
    .orderBy('idx')
    .limit(Math.min(limit, entriesLimit))
    .execute()
  return rows.map((row) => row.leaf)
}

/** Bytes of a C2SP tile or entry bundle; undefined where the log does not reach that far. */
export async function readTile(db: Db, space: string, path: string): Promise<Uint8Array | undefined> {
  const { level, index, width } = parseTilePath(path)
  const head = await db.selectFrom('log.space').select('size').where('space', '=', space).executeTakeFirst()
  const span = level === 'entries' ? 1 : tileWidth ** level
  if (!head || (index * tileWidth + width) * span > head.size) return undefined
  if (level === 'entries') return encodeBundle(await readEntries(db, space, index * tileWidth, width))
  const wanted = Array.from({ length: width }, (_, at) => ({
    level: level * tileHeight,
    index: index * tileWidth + at,
  }))
  const nodes = await readNodes(db, space, wanted)
  return tileBytes({ level, index, width }, nodes.get)
}

export async function readConsistency(db: Db, space: string, from: number, to: number): Promise<Uint8Array[]> {
  const head = await db.selectFrom('log.space').select('size').where('space', '=', space).executeTakeFirst()
  if (!head || to > head.size) throw new ProtocolError('tree-size', rules['tree-size'])
  const nodes = await readNodes(db, space, consistencyNodes(from, to))
  return consistencyPath(from, to, nodes.get)
}

export async function readEnvelopeOf(
  db: Db,
  hash: string,
): Promise<{ space: string; index: number; envelope: Envelope } | undefined> {
  const row = await db
    .selectFrom('log.entry')
    .select(['space', 'idx', 'leaf'])
    .where('act_hash', '=', hash)
    .limit(1)
    .executeTakeFirst()
  return row && { space: row.space, index: row.idx, envelope: readLeaf(row.leaf).leaf.envelope }
}
