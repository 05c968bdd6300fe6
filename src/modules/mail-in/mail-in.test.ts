import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incidentHouse, personOf } from '../../../test/support/incident-house.ts'
import { createAttachments, migrations as fileMigrations } from '../../core/attachments/index.ts'
import type { Refusal } from '../../core/http/index.ts'
import type { Module } from '../../core/module/types.ts'
import { blobMigrations } from '../../core/storage/index.ts'
import { newId } from '../../protocol/index.ts'
import { incidents, listIncidents } from '../incidents/index.ts'
import { exitCodes, mailIn, mailLimits, takeMail } from './index.ts'
import { readMail } from './read-mail.ts'
import { getReport, listReports } from './reports.ts'

const bytes = (text: string) => new TextEncoder().encode(text.replaceAll('\n', '\r\n'))
const message = (head: string, body: string) => bytes(`${head}\n\n${body}`)
const plainHead = 'From: CERT <cert@borovia.example>\nTo: desk@aurelia.example\nSubject: Pumps\nMessage-ID: <1@b>'
const files: Module = { name: 'files', migrations: [...blobMigrations, ...fileMigrations] }

async function house(t: Parameters<typeof incidentHouse>[0]) {
  const made = await incidentHouse(t, [mailIn, incidents, files])
  const { services } = made
  const attachments = createAttachments({ ...services, jobs: { enqueue: async () => undefined } } as never)
  t.after(() => attachments.close())
  Object.assign(services, { attachments })
  const deliver = (raw: Uint8Array, server?: string) => takeMail(services, raw, { ...(server && { server }) })
  const waiting = async () => listReports(services, made.analyst, 'waiting')
  return { ...made, deliver, waiting }
}

test('a report by mail is kept once with its bytes, however often it is delivered, and is no incident', async (t) => {
  const { services, deliver, waiting, analyst } = await house(t)
  const before = (await listIncidents(services, analyst)).length
  assert.equal(await deliver(message(plainHead, 'Two pumps stand still.')), 'taken')
  assert.equal(await deliver(message(`Received: by mx2\n${plainHead}`, 'Two pumps stand still.')), 'known')
  assert.equal(await deliver(message(plainHead, 'Other words under the same id.')), 'taken')
  const atOnce = await Promise.all([1, 2].map(() => deliver(message('Subject: x', 'Twice at once'))))
  assert.deepEqual(atOnce.toSorted(), ['known', 'taken'])
  const kept = await waiting()
  assert.deepEqual(
    kept.slice(0, 2).map(({ number, copies }) => [number, copies]),
    [
      [1, 2],
      [2, 1],
    ],
  )
  assert.equal(kept.length, 3)
  assert.equal((await listIncidents(services, analyst)).length, before)
  assert.equal((await mailIn.needs?.(services, analyst))?.length, 3)
  assert.deepEqual(await mailIn.needs?.(services, personOf('clerk', /^nothing/)), [])
  await assert.rejects(listReports(services, personOf('clerk', /^nothing/), 'waiting'), { code: 'not-permitted' })
})

test('a hostile message is shown as text, believed in nothing and never lost', async (t) => {
  const { services, analyst, deliver, waiting, ask } = await house(t)
  const forged = [
    'Authentication-Results: mx.aurelia.example; spf=fail',
    'Authentication-Results: mx.aurelia.example; spf=pass',
    'From: "Minister\u202e" <minister@aurelia.example>',
    'Subject: =?utf-8?B?aGlkZGVuDQpYLUV2aWw6IDE=?=',
    'Content-Type: text/html',
  ].join('\n')
  const html = '<script>alert(1)</script><img src="http://evil.example/x"><p>Read <b>this</b></p>'
  assert.equal(await deliver(message(forged, html), 'mx.aurelia.example'), 'taken')
  const [{ id } = { id: '' }] = await waiting()
  const report = await getReport(services, analyst, id)
  assert.equal(report.subject, 'hidden X-Evil: 1')
  assert.doesNotMatch(report.from, /\u202e/)
  assert.match(report.serverSays, /spf=fail/)
  for (const language of ['en', 'fr', 'ar']) {
    const { html: page } = await ask('GET', `/reports-received/${id}`, { viewer: analyst, language })
    assert.match(page, /Read this/)
    assert.doesNotMatch(page, /<script>alert|<img|evil\.example/)
  }
  const unknown = await readMail(
    message('Authentication-Results: mx.evil.example; spf=pass', 'x'),
    'mx.aurelia.example',
  )
  assert.equal(unknown.serverSays, '')
  let nested = 'deep'
  for (let depth = 0; depth < 200; depth += 1)
    nested = `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n${nested}\n--b${depth}--`
  assert.equal(await deliver(bytes(`Message-ID: <deep@b>\n${nested}`)), 'taken')
  const deep = (await waiting()).at(-1)
  assert.equal((await getReport(services, analyst, deep?.id ?? '')).isUnreadable, true)
  const { answer } = await ask('GET', `/reports-received/${deep?.id}/message`, { viewer: analyst })
  const out = answer as unknown as Response
  assert.equal(out.headers.get('content-type'), 'application/octet-stream')
  assert.equal((await out.bytes()).length, bytes(`Message-ID: <deep@b>\n${nested}`).length)
  assert.equal(exitCodes[await deliver(new Uint8Array(mailLimits.bytes + 1))], 65)
  assert.equal(exitCodes[await deliver(bytes(' \n\n'))], 65)
  assert.equal(await deliver(message('Auto-Submitted: auto-replied\nSubject: Away', 'I am away')), 'taken')
  assert.deepEqual(
    (await listReports(services, analyst, 'automatic')).map(({ subject }) => subject),
    ['Away'],
  )
})

test('a report and its files are stored whole or not at all', async (t) => {
  const { services, deliver, waiting } = await house(t)
  await services.db.schema.alterTable('home.mail_in_file').renameTo('mail_in_elsewhere').execute()
  await assert.rejects(deliver(withFiles))
  assert.deepEqual(await waiting(), [])
  await services.db.schema.alterTable('home.mail_in_elsewhere').renameTo('mail_in_file').execute()
  assert.equal(await deliver(withFiles), 'taken', 'the mail server tries again')
})

const withFiles = bytes(
  [
    'From: a@b.example',
    'Subject: Files',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    '',
    'See the list.',
    '--x',
    'Content-Type: text/plain; name=list.txt',
    'Content-Disposition: attachment; filename=list.txt',
    '',
    'pump 1',
    '--x',
    'Content-Type: application/octet-stream',
    'Content-Disposition: attachment; filename="../run.exe"',
    '',
    'MZ\u0090\u0000',
    '--x--',
    '',
  ].join('\n'),
)

test('a person takes a report up as evidence that nobody has graded, with its files looked into, once', async (t) => {
  const { services, analyst, incident, deliver, waiting, ask } = await house(t)
  await deliver(withFiles)
  const [{ id } = { id: '' }] = await waiting()
  const input = { incident, marking: 'RED', files: ['0', '1'] }
  for (const _ of [1, 2]) {
    const { answer } = await ask('POST', `/reports-received/${id}/add`, { viewer: analyst, input })
    assert.equal('redirect' in answer && answer.redirect, `/incidents/${incident}`)
  }
  const { answer } = await ask('GET', `/incidents/${incident}`, { viewer: analyst, json: true })
  const { evidence } = (answer as { data: { evidence: Record<string, unknown>[] } }).data
  assert.deepEqual(
    evidence.map((one) => [one.source, one.reliability, one.credibility, one.tlp]),
    [['R-1', 'F', '6', 'RED']],
  )
  const kept = await services.attachments.kept(`incident:${incident}`)
  assert.deepEqual(
    kept.filter(({ state }) => state === 'ready').map(({ name }) => name),
    ['list.txt'],
  )
  await assert.rejects(
    ask('POST', `/reports-received/${id}/aside`, { viewer: analyst, json: true, input: { why: 'Old' } }),
    (error: Refusal) => error.code === 'mail-in.settled',
  )
})

test('an incident opened from a report is known to nobody else, and the list of reports does not lead there', async (t) => {
  const { services, analyst, deliver, waiting, ask } = await house(t)
  await deliver(message(plainHead, 'Two pumps stand still.'))
  const [{ id } = { id: '' }] = await waiting()
  const incident = newId()
  const input = { id: incident, title: 'Pumps', category: 'availability', readers: 'named', openMarking: 'AMBER' }
  await ask('POST', `/reports-received/${id}/open`, { viewer: analyst, input })
  assert.match((await ask('GET', `/reports-received/${id}`, { viewer: analyst })).html, new RegExp(incident))
  const other = await ask('GET', `/reports-received/${id}`, { viewer: personOf('other') })
  assert.doesNotMatch(other.html, new RegExp(incident))
  await deliver(message(plainHead, 'Spam'))
  const [second] = await waiting()
  const at = `/reports-received/${second?.id}`
  await ask('POST', `${at}/aside`, { viewer: analyst, input: { why: 'Advertising' } })
  assert.match((await ask('GET', at, { viewer: analyst })).text, /set aside.*Advertising/s)
  await ask('POST', `${at}/wait`, { viewer: analyst })
  assert.equal((await waiting()).length, 1)
  assert.equal((await getReport(services, analyst, id)).state, 'taken')
})

const stix = (...types: string[]) =>
  JSON.stringify({
    type: 'bundle',
    id: 'bundle--11111111-1111-4111-8111-111111111111',
    objects: types.map((type, at) => ({
      type,
      spec_version: '2.1',
      id: `${type}--00000000-0000-4000-8000-00000000000${at}`,
      value: `pump-${at}.example`,
    })),
  })
const withBundle = (bundle: string, name = 'found.json') =>
  bytes(
    [
      'From: a@b.example',
      'Subject: Indicators',
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      '',
      'See the bundle.',
      '--x',
      `Content-Type: application/stix+json; name=${name}`,
      `Content-Disposition: attachment; filename=${name}`,
      '',
      bundle,
      '--x',
      'Content-Type: application/json; name=settings.json',
      'Content-Disposition: attachment; filename=settings.json',
      '',
      '{"type": "settings"}',
      '--x--',
      '',
    ].join('\n'),
  )

test('a bundle in a mail is shown with what is in it, and comes in as objects only where a person says so', async (t) => {
  const { services, analyst, incident, deliver, waiting, ask } = await house(t)
  await deliver(withBundle(stix('domain-name', 'domain-name', 'url')))
  const [{ id } = { id: '' }] = await waiting()
  for (const language of ['en', 'fr', 'ar']) {
    const { html } = await ask('GET', `/reports-received/${id}`, { viewer: analyst, language })
    assert.match(html, /name="objects" value="0"|value="0" name="objects"/)
    assert.match(html, /domain-name.*>2<.*url.*>1</s)
    assert.doesNotMatch(html, /name="objects"[^>]*value="1"|value="1"[^>]*name="objects"/)
  }
  const objects = () => services.db.selectFrom('home.incidents_object').select(['stix_id', 'tlp']).execute()
  const input = { incident, marking: 'GREEN', objects: ['0'] }
  for (const _ of [1, 2]) await ask('POST', `/reports-received/${id}/add`, { viewer: analyst, input })
  assert.deepEqual(
    (await objects()).map(({ tlp }) => tlp),
    ['GREEN', 'GREEN', 'GREEN'],
  )
  await deliver(withBundle(stix('domain-name').replace('"value"', '"worth"'), 'spoilt.json'))
  const [second] = await waiting()
  const { text, html } = await ask('GET', `/reports-received/${second?.id}`, { viewer: analyst })
  assert.match(text, /object 1.*property value|object 1.*value/)
  assert.doesNotMatch(html, /name="objects"/)
  await ask('POST', `/reports-received/${second?.id}/add`, { viewer: analyst, input: { incident, marking: 'GREEN' } })
  assert.equal((await objects()).length, 3, 'nothing comes in that nobody chose')
})

test('a program that dies while a report is taken up leaves it on the desk, and going on completes it once', async (t) => {
  const { services, analyst, incident, deliver, waiting, ask } = await house(t)
  await deliver(withFiles)
  const [{ id } = { id: '' }] = await waiting()
  const at = `/reports-received/${id}`
  const input = { incident, marking: 'RED', files: ['0'] }
  const evidence = () => services.db.selectFrom('home.incidents_evidence').select('source').execute()
  const { add } = services.attachments
  Object.assign(services.attachments, { add: () => Promise.reject(new Error('killed')) })
  await assert.rejects(ask('POST', `${at}/add`, { viewer: analyst, input }), /killed/)
  Object.assign(services.attachments, { add })
  assert.equal((await waiting())[0]?.state, 'taking')
  assert.equal((await mailIn.needs?.(services, analyst))?.length, 1, 'it stays on Today')
  assert.match((await ask('GET', at, { viewer: analyst })).html, new RegExp(`action="${at}/go-on"`))
  const other = personOf('other')
  assert.doesNotMatch((await ask('GET', at, { viewer: other })).html, /go-on/)
  await assert.rejects(ask('POST', `${at}/go-on`, { viewer: other, json: true }), { code: 'mail-in.not-yours' })
  for (const _ of [1, 2]) await ask('POST', `${at}/go-on`, { viewer: analyst })
  assert.equal((await getReport(services, analyst, id)).state, 'taken')
  assert.deepEqual(await evidence(), [{ source: 'R-1' }])
  assert.deepEqual(
    (await services.attachments.kept(`incident:${incident}`)).map(({ name }) => name),
    ['list.txt'],
  )
  assert.deepEqual(await waiting(), [])
})

test('a report that belongs to an open incident becomes an entry of its log, at the time it came in, and no evidence', async (t) => {
  const { services, analyst, incident, at, deliver, waiting, ask } = await house(t)
  await deliver(withFiles)
  const [{ id } = { id: '' }] = await waiting()
  at('2026-11-10T09:30:00Z')
  const post = (input: Record<string, unknown>) =>
    ask('POST', `/reports-received/${id}/add`, { viewer: analyst, input: { incident, as: 'entry', ...input } })
  assert.match((await post({ marking: 'AMBER', files: ['0'] })).text, /Files go along with evidence only/)
  assert.match((await post({ marking: 'RED' })).text, /this report narrower/)
  assert.equal((await waiting())[0]?.state, 'waiting', 'what was refused waits on')
  for (const _ of [1, 2]) await post({ marking: 'AMBER' })
  const entries = await services.db
    .selectFrom('home.incidents_entry')
    .selectAll()
    .where('kind', '=', 'report')
    .execute()
  assert.deepEqual(
    entries.map((one) => [one.at, one.written_at, one.words, one.facts]),
    [
      [
        Date.parse('2026-11-10T08:00:00Z'),
        Date.parse('2026-11-10T09:30:00Z'),
        'Files\n\nSee the list.',
        { reference: 'R-1' },
      ],
    ],
  )
  assert.deepEqual(await services.db.selectFrom('home.incidents_evidence').select('id').execute(), [])
  for (const language of ['en', 'fr', 'ar'])
    assert.match((await ask('GET', `/incidents/${incident}`, { viewer: analyst, language })).text, /R-1.*See the list/)
})
