import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { colleague, preparedHouse } from '../../../../test/support/prepared-house.ts'
import { newId } from '../../../protocol/index.ts'
import { recovery } from '../index.ts'

/** A response plan at work that names three services, of which sign-in needs the network and the network power. */
async function houseWithServices(t: TestContext) {
  const house = await preparedHouse(t, [recovery])
  const { write, approve, start, incident, analyst, post, show, services } = house
  const [power, network, signIn] = [newId(), newId(), newId()]
  const said = { owner: 'office:cyber-desk', operator: 'Works', priority: 'high' }
  await write('services', { id: power, name: 'Power', ...said, rto: '2', rtoUnit: 'hours' })
  await write('services', {
    id: network,
    name: 'Network',
    ...said,
    needs: power,
    rto: '4',
    mtpd: '2',
    mtpdUnit: 'days',
  })
  await write('services', { id: signIn, name: 'Sign-in', ...said, needs: [network], owner: 'person:colleague' })
  await approve()
  const run = await start()
  const root = `/incidents/${incident}/recovery`
  const id = run.split('/').at(-1) as string
  const take = (items: string[], why = '', viewer = analyst) =>
    post(viewer, `${root}/from-plan`, { run: id, [`items-${id}`]: items, [`why-${id}`]: why })
  const plan = async () => {
    const { answer } = await house.ask('GET', root, { viewer: analyst, json: true })
    const { services: all } = (answer as { data: { services: Record<string, any>[] } }).data
    return new Map(all.map((one) => [one.name as string, one]))
  }
  const marks = async () =>
    (
      await services.db
        .selectFrom('home.preparedness_mark')
        .select(['step', 'state', 'words'])
        .orderBy('ordinal')
        .execute()
    ).map(({ step, state, words }) => [step, state, words])
  return { ...house, planId: house.plan, power, network, signIn, run, root, take, plan, marks, show }
}

test('services of a response plan become the recovery plan when a person says so; one left out needs a reason and is a departure', async (t) => {
  const { show, run, root, take, plan, power, network, signIn, analyst, incident } = await houseWithServices(t)
  assert.match(await show(run), /Network .*4 hours not in the recovery plan yet.*Make them the recovery plan/)
  const offered = await show(root)
  assert.match(
    offered,
    /From the response plan.*Bank raid.*Network Cyber desk · High · back within 4 hours · needs: Power/,
  )
  assert.equal((await plan()).size, 0, 'nothing is taken by itself')
  const bare = await take([power, network])
  assert.match(bare.text, /Say why a service of the plan is left out/)
  assert.match(bare.html, new RegExp(`value="${network}"[^>]*checked`), 'what was ticked comes back')
  assert.equal((await plan()).size, 0)
  await take([network], 'Only the network was hit')
  const taken = await plan()
  assert.deepEqual([...taken.keys()], ['Network'])
  assert.deepEqual(
    ['owner', 'operator', 'priority', 'rto', 'mtpd', 'needs', 'tlp'].map((name) => taken.get('Network')?.[name]),
    ['office:cyber-desk', 'Works', 'high', 240, 2880, [], 'AMBER'],
  )
  assert.match(
    await show(run),
    /Power .*departure : Only the network was hit|Power .*departure: Only the network was hit/,
  )
  assert.match(await show(`${run}/review`), /Departures \(2\)/)
  assert.match(
    await show(`/incidents/${incident}`),
    /One service of the response plan “Bank raid” put on the recovery plan; departure: 2 left out/,
  )
  const both = await Promise.all([take([power]), take([power], '', colleague)])
  assert.equal(both.filter(({ answer }) => 'redirect' in answer).length, 2)
  await take([signIn])
  const whole = await plan()
  assert.equal(whole.size, 3, 'once each, however many press')
  assert.deepEqual(whole.get('Sign-in')?.needs, [whole.get('Network')?.id])
  assert.doesNotMatch(await show(root), /From the response plan/)
  assert.match(await show(`${run}/review`), /No departure was recorded/, 'what was left out was taken after all')
  for (const [language, words] of [
    ['fr', 'Services à rétablir'],
    ['ar', 'خدمات يلزم تعافيها'],
  ] as const)
    assert.match(await show(run, analyst, language), new RegExp(words))
})

test('a service that goes otherwise than the response plan says is a departure with its reason, until it is as planned again', async (t) => {
  const { show, run, root, take, plan, power, network, signIn, post, analyst, marks } = await houseWithServices(t)
  await take([power, network, signIn])
  const was = (await plan()).get('Power') as Record<string, any>
  const page = `${root}/services/${was.id}`
  assert.match(await show(page), /Response plan Bank raid · as planned/)
  const change = async (more: Record<string, unknown>) => {
    const { at, name, owner, operator, priority, tlp } = (await plan()).get('Power') as Record<string, any>
    const said = { name, owner, operator, priority, tlp, rto: '2', byZone: 'Etc/UTC' }
    const { answer, text } = await post(analyst, `${root}/services`, {
      changes: was.id,
      seen: String(at),
      ...said,
      ...more,
    })
    assert.ok('redirect' in answer, text)
  }
  await change({ rto: '6', why: 'The substation burnt' })
  assert.deepEqual((await marks()).at(-1), [power, 'otherwise', 'The substation burnt'])
  assert.match(await show(page), /Response plan Bank raid · departs from it/)
  assert.match(await show(`${run}/review`), /Departures \(1\).*Power.*The substation burnt/)
  await change({ sector: 'energy', rto: '6', why: 'Named the sector' })
  await change({ sector: 'energy', why: 'They have a spare one' })
  assert.deepEqual((await marks()).at(-1), [power, 'done', 'They have a spare one'])
  assert.match(await show(`${run}/review`), /No departure was recorded/)
  const before = (await marks()).length
  await change({ tlp: 'RED', rto: '9', why: 'Secret reason' })
  assert.equal((await marks()).length, before, 'nothing of a service that is marked narrower than the incident')
  assert.doesNotMatch(await show(`${run}/review`), /Secret reason/)
})

test('a name that stands there already and an owner who left the house are refused, and nothing is half taken', async (t) => {
  const { root, take, plan, power, network, signIn, post, analyst, services } = await houseWithServices(t)
  const said = { owner: 'person:analyst', priority: 'low', tlp: 'AMBER', byZone: 'Etc/UTC' }
  await post(analyst, `${root}/services`, { name: 'network', ...said })
  assert.match((await take([power, network, signIn])).text, /“Network” stands on the recovery plan already/)
  const people = await services.people.list()
  services.people.list = async () => people.filter(({ id }) => id !== 'colleague')
  assert.match((await take([power, signIn], 'There by hand')).text, /for “Sign-in” is with the house no longer/)
  assert.deepEqual([...(await plan()).keys()], ['network'])
})

test('a response plan refuses services that need what is not there, come to need themselves or share a name', async (t) => {
  const { write, power, network, signIn, post, planId, seen, analyst } = await houseWithServices(t)
  const said = { owner: 'office:cyber-desk', operator: '', priority: 'low' }
  const bad = [
    [{ item: power, name: 'Power', needs: signIn }, /would come to need itself/],
    [{ item: power, name: 'Power', needs: power }, /would come to need itself/],
    [{ name: 'Mail', needs: newId() }, /needs a service that is not there/],
    [{ name: 'POWER' }, /a service of that name already/],
    [{ name: 'Mail', rto: '3', rtoUnit: 'days', mtpd: '2', mtpdUnit: 'days' }, /beyond the longest tolerable outage/],
    [{ name: 'Mail', owner: 'person:stranger' }, /This is not there/],
  ] as const
  for (const [input, words] of bad) assert.match((await write('services', { ...said, ...input })).text, words)
  const gone = await post(analyst, `/plans/${planId}/remove/services`, { seen: await seen(), item: network })
  assert.match(gone.text, /needs a service that is not there/)
})
