import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { Refusal } from '../../../core/http/index.ts'
import { reveal } from '../../../core/markings/index.ts'
import type { ActContent, Services } from '../../../core/module/types.ts'
import { isGovernance, utf8 } from '../../../protocol/index.ts'
import type { StreamedFile } from '../../../protocol/dossier/index.ts'
import { createTranslator } from '../../../text/index.ts'
import { allActs, buildDossier } from '../../spaces/index.ts'
import { listHolds } from '../register/filing.ts'
import { documentSheet, documentText, type Written, writtenOf } from './document-sheet.ts'
import { archiveReader, judgeActs, mayProve } from './judge-acts.ts'
import { bagInfo, metadataCsv, metadataJson, readme, type RecordOf } from './package-words.ts'
import type { DocumentFacts } from './transfer-facts.ts'
import type { Transfer } from './transfer.ts'

/** A file of the package as its lists name it. */
export interface Listed {
  path: string
  media: string
  size: number
  /** Lower-case hex, as `sha256sum` prints it. */
  sha256: string
}

export interface PackagedFile extends Listed {
  name: string
  /** SHA-256 of salt and content, base64url: what the signed act commits to. */
  commitment: string
  salt: string
}

interface Making {
  services: Services
  transfer: Transfer
  root: string
  listed: Listed[]
}

/**
 * The files of a package in the order in which they are written, a bag by RFC 8493. Files of any size pass in pieces;
 * what leaves is asked at the gate once more, document by document.
 *
 * @throws Refusal `channels-transfer-changed` when a hold was set or a consent withdrawn since it was confirmed
 */
export async function* packageFiles(
  services: Services,
  transfer: Transfer,
  documents: readonly { act: string; facts: DocumentFacts }[],
  onDocument: (done: number) => Promise<void>,
): AsyncGenerator<StreamedFile> {
  const making: Making = { services, transfer, root: `transfer-${transfer.id}`, listed: [] }
  if (await isHeld(services, transfer, documents)) throw new Refusal('channels-transfer-changed')
  const records: RecordOf[] = []
  for (const [place, document] of documents.entries()) {
    const record = yield* writeDocument(making, document, place)
    records.push(record)
    await onDocument(place + 1)
  }
  yield* writeProofs(making, records)
  const words = { services, transfer, records, ...readingOf(transfer) }
  yield small(making, 'data/metadata.json', 'application/json', metadataJson(words))
  yield small(making, 'data/metadata.csv', 'text/csv', metadataCsv(words))
  yield small(making, 'data/README.txt', 'text/plain', readme(words))
  yield* writeTags(making, words)
}

/** Whether a package that was made may still be handed out: nothing of it was erased, held or taken back meanwhile. */
export async function mayStillLeave(services: Services, transfer: Transfer): Promise<boolean> {
  const documents = await services.db
    .selectFrom('home.archive_document')
    .select('act')
    .where('transfer', '=', transfer.id)
    .execute()
  const judged = await judgeActs(
    services,
    transfer,
    documents.map(({ act }) => act),
  )
  return documents.every(({ act }) => judged.get(act)?.leaves) && !(await isHeld(services, transfer, documents))
}

const readingOf = ({ language }: Transfer) => ({ t: createTranslator(language), language })

async function isHeld(services: Services, { code }: Transfer, documents: readonly { act: string }[]): Promise<boolean> {
  const acts = new Set(documents.map(({ act }) => act))
  const holds = await listHolds(services.db)
  return holds.some((hold) => hold.code === code || (hold.act !== null && acts.has(hold.act)))
}

async function* writeDocument(
  making: Making,
  { act, facts }: { act: string; facts: DocumentFacts },
  place: number,
): AsyncGenerator<StreamedFile, RecordOf> {
  const { services, transfer } = making
  const judged = (await judgeActs(services, transfer, [act])).get(act)
  if (!judged?.leaves) throw new Refusal('channels-transfer-changed')
  const reading = readingOf(transfer)
  const written = writtenOf(services, reading, { act, facts, judged })
  const folder = `data/documents/${String(place + 1).padStart(4, '0')}`
  const text = small(making, `${folder}/document.txt`, 'text/plain', documentText(written, reading))
  yield text
  const sheet = await documentSheet(services, written, reading)
  yield small(making, `${folder}/document.pdf`, 'application/pdf', sheet)
  const forms = making.listed.slice(-2)
  const files: PackagedFile[] = []
  for (const file of judged.files) files.push(yield* writeFile(making, written, file))
  return { written, forms, files }
}

/** One attachment, read twice: for its hashes, and as it is written. */
async function* writeFile(
  making: Making,
  { act, judged }: Written,
  { hash, name, media }: ActContent['attachments'][number],
): AsyncGenerator<StreamedFile, PackagedFile> {
  const { services, transfer } = making
  const marked = await services.ledger.attachmentPieces(act, hash)
  const isOurs = judged.act.statement.author === services.party
  // Another party's act is here only because its author consented to this very handing over.
  const revealed = marked && reveal(marked, archiveReader(services, transfer), 'dossier', { consented: true })
  if (!revealed?.shown) throw new Refusal(isOurs ? 'channels-transfer-incomplete' : 'channels-transfer-changed')
  const digest = createHash('sha256')
  let crc = 0
  for await (const piece of revealed.value.pieces()) {
    digest.update(piece)
    crc = crc32(piece, crc)
  }
  const sha256 = digest.digest('hex')
  const path = `data/files/${sha256}`
  const { size } = revealed.value
  const known = making.listed.some((one) => one.path === path)
  if (!known) {
    making.listed.push({ path, media, size, sha256 })
    yield { name: `${making.root}/${path}`, crc, size, pieces: () => revealed.value.pieces() }
  }
  return { path, media, size, sha256, name, commitment: hash, salt: await saltOf(services, act, hash) }
}

const saltBytes = 32

async function saltOf({ blobs, db, ledger }: Services, act: string, commitment: string): Promise<string> {
  if ((await blobs.sizeOf(db, commitment)) !== undefined) {
    const pieces: Uint8Array[] = []
    for await (const piece of blobs.range(db, commitment, { from: 0, to: saltBytes })) pieces.push(piece)
    return Buffer.concat(pieces).toString('base64url')
  }
  const sealed = await ledger.payload(act, 'attachment')
  return Buffer.from(sealed.get(commitment)?.subarray(0, saltBytes) ?? []).toString('base64url')
}

/** One dossier for each space, with the documents of this package whole and everything else as proof without text. */
async function* writeProofs(making: Making, records: RecordOf[]): AsyncGenerator<StreamedFile> {
  const { services, transfer } = making
  const bySpace = Map.groupBy(records, ({ written }) => written.facts.space)
  const spaces = await services.ledger.list({ among: [...bySpace.keys()] })
  for (const space of spaces) {
    if (!(await mayProve(services, transfer, space))) continue
    const own = bySpace.get(space.id) ?? []
    const bytes = await dossierOf(services, transfer, space, new Set(own.map(({ written }) => written.act)))
    const path = `data/proofs/${space.id}.zip`
    yield small(making, path, 'application/zip', bytes)
    for (const record of own) record.proof = path
  }
}

async function dossierOf(
  services: Services,
  { ceiling }: Transfer,
  space: Parameters<typeof allActs>[1],
  chosen: ReadonlySet<string>,
): Promise<Uint8Array> {
  const acts = (await allActs(services, space)).map((act) =>
    chosen.has(act.hash) || isGovernance(act.statement.type) ? { act } : { act, stub: 'not-selected' as const },
  )
  return buildDossier(services, { purpose: 'archive', audience: 'archive', ceiling }, [{ space, acts }], 'beside')
}

/** The four files by which a bag is known and checked. */
async function* writeTags(making: Making, words: Parameters<typeof bagInfo>[0]): AsyncGenerator<StreamedFile> {
  const payload = [...making.listed]
  const lines = (files: readonly Listed[]) => files.map(({ sha256, path }) => `${sha256}  ${path}\n`).join('')
  yield small(making, 'bagit.txt', 'text/plain', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n')
  yield small(making, 'bag-info.txt', 'text/plain', bagInfo(words, payload))
  yield small(making, 'manifest-sha256.txt', 'text/plain', lines(payload))
  yield small(making, 'tagmanifest-sha256.txt', 'text/plain', lines(making.listed.slice(payload.length)))
}

function small({ root, listed }: Making, path: string, media: string, content: string | Uint8Array): StreamedFile {
  const bytes = typeof content === 'string' ? utf8(content) : content
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  listed.push({ path, media, size: bytes.length, sha256 })
  return { name: `${root}/${path}`, crc: crc32(bytes), size: bytes.length, pieces: () => [bytes] }
}
