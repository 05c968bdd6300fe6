import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { attributionHouses, writer } from '../../../../test/support/attribution-houses.ts'
import { ask, personOf } from '../../../../test/support/space-pages.ts'
import { clocksAbout, clockState } from '../../../core/clocks/index.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import { newId } from '../../../protocol/index.ts'
import { type Tlp, tlpLabels } from '../../../protocol/types.ts'
import { attributions } from '../index.ts'
import type { StatedBody, StatedText } from './acts.ts'
import { areItsWords } from './named-items.ts'

test('an attribution released for partners is stated, answered, contested and withdrawn, and both registers say the same', async (t) => {
  const houses = await attributionHouses(t)
  const { house, space, affirmed, state, send, register, read, network, needs } = houses
  const { statement } = await affirmed('aurelia')
  const form = await read('aurelia', `/spaces/${space}/write/attributions.attribution-stated?statement=${statement}`)
  assert.match(form, /exactly as the other members will read them.*On the banks.*We attribute it\..*The key was theirs/)
  const code = (await house.aurelia.db.selectFrom('home.incidents_incident').select('code_name').executeTakeFirst())
    ?.code_name
  assert.ok(code && !form.includes(code), 'what they will read holds no name of home')
  const asked = { likelihood: 'yes', replyWithin: 'P7D', replyOf: 'borovia.example' }
  const hash = await state('aurelia', statement, asked)
  const content = (await revealedContents<StatedBody, StatedText>(house.borovia, writer, [hash])).get(hash)
  assert.deepEqual(content?.body?.assessment, { scheme: 'icd-203', word: 'likely', confidence: 'moderate' })
  assert.ok(content?.body && content.text && areItsWords(content.body.evidence, content.text.evidence))
  for (const who of ['aurelia', 'borovia'] as const)
    assert.match(
      await register(who),
      /Stated between parties.*AURELIA Affirm Group Heron .*stands – TLP:AMBER.*likely \(ICD 203\); confidence: moderate.*Item 1 \(B2\): The key was theirs TLP:GREEN/,
    )
  assert.match(await register('borovia', writer, 'fr'), /Énoncé entre parties.*AURELIA Affirmer Group Heron/)
  assert.match(await register('borovia', writer, 'ar'), /ما أُعلن بين الأطراف/)
  assert.deepEqual(await needs('borovia'), ['me: attributions.action.answered'])
  assert.deepEqual(await needs('aurelia'), ['them: attributions.needs.see'])

  await send('borovia', 'attributions.attribution-answered', {
    ...{ statement: hash, answer: 'substantiation-asked', words: 'Which key?' },
  })
  const clock = (await clocksAbout(house.aurelia.db, [hash])).get(hash)?.[0]
  assert.equal(clock && clockState(clock, network.nodes.aurelia.clock.now()), 'met')
  assert.deepEqual(await needs('aurelia'), ['me: attributions.needs.substantiate'])
  await send('borovia', 'attributions.attribution-answered', { statement: hash, answer: 'rejected' })
  const contest = await send('borovia', 'attributions.attribution-contested', {
    ...{ statement: hash, ground: 'infrastructure-misused', subject: 'Our hosts', text: 'They were misused.' },
  })
  for (const who of ['aurelia', 'borovia'] as const) {
    assert.match(await register(who), /stands BOROVIA TLP:AMBER.*BOROVIA: Rejects\..*our infrastructure was misused/)
    assert.doesNotMatch(await register(who), /Asks for substantiation/, 'the newest answer counts')
  }
  await send('borovia', 'attributions.attribution-withdrawn', { act: contest, reason: 'settled', words: '' })
  assert.match(await register('aurelia'), /stands – TLP:AMBER/, 'a contest can be withdrawn too')

  await send('aurelia', 'attributions.attribution-withdrawn', {
    act: hash,
    reason: 'mistaken',
    words: 'The key was copied.',
  })
  for (const who of ['aurelia', 'borovia'] as const)
    assert.match(await register(who), /withdrawn by its author.*We attribute it\..*The key was theirs/)
  const timeline = await read('borovia', `/spaces/${space}`)
  assert.match(timeline, /Withdrawn by its author.*The key was copied/)
  assert.deepEqual(await needs('aurelia'), [])
  assert.deepEqual(await needs('borovia'), [])
})

test('a statement goes out with the words of the decision that stands, and not after that was overturned', async (t) => {
  const { house, affirmed, draft, submit, sendDraft, decide, stated, releaser, atHome, sign, item } =
    await attributionHouses(t)
  const { statement, evidence } = await affirmed('aurelia')
  const { drafts } = house.aurelia
  const begin = () => draft('aurelia', 'attributions.attribution-stated', { ...stated, statement })

  const wider = await draft('aurelia', 'attributions.attribution-stated', { ...stated, statement, tlp: 'CLEAR' })
  assert.equal((await drafts.find(wider))?.marking.tlp, 'AMBER', 'as narrow as the words, whatever was ticked')

  const alone = { draft: (await drafts.find(wider)) ?? assert.fail(), space: {} as never, stage: 'emergency' as const }
  await assert.rejects(async () => attributions.checkLeaving?.(house.aurelia, alone), {
    code: 'attributions.never-alone',
  })

  const changed = await begin()
  const { attachments: _, ...found } = (await drafts.find(changed)) ?? assert.fail()
  const text = { ...(found.text as object), paragraphs: ['We are certain of it.'] }
  await drafts.save(writer, { ...found, text: text as never, form: found.form })
  await assert.rejects(drafts.release(releaser, changed, await submit('aurelia', changed)), {
    code: 'attributions.other-words',
  })
  const foreign = await drafts.save(writer, { ...found, id: newId(), form: found.form })
  await assert.rejects(drafts.release(releaser, foreign.id, await submit('aurelia', foreign.id)), {
    code: 'attributions.not-from-home',
  })

  const narrowed = await begin()
  await submit('aurelia', narrowed)
  house.aurelia.settings.holdMs = 60_000
  const { approval = '' } = (await drafts.find(narrowed)) ?? {}
  assert.equal((await drafts.release(releaser, narrowed, approval)).state, 'held')
  await atHome('aurelia', `/evidence/${evidence[0]}/withdraw`, {})
  ;(house.aurelia.clock as unknown as { advance(ms: number): void }).advance(60_001)
  await drafts.signDue()
  assert.equal((await drafts.find(narrowed))?.returnedWhy, 'refused:attributions.evidence-changed')

  house.aurelia.settings.holdMs = 0
  const again = await affirmed('aurelia')
  const late = await draft('aurelia', 'attributions.attribution-stated', { ...stated, statement: again.statement })
  const seen = await submit('aurelia', late)
  await decide('aurelia', { choice: 'decline', evidence: [await item('aurelia', 'A second key')] })
  await assert.rejects(drafts.release(releaser, late, seen), { code: 'attributions.overturned' })
  await assert.rejects(sendDraft('aurelia', late))
  await assert.rejects(begin(), { code: /not-permitted|nothing-to-state/ })

  assert.equal(
    await sign('borovia', 'attributions.attribution-answered', { statement: 'A'.repeat(43), answer: 'noted' }),
    'no-such-statement',
  )
})

test('only readers of both the incident and the act see an attribution in the register, and its structure no sooner than its words', async (t) => {
  const { house, space, incident, affirmed, state, register, read } = await attributionHouses(t)
  const { statement } = await affirmed('aurelia')
  await state('aurelia', statement, { tlp: 'RED' })
  assert.match(await register('borovia'), /AURELIA Affirm Group Heron/)
  const below = personOf('below', 'AMBER')
  const withheld = await register('borovia', below)
  assert.match(withheld, /Not shown: marked above what you may read/)
  assert.doesNotMatch(withheld, /Affirm Not shown|AURELIA Affirm|Group Heron|On the banks/)
  const asked = { services: house.borovia, viewer: below, json: true }
  const { answer } = await ask('GET', `/incidents/${incident.borovia}/attributions`, asked)
  assert.doesNotMatch(JSON.stringify(answer), /affirm|Heron/)
  await house.borovia.db.updateTable('home.incidents_incident').set({ restricted: true }).execute()
  await assert.rejects(register('borovia', personOf('stranger', 'RED')), { code: 'incidents.not-found' })
  await house.borovia.db.deleteFrom('home.incidents_link').execute()
  assert.doesNotMatch(await register('borovia'), /Group Heron/, 'a space that is not linked says nothing here')
  assert.match(await read('borovia', `/spaces/${space}`), /Group Heron/)
})

test('an act says which statement it is about and of which side it comes, else it is without effect', async (t) => {
  const { affirmed, state, sign, register, house, network } = await attributionHouses(t)
  const { statement } = await affirmed('aurelia')
  const hash = await state('aurelia', statement)
  const words = { paragraphs: [] }
  assert.equal(
    await sign('aurelia', 'attributions.attribution-answered', { statement: hash, answer: 'noted' }, words),
    'own-statement',
  )
  const contest = { statement: hash, ground: 'other' }
  assert.equal(
    await sign('aurelia', 'attributions.attribution-contested', contest, { subject: 'So', paragraphs: ['So.'] }),
    'own-statement',
  )
  const withdrawal = { act: hash, reason: 'other' }
  assert.equal(await sign('borovia', 'attributions.attribution-withdrawn', withdrawal, words), 'not-its-author')
  const body = { choice: 'defer', language: 'en', basis: 'government', kind: 'political', evidence: [] }
  const text = { subject: 'Later', paragraphs: ['We defer.'], evidence: [] }
  assert.equal(
    await sign('borovia', 'attributions.attribution-stated', { ...body, replaces: hash }, text),
    'cannot-be-replaced',
  )
  const reply = { of: 'borovia.example', source: 'requested', within: 'P7D' }
  assert.equal(await sign('borovia', 'attributions.attribution-stated', { ...body, reply }, text), 'addressee-not-here')
  const agreed = { of: 'borovia.example', source: 'agreed', within: 'P7D' }
  assert.equal(
    await sign('aurelia', 'attributions.attribution-stated', { ...body, reply: agreed }, text),
    'deadline-not-agreed',
    'nobody is put on a clock by the word of another',
  )
  assert.equal(await sign('aurelia', 'attributions.attribution-stated', { ...body, replaces: hash }, text), undefined)
  assert.match(await register('borovia'), /AURELIA Defer.*AURELIA Affirm Group Heron .*replaced by its author/)
  assert.equal(await sign('aurelia', 'attributions.attribution-withdrawn', withdrawal, words), undefined)
  assert.equal(await sign('aurelia', 'attributions.attribution-withdrawn', withdrawal, words), 'withdrawn-before')
  assert.equal(
    await sign('borovia', 'attributions.attribution-answered', { statement: hash, answer: 'noted' }, words),
    'statement-withdrawn',
  )
  const rows = () => house.borovia.db.selectFrom('view.attributions_stated').selectAll().orderBy('idx').execute()
  const before = await rows()
  await network.nodes.borovia.ledger.rebuildViews()
  assert.deepEqual(await rows(), before, 'rebuilt from the log')
})

test('no item of home that is narrower than the way out ever stands in an act, whatever its marking and order', async (t) => {
  const { house, decide, assessed, item, forPartners, state } = await attributionHouses(t)
  const assessment = await assessed('aurelia')
  const made: { id: string; tlp: Tlp; words: string }[] = []
  for (const tlp of tlpLabels) {
    const words = `Item so marked: ${tlp}.`
    made.push({ id: await item('aurelia', words, tlp), tlp, words })
  }
  const any = fc.tuple(
    fc.shuffledSubarray(made, { minLength: 1, maxLength: 4 }),
    fc.constantFrom<Tlp>('GREEN', 'AMBER'),
  )
  await fc.assert(
    fc.asyncProperty(any, async ([items, tlp]) => {
      const ids = items.map(({ id }) => id)
      const decision = await decide('aurelia', { choice: 'affirm', accused: 'X', assessment, evidence: ids })
      const may = items.filter((one) => tlpRank(one.tlp) <= tlpRank(tlp))
      if (may.length < items.length)
        await assert.rejects(forPartners('aurelia', decision, { tlp, evidence: ids }), 'narrower ones are refused')
      const statement = await forPartners('aurelia', decision, { tlp, evidence: may.map(({ id }) => id) })
      const hash = await state('aurelia', statement, { tlp })
      const content = (await revealedContents<StatedBody, StatedText>(house.borovia, writer, [hash])).get(hash)
      assert.deepEqual(
        content?.text?.evidence.map(({ words }) => words).toSorted(),
        may.map(({ words }) => words).toSorted(),
      )
      assert.ok(content?.body?.evidence.every((one) => tlpRank(one.tlp) <= tlpRank(tlp)))
      for (const { id } of made) assert.doesNotMatch(JSON.stringify(content), new RegExp(id), 'ids stay at home')
    }),
    { numRuns: 5 },
  )
})
