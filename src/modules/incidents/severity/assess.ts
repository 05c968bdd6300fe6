import type { Selectable } from 'kysely'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import { getIncident, getOpenIncident } from '../incident.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import { publishChange, writeEntry } from '../write-entry.ts'
import { type ComputedSeverity, computeSeverity, type SeverityAnswers } from './compute.ts'
import { printOf, readSchemes } from './read-schemes.ts'
import type { SeverityScheme } from './scheme.ts'
import '../tables.ts'

/** What was answered under a scheme, with what it gave that day. Never changed: who thinks otherwise answers anew. */
export interface SeverityAssessment {
  id: string
  scheme: string
  answers: SeverityAnswers
  why: string
  /** None while questions that count were left open. */
  figure?: number
  level?: string
  /** What the page showed that day; none of what was answered before rules had a day. */
  result?: SeverityResult
  /** Day of the rules it was computed under. */
  rulesDated?: string
  /** Under rules that read otherwise than today's. */
  isOutdated: boolean
  by: string
  at: number
}

/** A result with the words of its day. */
export interface SeverityResult extends ComputedSeverity {
  words: { scheme: SeverityScheme['names']; level?: SeverityScheme['names'] }
}

/** Where an incident stands on one scheme. */
export interface SeverityLevel {
  scheme: string
  level: string
  figure: number
  by: string
  at: number
}

export interface NewSeverityAssessment {
  id: string
  scheme: string
  answers: SeverityAnswers
  why: string
}

/**
 * Writes what the questions of a scheme were answered with; questions may be left open.
 *
 * @throws Refusal `incidents.no-such-scheme`; `incidents.severity-answers` with the question to blame
 */
export async function assessSeverity(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, scheme: name, answers, why }: NewSeverityAssessment,
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const scheme = readSchemes(services).find(name)
  if (!scheme) throw new Refusal('incidents.no-such-scheme')
  const given = answersTo(scheme, answers)
  const computed = computeSeverity(scheme, given)
  const level = scheme.levels.find((one) => one.id === computed.level)
  const result: SeverityResult = { ...computed, words: { scheme: scheme.names, ...(level && { level: level.names }) } }
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .insertInto('home.incidents_severity')
      .values({
        id,
        incident: incident.id,
        scheme: name,
        answers: JSON.stringify(given),
        why,
        figure: computed.figure ?? null,
        level: computed.level ?? null,
        result: JSON.stringify(result),
        rules_dated: scheme.dated,
        rules_print: printOf(scheme),
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'severity', facts: { scheme: name } })
  })
  publishChange(services, incident.id)
}

function answersTo(scheme: SeverityScheme, answers: SeverityAnswers): SeverityAnswers {
  const given = scheme.inputs.flatMap(({ id, choices }) => {
    const answer = answers[id]
    if (answer === undefined || answer === '') return []
    if (!choices.some((one) => one.id === answer)) throw new Refusal('incidents.severity-answers', { field: id })
    return [[id, answer]]
  })
  if (given.length === 0) throw new Refusal('incidents.severity-answers', { field: scheme.inputs[0]?.id ?? '' })
  return Object.fromEntries(given)
}

/** All assessments of an incident, the newest first. @throws Refusal `incidents.not-found` */
export async function listAssessments(
  services: Services,
  viewer: Viewer,
  incidentId: string,
): Promise<SeverityAssessment[]> {
  const incident = await getIncident(services, viewer, incidentId)
  const rows = await services.db
    .selectFrom('home.incidents_severity')
    .selectAll()
    .where('incident', '=', incident.id)
    .where(inSight(services, viewer))
    .orderBy('ordinal', 'desc')
    .execute()
  const prints = new Map(readSchemes(services).schemes.map((scheme) => [scheme.id, printOf(scheme)]))
  return rows.map((row) => toAssessment(row, prints))
}

function toAssessment(
  row: Selectable<Tables['home.incidents_severity']>,
  prints: ReadonlyMap<string, string>,
): SeverityAssessment {
  const { id, scheme, answers, why, figure, level, result, rules_dated: dated, by_person: by, at } = row
  return {
    id,
    scheme,
    answers,
    why,
    by,
    at,
    isOutdated: row.rules_print !== null && prints.get(scheme) !== row.rules_print,
    ...(figure !== null && { figure }),
    ...(level !== null && { level }),
    ...(result && { result }),
    ...(dated !== null && { rulesDated: dated }),
  }
}

/** The level an incident stands at on each scheme it was wholly answered by, as it was computed then. */
export async function listSeverityLevels(
  services: Services,
  viewer: Viewer,
  incidentId: string,
): Promise<SeverityLevel[]> {
  const incident = await getIncident(services, viewer, incidentId)
  const rows = await services.db
    .selectFrom('home.incidents_severity')
    .select(['scheme', 'level', 'figure', 'by_person as by', 'at'])
    .distinctOn('scheme')
    .where('incident', '=', incident.id)
    .where(inSight(services, viewer))
    .orderBy('scheme')
    .orderBy('ordinal', 'desc')
    .execute()
  return rows.flatMap(({ level, figure, ...row }) =>
    level === null || figure === null ? [] : [{ ...row, level, figure }],
  )
}
