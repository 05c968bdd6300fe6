import { createHash } from 'node:crypto'
import { Refusal } from '../../core/http/refusal.ts'
import type { Visit } from '../../core/module/types.ts'
import { getOpenIncident, noteReport, openIncident, takeEvidence, takeObjects } from '../incidents/index.ts'
import { claim, finishTaking, getReport, letWait, readFiles, type Report } from './reports.ts'
import type { TakenUp } from './tables.ts'

/**
 * Takes a report up as an item of evidence that cannot be judged yet (F6), with files, each looked into, or as an entry
 * of the log, and objects of bundles; returns the names of files that were not taken. The report and its bytes stay. What was decided is kept
 * until all of it is done, so that a step that was interrupted is gone on with. Twice the same is once.
 *
 * @throws Refusal `mail-in.settled` where a colleague settled it otherwise
 */
export async function takeUp(visit: Visit<unknown>, id: string, given: TakenUp): Promise<string[]> {
  const { services, viewer } = visit
  const before = await getReport(services, viewer, id)
  if (before.state === 'taken' && before.incident === given.incident) return []
  if (!given.opens && before.state === 'waiting') await getOpenIncident(services, viewer, given.incident)
  const { taking, isNew } = await claim(services, viewer, id, given)
  // A second click while the first is at work leaves it to that.
  if (!isNew && services.clock.now() - (before.settledAt ?? services.clock.now()) < stillAtWorkMs) return []
  return carryOut(visit, before, taking)
}

/**
 * Goes on with what was decided on a report and interrupted.
 *
 * @throws Refusal `mail-in.settled` where nothing was interrupted, `mail-in.not-yours` where somebody else decided it
 */
export async function goOn(visit: Visit<unknown>, id: string): Promise<{ incident: string; refused: string[] }> {
  const { services, viewer } = visit
  const report = await getReport(services, viewer, id)
  if (report.state === 'waiting' || report.state === 'aside') throw new Refusal('mail-in.settled')
  if (report.settledBy !== viewer.person.id) throw new Refusal('mail-in.not-yours')
  if (report.state === 'taken') return { incident: report.incident ?? '', refused: [] }
  const { taking } = await claim(services, viewer, id)
  return { incident: taking.incident, refused: await carryOut(visit, report, taking) }
}

/** Each step is harmless twice: ids follow from the report and the incident. */
async function carryOut(visit: Visit<unknown>, report: Report, taking: TakenUp): Promise<string[]> {
  const { services, viewer } = visit
  const { incident, opens, marking } = taking
  try {
    if (opens) {
      const { title, category, isRestricted } = opens
      const common = { id: incident, title, summary: '', category, drill: false, isRestricted }
      await openIncident(services, viewer, { ...common, ceiling: 'RED', marking, source: { kind: 'form' } })
    }
    const id = idOf(report.id, incident)
    const reference = `R-${report.number}`
    const words = `${report.subject}\n\n${report.words}`.trim()
    if (taking.as === 'entry') {
      const entry = { id, reference, words: words.slice(0, entryWords), at: report.receivedAt, marking }
      await noteReport(services, viewer, incident, entry)
      const left = await takeBundles(visit, report, taking)
      await finishTaking(services, report.id, incident)
      return left
    }
    const item = {
      id,
      words: words.slice(0, evidenceWords) || reference,
      source: reference,
      reliability: 'F',
      credibility: '6',
      tlp: marking,
      marks: {},
    }
    const files = await readFiles(services, viewer, report.id, taking.files)
    const refused = await takeEvidence(visit, incident, item, files)
    refused.push(...(await takeBundles(visit, report, taking)))
    await finishTaking(services, report.id, incident)
    return refused
  } catch (error) {
    if (error instanceof Refusal && report.state === 'waiting') await letWait(services, viewer, report.id)
    throw error
  }
}

/** Objects of the bundles a person chose; each bundle by itself, whole or not at all. */
async function takeBundles({ services, viewer }: Visit<unknown>, report: Report, taking: TakenUp): Promise<string[]> {
  const refused: string[] = []
  for (const { place, name, content } of await readFiles(services, viewer, report.id, taking.objects)) {
    const id = idOf(report.id, taking.incident, place)
    const file = { id, file: `R-${report.number} · ${name}`, content, unmarked: taking.marking }
    await takeObjects(services, viewer, taking.incident, file).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error
      refused.push(name)
    })
  }
  return refused
}

const idOf = (...parts: (string | number)[]): string =>
  createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 32)

/** Characters of a report that stand as words of the item; the whole stays with the report. */
const evidenceWords = 1_000
const entryWords = 2_000
/** Longer than any taking up lasts. */
const stillAtWorkMs = 60_000
