import type { Services, Viewer, Visit } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import { sql } from 'kysely'
import { heldBack, type ParticularKind, type ParticularValue } from '../facts/particular.ts'
import { lastStep, stateAfter } from '../challenge/dissents.ts'
import { particularWords } from '../facts/particular-words.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import { type Affected, readAffected } from '../weigh/affected.ts'
import { assessmentWords } from '../weigh/assessment-words.ts'
import { fingerprintOf } from '../weigh/rests-on.ts'
import '../tables.ts'

export const groundKinds = ['fact', 'particular', 'bottom-line', 'assessment'] as const
export type GroundKind = (typeof groundKinds)[number]

/** What is said elsewhere can rest on: `id` of a fact or particular; of the other two there is one per incident. */
export interface GroundRef {
  kind: GroundKind
  id: string
}

/** A ground as it stands now. Whoever rests on it keeps `stamp`: another one means that something about it changed. */
export interface Ground extends GroundRef {
  stamp: string
  /** When it last changed, ms. */
  at: number
  state: 'known' | 'unknown' | 'contested' | 'stands' | 'gone'
  /** A firm has not agreed, or a market waits: its words go nowhere. */
  isHeldBack?: true
  words(reading: Pick<Visit, 't' | 'language' | 'viewer' | 'services'>): string
}

export interface Grounds {
  /** What stands now, to be rested on. */
  standing: Ground[]
  /** What became of a ground; undefined where there never was such a one. */
  find(ref: GroundRef): Ground | undefined
}

/**
 * Grounds of incidents that all of their readers may see: what lies in a compartment is none, since what rests on it
 * would tell of it.
 */
export async function readGrounds(
  services: Services,
  viewer: Viewer,
  incidents: readonly string[],
): Promise<Map<string, Grounds>> {
  const [rows, affected] = await Promise.all([
    readRows(services, viewer, incidents),
    readAffected(services, viewer, { incidents }),
  ])
  const today = new Date(services.clock.now()).toISOString().slice(0, 10)
  const ofIncident = byIncident()
  return new Map(
    incidents.map((incident) => {
      const mine = <R extends { incident: string }>(list: readonly R[]) => ofIncident(list, incident)
      const facts = factGrounds(mine(rows.facts))
      const particulars = particularGrounds(mine(rows.particulars), mine(rows.disputes), today)
      const single = [
        ...mine(rows.lines).map(bottomLine),
        ...assessmentGrounds(mine(rows.assessments), mine(rows.hypotheses), mine(rows.dissents), affected),
      ]
      return [
        incident,
        {
          standing: [...single, ...facts.standing, ...particulars.standing],
          find: ({ kind, id }) =>
            kind === 'fact'
              ? facts.find(id)
              : kind === 'particular'
                ? particulars.find(id)
                : single.find((one) => one.kind === kind),
        } satisfies Grounds,
      ]
    }),
  )
}

/** Rows of one incident; each list is divided once, however many incidents are asked for. */
function byIncident() {
  const divided = new Map<readonly unknown[], Map<string, unknown[]>>()
  return <R extends { incident: string }>(list: readonly R[], incident: string): R[] => {
    const known = divided.get(list) ?? Map.groupBy(list, (one) => one.incident)
    divided.set(list, known)
    return (known.get(incident) ?? []) as R[]
  }
}

async function readRows(services: Services, viewer: Viewer, incidents: readonly string[]) {
  const { db } = services
  const among = sql<boolean>`incident = any(${texts([...incidents])})`
  const [facts, particulars, disputes, lines, assessments, hypotheses, dissents] = await Promise.all([
    db
      .selectFrom('home.incidents_fact')
      .selectAll()
      .where(among)
      .where('compartment', 'is', null)
      .where(inSight(services, viewer))
      .orderBy('since')
      .orderBy('id')
      .execute(),
    db
      .selectFrom('home.incidents_particular')
      .selectAll()
      .where(among)
      .where('compartment', 'is', null)
      .where(inSight(services, viewer))
      .orderBy('ordinal')
      .execute(),
    db
      .selectFrom('home.incidents_dispute')
      .selectAll()
      .where(among)
      .where(inSight(services, viewer))
      .orderBy('ordinal')
      .execute(),
    db
      .selectFrom('home.incidents_bottom_line')
      .selectAll()
      .distinctOn('incident')
      .where(among)
      .where(inSight(services, viewer))
      .orderBy('incident')
      .orderBy('at', 'desc')
      .execute(),
    db
      .selectFrom('home.incidents_assessment')
      .selectAll()
      .distinctOn('incident')
      .where(among)
      .where(inSight(services, viewer))
      .orderBy('incident')
      .orderBy('number', 'desc')
      .execute(),
    db
      .selectFrom('home.incidents_hypothesis')
      .select(['id', 'incident', 'number'])
      .where(among)
      .where(inSight(services, viewer))
      .execute(),
    db
      .selectFrom('home.incidents_dissent as d')
      .select(['d.id', 'd.incident', 'd.assessment', 'd.at', lastStep.as('last')])
      .where(among)
      .where(inSight(services, viewer))
      .orderBy('d.ordinal')
      .execute(),
  ])
  return { facts, particulars, disputes, lines, assessments, hypotheses, dissents }
}

type Rows = Awaited<ReturnType<typeof readRows>>

/** The last of a chain of replacements that begins at `id`. */
function headOf<R extends { id: string }>(id: string, byId: Map<string, R>, nextOf: Map<string, R>): R | undefined {
  let head = byId.get(id)
  for (let next = nextOf.get(id); head && next; next = nextOf.get(head.id)) head = next
  return head
}

function factGrounds(rows: Rows['facts']) {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const nextOf = new Map(rows.flatMap((row) => (row.replaces === null ? [] : [[row.replaces, row] as const])))
  const toGround = (row: Rows['facts'][number]): Ground => ({
    kind: 'fact',
    id: row.id,
    stamp: row.ended_at === null ? row.id : `${row.id} ended`,
    at: row.ended_at ?? row.since,
    state: row.ended_at === null ? row.state : 'gone',
    words: () => row.words,
  })
  const find = (id: string) => {
    const head = headOf(id, byId, nextOf)
    return head && toGround(head)
  }
  return { find, standing: rows.filter(({ ended_at }) => ended_at === null).map(toGround) }
}

function particularGrounds(rows: Rows['particulars'], disputes: Rows['disputes'], today: string) {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const nextOf = new Map(rows.flatMap((row) => (row.corrects === null ? [] : [[row.corrects, row] as const])))
  const chainOf = (row: Rows['particulars'][number]): string[] => {
    const before = byId.get(row.corrects ?? '')
    return before ? [...chainOf(before), row.id] : [row.id]
  }
  const toGround = (row: Rows['particulars'][number]): Ground => {
    const chain = chainOf(row)
    const against = disputes.filter(({ particular }) => chain.includes(particular))
    return {
      kind: 'particular',
      id: row.id,
      stamp: [row.id, ...against.map(({ id }) => id), ...(row.ended_at === null ? [] : ['ended'])].join(' '),
      at: Math.max(row.ended_at ?? row.at, ...against.map(({ at }) => at)),
      state: row.ended_at !== null ? 'gone' : against.length > 0 ? 'contested' : 'stands',
      ...(heldBack({ consent: row.consent, embargo: row.embargo ?? undefined }, today) && {
        isHeldBack: true as const,
      }),
      words: (reading) => particularWords(reading, row.kind as ParticularKind, row.value as ParticularValue),
    }
  }
  const find = (id: string) => {
    const head = headOf(id, byId, nextOf)
    return head && toGround(head)
  }
  return { find, standing: rows.filter(({ ended_at }) => ended_at === null).map(toGround) }
}

const bottomLine = (row: Rows['lines'][number]): Ground => ({
  kind: 'bottom-line',
  id: 'newest',
  stamp: row.id,
  at: row.at,
  state: 'stands',
  words: () => [row.first, row.second, row.third].join(' '),
})

/** Dissent, and items that changed, make an assessment another ground: whoever speaks from it hears of them. */
const assessmentGrounds = (
  rows: Rows['assessments'],
  hypotheses: Rows['hypotheses'],
  dissents: Rows['dissents'],
  affected: readonly Affected[],
): Ground[] =>
  rows.map((row) => {
    const against = dissents.filter(({ assessment }) => assessment === row.id)
    const changed = affected.find(({ assessment }) => assessment === row.id)?.changed ?? []
    return {
      kind: 'assessment',
      id: 'newest',
      stamp: [row.id, ...against.map(({ id }) => id), ...(changed.length > 0 ? [fingerprintOf(changed)] : [])].join(
        ' ',
      ),
      at: Math.max(row.at, ...against.map(({ at }) => at)),
      state: against.some(({ last }) => stateAfter(last ?? undefined) === 'standing') ? 'contested' : 'stands',
      words: (reading) =>
        assessmentWords(reading, row, hypotheses.find(({ id }) => id === row.hypothesis)?.number ?? 0),
    }
  })
