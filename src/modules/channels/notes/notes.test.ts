import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startNetwork } from '../../../../test/support/network.ts'
import {
  arrives,
  ask,
  modules,
  note,
  openCase,
  personOf,
  redirectOf,
  servicesOf,
} from '../../../../test/support/space-pages.ts'
import { openClocks } from '../../../core/clocks/index.ts'
import { Refusal } from '../../../core/http/index.ts'
import type { Services } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { channelNeeds } from '../needs.ts'

const drafter = personOf('drafter')
const releaser = personOf('releaser')

/** Two ministries in a case; each writes by its own pages, one person drafting and another releasing. */
async function ministries(t: TestContext) {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const house = { aurelia: servicesOf(aurelia), borovia: servicesOf(borovia) }
  const space = await openCase(network, house.aurelia)
  let size = 1
  const write = (services: Services, type: string, input: Record<string, unknown>) =>
    ask('POST', `/spaces/${space}/write/channels.${type}`, {
      services,
      viewer: drafter,
      input: { id: newId(), ...input },
    })
  return {
    space,
    house,
    nodes: network.nodes,
    write,
    page: async (of: keyof typeof house, path = '', language = 'en') =>
      (await ask('GET', `/spaces/${space}${path}`, { services: house[of], viewer: drafter, language })).html,
    /** Drafts, clears and releases; resolves to the act once both hold it. */
    async send(by: keyof typeof house, type: string, input: Record<string, unknown>): Promise<string> {
      const services = house[by]
      const review = redirectOf((await write(services, type, input)).answer)
      const id = review.split('/')[2] ?? ''
      const { approval = '' } = (await services.drafts.find(id)) ?? {}
      await services.drafts.submit(drafter, id, approval)
      const sent = await services.drafts.release(releaser, id, approval)
      assert.equal(sent.state, 'sent')
      size += 1
      await arrives(space, size, aurelia, borovia)
      const act = await aurelia.ledger.findAct(sent.actHash ?? '')
      assert.equal(act?.withoutEffect, undefined)
      return sent.actHash ?? ''
    },
    async without(by: keyof typeof house, type: string, body: Record<string, string>): Promise<string | undefined> {
      const services = house[by]
      const sent = await services.outbox.send({
        space,
        type: `channels.${type}`,
        id: newId(),
        office: 'cyber-desk',
        body: { language: 'en', ...body },
        text: type === 'note-corrected' ? { corrections: [{ instead: 'a', read: 'b' }] } : { paragraphs: [] },
        marking: { tlp: 'AMBER' },
      })
      size += 1
      await arrives(space, size, aurelia, borovia)
      const seen = await Promise.all([aurelia, borovia].map((node) => node.ledger.findAct(sent.hash)))
      assert.equal(seen[0]?.withoutEffect, seen[1]?.withoutEffect, 'both judge it alike')
      return seen[0]?.withoutEffect
    },
  }
}

const refused = (code: string, field?: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code && (field === undefined || error.facts.field === field)

test('a note is corrected, replaced or withdrawn by its sender and returned by its addressee; its words stay, struck through', async (t) => {
  const { send, page, without, house, nodes, space, write } = await ministries(t)
  const first = await send('aurelia', 'note-sent', { ...note, deadlineWhat: 'reply', deadlineWithin: 'P3D' })
  assert.deepEqual(
    (await openClocks(nodes.borovia.db)).map((clock) => clock.regime),
    ['acknowledge', 'reply'],
  )
  assert.match(await page('aurelia'), /Correct, replace or withdraw/)
  assert.match(await page('borovia'), /Return, not accepted/)
  assert.match(await page('aurelia', `/notes/${first}/change`), /Put another note in its place/)
  await assert.rejects(page('borovia', `/notes/${first}/change`), refused('channels-not-ours-to-change'))

  const correction = { note: first, 'instead-1': 'appear to have been', 'read-1': 'were' }
  const misquoted = { ...correction, 'instead-1': 'nothing of it' }
  const { answer: again } = await write(house.aurelia, 'note-corrected', misquoted)
  assert.equal('status' in again && again.status, 422, 'what it does not say cannot be corrected')
  await send('aurelia', 'note-corrected', correction)
  assert.match(await page('borovia'), /For <del[^>]*>appear to have been<\/del> read <ins[^>]*>were<\/ins>/)

  const form = await page('aurelia', `/write/channels.note-sent?supersedes=${first}`)
  assert.match(form, /In place of No\. 1\/2026/)
  assert.match(form, /Hosts of yours appear to have been used/, 'what stood there need not be typed again')
  const second = await send('aurelia', 'note-sent', { ...note, subject: 'Intrusions since Sunday', supersedes: first })
  assert.deepEqual(
    (await openClocks(nodes.borovia.db)).map((clock) => [clock.regime, clock.about]),
    [['acknowledge', second]],
    'only the note in its place puts anything on the other side',
  )
  const both = await page('borovia')
  assert.match(both, /Replaced by AURELIA on [^<]*The text below stands no longer\./, 'said in words')
  assert.match(both, /<del class="ended">[\s\S]*Hosts of yours appear to have been used/)
  assert.match(both, new RegExp(`act-${second}">Read No\\. 2/2026, which stands in its place`))
  assert.match(both, new RegExp(`act-${first}">In place of No\\. 1/2026`), 'the link leads both ways')
  assert.match(both, /Replaced: Intrusions since Monday/, 'and in a list')
  assert.equal(await without('aurelia', 'note-withdrawn', { note: first }), 'note-ended')
  assert.equal(await without('borovia', 'note-withdrawn', { note: second }), 'not-ours-to-change')
  assert.equal(await without('aurelia', 'note-returned', { note: second, ground: 'terms' }), 'returned-by-others')

  const groundless = await write(house.borovia, 'note-returned', { note: second, ground: 'other' })
  assert.match(groundless.html, /Say the ground in words/)
  await send('borovia', 'note-returned', { note: second, ground: 'terms', text: 'We cannot receive such words.' })
  assert.deepEqual(await openClocks(nodes.borovia.db), [])
  assert.match(await page('aurelia'), /Returned, not accepted, by BOROVIA/)
  assert.match(await page('aurelia', '', 'fr'), /Retournée sans être acceptée par BOROVIA/)
  assert.match(await page('aurelia', '', 'ar'), /أعادتها .*BOROVIA/)
  assert.deepEqual(await channelNeeds(house.aurelia, drafter), [], 'nothing is awaited for what stands no longer')

  const third = await send('aurelia', 'note-sent', note)
  await send('aurelia', 'note-withdrawn', { note: third })
  assert.match(await page('borovia'), /Withdrawn: Intrusions since Monday[\s\S]*Withdrawn by AURELIA/)
  assert.deepEqual(await openClocks(nodes.borovia.db), [])
  await assert.rejects(page('aurelia', `/notes/${third}/change`), refused('channels-note-ended'))
  assert.equal((await nodes.aurelia.ledger.find(space))?.size, (await nodes.borovia.ledger.find(space))?.size)
})

test('each form has its own rules: an aide-mémoire has no courtesies, a first-person note is signed, a bout de papier asks for nothing', async (t) => {
  const { send, page, write, house } = await ministries(t)
  const wrong = async (over: Record<string, string>) =>
    (await write(house.aurelia, 'note-sent', { ...note, ...over })).html
  const bare = { opening: '', closing: '' }
  assert.match(await wrong({ form: 'aide-memoire' }), /This form carries no courtesies/)
  assert.match(await wrong({ form: 'aide-memoire', ...bare, text: 'We protest.' }), /“We” in paragraph 1/)
  assert.match(await wrong({ form: 'first-person-note' }), /A first-person note is signed/)
  assert.match(await wrong({ form: 'letter', signatory: 'A. Minister' }), /Nobody signs this form/)
  assert.match(await wrong({ form: 'letter', ...bare }), /This form has courtesies/)
  const slip = { form: 'bout-de-papier', ...bare, deadlineWhat: 'reply', deadlineWithin: 'P1D' }
  assert.match(await wrong(slip), /asks for nothing by a time/)
  assert.match(await wrong({ form: 'notification', purpose: 'protest' }), /does not serve that purpose/)

  const form = await page('aurelia', '/write/channels.note-sent?form=aide-memoire')
  assert.doesNotMatch(form, /name="opening"|name="signatory"/)
  assert.match(await page('aurelia', '/write/channels.note-sent?form=first-person-note'), /name="signatory"/)
  const left = await send('aurelia', 'note-sent', { ...note, ...bare, form: 'aide-memoire' })
  const shown = await page('borovia')
  assert.match(shown, /<p class="letterhead">Aide-mémoire<\/p>/)
  const reply = await page('borovia', `/write/channels.note-sent?reply=${left}`)
  assert.match(reply, /<option[^>]*value="aide-memoire"[^>]*selected|<option[^>]*selected[^>]*value="aide-memoire"/)
  await send('aurelia', 'note-sent', { ...note, form: 'first-person-note', signatory: 'A. Vale, Minister' })
  assert.match(await page('borovia'), /class="signatory">A\. Vale, Minister/)
})

test('two officers acknowledging at once: one receipt, one clear refusal that says who was quicker', async (t) => {
  const { send, house, nodes, space } = await ministries(t)
  const sent = await send('aurelia', 'note-sent', note)
  const officers = [personOf('ada'), personOf('ben')]
  const pressed = await Promise.allSettled(
    officers.map((viewer) =>
      ask('POST', `/spaces/${space}/notes/${sent}/acknowledge`, { services: house.borovia, viewer }),
    ),
  )
  assert.deepEqual(pressed.map((one) => one.status).toSorted(), ['fulfilled', 'rejected'])
  const quicker = officers[pressed.findIndex((one) => one.status === 'fulfilled')]
  const late = pressed.find((one) => one.status === 'rejected')?.reason
  assert.ok(late instanceof Refusal)
  assert.deepEqual([late.code, late.facts.by], ['step-taken', quicker?.person.name])
  await arrives(space, 3, nodes.aurelia, nodes.borovia)
  assert.equal((await nodes.aurelia.ledger.find(space))?.size, 3, 'one act and no second')
})
