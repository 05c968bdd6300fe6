import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')

/**
 * How what hangs on an incident follows when that is merged into another (decision 81). `shown`: on the page of the
 * other, with where it comes from. `linked`: on a page of the merged incident that the other lists, as every room of
 * `incidentRooms` is. `apart`: says who may read the merged incident
 * or where something went, and stays its own.
 */
const follows: Record<string, 'shown' | 'linked' | 'apart'> = {
  'home.assistance_incident': 'linked',
  'home.incidents_alike': 'linked',
  'home.incidents_assessment': 'linked',
  'home.incidents_assessment_look': 'linked',
  'home.incidents_bottom_line': 'linked',
  'home.incidents_break_glass': 'apart',
  'home.incidents_bundle': 'linked',
  'home.incidents_compartment': 'apart',
  'home.incidents_challenge': 'linked',
  'home.incidents_challenge_end': 'linked',
  'home.incidents_diamond_features': 'linked',
  'home.incidents_diamond_placing': 'linked',
  'home.incidents_diamond_step': 'linked',
  'home.incidents_dispute': 'linked',
  'home.incidents_dissent': 'linked',
  'home.incidents_dissent_step': 'linked',
  'home.incidents_entry': 'shown',
  'home.incidents_evidence': 'linked',
  'home.incidents_fact': 'shown',
  'home.incidents_hypothesis': 'linked',
  'home.incidents_hypothesis_step': 'linked',
  'home.incidents_link': 'linked',
  'home.incidents_merge': 'shown',
  'home.incidents_move': 'apart',
  'home.incidents_object': 'linked',
  'home.incidents_particular': 'linked',
  'home.incidents_reader': 'apart',
  'home.incidents_regrade': 'linked',
  'home.incidents_responsibility': 'linked',
  'home.incidents_rested': 'linked',
  'home.incidents_severity': 'linked',
  'home.incidents_severity_told': 'linked',
  'home.incidents_split': 'shown',
  'home.incidents_taken_up': 'linked',
  'home.incidents_carried': 'linked',
  'home.incidents_words': 'apart',
  'home.attributions_claim': 'linked',
  'home.attributions_decision': 'linked',
  'home.attributions_said': 'linked',
  'home.attributions_statement': 'linked',
  'home.home_tasks_drawn': 'linked',
  'home.home_tasks_link': 'linked',
  'home.brief_clearance': 'linked',
  'home.brief_lines': 'linked',
  'home.legal_clocks_trigger': 'shown',
  'home.mail_in_report': 'apart',
  'home.preparedness_lesson': 'linked',
  'home.preparedness_run': 'shown',
  'home.lines_line': 'linked',
  'home.recovery_lesson': 'linked',
  'home.recovery_report': 'linked',
  'home.recovery_service': 'linked',
  'home.recovery_shared': 'linked',
  'home.response_answer': 'linked',
  'home.response_decision': 'linked',
  'home.response_dossier': 'linked',
  'home.response_override': 'linked',
  'home.response_sheet': 'linked',
}

/** Tables of a migration with a column that names an incident of ours. */
function tablesWithIncident(source: string): string[] {
  return [...source.matchAll(/create table (home\.\w+) \(([\s\S]*?)\);/g)].flatMap(([, table = '', columns = '']) =>
    /\b(incident|into_incident) text\b/.test(columns) ? [table] : [],
  )
}

test('every table that hangs on an incident says how it follows a merge', () => {
  const found = globSync('src/modules/*/migrations/*.ts', { cwd: root }).flatMap((file) =>
    tablesWithIncident(readFileSync(join(root, file), 'utf8')),
  )
  assert.deepEqual(found.toSorted(), Object.keys(follows).toSorted())
  assert.deepEqual(tablesWithIncident('create table home.x (id text, incident text not null);'), ['home.x'])
})
