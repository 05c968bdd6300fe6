import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attributionHouses, textOf, writer } from '../../../test/support/attribution-houses.ts'
import { ask, note, redirectOf } from '../../../test/support/space-pages.ts'
import { newId } from '../../protocol/index.ts'

const words = {
  ...{ languages: 'en,fr', authentic: 'en', tlp: 'CLEAR', title_en: 'On the banks', title_fr: 'Des banques' },
  text_en: 'We attribute the intrusion of last March to the group Heron.\n\nWe say so together.',
  text_fr: 'Nous attribuons l’intrusion de mars dernier au groupe Heron.\n\nNous le disons ensemble.',
  ...{ embargoDate: '2026-11-22', embargoTime: '11:00', zone: 'Etc/UTC' },
}
const copied = 'As we hear, THE INTRUSION of last March – to the group, Heron! – we say so.'

async function withEmbargo(t: Parameters<typeof attributionHouses>[0]) {
  const houses = await attributionHouses(t)
  await houses.send('aurelia', 'attributions.text-proposed', words)
  const services = houses.house.aurelia
  const elsewhere = await services.ledger.open({
    ...{ id: newId(), kind: 'case', title: { en: 'Elsewhere' }, purpose: 'Another matter', office: 'cyber-desk' },
    members: [{ party: 'borovia.example', role: 'member' }],
  })
  const write = async (text: string, space = elsewhere.id) => {
    const input = { id: newId(), tlp: 'AMBER', ...note, text }
    const { answer } = await ask('POST', `/spaces/${space}/write/channels.note-sent`, {
      services,
      viewer: writer,
      input,
    })
    return redirectOf(answer).split('/')[2] ?? ''
  }
  const review = async (draft: string, language = 'en', viewer = writer) =>
    textOf((await ask('GET', `/drafts/${draft}/review`, { services, viewer, language })).html)
  const approvalOf = async (draft: string) => (await services.drafts.find(draft))?.approval ?? ''
  const submit = async (draft: string) => services.drafts.submit(writer, draft, await approvalOf(draft))
  const release = async (draft: string) =>
    (await services.drafts.release(houses.releaser, draft, await approvalOf(draft))).state
  const why = async (draft: string, more: Record<string, unknown> = {}) =>
    ask('POST', `/drafts/${draft}/embargo`, {
      ...{ services, viewer: houses.releaser },
      input: {
        ...{ id: newId(), approval: await approvalOf(draft), meant: 'yes' },
        ...{ embargoWhy: 'Borovia wrote these very words first.', ...more },
      },
    })
  return { ...houses, services, write, review, submit, release, why }
}

test('a passage of a joint text under embargo is recognised in a letter to others, and goes only with a reason on record', async (t) => {
  const { services, write, review, submit, release, why, house } = await withEmbargo(t)
  const draft = await write(copied)
  const shown = await review(draft)
  assert.match(shown, /Words under an embargo .*These words stand in .On the banks.*11:00/)
  assert.match(shown, /THE INTRUSION of last March – to the group, Heron! – we say so /)
  assert.match(await review(draft, 'fr'), /Mots sous embargo .*Des banques/)
  assert.match(await review(draft, 'ar'), /كلمات تحت حظر النشر/)
  await submit(draft)
  assert.match(await review(draft), /nobody said yet why it goes out all the same/)
  await assert.rejects(release(draft), { code: 'embargo.copied' })
  await assert.rejects(why(draft, { embargoWhy: 'so' }), { name: 'InvalidInput' })
  await assert.rejects(why(draft, { meant: '' }), { name: 'InvalidInput' })
  await assert.rejects(why(draft, { approval: 'another' }), { code: 'draft.approval-differs' })
  const id = newId()
  await why(draft, { id })
  await why(draft, { id })
  const kept = await services.db.selectFrom('home.embargo_noted').selectAll().execute()
  assert.deepEqual(
    kept.map((one) => [one.person, one.held.length]),
    [['releaser', 1]],
  )
  assert.match(await review(draft), /It goes out all the same: Borovia wrote these very words first\. releaser/)
  assert.equal(await release(draft), 'sent')
  assert.equal((await house.borovia.db.selectFrom('home.embargo_noted').selectAll().execute()).length, 0)
})

test('a reason counts for the draft as it stood, and words copied into it afterwards ask again', async (t) => {
  const { services, write, submit, release, why, review } = await withEmbargo(t)
  const draft = await write(copied)
  await why(draft)
  const saved = (await services.drafts.find(draft)) ?? assert.fail()
  const text = { ...(saved.text as object), paragraphs: [words.text_fr] }
  await services.drafts.save(writer, { ...saved, text, attachments: [], form: {} })
  assert.match(await review(draft), /Said of an earlier version: .*nobody said yet why/)
  await submit(draft)
  await assert.rejects(release(draft), { code: 'embargo.copied' })
})

test('letters in words of their own, in the space of the text or after its time are stopped by nothing', async (t) => {
  const { space, network, write, review, submit, release } = await withEmbargo(t)
  const own = await write('We know nothing of who did it and shall write when we do, together with others.')
  assert.doesNotMatch(await review(own), /embargo/i)
  await submit(own)
  assert.equal(await release(own), 'sent')
  assert.doesNotMatch(await review(await write(copied, space)), /Words under an embargo/)
  const held = await write(copied)
  await submit(held)
  await assert.rejects(release(held), { code: 'embargo.copied' })
  for (const node of Object.values(network.nodes)) node.clock.advance(2 * 3_600_000)
  assert.doesNotMatch(await review(held), /Words under an embargo/)
  assert.equal(await release(held), 'sent')
})
