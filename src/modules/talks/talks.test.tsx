import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../test/support/network.ts'
import { arrives, ask, modules, openCase, personOf, redirectOf, servicesOf } from '../../../test/support/space-pages.ts'
import { fieldErrors, InvalidInput, Refusal } from '../../core/http/index.ts'
import { newId } from '../../protocol/index.ts'
import { createTranslator } from '../../text/index.ts'
import { talks } from './index.ts'

const house = [...modules, talks]
const drafter = personOf('drafter')
const unfold = (ics: string) => ics.replaceAll('\r\n ', '')

test('talks are proposed in one zone and confirmed in another, moved and called off, written, minuted and read out, and calendars follow', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: house })
  const { aurelia, borovia } = network.nodes
  const at = { aurelia: servicesOf(aurelia, house), borovia: servicesOf(borovia, house) }
  type Side = keyof typeof at
  const space = await openCase(network, at.aurelia)
  let size = 1
  const get = async (who: Side, address: string, language = 'en') =>
    (await ask('GET', address, { services: at[who], viewer: drafter, language })).html
  const post = (who: Side, address: string, input: Record<string, unknown>) =>
    ask('POST', address, { services: at[who], viewer: drafter, input })
  const landed = () => arrives(space, ++size, aurelia, borovia)
  const write = async (who: Side, type: string, input: Record<string, unknown>): Promise<string> => {
    const services = at[who]
    const { answer } = await post(who, `/spaces/${space}/write/${type}`, { id: newId(), tlp: 'AMBER', ...input })
    const id = redirectOf(answer).split('/')[2] ?? ''
    const { approval = '' } = (await services.drafts.find(id)) ?? {}
    await services.drafts.submit(drafter, id, approval)
    await services.drafts.signDue()
    const sent = await services.drafts.find(id)
    await landed()
    assert.equal((await aurelia.ledger.findAct(sent?.actHash ?? ''))?.withoutEffect, undefined)
    return sent?.actHash ?? ''
  }
  const ics = async (who: Side, address = '/talks/calendar.ics') => {
    const { answer } = await ask('GET', address, { services: at[who], viewer: drafter })
    assert.ok(answer instanceof Response)
    return unfold(await answer.text())
  }
  const proposal = {
    with: [borovia.party],
    zone: 'Europe/Paris',
    date1: '2027-03-27',
    time1: '10:00',
    date2: '2027-03-28',
    time2: '10:00',
    minutes: '90',
    subject: 'Hosts in both countries',
    agenda: 'What we saw\nWhat you saw',
  }
  for (const [wrong, field] of [
    [{ date1: '2027-03-28', time1: '02:30' }, 'time1'],
    [{ time2: undefined }, 'time2'],
    [{ date1: '2020-01-01' }, 'date1'],
    [{ zone: 'Paris' }, 'zone'],
  ] as const) {
    const asked = { id: newId(), tlp: 'AMBER', ...proposal, ...wrong }
    const services = at.aurelia
    const { answer, html } = await ask('POST', `/spaces/${space}/write/talks.meeting-proposed`, {
      services,
      viewer: drafter,
      input: asked,
    }).catch((error) => {
      assert.ok(error instanceof InvalidInput)
      return { answer: undefined, html: Object.keys(fieldErrors(error, createTranslator('en'))).join() }
    })
    assert.ok(
      answer === undefined ? html.includes(field) : html.includes(`${field}-error`),
      `${field}: ${html.slice(0, 200)}`,
    )
  }
  const first = await write('aurelia', 'talks.meeting-proposed', proposal)
  const path = `/spaces/${space}/talks/${first}`
  const seen = await get('borovia', path)
  // The night between the two days Paris puts its clocks forward: the same hour there is another one in UTC.
  assert.match(seen, /27 March 2027, 09:00 UTC[\s\S]*10:00 UTC\+1[\s\S]*28 March 2027, 08:00 UTC[\s\S]*10:00 UTC\+2/)
  assert.match(seen, /We can make time 1[\s\S]*What we saw/)
  assert.match(await get('borovia', path, 'ar'), /يناسبنا الوقت/)
  assert.deepEqual(
    (await talks.needs!(at.borovia, drafter)).map(({ verb, waitsFor }) => [verb, waitsFor]),
    [['talks.action.choose', 'me']],
  )
  assert.equal((await ics('borovia')).match(/STATUS:TENTATIVE/g)?.length, 2)

  const busy = 'BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nFREEBUSY:20270327T080000Z/PT4H\nEND:VFREEBUSY\nEND:VCALENDAR'
  const read = async (text: string) =>
    (
      await post('borovia', '/talks/calendar', {
        calendar: { name: 'a.ics', media: 'text/calendar', content: Buffer.from(text).toString('base64') },
      })
    ).html
  assert.match(await read(busy), /: taken[\s\S]*: free by this file/)
  await assert.rejects(read('BEGIN:VCALENDAR\nnonsense'), (error) => error instanceof Refusal && error.facts.line === 2)
  const invitation =
    'BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:x\nDTSTART:20270401T090000Z\nDURATION:PT45M\nSUMMARY:Call & <b>more</b>\nEND:VEVENT\nEND:VCALENDAR'
  const invited = await read(invitation)
  assert.match(invited, /Call &amp; &lt;b>more/)
  const prefilled = /href="([^"]*write\/talks\.meeting-proposed\?[^"]*)"/.exec(invited)?.[1]?.replaceAll('&amp;', '&')
  assert.match(await get('borovia', prefilled ?? ''), /value="2027-04-01"[\s\S]*value="09:00"[\s\S]*value="45"/)

  await assert.rejects(
    post('aurelia', `${path}/confirm`, { option: '1' }),
    (error) => error instanceof Refusal && error.code === 'talks-not-asked',
  )
  for (const _ of ['first', 'second click']) await post('borovia', `${path}/confirm`, { option: '1' })
  await landed()
  const uid = /UID:(chancery-talks-[0-9a-f]{32})\r/.exec(await ics('aurelia'))?.[1]
  for (const who of ['aurelia', 'borovia'] as const) {
    const calendar = await ics(who)
    assert.match(
      calendar,
      new RegExp(
        `UID:${uid}\\r\\nSEQUENCE:0\\r\\nDTSTAMP:\\d{8}T\\d{6}Z\\r\\nDTSTART:20270328T080000Z\\r\\nDTEND:20270328T093000Z\\r\\nSTATUS:CONFIRMED`,
      ),
    )
    assert.equal(calendar.match(/STATUS:TENTATIVE/g), null, 'times not chosen leave calendars')
  }
  assert.match(await read(await ics('aurelia')), /These are talks of ours/)

  const second = await write('borovia', 'talks.meeting-proposed', {
    ...proposal,
    with: [aurelia.party],
    date1: '2027-04-02',
    date2: undefined,
    time2: undefined,
    supersedes: first,
  })
  const moved = `/spaces/${space}/talks/${second}`
  assert.match(await get('aurelia', path), /replaced[\s\S]*Another proposal stands in its place/)
  await post('aurelia', `${moved}/confirm`, { option: '0' })
  await landed()
  assert.match(await ics('borovia'), new RegExp(`UID:${uid}\\r\\nSEQUENCE:1\\r\\n[\\s\\S]*?DTSTART:20270402T080000Z`))

  const remark = { id: newId(), words: 'We are five minutes late.' }
  for (const _ of ['first', 'sent again']) await post('borovia', `${moved}/say`, remark)
  await landed()
  assert.match(await get('aurelia', moved), /BOROVIA[\s\S]*We are five minutes late\./)

  const six = Array.from({ length: 6 }, (_, n) => `Person ${n}; Ambassador; Head of desk ${n}`).join('\n')
  const named = (people: string, counts: object) =>
    post('aurelia', `${moved}/delegation`, { id: newId(), people, ...counts })
  await assert.rejects(named('One; Ms; Desk', { women: '1' }), InvalidInput)
  await assert.rejects(named(six, { women: '1', men: '1' }), InvalidInput)
  await named(six, { women: '3', men: '2', undeclared: '1' })
  await landed()
  assert.match(
    await get('borovia', moved),
    /Ambassador, Person 0, Head of desk 0[\s\S]*3 women, 2 men, 0 another, 1 not declared/,
  )

  const secret = 'They gave way on the second point.'
  await post('aurelia', `${moved}/read-out`, { id: newId(), account: secret })
  await write('borovia', 'talks.read-out-given', {
    proposal: second,
    subject: 'Talks of 2 April',
    text: 'A frank exchange.',
  })
  for (const who of ['aurelia', 'borovia'] as const)
    await write(who, 'channels.minutes-proposed', {
      on: '2027-04-02',
      zone: 'Etc/UTC',
      subject: 'Minutes',
      text: `As ${who} heard it.`,
    })
  const ours = await get('aurelia', moved)
  assert.match(ours, /As aurelia heard it\.[\s\S]*As borovia heard it\.[\s\S]*They gave way[\s\S]*A frank exchange\./)
  assert.doesNotMatch(await get('borovia', moved), /They gave way/, 'our own read-out stays at home')

  await post('borovia', `${moved}/cancel`, { id: newId(), reason: 'The minister travels.' })
  await landed()
  assert.match(await ics('aurelia'), new RegExp(`UID:${uid}\\r\\nSEQUENCE:2\\r\\n[\\s\\S]*?STATUS:CANCELLED`))
  assert.match(await get('aurelia', '/talks'), /called off/)
  assert.match(await get('aurelia', `/spaces/${space}`), /The minister travels\./)
})
