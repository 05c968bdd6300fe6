import { Refusal } from '../../core/http/refusal.ts'
import type { Visit } from '../../core/module/types.ts'
import type { Tlp } from '../../protocol/types.ts'
import { getOpenIncident, openIncident, takeEvidence } from '../incidents/index.ts'
import { getReport, letWait, readFiles, settle } from './reports.ts'

/** What a person decides on a report: where it goes, how it is marked, which files go along. */
export interface TakenUp {
  /** Incident it is added to; of the one that is opened where `opens` is given. */
  incident: string
  opens?: { title: string; category: string; isRestricted: boolean }
  marking: Tlp
  files: readonly number[]
}

/**
 * Takes a report up as an item of evidence that cannot be judged yet (F6), with its files, each looked into; returns
 * the names of those that were not taken. The report and its bytes stay. Twice the same is once.
 *
 * @throws Refusal `mail-in.settled` where a colleague settled it otherwise
 */
export async function takeUp(visit: Visit<unknown>, id: string, taken: TakenUp): Promise<string[]> {
  const { services, viewer } = visit
  const { incident, opens, marking } = taken
  const report = await getReport(services, viewer, id)
  if (report.state !== 'waiting' && report.incident !== incident) throw new Refusal('mail-in.settled')
  if (!opens) await getOpenIncident(services, viewer, incident)
  await settle(services, viewer, id, { state: 'taken', incident })
  try {
    if (opens) {
      const { title, category, isRestricted } = opens
      const common = { id: incident, title, summary: '', category, drill: false, isRestricted }
      await openIncident(services, viewer, { ...common, ceiling: 'RED', marking, source: { kind: 'form' } })
    }
    const item = {
      // The id of the report: whoever repeats the step names the same item.
      id,
      words: `${report.subject}\n\n${report.words}`.trim().slice(0, evidenceWords) || `R-${report.number}`,
      source: `R-${report.number}`,
      reliability: 'F',
      credibility: '6',
      tlp: marking,
      marks: {},
    }
    const places = report.state === 'waiting' ? taken.files : []
    return await takeEvidence(visit, incident, item, await readFiles(services, viewer, id, places))
  } catch (error) {
    if (error instanceof Refusal && report.state === 'waiting') await letWait(services, viewer, id)
    throw error
  }
}

/** Characters of a report that stand as words of the item; the whole stays with the report. */
const evidenceWords = 1_000
