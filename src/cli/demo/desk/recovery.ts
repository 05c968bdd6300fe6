import { aurelia, markedAmber } from '../case/words.ts'
import type { IncidentPlayed } from '../case/played.ts'
import type { Person, Typed } from '../person.ts'
import { awaitAct, letTimePass, release, type Stage } from '../stage.ts'

const servers = 'Servers of the payment network'
const cards = 'Card payments of the three banks'
const zone = 'Europe/Vienna'
/** Said by somebody on something: the same under every report here. */
const told = { saidBy: 'Duty engineer of the operator', basis: 'operator', zone }

/** Which services were hit, when each is back, and what Borovia is told of it: state and day, never owner or source. */
export async function recover(stage: Stage, { id: incident, space }: IncidentPlayed): Promise<void> {
  const { analyst } = stage.people
  const at = `/incidents/${incident}/recovery`
  await addService(analyst, at, {
    name: servers,
    operator: 'Operator of the payment network',
    priority: 'critical',
    rto: '24',
    rtoUnit: 'hours',
  })
  await addService(analyst, at, {
    name: cards,
    operator: 'The three banks',
    priority: 'high',
    rto: '36',
    rtoUnit: 'hours',
    needs: { option: servers },
  })
  await report(analyst, at, servers, 'states', { state: 'down', when: '2026-11-15T03:40' })
  await report(analyst, at, servers, 'states', { state: 'restored', when: '2026-11-16T16:10' })
  await report(analyst, at, cards, 'states', { state: 'down', when: '2026-11-15T03:55' })
  await report(analyst, at, cards, 'states', { state: 'workaround', when: '2026-11-16T18:00' })
  await report(analyst, at, cards, 'forecasts', { expected: '2026-11-20T12:00' })
  stage.tell({
    step: 'recovery',
    line: 'Two services are on the recovery plan, each with its owner, what it needs and its targets: one came back half a day after its target, the other runs on a workaround.',
  })
  await shareThePicture(stage, incident, space)
}

async function addService(analyst: Person, at: string, typed: Typed): Promise<void> {
  await analyst.open(at)
  await analyst.send('/recovery/services', { owner: { option: 'CERT Aurelia' }, sector: 'banking', ...typed })
}

async function report(analyst: Person, at: string, service: string, form: string, typed: Typed): Promise<void> {
  const { links, text } = await analyst.open(at)
  const page = links.find(({ href, text: name }) => href.includes('/recovery/services/') && name.includes(service))
  if (!page) throw new Error(`${service} is not on the plan: ${text.slice(0, 900)}`)
  await analyst.open(page.href)
  await analyst.send(`/recovery/${form}`, { ...told, ...typed })
}

async function shareThePicture({ people, tell }: Stage, incident: string, space: string): Promise<void> {
  const { drafter, releaser, deskOfficer } = people
  const type = 'recovery.picture-shared'
  const { forms } = await drafter.open(`/spaces/${space}/write/${type}?incident=${incident}`)
  const services = forms.flatMap(({ options }) => options.services ?? []).map(({ value }) => value)
  const review = await drafter.send(`/write/${type}`, { services, ...markedAmber })
  await release({ drafter, releaser }, review)
  await letTimePass(releaser, space)
  await awaitAct(deskOfficer, space, { type, author: aurelia })
  const { text } = await deskOfficer.open(`/recovery/pictures/${space}`)
  if (!text.includes(cards) || text.includes('Duty engineer')) throw new Error(`Borovia reads ${text.slice(0, 900)}`)
  tell({
    step: 'recovery',
    line: 'Aurelia told Borovia how both services stand and when they can be expected; owners, targets and sources stayed at home.',
  })
}
