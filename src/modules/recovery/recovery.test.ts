import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { incidentHouse, personOf } from '../../../test/support/incident-house.ts'
import { readCsv } from '../../core/csv/index.ts'
import type { Services } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { preparedness } from '../preparedness/index.ts'
import { recovery } from './index.ts'
import { courseOf, faultIn, inOrder, type Turn } from './plan/course.ts'
import { circleFrom, type Node, outlooks } from './plan/outlook.ts'
import { isBack, isEnough, states } from './vocabulary.ts'

/** A house with an incident, and a recovery plan that grows by name. */
async function recoveryHouse(t: TestContext) {
  const house = await incidentHouse(t, [preparedness, recovery])
  const { ask, analyst, incident, services } = house
  services.people.offices = async () => [{ id: 'cyber-desk', name: { en: 'Cyber desk' } }] as never
  const root = `/incidents/${incident}/recovery`
  const ids = new Map<string, string>()
  const post = async (path: string, input: Record<string, unknown>, viewer = analyst) => {
    const { answer, text } = await ask('POST', `${root}/${path}`, { viewer, input: { id: newId(), ...input } })
    return 'redirect' in answer ? 'kept' : text
  }
  const service = async (name: string, more: Record<string, unknown> = {}, viewer = analyst) => {
    const id = newId()
    const said = await post('services', { ...plain, name, ...more, id }, viewer)
    if (said === 'kept' && more.changes === undefined) ids.set(name, id)
    return said
  }
  const idOf = (name: string): string => ids.get(name) ?? assert.fail(`no service ${name}`)
  const state = (name: string, to: string, when: string, more: Record<string, unknown> = {}, viewer = analyst) =>
    post('states', { ...told, service: idOf(name), state: to, precision: 'minute', when, ...more }, viewer)
  const expect = (name: string, expected: string, more: Record<string, unknown> = {}) =>
    post('forecasts', { ...told, service: idOf(name), expected, ...more })
  const page = async (path = '', viewer = analyst, language = 'en') =>
    (await ask('GET', `${root}${path}`, { viewer, language })).text
  const plan = async (viewer = analyst) => {
    const { answer } = await ask('GET', root, { viewer, json: true })
    const { services: all } = (answer as { data: { services: Record<string, any>[] } }).data
    return new Map(all.map((one) => [one.name as string, one]))
  }
  const needs = async (viewer = analyst) => (await recovery.needs?.(services, viewer)) ?? []
  return { ...house, root, post, service, idOf, state, expect, page, plan, needs }
}

const plain = { owner: 'person:analyst', priority: 'high', enough: 'restored', byZone: 'Etc/UTC', tlp: 'AMBER' }
const told = { saidBy: 'Control room', basis: 'operator', tlp: 'AMBER', zone: 'Etc/UTC' }
const ms = (moment: string) => Date.parse(moment)

test('a service cannot be expected before what it needs, and where nobody says when nothing is filled in', async (t) => {
  const { service, state, expect, idOf, plan, page } = await recoveryHouse(t)
  assert.equal(await service('Power', { priority: 'critical', rto: 4 }), 'kept')
  assert.equal(await service('Pumps', { needs: [idOf('Power')], rto: 12, mtpd: 1, mtpdUnit: 'days' }), 'kept')
  assert.equal(await service('Billing', { needs: [idOf('Pumps')], rto: 30, rtoUnit: 'minutes' }), 'kept')
  for (const name of ['Power', 'Pumps', 'Billing']) assert.equal(await state(name, 'down', '2026-11-10T06:00'), 'kept')
  assert.match(await page(), /nobody says when of Power, Pumps,? and Billing/)
  assert.equal((await plan()).get('Billing')?.outlook.notBefore, undefined, 'nothing is invented')

  assert.equal(await expect('Billing', '2026-11-10T09:00'), 'kept')
  assert.equal(await expect('Power', '2026-11-10T14:00'), 'kept')
  const before = (await plan()).get('Billing')
  assert.equal(before?.outlook.notBefore, ms('2026-11-10T14:00Z'))
  assert.equal(before?.outlook.expected, undefined, 'nobody spoke of the pumps')
  assert.deepEqual(before?.outlook.roots, [idOf('Power')])
  assert.equal(await expect('Pumps', '2026-11-10T11:00'), 'kept')
  const after = (await plan()).get('Billing')
  assert.equal(after?.outlook.expected, ms('2026-11-10T14:00Z'))
  assert.deepEqual(after?.outlook.path, ['Power', 'Pumps', 'Billing'].map(idOf))
  const shown = await page()
  assert.match(shown, /What decides over it: Power → Pumps → Billing/)
  assert.match(shown, /sooner than what it waits for/)
  assert.match(shown, /Expected 4 hours too late/, 'Power, out since six, has four hours')
  assert.match(shown, /Expected in time/, 'the pumps have until 18:00')
})

test('a plan refuses circles with the way round, unknown owners, names twice, and objectives longer than can be borne', async (t) => {
  const { service, idOf, plan, page, post, analyst } = await recoveryHouse(t)
  await service('Power')
  await service('Network', { needs: [idOf('Power')] })
  await service('Sign-in', { needs: [idOf('Network')] })
  const power = (await plan()).get('Power')
  const change = (more: Record<string, unknown>) =>
    service('Power', { changes: idOf('Power'), seen: power?.at, why: 'Learnt more', ...more })
  assert.match(await change({ needs: [idOf('Sign-in')] }), /“Power” → “Sign-in” → “Network” → “Power”/)
  assert.match(await change({ needs: [idOf('Power')] }), /does not need itself/)
  assert.match(await change({ needs: [newId()] }), /not on the plan/)
  assert.match(await change({ why: '' }), /Say why it is changed/)
  assert.match(await change({ seen: 1 }), /Somebody changed it since/)
  assert.match(await service('Lamps', { owner: 'person:nobody' }), /a person or an office of this house/)
  assert.match(await service('POWER'), /of this name is on the plan/)
  assert.match(
    await service('Lamps', { rto: 3, rtoUnit: 'days', mtpd: 2, mtpdUnit: 'days' }),
    /Longer than the longest/,
  )
  assert.match(await service('Lamps', { rto: 'soon' }), /A whole number/)
  assert.match(await service('Lamps', { by: '2026-02-30T10:00' }), /no such|There is no|date/i)
  assert.match(await service('Lamps', { tlp: 'GREEN' }), /wider than the incident/)
  assert.match(await post('off', { service: idOf('Power'), seen: power?.at, why: 'Error' }), /needed by “Network”/)
  assert.equal(await change({ rto: 2 }), 'kept')
  assert.match(await page(`/services/${idOf('Power')}`), /What the plan said before .*Learnt more/)
  const signIn = (await plan()).get('Sign-in')
  assert.equal(await post('off', { service: idOf('Sign-in'), seen: signIn?.at, why: 'Part of the network' }), 'kept')
  assert.match(await page('', analyst), /One service was taken off the plan .*Part of the network/)
})

test('what cannot have been is not taken: back before it was out, verified unrestored, still to come, a target before the outage', async (t) => {
  const { service, state, expect, idOf, plan, post } = await recoveryHouse(t)
  await service('Power')
  assert.match(await state('Power', 'restored', '2026-11-10T07:00'), /back before it was out/)
  assert.match(await expect('Power', '2026-11-10T12:00'), /nothing to expect/)
  assert.equal(await state('Power', 'down', '2026-11-10T06:00'), 'kept')
  assert.match(await state('Power', 'restored', '2026-11-10T05:00'), /back before it was out/)
  assert.match(await state('Power', 'verified', '2026-11-10T07:00'), /Only what was restored/)
  assert.match(await state('Power', 'restored', '2026-11-10T09:00'), /not happened yet/)
  assert.match(await state('Power', 'degraded', '2026-11-10T07:00', { zone: 'Mars/Base' }), /zone/i)
  assert.match(await state('Power', 'degraded', 'noon'), /2026-11-17T02:14/)
  assert.match(
    await state('Power', 'degraded', '2026-11-10T07:00', { dataAsOf: '2026-11-10T05:00' }),
    /with a service that is restored/,
  )
  assert.match(await expect('Power', '2026-11-10T07:00'), /has passed/)
  const { at } = (await plan()).get('Power') ?? {}
  const change = { changes: idOf('Power'), seen: at, why: 'Agreed' }
  assert.match(await service('Power', { ...change, by: '2026-11-10T05:59' }), /before the outage/)
  assert.equal(await service('Power', { ...change, by: '2026-11-10T12:00' }), 'kept')
  const more = { dataAsOf: '2026-11-10T03:00' }
  assert.equal(
    await state('Power', 'restored', '2026-11-10', { precision: 'day', ...more }),
    'kept',
    'some time that day',
  )
  const restored = (await plan()).get('Power')
  assert.equal(restored?.course.state, 'restored')
  assert.equal(restored?.targets[0].state, 'met', 'it was told at eight')
  assert.equal(restored?.loss.ms, 3 * 3_600_000)
  const [down, back] = restored?.reports ?? []
  assert.match(
    await post('struck', { service: idOf('Power'), report: down.id, why: 'Other site' }),
    /back before it was out: strike the later/,
  )
  assert.equal(await post('struck', { service: idOf('Power'), report: back.id, why: 'Other site' }), 'kept')
  assert.equal((await plan()).get('Power')?.course.state, 'down', 'struck, and what stood before stands')
})

test('history is added, never changed, and what is told late of an earlier hour does not change how it stands', async (t) => {
  const { service, state, idOf, plan, page, services } = await recoveryHouse(t)
  await service('Power')
  await state('Power', 'down', '2026-11-10T05:00')
  await state('Power', 'restored', '2026-11-10T07:00')
  assert.equal(await state('Power', 'workaround', '2026-11-10T06:00'), 'kept')
  assert.equal((await plan()).get('Power')?.course.state, 'restored')
  assert.equal(await state('Power', 'down', '2026-11-10T07:30'), 'kept', 'out again')
  const again = (await plan()).get('Power')
  assert.equal(again?.course.began.at.from, ms('2026-11-10T07:30Z'), 'targets run from the outage that runs')
  const shown = await page(`/services/${idOf('Power')}`)
  assert.match(shown, /Down: 2026-11-10 07:30 Etc\/UTC.*workaround: 2026-11-10 06:00/)
  assert.match(shown, /Control room · word of the operator/)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from home.recovery_report`.execute(services.db)
  assert.equal(rows[0]?.n, 4)
})

test('a target that ran out stands on Today of its owner until the service will do, on no list of those who need not know', async (t) => {
  const { service, state, needs, at, idOf, incident, services, page } = await recoveryHouse(t)
  await service('Power', { rto: 4, mtpd: 9 })
  await service('Pumps', { owner: 'office:cyber-desk', rto: 40, rtoUnit: 'days' })
  await state('Power', 'down', '2026-11-10T06:00')
  await state('Pumps', 'down', '2026-11-10T06:00')
  const [soon, ...none] = await needs()
  assert.deepEqual(none, [], 'what is due in weeks waits')
  assert.deepEqual([soon?.waitsFor, soon?.dueAt, soon?.clock?.source], ['me', ms('2026-11-10T10:00Z'), 'house'])
  at('2026-11-10T11:00:00Z')
  assert.match(await page(), /A target ran out: Power/)
  assert.match(await page(), /Overdue by 1 hour/)
  const colleague = { ...personOf('colleague'), office: { id: 'other', name: {} }, offices: [] }
  assert.equal((await needs(colleague))[0]?.waitsFor, 'them')
  const [room] = (await recovery.incidentRooms?.(services, personOf('reader'), incident)) ?? []
  assert.deepEqual(room?.state?.facts, { count: 2, out: 2, overdue: 1, lessons: 0, late: 0 })
  await sql`update home.incidents_incident set restricted = true where id = ${incident}`.execute(services.db)
  assert.deepEqual(await needs(colleague), [])
  assert.deepEqual(await recovery.homeRecords?.(services, colleague), [])
  await assert.rejects(page('', colleague), /not-found/)
  await state('Power', 'restored', '2026-11-10T10:30')
  assert.deepEqual(await needs(), [])
  assert.match(await page(`/services/${idOf('Power')}`), /Missed/)
})

test('Today reads no service that has no target or no report, and none of an incident that is closed', async (t) => {
  const { service, state, services, analyst, incident } = await recoveryHouse(t)
  const read = async () => {
    let rows = 0
    const db = services.db.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        rows += result.rows.length
        return result
      },
    })
    await recovery.needs?.({ ...services, db } as Services, analyst)
    return rows
  }
  await service('Power', { rto: 4 })
  await service('Archive')
  await state('Archive', 'down', '2026-11-10T06:00')
  assert.equal(await read(), 0)
  await state('Power', 'down', '2026-11-10T06:00')
  const withPower = await read()
  assert.ok(withPower >= 2, 'the service and its report')
  await state('Archive', 'degraded', '2026-11-10T07:00')
  assert.equal(await read(), withPower)
  await sql`update home.incidents_incident set state = 'closed' where id = ${incident}`.execute(services.db)
  assert.equal(await read(), 0)
})

test('what is marked above a reader is left out before anything is reckoned, and counted', async (t) => {
  const { service, state, expect, idOf, page, plan, analyst, ask, root } = await recoveryHouse(t)
  const narrow = personOf('narrow', /^incidents/, 'AMBER')
  await service('Secret relay', { tlp: 'RED' })
  await service('Pumps', { needs: [idOf('Secret relay')] })
  await state('Secret relay', 'down', '2026-11-10T06:00', { tlp: 'RED' })
  await state('Pumps', 'down', '2026-11-10T06:00')
  await expect('Secret relay', '2026-11-12T06:00', { tlp: 'RED' })
  await expect('Pumps', '2026-11-10T12:00')
  assert.equal((await plan(analyst)).get('Pumps')?.outlook.expected, ms('2026-11-12T06:00Z'))
  assert.equal((await plan(narrow)).get('Pumps')?.outlook.expected, ms('2026-11-10T12:00Z'))
  const { html } = await ask('GET', root, { viewer: narrow })
  assert.doesNotMatch(html, /relay|2026-11-12/)
  assert.match(await page('', narrow), /One service is marked above what you may read/)
  assert.match(await page('', narrow), /nothing here reckons with it/)
  const pumps = (await plan(narrow)).get('Pumps')
  const changed = { changes: idOf('Pumps'), seen: pumps?.at, why: 'Renamed' }
  assert.equal(await service('Pumps', { ...changed, needs: [] }, narrow), 'kept')
  assert.deepEqual(
    (await plan(analyst)).get('Pumps')?.needs,
    [idOf('Secret relay')],
    'what one cannot see one does not take away',
  )
  assert.match(await service('Hydrants', { tlp: 'RED' }, narrow), /above what you may read yourself/)
  const relay = (await plan(analyst)).get('Secret relay')
  const circle = { changes: idOf('Secret relay'), seen: relay?.at, why: 'New line', tlp: 'RED', needs: [idOf('Pumps')] }
  assert.match(await service('Secret relay', circle), /In a circle/)
})

test('a plan leaves as a table that reads back, and its pages speak three languages', async (t) => {
  const { service, state, expect, idOf, page, ask, root, analyst } = await recoveryHouse(t)
  await service('=Power', { rto: 4, operator: 'Grid, Ltd' })
  await service('Pumps', { needs: [idOf('=Power')], sector: 'drinking-water' })
  await state('=Power', 'down', '2026-11', { precision: 'month' })
  await state('Pumps', 'degraded', '', { precision: 'unknown' })
  await expect('=Power', '')
  const { answer } = await ask('GET', `${root}/csv`, { viewer: analyst })
  assert.ok(answer instanceof Response)
  const { rows, problems } = readCsv(await answer.text())
  assert.deepEqual(problems, [])
  assert.deepEqual([rows.length, rows[2]?.cells?.[6]], [3, "'=Power"])
  for (const language of ['en', 'fr', 'ar'])
    for (const path of ['', `/services/${idOf('=Power')}`, `/services/${idOf('Pumps')}`])
      assert.doesNotMatch(
        await page(path, analyst, language),
        /(recovery|particulars|incidents)\.[a-z]/,
        `${language} ${path}`,
      )
})

const span = fc.tuple(fc.nat(50), fc.nat(5)).map(([from, more]) => ({ from, until: from + more }))
const turns = fc
  .array(fc.record({ state: fc.constantFrom(...states), at: span }), { maxLength: 12 })
  .map((list) => list.map((one, at): Turn => ({ ...one, id: String(at), ordinal: at })))

test('a course keeps every turn once, in an order that contradicts no time, and stands as its last turn says', () => {
  fc.assert(
    fc.property(
      turns,
      fc.constantFrom('degraded' as const, 'workaround' as const, 'restored' as const),
      (told, enough) => {
        const placed = inOrder(told)
        assert.deepEqual(new Set(placed), new Set(told))
        assert.equal(placed.length, told.length)
        for (const [at, turn] of placed.entries()) {
          const next = placed[at + 1]
          if (next) assert.ok((next.at.until ?? 0) >= (turn.at.from ?? 0), 'the next was not over before')
        }
        if (faultIn(placed)) return
        const course = courseOf(placed, enough)
        assert.equal(course?.state, placed.at(-1)?.state)
        if (!course) return
        assert.equal(course.enoughSince !== undefined, isEnough(course.state, enough))
        assert.equal(course.backSince !== undefined, isBack(course.state))
        assert.ok(!isBack(course.began.state), 'an outage begins with being out')
      },
    ),
  )
})

/** Services of which each needs only earlier ones: no circles. */
const nodes = fc
  .array(fc.record({ needs: fc.array(fc.nat(9)), stated: fc.option(fc.nat(1000)), isOut: fc.boolean() }), {
    maxLength: 10,
  })
  .map((list) =>
    list.map(
      ({ needs, stated, isOut }, at): Node => ({
        id: String(at),
        needs: [...new Set(needs.filter((one) => one < at).map(String))],
        standing: isOut ? 'not-enough' : 'enough',
        ...(stated !== null && { stated }),
      }),
    ),
  )

test('nothing is expected before what it waits for, and a later word makes nothing sooner', () => {
  fc.assert(
    fc.property(nodes, fc.nat(9), fc.nat(500), (list, chosen, later) => {
      const found = outlooks(list)
      for (const [id, { blockers, notBefore, expected, silent, path }] of found) {
        for (const need of blockers) {
          const beneath = found.get(need)
          if (expected !== undefined) assert.ok((beneath?.expected ?? Infinity) <= expected)
          if (beneath?.notBefore !== undefined) assert.ok(beneath.notBefore <= (notBefore ?? -1))
        }
        assert.equal(path.at(-1), id)
        assert.equal(expected !== undefined, silent.length === 0)
        const said = list.filter((one) => one.stated !== undefined).map((one) => one.stated)
        if (notBefore !== undefined) assert.ok(said.includes(notBefore), 'a moment somebody stated')
      }
      const delayed = outlooks(
        list.map((one) =>
          one.id === String(chosen) && one.stated !== undefined ? { ...one, stated: one.stated + later } : one,
        ),
      )
      for (const [id, { notBefore = 0 }] of found) assert.ok((delayed.get(id)?.notBefore ?? 0) >= notBefore)
    }),
  )
})

test('a circle is found exactly where there is one, with a way that leads round', () => {
  fc.assert(
    fc.property(nodes, fc.nat(9), fc.array(fc.nat(9), { maxLength: 4 }), (list, chosen, added) => {
      const service = String(chosen)
      const needs = new Map(list.map((one) => [one.id, one.needs]))
      const given = added.map(String)
      const circle = circleFrom(needs, { service, needs: given })
      const reach = (id: string): boolean => id === service || (needs.get(id) ?? []).some(reach)
      assert.equal(circle !== undefined, given.some(reach))
      if (!circle) return
      assert.equal(circle[0], service)
      assert.equal(circle.at(-1), service)
      for (const [at, id] of circle.slice(1).entries())
        assert.ok((at === 0 ? given : (needs.get(circle[at] as string) ?? [])).includes(id))
    }),
  )
})
