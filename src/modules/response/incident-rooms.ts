import type { IncidentRoom, Services, Viewer } from '../../core/module/types.ts'
import { readCatalogue } from './catalogue.ts'
import './tables.ts'

/** The options of an incident: which questions of law and fact are open, and what was decided. */
export async function responseRooms(services: Services, _viewer: Viewer, incident: string): Promise<IncidentRoom[]> {
  const { questions } = readCatalogue(services).rules
  const [answered, decided] = await Promise.all([
    services.db
      .selectFrom('home.response_answer')
      .select(['question', 'value'])
      .distinctOn('question')
      .where('incident', '=', incident)
      .orderBy('question')
      .orderBy('ordinal', 'desc')
      .execute(),
    services.db
      .selectFrom('home.response_decision')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('incident', '=', incident)
      .executeTakeFirstOrThrow(),
  ])
  const answers = new Set(answered.flatMap(({ question, value }) => (value === '' ? [] : [question])))
  const open = questions.filter(({ id }) => !answers.has(id)).length
  return [
    {
      place: 'options',
      href: `/incidents/${incident}/options`,
      label: 'response.action.open',
      permission: 'incidents:read',
      state: { key: 'response.room', facts: { open, decided: decided.count } },
    },
  ]
}
