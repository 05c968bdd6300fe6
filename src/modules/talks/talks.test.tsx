import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type NetworkNode, startNetwork } from '../../../test/support/network.ts'
import { until } from '../../../test/support/notes.ts'
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

const sdp = (more = '') =>
  `v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}\r\n${more}`

test('up to four meet in the room of talks; a fifth, a stranger, a forged, malformed or oversized signal and a member removed get no further, and nothing is kept', async (t) => {
  const { nodes, settled } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { modules: house })
  const { aurelia, borovia, calenia } = nodes
  const all = [aurelia, borovia, calenia]
  const { id: space } = await aurelia.ledger.open({
    id: newId(),
    kind: 'channel',
    title: { en: 'Hotline' },
    purpose: 'communication',
    office: 'desk',
    members: [borovia, calenia].map(({ party }) => ({ party, role: 'member' as const })),
  })
  await arrives(space, 1, ...all)
  const act = (node: NetworkNode, type: string, body: object, text?: object) =>
    node.outbox.send({ space, type, id: newId(), office: 'desk', body, text, marking: { tlp: 'AMBER' } } as never)
  const at = aurelia.clock.now() + 2 * 3_600_000
  const { hash: room } = await act(
    aurelia,
    'talks.meeting-proposed',
    { meeting: newId(), with: [borovia.party], options: [{ at, minutes: 60 }], zone: 'Etc/UTC' },
    { subject: 'Hosts in both countries', agenda: [] },
  )
  await arrives(space, 2, ...all)
  await act(borovia, 'talks.time-confirmed', { proposal: room, option: 0 })
  await arrives(space, 3, ...all)

  const path = `/spaces/${space}/talks/${room}/room`
  const as = (node: NetworkNode, person: string) => ({ services: servicesOf(node, house), viewer: personOf(person) })
  const page = async (node: NetworkNode, language = 'en') =>
    (await ask('GET', path, { ...as(node, 'p'), language })).html
  const enter = async (node: NetworkNode, person: string) => {
    const session = newId()
    const { answer } = await ask('POST', `${path}/enter`, { ...as(node, person), input: { id: session, by: person } })
    assert.ok('data' in answer)
    const { others, iceServers } = answer.data as { others: { session: string }[]; iceServers: unknown[] }
    assert.deepEqual(iceServers, [], 'no server of anybody is asked')
    return { node, person, session, others: others.map((one) => one.session) }
  }
  type Seat = Awaited<ReturnType<typeof enter>>
  const attend = async ({ node, person, session }: Seat) => {
    const { answer } = await ask('GET', `${path}/line?session=${session}`, as(node, person))
    const reader = (answer as Response).body!.getReader()
    let heard = ''
    void (async () => {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        heard += new TextDecoder().decode(value)
      }
    })()
    return { heard: () => heard, hangUp: () => reader.cancel() }
  }
  const signal = ({ node, person, session }: Seat, to: string, given: object) =>
    ask('POST', `${path}/signal`, { ...as(node, person), input: { session, to, signal: given } })
  const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

  assert.match(await page(borovia), /The room opens on[\s\S]*Nobody is in the room[\s\S]*Written conversation/)
  assert.doesNotMatch(await page(borovia), /data-room-form/)
  await assert.rejects(enter(aurelia, 'too early'), refused('talks-room-closed'))
  for (const node of all) node.clock.set(at)
  assert.match(
    await page(borovia),
    /Who may hear: whoever AURELIA and BOROVIA send[\s\S]*network address[\s\S]*No server of a third party[\s\S]*record nothing[\s\S]*data-room-form/,
  )
  assert.match(await page(borovia, 'ar'), /قبل الدخول/)
  await assert.rejects(enter(calenia, 'outsider'), refused('talks-room-closed'))

  const ada = await enter(aurelia, 'ada')
  const adasLine = await attend(ada)
  const bela = await enter(borovia, 'bela')
  assert.deepEqual(bela.others, [ada.session], 'the other house answers with its own people')
  const belasLine = await attend(bela)
  await until(async () => adasLine.heard().includes('"state":"there"'), 'ada hears that bela is there')
  const carl = await enter(aurelia, 'carl')
  const carlsLine = await attend(carl)
  const dora = await enter(borovia, 'dora')
  await until(async () => /ada[\s\S]*bela[\s\S]*carl[\s\S]*dora/.test(await page(aurelia)), 'all four are named')
  await assert.rejects(enter(aurelia, 'emil'), refused('talks-room-full'))
  await assert.rejects(enter(borovia, 'emil'), refused('talks-room-full'))
  assert.match(createTranslator('en')('refusal.talks-room-full', { most: 4 }), /4 people are in the room/)

  const secret = { type: 'candidate', candidate: 'candidate:1 1 udp 1 192.0.2.77 5 typ host', mid: '0', line: 0 }
  await signal(bela, ada.session, { type: 'offer', sdp: sdp() })
  await signal(bela, ada.session, secret)
  await until(async () => adasLine.heard().includes('192.0.2.77'), 'the signal arrives')
  assert.ok(
    adasLine.heard().includes(`"from":"${bela.session}"`) && adasLine.heard().includes('fingerprint:sha-256 AB'),
  )
  assert.doesNotMatch(carlsLine.heard(), /fingerprint|192\.0\.2\.77/, 'it is for one session alone')
  await assert.rejects(signal({ ...bela, person: 'dora' }, ada.session, secret), refused('talks-room-left'))
  await assert.rejects(signal(bela, newId(), secret), refused('talks-room-not-there'))
  for (const wrong of [
    { type: 'offer', sdp: sdp().replace(/a=fingerprint.*\r\n/, '') },
    { type: 'offer', sdp: sdp('m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n') },
    { type: 'offer', sdp: sdp(`a=x:${'y'.repeat(16_000)}\r\n`) },
    { type: 'candidate', candidate: 'candidate:1\r\na=evil', mid: '0', line: 0 },
    { type: 'shout', sdp: sdp() },
  ])
    await assert.rejects(signal(bela, ada.session, wrong), InvalidInput)

  // What a hostile house may try, signed as all it says.
  const send = (from: NetworkNode, body: object) =>
    from.federation.ask(aurelia.party, { path: `/fed/v1/spaces/${space}/meeting-room`, body, timeoutMs: 10_000 }).then(
      (answer) => ({ status: 200, message: JSON.stringify(answer) }),
      (error) => error,
    )
  const shape = { v: 1, room }
  const offer = { type: 'offer', sdp: sdp('a=evil\r\n') }
  const given = { ...shape, kind: 'signal', from: bela.session, to: ada.session, signal: offer }
  for (const [from, body, status, said] of [
    [calenia, given, 404, /not found/],
    [calenia, { ...shape, kind: 'seats', seats: [] }, 404, /not found/],
    [borovia, { ...given, from: carl.session }, 404, /sessions of your house/],
    [borovia, { ...given, to: dora.session }, 404, /and of ours/],
    [borovia, { ...given, room: 'x'.repeat(43) }, 404, /not found/],
    [
      borovia,
      { ...given, signal: { type: 'offer', sdp: 'v=0' } },
      400,
      /signal\.sdp: not lines of a session description/,
    ],
    [borovia, { ...given, extra: 1 }, 400, /message/],
    [borovia, { ...given, signal: { type: 'offer', sdp: 'v'.repeat(30_000) } }, 413, /at most 24576 bytes/],
    [
      borovia,
      { ...shape, kind: 'seats', seats: Array(5).fill({ session: newId(), by: 'x', state: 'there' }) },
      400,
      /more than 4/,
    ],
    [
      borovia,
      {
        ...shape,
        kind: 'seats',
        seats: [bela, dora, { session: newId() }].map(({ session }) => ({ session, by: 'x', state: 'there' })),
      },
      409,
      /full/,
    ],
  ] as const) {
    const answer = await send(from, body)
    assert.equal(answer.status, status, answer.message)
    assert.match(answer.message, said)
  }
  // A session that ours has cannot be taken over by naming it.
  await send(borovia, {
    ...shape,
    kind: 'seats',
    seats: [bela, ada].map(({ session }) => ({ session, by: 'thief', state: 'lost' })),
  })
  assert.doesNotMatch(`${adasLine.heard()}${carlsLine.heard()}`, /evil/)
  assert.match(await page(aurelia), /AURELIA, ada/)

  await belasLine.hangUp()
  await until(async () => adasLine.heard().includes('"state":"lost"'), 'the others read that the line of bela broke')
  for (const node of all) node.clock.advance(31_000)
  await borovia.meetingRooms.sweep()
  await until(
    async () => adasLine.heard().includes(`event: gone\ndata: {"kind":"gone","session":"${bela.session}"`),
    'bela’s place is free',
  )
  const again = await enter(borovia, 'bela')
  assert.notEqual(again.session, bela.session)

  await act(borovia, 'space.member-left', { party: borovia.party })
  await arrives(space, 4, aurelia)
  await aurelia.meetingRooms.sweep()
  assert.doesNotMatch(await page(aurelia), /BOROVIA, (bela|dora)/)
  assert.equal((await send(borovia, { ...given, from: again.session })).status, 404, 'a member removed')
  for (const node of all) assert.doesNotMatch(JSON.stringify(node.log.events), /192\.0\.2\.77|fingerprint/)
  await ask('POST', `${path}/leave`, { ...as(aurelia, 'carl'), input: { session: carl.session } })
  await until(async () => adasLine.heard().includes(`"session":"${carl.session}"}`), 'who leaves is said to have left')
  await Promise.all([adasLine.hangUp(), carlsLine.hangUp()])
  await settled()
})
