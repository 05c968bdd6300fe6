import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { estovia, ministry, releaser } from '../../../test/support/letter-house.ts'
import { ask, redirectOf } from '../../../test/support/space-pages.ts'
import { nobody, Refusal } from '../../core/http/index.ts'
import { newId } from '../../protocol/index.ts'
import { channels } from '../channels/index.ts'
import { listDispatches } from './dispatch/dispatches.ts'
import { sendLetter } from './dispatch/send-letter.ts'

const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

/** A mail server that takes, refuses, or hangs up once it has the letter, as `mood` says. */
async function mailServer(t: TestContext) {
  const taken: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, answer) =>
      answer(house.mood === 'refuse' ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null),
    onData(stream, _session, answer) {
      let text = ''
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1')
      })
      stream.on('end', () => {
        taken.push(text)
        if (house.mood === 'hang-up')
          for (const one of server.connections) (one as unknown as { _socket: Socket })._socket.destroy()
        else answer()
      })
    },
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const house = {
    mood: 'take' as 'take' | 'refuse' | 'hang-up',
    taken,
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
  }
  return house
}

test('a letter to a party without a node is cleared by two, leaves once as PDF by mail, and a failure can be mended', async (t) => {
  const mail = await mailServer(t)
  const { services, space, send, post, page, get } = await ministry(t)
  Object.assign(services.settings, { smtpUrl: mail.url })
  const act = await send()
  const only = (await listDispatches(services.db, act)).length
  assert.equal(only, 0, 'nothing leaves by itself')
  const state = async () => (await listDispatches(services.db, act)).map((one) => one.state).join(' ')

  mail.mood = 'refuse'
  const id = newId()
  for (const _ of ['first', 'second click']) await post(`/letters/${act}/mail`, { id }, releaser)
  await assert.rejects(post(`/letters/${act}/mail`, { id: newId() }, releaser), refused('letters-on-its-way'))
  await sendLetter(services, id)
  assert.equal(await state(), 'failed')
  assert.match(await page(`/letters/${act}`), /not sent[\s\S]*no such mailbox[\s\S]*Send once more/)

  mail.mood = 'hang-up'
  await post(`/letters/${act}/dispatches/${id}/again`, {}, releaser)
  await sendLetter(services, id)
  assert.equal(await state(), 'unsure', 'the server had it when the line broke')
  assert.equal(mail.taken.length, 1)
  await sendLetter(services, id)
  assert.equal(mail.taken.length, 1, 'and nothing sends it again but a person')
  assert.match(await page(`/letters/${act}`), /It may have arrived: ask there/)

  mail.mood = 'take'
  for (const _ of ['first', 'second click']) await post(`/letters/${act}/dispatches/${id}/again`, {}, releaser)
  await services.db.updateTable('home.letters_dispatch').set({ state: 'sending' }).where('id', '=', id).execute()
  await sendLetter(services, id)
  assert.equal(await state(), 'unsure', 'a process that stopped in the middle leaves a question, not a second letter')
  assert.equal(mail.taken.length, 1)
  await post(`/letters/${act}/dispatches/${id}/again`, {}, releaser)
  await sendLetter(services, id)
  assert.equal(await state(), 'sent')
  await sendLetter(services, id)
  assert.equal(mail.taken.length, 2)
  const ids = mail.taken.map((one) => /^Message-ID: (.*)$/im.exec(one)?.[1])
  assert.equal(new Set(ids).size, 1, 'the same message, so that the server can tell')
  assert.match(mail.taken[1] ?? '', /application\/pdf; name=note-verbale-1-2026\.pdf/)
  assert.doesNotMatch(mail.taken[1] ?? '', /Hosts used/, 'the covering message says nothing of what it says')

  await post(`/letters/${act}/dispatches/${id}/bounced`, { reason: 'mailbox full' }, releaser)
  assert.match(await page(`/letters/${act}`), /came back[\s\S]*mailbox full[\s\S]*Send once more/)
  await channels.tick?.(services)
  assert.match(await page('/register'), /1\/2026[\s\S]*Note verbale/)
  assert.equal((await get(`/spaces/${space}`)).html.includes('mailbox full'), false, 'nothing of it stands in a space')
  const { answer } = await get('/letters', { json: true })
  assert.equal((('data' in answer ? answer.data : {}) as { letters: { state: string }[] }).letters[0]?.state, 'bounced')
})

test('files go with a mailed letter and stand on its sheet with their hash; what mail does not take is refused before it is released', async (t) => {
  const mail = await mailServer(t)
  const { services, write, send, post, page, space } = await ministry(t)
  Object.assign(services.settings, { smtpUrl: mail.url, maxMailBytes: 1024 * 1024 + 100 })
  const content = Buffer.from('Hosts, one a line.')
  const act = await send({ files: [{ name: 'hosts.txt', media: 'text/plain', content }], filesTlp: 'GREEN' })
  assert.match(await page(`/letters/${act}`), /One file goes along, 18/)
  const digest = createHash('sha256').update(content).digest('hex')
  assert.match(await page(`/spaces/${space}/notes/${act}/letter`), new RegExp(`hosts\\.txt[\\s\\S]*${digest}`))
  const id = newId()
  await post(`/letters/${act}/mail`, { id }, releaser)
  await sendLetter(services, id)
  assert.match(mail.taken[0] ?? '', /application\/octet-stream; name=hosts\.txt[\s\S]*SG9zdHMsIG9uZSBhIGxpbmUu/)

  const large = [{ name: 'more.txt', media: 'text/plain', content: Buffer.alloc(101, 'x') }]
  const draft = redirectOf((await write({ files: large, filesTlp: 'GREEN' })).answer).split('/')[2] ?? ''
  const { approval = '' } = (await services.drafts.find(draft)) ?? {}
  await assert.rejects(post(`/drafts/${draft}/submit`, { approval }), refused('letters-files-too-large'))
})

test('hand-over, delivery and answer are our own records with who noted them, and no act is made of them', async (t) => {
  const { services, space, send, post, page } = await ministry(t)
  const act = await send({ tlp: 'RED' })
  await assert.rejects(post(`/letters/${act}/mail`, { id: newId() }, releaser), refused('letters-not-by-mail'))
  const before = (await services.ledger.find(space))?.size
  const chooser = await page(`/spaces/${space}/write`)
  assert.match(chooser, /channels\.note-sent/)
  assert.doesNotMatch(chooser, /minutes-proposed|offer-made/, 'nobody is there to answer')
  const on = new Date(services.clock.now()).toISOString().slice(0, 10)
  const hand = { id: newId(), handedBy: 'A. Courier', handedTo: 'Registry of the Ministry', on }
  for (const _ of ['first', 'second click']) await post(`/letters/${act}/hand`, hand, releaser)
  const word = {
    id: newId(),
    kind: 'answered',
    on,
    who: 'B. Counsellor',
    theirRef: 'E-90',
    words: 'They look into it.',
  }
  for (const _ of ['first', 'second click']) await post(`/letters/${act}/words`, word)
  await assert.rejects(post(`/letters/${act}/words`, { ...word, id: newId(), on: '2999-01-01' }), /later|invalid/i)
  const html = await page(`/letters/${act}`)
  assert.match(html, /nothing here is a word or an act of theirs/)
  assert.equal(html.split('A. Courier').length, 2)
  assert.equal(html.split('They look into it.').length, 2)
  assert.match(html, /B\. Counsellor[\s\S]*E-90[\s\S]*drafter/)
  assert.equal((await services.ledger.find(space))?.size, before)
  const note = await services.db.selectFrom('view.channels_note').selectAll().where('hash', '=', act).executeTakeFirst()
  assert.deepEqual([note?.acknowledged_by, note?.answered_by], [null, null])
  assert.match(await page('/letters', 'ar'), /أُجيب عنها/)
})

test('a guest reads one letter with link and code, acknowledges it once, and learns nothing without both', async (t) => {
  const { services, send, post, page, aurelia } = await ministry(t)
  const act = await send()
  const other = await send({ subject: 'Another matter' })
  const input = { id: newId(), official: 'C. Attaché', address: 'c@mfa.estovia.example', language: 'fr' }
  const { html: shown } = await post(`/letters/${act}/invitations`, input, releaser)
  const code = /(\d{4}) (\d{4})/.exec(shown)?.slice(1).join('') ?? ''
  assert.equal(code.length, 8)
  redirectOf((await post(`/letters/${act}/invitations`, input, releaser)).answer)
  const folder = join(aurelia.dataDir, 'mail')
  const mail = await readFile(join(folder, (await readdir(folder))[0] ?? ''), 'utf8')
  assert.doesNotMatch(mail, new RegExp(`Hosts|1/2026|${code}`), 'the mail carries no content and no code')
  const path = /\/guest\/fr\/[\w-]+/.exec(mail.replaceAll('=\r\n', ''))?.[0] ?? ''
  const guest = (address: string, typed?: string) =>
    ask(typed === undefined ? 'GET' : 'POST', address, {
      services,
      viewer: nobody('fr'),
      input: typed === undefined ? {} : { code: typed },
    })
  const strange = `/guest/fr/${'x'.repeat(43)}`
  const bare = (html: string, of: string) => html.replaceAll(of, '/guest')
  assert.equal(bare((await guest(path)).html, path), bare((await guest(strange)).html, strange))
  const [wrong, never] = [await guest(path, '00000000'), await guest(strange, code)]
  assert.equal(bare(wrong.html, path), bare(never.html, strange), 'no hint whether there is such a link')
  assert.equal('status' in wrong.answer && wrong.answer.status, 422)
  assert.doesNotMatch(wrong.html, /Hosts/)

  const { html: read } = await guest(path, `${code.slice(0, 4)} ${code.slice(4)}`)
  assert.match(read, /lang="fr"[\s\S]*Hosts used since Monday[\s\S]*Accuser réception/)
  assert.doesNotMatch(read, /Another matter|main-nav/)
  assert.match((await guest(`${path}/acknowledge`, code)).html, /consigné[\s\S]*ce n’est|C’est sa note/)
  for (const again of [path, `${path}/acknowledge`])
    assert.equal(bare((await guest(again, code)).html, path), bare(never.html, strange), 'spent')
  const html = await page(`/letters/${act}`)
  assert.match(html, /C\. Attaché[\s\S]*acknowledged[\s\S]*Guest, vouched for by releaser/)
  assert.doesNotMatch(await page(`/letters/${other}`), /Attaché/)
  const row = await services.db.selectFrom('home.letters_invitation').selectAll().executeTakeFirst()
  assert.ok(!JSON.stringify(row).includes(code))
})

test('five wrong codes end a link until the officer makes a new code, and three days end it for good', async (t) => {
  const { services, send, post, aurelia } = await ministry(t)
  const act = await send()
  const input = { id: newId(), official: 'C. Attaché', address: 'c@mfa.estovia.example', language: 'en' }
  const codeIn = (html: string) => /(\d{4}) (\d{4})/.exec(html)?.slice(1).join('') ?? ''
  const first = codeIn((await post(`/letters/${act}/invitations`, input, releaser)).html)
  const folder = join(aurelia.dataDir, 'mail')
  const mail = (await readFile(join(folder, (await readdir(folder))[0] ?? ''), 'utf8')).replaceAll('=\r\n', '')
  const path = /\/guest\/en\/[\w-]+/.exec(mail)?.[0] ?? ''
  const reads = async (code: string) =>
    (await ask('POST', path, { services, viewer: nobody('en'), input: { code } })).html.includes('Hosts used')
  const wrong = first === '11111111' ? '22222222' : '11111111'
  for (let turn = 0; turn < 5; turn += 1) assert.equal(await reads(wrong), false)
  assert.equal(await reads(first), false, 'the right one comes too late')
  const renew = () => post(`/letters/${act}/invitations/${input.id}/code`, {}, releaser)
  const second = codeIn((await renew()).html)
  if (second !== first) assert.equal(await reads(first), false)
  assert.equal(await reads(second), true)
  aurelia.clock.advance(73 * 3_600_000)
  assert.equal(await reads(second), false)
  await assert.rejects(renew(), refused('letters-invitation-over'))
  const limited = Array.from({ length: 30 }, () => reads(second))
  assert.ok(
    (await Promise.allSettled(limited)).some((one) => one.status === 'rejected' && refused('sign-in-slow')(one.reason)),
  )
})

test('a party that joins later keeps its name and history: our letters are linked from its page and stay our records', async (t) => {
  const { services, post, party, page, space, send } = await ministry(t)
  const act = await send()
  const changed = { ...party, id: newId(), 'name-en': 'Elsewhere', email: 'new@mfa.estovia.example' }
  await post('/letters/parties', changed, releaser)
  assert.match(await page('/letters'), /new@mfa\.estovia\.example/)
  assert.equal((await services.ledger.find(space))?.title.en, 'Estovia')
  const there = `/directory/parties/${estovia}`
  assert.match(await page(there), new RegExp(`Our letters to them: our records[\\s\\S]*/letters/${act}[\\s\\S]*1/2026`))
  services.peers.find = async (of) => ({ party: of, name: {}, state: 'pinned' }) as never
  assert.match(await page(there), new RegExp(`Before they joined: our records[\\s\\S]*/letters/${act}`))
  assert.match(
    await page(`/letters/${act}`),
    /had no node when this was written[\s\S]*nothing here is a word or an act of theirs/,
    'not rewritten',
  )
  await assert.rejects(
    post('/letters/parties', { ...party, id: newId(), party: 'mfa.borovia.example' }, releaser),
    refused('letters-party-has-node'),
  )
})
