import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startNetwork } from '../../../test/support/network.ts'
import {
  arrives,
  ask,
  modules,
  note,
  openCase,
  personOf,
  redirectOf,
  servicesOf,
} from '../../../test/support/space-pages.ts'
import { openClocks } from '../../core/clocks/index.ts'
import { Refusal } from '../../core/http/index.ts'
import type { Services } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { clearance } from './index.ts'

const everything = [...modules, clearance]
const officer = personOf('officer')
const head = personOf('head')
const day = 24 * 3_600_000

const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

async function house(t: TestContext) {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: everything })
  const { aurelia, borovia } = network.nodes
  const paged: string[] = []
  const holding = { people: ['head', 'officer'] }
  /** The services of a process that has just begun on this node's data. */
  const begin = (): Services => {
    const services = servicesOf(aurelia, everything)
    services.settings.holdMs = 60_000
    services.people.holding = async () => holding.people
    services.notices.send = async (_, { key, urgency }) => void paged.push(`${urgency} ${key}`)
    return services
  }
  const services = begin()
  const other = servicesOf(borovia, everything)
  const space = await openCase(network, services)
  const post = (path: string, input: Record<string, unknown> = {}, viewer = officer, by = services) =>
    ask('POST', path, { services: by, viewer, input })
  const page = async (of: Services, path: string, language = 'en', viewer = officer) =>
    (await ask('GET', path, { services: of, viewer, language })).html
  const draft = async (subject: string) => {
    const { answer } = await post(`/spaces/${space}/write/channels.note-sent`, { ...note, subject, id: newId() })
    const id = redirectOf(answer).split('/')[2] ?? ''
    return { id, approval: (await services.drafts.find(id))?.approval ?? '' }
  }
  return { network, services, other, space, paged, holding, begin, post, page, draft }
}

test('one person releases in an emergency: the head is paged, both sides read it, and another confirms or disowns it within a day', async (t) => {
  const { network, services, other, space, paged, holding, begin, post, page, draft } = await house(t)
  const { aurelia, borovia } = network.nodes
  const first = await draft('Intrusions since Monday')
  const alone = { approval: first.approval, reason: 'Nobody answers and it spreads.' }
  const at = `/drafts/${first.id}/emergency`
  assert.doesNotMatch(await page(services, `/drafts/${first.id}/review`), /release alone/)
  await assert.rejects(post(at, alone), refused('draft.no-emergencies'))
  await post('/powers/emergency', { allowed: 'yes' })
  const review = await page(services, `/drafts/${first.id}/review`)
  assert.match(review, /Emergency: release alone/)
  assert.match(
    review,
    /Nothing so marked has been released to .?BOROVIA[\s\S]*TLP:AMBER/,
    'a new reader is pointed out',
  )
  holding.people = ['officer']
  await assert.rejects(post(at, alone), refused('draft.nobody-to-confirm'))
  holding.people = ['head', 'officer']

  // Stopped in the hold it is a draft again; then anew, pressed twice.
  await post(at, alone)
  await post(`/drafts/${first.id}/stop`)
  assert.equal((await services.drafts.find(first.id))?.state, 'drafting')
  await post(at, alone)
  await post(at, alone)
  assert.deepEqual([...new Set(paged.filter((one) => one.startsWith('page ')))], [`page emergency:${first.id}:head`])

  // The process ends during the hold; another one signs, once, both acts together.
  aurelia.clock.advance(60_001)
  const again = begin()
  await Promise.all([again.drafts.signDue(), services.drafts.signDue()])
  await again.drafts.signDue()
  await arrives(space, 3, aurelia, borovia)
  const act = (await services.drafts.find(first.id))?.actHash ?? ''
  assert.match(await page(other, `/spaces/${space}`), /Released by one person in an emergency on [^<]*AURELIA confirms/)
  assert.deepEqual(
    (await openClocks(other.db, { regime: 'confirm-release' })).map(({ duty, about }) => [duty, about]),
    [['aurelia.example', act]],
  )
  for (const { clock } of [aurelia, borovia]) clock.advance(day + 120_000)
  for (const side of [services, other]) {
    assert.match(await page(side, `/spaces/${space}`), /Nobody of AURELIA confirmed it within 24 hours/)
    assert.match(await page(side, `/spaces/${space}`, 'ar'), /ولم يؤكده أحد/)
  }

  assert.match(
    await page(services, '/emergencies', 'en', head),
    /Nobody answers and it spreads\.[\s\S]*Disown and withdraw/,
  )
  await assert.rejects(post(`/emergencies/${act}/confirm`), refused('clearance-own'))
  await post(`/emergencies/${act}/confirm`, {}, head)
  await post(`/emergencies/${act}/confirm`, {}, head)
  await assert.rejects(post(`/emergencies/${act}/disown`, {}, head), refused('clearance-decided'))
  await arrives(space, 4, aurelia, borovia)
  assert.match(await page(other, `/spaces/${space}`), /Released by one person in an emergency on [^<]*; confirmed on/)
  assert.deepEqual(await openClocks(other.db, { regime: 'confirm-release' }), [])

  const second = await draft('Sent in haste')
  assert.doesNotMatch(
    await page(services, `/drafts/${second.id}/review`),
    /Nothing so marked/,
    'such a note went before',
  )
  await post(`/drafts/${second.id}/emergency`, { approval: second.approval, reason: 'It could not wait.' })
  aurelia.clock.advance(60_001)
  await services.drafts.signDue()
  await arrives(space, 6, aurelia, borovia)
  const hasty = (await services.drafts.find(second.id))?.actHash ?? ''
  await post(`/emergencies/${hasty}/disown`, {}, head)
  await post(`/emergencies/${hasty}/disown`, {}, head)
  await arrives(space, 8, aurelia, borovia)
  const there = await page(other, `/spaces/${space}`)
  assert.match(there, /AURELIA disowned it on [^<]* and withdraws it/)
  assert.match(there, /Withdrawn: Sent in haste/, 'a note is withdrawn by its own act too')
})
