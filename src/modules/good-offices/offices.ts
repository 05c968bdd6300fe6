import type { Selectable } from 'kysely'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import type { Tables } from '../../core/storage/tables.ts'
import type { RemarksText, SaidText, TabledText } from './acts.ts'
import { mediatorOf, officeSpace, sidesOf } from './roles.ts'
import './tables.ts'

type Row<T extends keyof Tables> = Selectable<Tables[T]>
export type TextRow = Row<'view.good_offices_text'>
export type AnswerRow = Row<'view.good_offices_answer'>

/** Something said in a confidence, with its words as far as this reader may see them. */
export interface Said extends Row<'view.good_offices_said'> {
  text?: SaidText
  /** At the mediator's: acts by which it was passed on. */
  passedTo: string[]
}

/** One side's confidence with the mediator, as its two members hold it. */
export interface Confidence {
  space: SpaceFacts
  side: string
  consentedAt?: number
  ended?: { by: string; at: number }
  said: Said[]
  /** Newest answer to each version: act of the version → answer. */
  answers: Map<string, AnswerRow & { remarks?: string[] }>
}

/** Good offices as this node knows them: all of them at the mediator's, at a side's its own confidence alone. */
export interface GoodOffices {
  joint: SpaceFacts
  mediator: string
  isMediator: boolean
  sides: string[]
  confidences: Confidence[]
  /** Versions of the single text, oldest first. */
  texts: (TextRow & { words?: TabledText; written?: string })[]
  /** Other spaces in which both sides speak, where they can agree to the same words. */
  common: SpaceFacts[]
  ended?: { by: string; at: number }
}

/** The good offices a space belongs to; undefined where it belongs to none or the joint space is not here. */
export async function findJoint(
  { ledger }: Pick<Services, 'ledger'>,
  space: SpaceFacts,
): Promise<SpaceFacts | undefined> {
  const kind = officeSpace(space)
  if (kind === 'joint') return space
  const joint = kind === 'confidence' && space.under ? await ledger.find(space.under.space) : undefined
  return joint && officeSpace(joint) === 'joint' && mediatorOf(joint) === mediatorOf(space) ? joint : undefined
}

/** Joint spaces that this node is in, newest first. */
export async function listJoint({ ledger, party }: Pick<Services, 'ledger' | 'party'>): Promise<SpaceFacts[]> {
  const channels = await ledger.list({ kind: 'channel', member: party })
  return channels.filter((space) => officeSpace(space) === 'joint').toSorted((a, b) => b.time - a.time)
}

export async function listConfidences(
  { ledger, party }: Pick<Services, 'ledger' | 'party'>,
  joint: SpaceFacts,
): Promise<SpaceFacts[]> {
  const channels = await ledger.list({ kind: 'channel', member: party })
  return channels.filter(
    (space) =>
      officeSpace(space) === 'confidence' &&
      space.under?.space === joint.id &&
      mediatorOf(space) === mediatorOf(joint) &&
      sidesOf(space).every((side) => sidesOf(joint).includes(side)),
  )
}

export async function loadGoodOffices(services: Services, viewer: Viewer, joint: SpaceFacts): Promise<GoodOffices> {
  const { db, party } = services
  const inOrder = sidesOf(joint)
  const place = (space: SpaceFacts) => inOrder.findIndex((side) => sidesOf(space).includes(side))
  const spaces = (await listConfidences(services, joint)).toSorted((a, b) => place(a) - place(b))
  const ids = [joint.id, ...spaces.map(({ id }) => id)]
  const [states, said, texts, answers] = await Promise.all([
    db.selectFrom('view.good_offices_state').selectAll().where('space', 'in', ids).execute(),
    db.selectFrom('view.good_offices_said').selectAll().where('space', 'in', ids).orderBy('idx').limit(2_000).execute(),
    db.selectFrom('view.good_offices_text').selectAll().where('space', '=', joint.id).orderBy('version').execute(),
    db
      .selectFrom('view.good_offices_answer')
      .selectAll()
      .where('space', 'in', ids)
      .orderBy('idx')
      .limit(2_000)
      .execute(),
  ])
  const contents = await revealedContents<{ language?: string }, SaidText & TabledText & RemarksText>(
    services,
    viewer,
    [...said, ...texts, ...answers].map(({ hash }) => hash),
  )
  const passed = mediatorOf(joint) === party ? await listPassed(services, said) : []
  const ended = (space: string) => {
    const state = states.find((one) => one.space === space)
    return state?.ended_party ? { ended: { by: state.ended_party, at: state.ended_at ?? 0 } } : {}
  }
  return {
    joint,
    mediator: mediatorOf(joint),
    isMediator: mediatorOf(joint) === party,
    sides: inOrder,
    texts: texts.map((row) => ({
      ...row,
      words: contents.get(row.hash)?.text,
      written: contents.get(row.hash)?.body?.language,
    })),
    common: texts.some((one) => one.agreed_by !== null) ? await commonSpaces(services, inOrder) : [],
    ...ended(joint.id),
    confidences: spaces.flatMap((space): Confidence[] => {
      const [side] = sidesOf(space)
      if (side === undefined) return []
      const own = answers.filter((one) => one.space === space.id)
      return [
        {
          space,
          side,
          ...ended(space.id),
          consentedAt: states.find((one) => one.space === space.id)?.consented_at ?? undefined,
          said: said
            .filter((one) => one.space === space.id)
            .map((row) => ({
              ...row,
              text: contents.get(row.hash)?.text,
              passedTo: passed.filter((one) => one.said === row.hash).map(({ hash }) => hash),
            })),
          answers: new Map(own.map((row) => [row.text, { ...row, remarks: contents.get(row.hash)?.text?.paragraphs }])),
        },
      ]
    }),
  }
}

async function commonSpaces({ ledger, party }: Pick<Services, 'ledger' | 'party'>, sides: string[]) {
  const kinds = new Set(['case', 'channel', 'negotiation'])
  return (await ledger.list({ member: party })).filter(
    (space) =>
      kinds.has(space.kind) &&
      officeSpace(space) === undefined &&
      sides.every((side) =>
        space.members.some(({ party: one, role, until }) => one === side && role !== 'observer' && until === undefined),
      ),
  )
}

/** What the mediator passed on and from what it was taken: a record of its own house. */
async function listPassed({ db }: Pick<Services, 'db'>, said: readonly { hash: string }[]) {
  if (said.length === 0) return []
  return db
    .selectFrom('home.good_offices_passed as p')
    .innerJoin('log.entry as e', 'e.act_id', 'p.draft')
    .innerJoin('view.good_offices_said as s', (on) => on.onRef('s.space', '=', 'e.space').onRef('s.idx', '=', 'e.idx'))
    .select(['p.said as said', 's.hash as hash'])
    .where(
      's.hash',
      'in',
      said.map(({ hash }) => hash),
    )
    .execute()
}

/** Whether its author lets the mediator pass it on. */
export const mayPass = ({ passing, allowed_by }: Pick<Said, 'passing' | 'allowed_by'>): boolean =>
  passing === 'may-pass' || allowed_by !== null

/** The side's answer to this version, if it is to these very words. */
export function answerTo({ answers }: Confidence, text: TextRow): (AnswerRow & { remarks?: string[] }) | undefined {
  const answer = answers.get(text.hash)
  return answer?.text_hash === text.text_hash ? answer : undefined
}

/** Whether both sides accept a version, as the mediator knows. */
export function isAcceptedByAll({ confidences, sides }: GoodOffices, text: TextRow): boolean {
  return sides.every((side) =>
    confidences.some((one) => one.side === side && answerTo(one, text)?.answer === 'accept' && !one.ended),
  )
}
