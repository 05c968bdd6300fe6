import { actHref } from '../../../core/module/act-href.ts'
import { headlineOf, type Titled } from '../../../core/module/headline-of.ts'
import { atHome, mayLeave, reveal } from '../../../core/markings/index.ts'
import type {
  ActContent,
  DocumentState,
  Exit,
  Marking,
  Services,
  SpaceFacts,
  Viewer,
} from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import type { Disposal } from './file-plan.ts'
import { type Hold, listHolds } from './filing.ts'
import { type DocumentRow, findRows, openMarkings, type RegisterFilter } from './find-rows.ts'
import type { Stamp } from './incoming.ts'
import { type Retention, retentionOf } from './retention.ts'
import { listTransferred, type TransferredIn } from '../transfers/transferred.ts'

export interface RegisterEntry {
  /** Hash of the act, or id of the record. */
  id: string
  /** Undefined: a record of this house, and no act. */
  space?: string
  /** Where it is read. */
  href: string
  direction: 'in' | 'out'
  /** Who it came from, or to whom it went; nobody by name where it went to all of its space. */
  parties: string[]
  /** Where it went to all of a space. */
  to?: Pick<SpaceFacts, 'id' | 'title'>
  kind: string
  sentAt: number
  ourRef?: string
  yourRef?: string
  /** The stamp of our registry on what came in. */
  stamp?: Stamp
  /** Undefined where its words are not here: erased, or not yet arrived. */
  subject?: string
  /** Name of the drill it belongs to. */
  drill?: string
  marking: Marking
  state: DocumentState
  isCorrected: boolean
  code?: string
  retention: Retention
  /** The package for an archive that it is in. */
  transfer?: TransferredIn
}

type Words = Titled & { paragraphs?: readonly string[] }

const wordsIn = (content: unknown) => (content as ActContent<unknown, Words>).text

/** The beginning of what bears no subject. */
const beginning = 120

/** Documents that came and went as far as this reader may have them, newest first, with what this house notes of each. */
export async function listDocuments(
  services: Services,
  viewer: Viewer,
  filter: RegisterFilter,
  exit: Exit = 'page',
): Promise<RegisterEntry[]> {
  const reader = atHome(services, viewer)
  const open = await openMarkings(services.db, reader, exit)
  const [rows, holds] = await Promise.all([findRows(services, viewer, open, filter), listHolds(services.db)])
  const transferred = await listTransferred(
    services.db,
    rows.map(({ id }) => id),
  )
  const acts = rows.filter((row) => row.space !== null)
  const [contents, spaces] = await Promise.all([
    services.ledger.content(acts.flatMap(({ id, about }) => (about === null ? [id] : [id, about]))),
    services.ledger.list({ among: [...new Set(acts.map(({ space }) => space as string))] }),
  ])
  const spaceOf = new Map(spaces.map((space) => [space.id, space]))
  const aboutOf = ({ about }: DocumentRow) => {
    const marked = about === null ? undefined : contents.get(about)
    const revealed = marked && reveal(marked, reader, exit)
    return revealed?.shown ? wordsIn(revealed.value) : undefined
  }
  return rows.flatMap((row) => {
    const entry = { ...entryOf(services.party, row, holds), transfer: transferred.get(row.id) }
    if (row.space === null) {
      const marking = { tlp: row.tlp as Tlp }
      return mayLeave(marking, { exit, reader }).allowed
        ? [{ ...entry, marking, subject: row.subject ?? undefined }]
        : []
    }
    const marked = contents.get(row.id)
    const revealed = marked && reveal(marked, reader, exit)
    if (!revealed?.shown) return []
    const text = wordsIn(revealed.value) ?? aboutOf(row)
    const space = spaceOf.get(row.space)
    return [
      {
        ...entry,
        marking: revealed.marking,
        subject: headlineOf(text, viewer.person.language) ?? text?.paragraphs?.[0]?.slice(0, beginning),
        drill: space?.drill?.name,
        ...(row.addressees === null &&
          entry.direction === 'out' &&
          space && { to: { id: space.id, title: space.title } }),
      },
    ]
  })
}

function entryOf(party: string, row: DocumentRow, holds: readonly Hold[]): Omit<RegisterEntry, 'marking'> {
  const direction = row.author === party ? 'out' : 'in'
  const number = row.number ?? row.own_number
  const [ourRef, yourRef] = direction === 'out' ? [number, row.your_ref] : [row.your_ref, row.number]
  return {
    id: row.id,
    space: row.space ?? undefined,
    href: row.space === null ? (row.href ?? '') : actHref(row.space, row.id),
    direction,
    parties: direction === 'out' ? (row.addressees ?? []) : [row.author],
    kind: row.kind,
    sentAt: row.at,
    ourRef: ourRef ?? undefined,
    yourRef: yourRef ?? undefined,
    ...(row.in_number !== null && { stamp: { number: row.in_number, receivedAt: row.received_at ?? row.at } }),
    state: row.state,
    isCorrected: row.is_corrected,
    code: row.code ?? undefined,
    retention: retentionOf({
      file: row.code === null ? undefined : { years: row.years, disposal: row.then_what as Disposal },
      lastAt: row.last_at,
      holds: holds
        .filter((hold) => hold.act === row.id || (hold.code !== null && hold.code === row.code))
        .map((hold) => hold.reason),
    }),
  }
}
