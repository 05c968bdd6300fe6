import { sql } from 'kysely'
import type { KeptGround, Services, Viewer } from '../../core/module/types.ts'
import { texts } from '../../core/storage/index.ts'
import { inSight } from '../incidents/index.ts'
import { dayIn, makerWords } from './pages/parts.tsx'
import { toStatement } from './release/statements.ts'
import './tables.ts'

/** Attributions of the register and words of ours that were released: what lines to take rest on. */
export async function keptGrounds(
  services: Services,
  viewer: Viewer,
  incidents: readonly string[],
): Promise<KeptGround[]> {
  if (incidents.length === 0) return []
  const found = await Promise.all([claims(services, viewer, incidents), statements(services, viewer, incidents)])
  return found.flat()
}

async function claims(services: Services, viewer: Viewer, incidents: readonly string[]): Promise<KeptGround[]> {
  const { db } = services
  const among = sql<boolean>`incident = any(${texts([...incidents])})`
  const rows = await db
    .selectFrom('home.attributions_claim')
    .selectAll()
    .distinctOn('claim')
    .where(among)
    .where(inSight(services, viewer))
    .orderBy('claim')
    .orderBy('ordinal', 'desc')
    .execute()
  if (rows.length === 0) return []
  const disputes = await db
    .selectFrom('home.attributions_dispute')
    .select(['id', 'claim', 'at'])
    .where(sql<boolean>`claim = any(${texts(rows.map(({ claim }) => claim))})`)
    .orderBy('ordinal')
    .execute()
  return rows.map((row): KeptGround => {
    const against = disputes.filter(({ claim }) => claim === row.claim)
    return {
      incident: row.incident,
      kind: 'attribution',
      id: row.claim,
      stamp: [row.id, ...against.map(({ id }) => id)].join(' '),
      at: Math.max(row.at, ...against.map(({ at }) => at)),
      state: against.length > 0 ? 'contested' : 'stands',
      marking: { tlp: row.tlp },
      href: `/incidents/${row.incident}/attributions#register`,
      words: (reading) =>
        reading.t('attributions.ground', {
          maker: makerWords(reading, row.content),
          accused: row.content.accused || reading.t('attributions.not-named'),
          day: dayIn(row.content.day, reading.language),
        }),
    }
  })
}

/** Of one level, only those that were released: what nobody let go is said nowhere. */
async function statements(services: Services, viewer: Viewer, incidents: readonly string[]): Promise<KeptGround[]> {
  const rows = await services.db
    .selectFrom('home.attributions_statement')
    .selectAll()
    .where(sql<boolean>`incident = any(${texts([...incidents])})`)
    .where(inSight(services, viewer))
    .where('released_by', 'is not', null)
    .orderBy('released_at', 'desc')
    .execute()
  const all = rows.map(toStatement)
  return all.map((one): KeptGround => {
    const next = all.find(({ corrects }) => corrects === one.id)
    const ended = one.state === 'withdrawn' ? 'withdrawn' : next ? 'replaced' : undefined
    return {
      incident: one.incident,
      kind: 'statement',
      id: one.id,
      stamp: [one.id, ...(ended ? [ended] : []), ...(next ? [next.id] : [])].join(' '),
      at: Math.max(one.releasedAt ?? 0, one.ended?.at ?? 0, next?.releasedAt ?? 0),
      state: ended ?? 'stands',
      marking: { tlp: one.tlp },
      href: `/incidents/${one.incident}/attributions/statements/${one.id}`,
      words: ({ t }) => `${one.reference ?? t(`attributions.level.${one.level}`)}: ${one.subject}`,
    }
  })
}
