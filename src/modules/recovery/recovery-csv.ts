import { writeCsv } from '../../core/csv/index.ts'
import type { Visit } from '../../core/module/types.ts'
import type { Stretch } from '../incidents/index.ts'
import type { Loaded } from './load-page.ts'
import { namesIn, ownerWords, stateWords } from './pages/words.ts'

const columns = [
  'name',
  'state',
  'priority',
  'owner',
  'operator',
  'sector',
  'needs',
  'waits',
  'out-since',
  'back-since',
  'said',
  'expected',
  'not-before',
  'rto',
  'rpo',
  'mtpd',
  'due',
  'marking',
] as const

const iso = (ms: number | undefined): string => (ms === undefined ? '' : new Date(ms).toISOString())
const stretch = ({ from, until }: Stretch): string => (from === until ? iso(from) : `${iso(from)}/${iso(until)}`)
const plain = (names: string): string => (names === '–' ? '' : names)

/** The plan as a table for other programs: moments as ISO 8601, lengths in minutes, a stretch as an interval. */
export function recoveryCsv(visit: Visit, loaded: Loaded): string {
  const { t } = visit
  const { plan } = loaded
  const rows = plan.services.map((one) => {
    const { content, course, forecast, outlook, targets } = one
    return [
      content.name,
      stateWords(visit, one),
      t(`recovery.priority.${content.priority}`),
      ownerWords(visit, loaded, content),
      content.operator,
      content.sector === '' ? '' : t(`particulars.sector.${content.sector}`),
      plain(namesIn(visit, plan, content.needs)),
      plain(namesIn(visit, plan, outlook?.blockers ?? [])),
      course ? stretch(course.began.at) : '',
      course?.backSince ? stretch(course.backSince) : '',
      iso(forecast?.expected),
      iso(outlook?.expected),
      iso(outlook?.notBefore),
      ...[content.rto, content.rpo, content.mtpd].map((minutes) => String(minutes ?? '')),
      iso(targets[0]?.dueAt),
      `TLP:${one.tlp}`,
    ]
  })
  return writeCsv([columns.map((name) => t(`recovery.csv-column.${name}`)), ...rows])
}
