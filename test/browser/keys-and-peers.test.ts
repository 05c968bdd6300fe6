import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parties } from '../../src/cli/demo/parties.ts'
import { type Person, until } from '../../src/cli/demo/person.ts'
import { languages } from '../../src/text/index.ts'
import { enter } from './enter.ts'
import { startNodeProcess } from './node-process.ts'
import { createPageWatch, lookAt, sharedTitles, type WatchedPage } from './page-watch.ts'

const fingerprintIn = (text: string) => /(?:\d{5} ){15}\d{5}/.exec(text)?.[0] ?? assert.fail('no fingerprint')

/** What the page says when it refuses; the person stays on it. */
async function refusedBy(person: Person, form: string, typed: Record<string, string>): Promise<void> {
  await assert.rejects(person.send(form, typed), /was refused \(4/)
}

test('the pages of keys and peers in every state they have, in three languages, on a telephone and by axe', async (t) => {
  const [aurelia, borovia] = await Promise.all([
    startNodeProcess(t, { name: 'aurelia', party: parties.aurelia }),
    startNodeProcess(t, { name: 'borovia', party: parties.borovia }),
  ])
  const { person: emil } = await enter(borovia, 'boroviaAdministrator')
  const theirs = fingerprintIn((await emil.open('/peers')).text)

  const watches: WatchedPage[] = []
  const { person: pia, last } = await enter(aurelia, 'aureliaAdministrator')

  /** Every page in this state, in each language. */
  async function seen(state: string, look: (person: Person) => Promise<unknown>): Promise<void> {
    for (const language of languages()) {
      await pia.open('/account')
      await pia.send('/account/details', { language })
      await look(pia)
      // As a browser addresses it: the node was reached by its number.
      const url = new URL(new URL(last.url).pathname, aurelia.publicUrl)
      const watch = createPageWatch()
      watch.saw({
        url: url.href,
        path: url.pathname,
        status: 200,
        // A refusal answers a form, and has the title of the page it stands on.
        method: /\/(protect|pin|relation)$/.test(url.pathname) ? 'POST' : 'GET',
        html: last.html,
        person: state,
        isNarrow: false,
      })
      watches.push(...watch.pages())
    }
    await pia.open('/account')
    await pia.send('/account/details', { language: 'en' })
  }

  await seen('keys of the founding', (person) => person.open('/keys'))
  await seen('peers, none yet', (person) => person.open('/peers'))
  await seen('a passphrase too short and typed differently', async (person) => {
    await person.open('/keys')
    await refusedBy(person, '/keys/protect', { word: 'calm herons wade', again: 'calm herons fly' })
  })
  await pia.open('/keys')
  await pia.send('/keys/replace', { others: ['node', 'cosigner', 'sealing'] })
  await pia.open('/keys')
  await pia.send('/keys/replace-host')
  await pia.open('/keys')
  await pia.send('/keys/protect', { word: 'seven calm herons wade', again: 'seven calm herons wade' })
  await pia.open('/keys')
  await pia.send('/keys/requests', { kind: 'revoke', reason: 'theft' })
  await seen('replaced, protected, a request that waits', (person) => person.open('/keys'))

  await pia.open('/peers')
  await pia.send('/peers', { url: borovia.peerUrl })
  await until('borovia to be introduced', async () =>
    (await pia.open('/peers')).forms.some((form) => form.fields.party?.includes(parties.borovia.party)),
  )
  await seen('a peer to be compared', (person) => person.open('/peers'))
  await seen('an introduced peer', (person) => person.open(`/peers/${parties.borovia.party}`))
  const wrong = theirs.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))
  await seen('digits that differ', async (person) => {
    await person.open('/peers')
    await refusedBy(person, '/peers/pin', { party: parties.borovia.party, fingerprint: wrong, how: 'voice' })
  })
  await pia.open('/peers')
  await pia.send('/peers/pin', { party: parties.borovia.party, fingerprint: theirs, how: 'voice' })
  // They follow each other once both know of the other.
  await emil.open('/peers')
  await emil.send('/peers', { url: aurelia.peerUrl })
  await emil.open('/keys')
  await emil.send('/keys/replace')
  await until('the change of keys to be here', async () =>
    (await pia.open(`/peers/${parties.borovia.party}`)).text.includes('a new act key began'),
  )
  await seen('a pinned peer', (person) => person.open('/peers'))
  await seen('a pinned peer that replaced its key', (person) => person.open(`/peers/${parties.borovia.party}`))

  const party = `/directory/parties/${parties.borovia.party}`
  const form = `${party}/relation`
  const relation = {
    relation: 'limited',
    level: 'charge',
    recalled: 'yes',
    recalledOn: '2026-01-31',
    note: 'See file 4',
  }
  for (const [name, level] of [
    ['The Borovian side', 'charge'],
    ['Borovia (Lyra)', 'charge-ad-interim'],
  ] as const) {
    await pia.open(form)
    await pia.send(form, { ...relation, level, 'name-en': name, 'name-ar': 'الجانب البوروفي' })
  }
  assert.match((await pia.open('/directory')).text, /Borovia \(Lyra\)/, 'pages show it at once')
  await seen('a party and our relation to it', (person) => person.open(party))
  await seen('a relation that cannot be', async (person) => {
    await person.open(form)
    await refusedBy(person, form, { relation: 'none', level: 'ambassador', protecting: 'Calenia', recalledOn: '' })
    assert.match(last.html, /value="Borovia \(Lyra\)"/, 'what was typed stays')
  })

  assert.deepEqual(await lookAt(watches), [])
  assert.deepEqual(sharedTitles(watches), [])
  assert.equal(watches.length, 11 * languages().length)
})
