import { atHome, reveal } from '../../../core/markings/index.ts'
import type { ActContent, Exit, Marking, Services, Viewer } from '../../../core/module/types.ts'
import type { noteForms, NoteText } from '../acts.ts'
import type { NoteRow } from '../queries.ts'
import '../tables.ts'
import type { Disposal } from './file-plan.ts'
import { type Hold, listHolds } from './filing.ts'
import { type Retention, retentionOf } from './retention.ts'

export const documentStates = [
  'sent',
  'acknowledged',
  'answered',
  'returned',
  'withdrawn',
  'superseded',
  'no-answer',
] as const
export type DocumentState = (typeof documentStates)[number]

export interface RegisterFilter {
  direction?: 'in' | 'out'
  party?: string
  form?: (typeof noteForms)[number]
  code?: string
  state?: DocumentState
  /** First and last day, YYYY-MM-DD, of dispatch in UTC. */
  from?: string
  to?: string
  /** One document alone. */
  act?: string
  limit: number
  offset?: number
}

export interface RegisterEntry {
  act: string
  space: string
  direction: 'in' | 'out'
  party: string
  form: string
  sentAt: number
  ourRef?: string
  yourRef?: string
  /** Undefined where this reader may not see it at this exit. */
  subject?: string
  /** Name of the drill it belongs to. */
  drill?: string
  marking?: Marking
  state: DocumentState
  isCorrected: boolean
  code?: string
  retention: Retention
}

type Row = NoteRow & {
  code: string | null
  years: number | null
  then_what: string | null
  no_answer: string | null
  corrected: string | null
}

const dayMs = 86_400_000

/** Documents that came and went, newest first, with what this house notes of each. */
export async function listDocuments(
  services: Services,
  viewer: Viewer,
  filter: RegisterFilter,
  exit: Exit = 'page',
): Promise<RegisterEntry[]> {
  const [rows, holds] = await Promise.all([findRows(services, filter), listHolds(services.db)])
  const contents = await services.ledger.content(rows.map((row) => row.hash))
  const spaces = await services.ledger.list({ among: [...new Set(rows.map((row) => row.space))] })
  const drills = new Map(spaces.map((space) => [space.id, space.drill?.name]))
  const reader = atHome(services, viewer)
  return rows.map((row) => {
    const marked = contents.get(row.hash)
    const revealed = marked && reveal(marked, reader, exit)
    const text = revealed?.shown ? (revealed.value as ActContent<unknown, NoteText>).text : undefined
    return {
      ...entryOf(services.party, row, holds),
      drill: drills.get(row.space),
      subject: text?.subject,
      marking: revealed?.marking,
    }
  })
}

function findRows({ db, party }: Services, filter: RegisterFilter): Promise<Row[]> {
  const { direction, party: other, form, code, state, from, to, act, limit, offset = 0 } = filter
  return db
    .selectFrom('view.channels_note as n')
    .leftJoin('home.register_filing as d', 'd.act', 'n.hash')
    .leftJoin('home.register_file as f', 'f.code', 'd.code')
    .leftJoin('home.register_no_answer as a', 'a.act', 'n.hash')
    .selectAll('n')
    .select(['d.code', 'f.years', 'f.then_what', 'a.act as no_answer'])
    .select((eb) =>
      eb
        .selectFrom('view.channels_correction as c')
        .select('c.hash')
        .whereRef('c.note', '=', 'n.hash')
        .limit(1)
        .as('corrected'),
    )
    .where((eb) => {
      const ours = { in: eb('n.addressee', '=', party), out: eb('n.author', '=', party) }
      return direction ? ours[direction] : eb.or([ours.in, ours.out])
    })
    .$if(other !== undefined, (query) =>
      query.where((eb) => eb.or([eb('n.author', '=', other!), eb('n.addressee', '=', other!)])),
    )
    .$if(form !== undefined, (query) => query.where('n.form', '=', form!))
    .$if(code !== undefined, (query) => query.where('d.code', '=', code!))
    .$if(from !== undefined, (query) => query.where('n.sent_at', '>=', Date.parse(`${from}T00:00:00Z`)))
    .$if(to !== undefined, (query) => query.where('n.sent_at', '<', Date.parse(`${to}T00:00:00Z`) + dayMs))
    .$if(act !== undefined, (query) => query.where('n.hash', '=', act!))
    .$if(state !== undefined, (query) =>
      query.where((eb) => {
        const none = (...names: ('n.ended' | 'n.answered_by' | 'a.act' | 'n.acknowledged_by')[]) =>
          names.map((name) => eb(name, 'is', null))
        if (state === 'answered') return eb.and([eb('n.answered_by', 'is not', null), ...none('n.ended')])
        if (state === 'no-answer') return eb.and([eb('a.act', 'is not', null), ...none('n.ended', 'n.answered_by')])
        if (state === 'acknowledged')
          return eb.and([eb('n.acknowledged_by', 'is not', null), ...none('n.ended', 'n.answered_by', 'a.act')])
        if (state === 'sent') return eb.and(none('n.ended', 'n.answered_by', 'a.act', 'n.acknowledged_by'))
        return eb('n.ended', '=', state!)
      }),
    )
    .orderBy('n.sent_at', 'desc')
    .orderBy('n.space')
    .orderBy('n.idx', 'desc')
    .limit(limit)
    .offset(offset)
    .execute() as Promise<Row[]>
}

function entryOf(party: string, row: Row, holds: readonly Hold[]): RegisterEntry {
  const direction = row.author === party ? 'out' : 'in'
  const [ourRef, yourRef] = direction === 'out' ? [row.number, row.your_ref] : [row.your_ref, row.number]
  return {
    act: row.hash,
    space: row.space,
    direction,
    party: direction === 'out' ? row.addressee : row.author,
    form: row.form,
    sentAt: row.sent_at,
    ourRef: ourRef ?? undefined,
    yourRef: yourRef ?? undefined,
    state: stateOf(row),
    isCorrected: row.corrected !== null,
    code: row.code ?? undefined,
    retention: retentionOf({
      file: row.code === null ? undefined : { years: row.years, disposal: row.then_what as Disposal },
      lastAt: Math.max(row.sent_at, row.answered_at ?? 0, row.ended_at ?? 0),
      holds: holds
        .filter((hold) => hold.act === row.hash || (hold.code !== null && hold.code === row.code))
        .map((hold) => hold.reason),
    }),
  }
}

function stateOf(row: Row): DocumentState {
  if (row.ended !== null) return row.ended as DocumentState
  if (row.answered_by !== null) return 'answered'
  if (row.no_answer !== null) return 'no-answer'
  return row.acknowledged_by === null ? 'sent' : 'acknowledged'
}
