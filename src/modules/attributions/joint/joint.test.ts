import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { attributionHouses, writer } from '../../../../test/support/attribution-houses.ts'
import { arrives, ask, redirectOf } from '../../../../test/support/space-pages.ts'
import { verifyDossier } from '../../../protocol/dossier/index.ts'
import { newId } from '../../../protocol/index.ts'
import { judgeActs } from '../../channels/transfers/judge-acts.ts'
import { exportDossier, planExport } from '../../spaces/export-dossier.ts'
import { hashOfJoint } from './acts.ts'
import { isJoint, type JointState, listJoint, publicationOf, signatories } from './read-joint.ts'

const words = {
  ...{ languages: 'en,fr', authentic: 'en', tlp: 'CLEAR' },
  ...{ title_en: 'On the banks', text_en: 'We attribute it.\n\nWe say so together.' },
  ...{ title_fr: 'Des banques', text_fr: 'Nous l’attribuons.\n\nNous le disons ensemble.' },
}
/** Two hours after the clocks of the test began: 22 November 2026, 09:00 UTC. */
const embargo = { embargoDate: '2026-11-22', embargoTime: '11:00', zone: 'Etc/UTC' }
const embargoEnds = Date.UTC(2026, 10, 22, 11)
const forPublic = { purpose: 'publication', audience: 'public', ceiling: 'CLEAR' as const, unwitnessed: 'yes' as const }

async function withText(t: Parameters<typeof attributionHouses>[0], more: Record<string, unknown> = {}) {
  const houses = await attributionHouses(t)
  const proposal = await houses.send('aurelia', 'attributions.text-proposed', { ...words, ...more })
  const signText = (who: 'aurelia' | 'borovia') =>
    houses.send(who, 'attributions.text-signed', { proposal, tlp: 'CLEAR' })
  const state = async (who: 'aurelia' | 'borovia' = 'borovia'): Promise<JointState> =>
    (await listJoint(houses.house[who].db, { hashes: [proposal] }))[0] ?? assert.fail()
  const file = (who: 'aurelia' | 'borovia', kind = 'txt', viewer = writer) =>
    ask('GET', `/spaces/${houses.space}/joint-attributions/${proposal}/file.${kind}?language=fr`, {
      services: houses.house[who],
      viewer,
    })
  const advance = (ms: number) => {
    for (const node of Object.values(houses.network.nodes)) node.clock.advance(ms)
  }
  return { ...houses, proposal, signText, state, file, advance }
}

test('a joint attribution is proposed in languages with one authentic, signed over one hash, left and joined again', async (t) => {
  const { proposal, signText, state, register, read, space, send, house, needs, draft } = await withText(t)
  const { row } = await state()
  assert.equal(
    row.text_hash,
    hashOfJoint({
      title: { en: 'On the banks', fr: 'Des banques' },
      paragraphs: {
        en: ['We attribute it.', 'We say so together.'],
        fr: ['Nous l’attribuons.', 'Nous le disons ensemble.'],
      },
    }),
  )
  assert.deepEqual(signatories(await state()), [], 'proposing is no signature')
  assert.deepEqual(await needs('borovia'), ['me: attributions.needs.sign'])
  await signText('aurelia')
  assert.equal(isJoint(await state()), false, 'one party alone says nothing jointly')
  assert.match(await register('borovia'), /On the banks AURELIA proposed, not joint yet/)
  await signText('borovia')
  assert.deepEqual(signatories(await state('aurelia')), ['aurelia.example', 'borovia.example'])
  assert.match(await register('aurelia'), /On the banks AURELIA and BOROVIA joint/)
  assert.match(
    await read('borovia', `/spaces/${space}`),
    /By .*borovia\.example.* and .*aurelia\.example.*Authentic text: English/,
  )
  assert.match(await read('borovia', `/spaces/${space}`, writer, 'ar'), /إسناد مشترك/)
  await assert.rejects(
    draft('borovia', 'attributions.text-signed', { proposal }),
    /the form came back.*none counts twice/,
  )
  await assert.rejects(
    draft('aurelia', 'attributions.text-proposed', { ...words, supersedes: proposal }),
    /Only a text of ours that nobody else signed/,
  )
  await send('borovia', 'attributions.signature-withdrawn', { proposal, words: 'We saw more.' })
  assert.equal(isJoint(await state()), false)
  assert.match(await read('aurelia', `/spaces/${space}`), /withdrew its signature.*We saw more\./)
  await signText('borovia')
  assert.deepEqual(signatories(await state()), ['aurelia.example', 'borovia.example'], 'whoever left can come back')
  for (const [field, value] of [
    ['text_fr', 'Un seul paragraphe.'],
    ['title_fr', ''],
    ['authentic', 'ar'],
    ['embargoTime', '10:00'],
  ])
    assert.match(
      (
        await ask('POST', `/spaces/${space}/write/attributions.text-proposed`, {
          services: house.aurelia,
          viewer: writer,
          input: { id: '0'.repeat(32), ...words, [field as string]: value },
        })
      ).html,
      new RegExp(`id="field-${field}-error"`),
    )
})

test('nobody’s signature counts twice, in whatever order parties sign, leave and sign again', async (t) => {
  const { proposal, state, ...houses } = await withText(t)
  const { text_hash: hash } = (await state()).row
  const step = fc.tuple(
    fc.constantFrom('aurelia' as const, 'borovia' as const),
    fc.constantFrom('sign', 'leave', 'other'),
  )
  const standing = new Set<string>()
  await fc.assert(
    fc.asyncProperty(step, async ([who, what]) => {
      const party = `${who}.example`
      const effect =
        what === 'leave'
          ? await houses.sign(who, 'attributions.signature-withdrawn', { proposal }, { paragraphs: [] })
          : await houses.sign(who, 'attributions.text-signed', {
              proposal,
              hash: what === 'sign' ? hash : 'A'.repeat(43),
            })
      const expected =
        what === 'other'
          ? 'another-text'
          : what === 'sign'
            ? standing.has(party)
              ? 'signed-before'
              : undefined
            : standing.has(party)
              ? undefined
              : 'not-signed'
      assert.equal(effect, expected)
      if (what === 'sign') standing.add(party)
      if (what === 'leave') standing.delete(party)
      for (const node of ['aurelia', 'borovia'] as const)
        assert.deepEqual(signatories(await state(node)).toSorted(), [...standing].toSorted())
    }),
    { numRuns: 12 },
  )
})

test('under its embargo a joint attribution leaves by no way out, and by all of them once it is over', async (t) => {
  const { proposal, signText, file, advance, house, space, send, draft, needs, read, state } = await withText(
    t,
    embargo,
  )
  await signText('aurelia')
  await signText('borovia')
  assert.match(await read('borovia', `/spaces/${space}`), /Under embargo until .*11:00/)
  const facts = (await house.borovia.ledger.find(space)) ?? assert.fail()
  const other = await house.borovia.ledger.open({
    ...{ id: '1'.repeat(32), kind: 'case', title: { en: 'Elsewhere' }, purpose: 'One matter', office: 'cyber-desk' },
    ...{ members: [{ party: 'aurelia.example', role: 'member' as const }], terms: { zone: 'Etc/UTC' } },
  })
  const forward = { act: proposal, language: 'en', mode: 'copy', subject: 'For you', text: '' }
  /** Each way out, and whether the words went. */
  const waysOut: Record<string, () => Promise<boolean>> = {
    file: async () => file('borovia').then(() => true, refusedBy('attributions.embargo')),
    sheet: async () => file('aurelia', 'pdf').then(() => true, refusedBy('attributions.embargo')),
    'said to be published': async () =>
      draft('borovia', 'attributions.text-published', { proposal }).then(
        () => true,
        (error: Error) => {
          assert.match(error.message, /the form came back.*It is under embargo/)
          return false
        },
      ),
    dossier: async () => {
      const { planned } = await planExport(house.borovia, facts, forPublic)
      return planned.some(({ acts }) => acts.some(({ act, stub }) => act.hash === proposal && stub === undefined))
    },
    'own dossier': async () => {
      const asked = { purpose: 'verification', audience: 'verifier', ceiling: 'RED' as const }
      const { planned } = await planExport(house.aurelia, facts, asked)
      return planned.some(({ acts }) => acts.some(({ act, stub }) => act.hash === proposal && stub === undefined))
    },
    archive: async () =>
      (await judgeActs(house.aurelia, { ceiling: 'AMBER' }, [proposal])).get(proposal)?.leaves === true,
    'handed on': async () => {
      const { answer, html } = await ask('POST', `/spaces/${other.id}/write/originator.material-forwarded`, {
        services: house.borovia,
        viewer: writer,
        input: { id: newId(), tlp: 'CLEAR', ...forward },
      })
      if (!('redirect' in answer)) assert.match(html, /It is under embargo/)
      return 'redirect' in answer
    },
  }
  const before = fc.integer({ min: 0, max: embargoEnds - Date.UTC(2026, 10, 22, 9) - 60_000 })
  let passed = 0
  await fc.assert(
    fc.asyncProperty(before, fc.constantFrom(...Object.keys(waysOut)), async (ms, way) => {
      if (ms > passed) advance(ms - passed)
      passed = Math.max(passed, ms)
      assert.equal(await waysOut[way]?.(), false, way)
    }),
    { numRuns: 14 },
  )
  advance(embargoEnds - house.aurelia.clock.now() - 1)
  for (const [way, leaves] of Object.entries(waysOut))
    assert.equal(await leaves(), false, `${way}, a millisecond before`)
  assert.deepEqual(await needs('borovia'), [])
  advance(1)
  for (const [way, leaves] of Object.entries(waysOut)) assert.equal(await leaves(), true, way)
  assert.deepEqual(await needs('borovia'), ['me: attributions.needs.publish'])

  assert.match(await read('borovia', `/spaces/${space}`), /Its embargo ended .*11:00/)
  const { answer } = await file('borovia')
  const text = await (answer as Response).text()
  assert.match(
    text,
    /Des banques[\s\S]*Nous le disons ensemble\.[\s\S]*faisant foi[\s\S]*aurelia\.example[\s\S]*borovia\.example/,
  )
  await send('borovia', 'attributions.text-published', { proposal, tlp: 'CLEAR' })
  assert.deepEqual(
    (await state()).published.map(({ early }) => early),
    [false],
  )
  assert.deepEqual(await needs('borovia'), [])
})

const refusedBy = (code: string) => (error: unknown) => {
  assert.equal((error as { code?: string }).code, code)
  return false
}

test('a break of the embargo is seen by all, from whoever published too early and from whoever saw it elsewhere', async (t) => {
  const { proposal, signText, sign, state, register, send, space, house, advance } = await withText(t, embargo)
  await signText('aurelia')
  await signText('borovia')
  advance(3_600_000)
  const { text_hash: hash } = (await state()).row
  assert.equal(await sign('borovia', 'attributions.text-published', { proposal, hash }), undefined)
  await send('aurelia', 'attributions.embargo-broken', {
    ...{ proposal, seenDate: '2026-11-22', seenTime: '09:30', zone: 'Etc/UTC', party: 'borovia.example' },
    words: 'In a newspaper.',
  })
  for (const who of ['aurelia', 'borovia'] as const)
    assert.match(
      await register(who),
      /joint, under embargo · Embargo broken: BOROVIA said that it published before its time.* · Embargo broken, by the word of AURELIA: BOROVIA gave it out/,
    )
  assert.deepEqual(
    (await state()).published.map((one) => one.early),
    [true],
  )
  const acts = await house.borovia.ledger.acts(space)
  assert.ok((await publicationOf(house.borovia, acts)).held.includes(proposal), 'a break lifts nothing')
})

test('what several parties publish together a stranger verifies offline, by consent of each who signed and nobody else', async (t) => {
  const { proposal, signText, house, space, send, affirmed, sign } = await withText(t)
  const { statement } = await affirmed('borovia')
  const said = await sign('borovia', 'attributions.text-signed', {
    proposal,
    hash: (await listJoint(house.borovia.db, { hashes: [proposal] }))[0]?.row.text_hash,
  })
  assert.equal(said, undefined)
  const facts = async () => (await house.borovia.ledger.find(space)) ?? assert.fail()
  const stubOf = async () => {
    const { planned } = await planExport(house.borovia, await facts(), forPublic)
    return planned.flatMap(({ acts }) => acts).find(({ act }) => act.hash === proposal)?.stub
  }
  assert.equal(await stubOf(), 'not-asked', 'what its author did not sign is not its consent')
  await signText('aurelia')
  assert.equal(await stubOf(), undefined)
  assert.ok(statement)
  const { file } = await exportDossier(house.borovia, await facts(), forPublic)
  const report = await verifyDossier(file, { pins: {} })
  assert.equal(report.verdict, 'accepted')
  const text = new TextDecoder().decode(file)
  assert.doesNotMatch(text, /The key was theirs/, 'nothing of home')
  await send('aurelia', 'attributions.signature-withdrawn', { proposal, words: '' })
  assert.equal(await stubOf(), 'not-asked', 'who left consents to nothing further')
})

test('a joint attribution is begun from the incident in one step that proposes who signs, and what it opens is for it alone', async (t) => {
  const { house, incident, affirmed, state, draft, sendDraft, read, network, space } = await attributionHouses(t)
  const at = `/incidents/${incident.aurelia}/attributions`
  const { statement } = await affirmed('aurelia')
  const before = await read('aurelia', `${at}/joint`)
  assert.match(
    before,
    /At once, to the parties ticked: that a page with this name was opened.*Talks with us about this incident/,
  )
  const stated = await state('aurelia', statement)
  await sendDraft(
    'borovia',
    await draft('borovia', 'attributions.attribution-answered', { statement: stated, answer: 'concurred' }),
  )
  const { html } = await ask('GET', `${at}/joint`, { services: house.aurelia, viewer: writer })
  assert.match(html, /<input[^>]*name="members"[^>]*value="borovia\.example"[^>]*checked/)
  const begin = (input: Record<string, unknown>) =>
    ask('POST', `${at}/joint`, { services: house.aurelia, viewer: writer, input })
  const id = newId()
  const { answer } = await begin({ id, members: ['borovia.example'], name: 'Joint statement' })
  await begin({ id, members: ['borovia.example'], name: 'Joint statement' })
  const form = redirectOf(answer)
  assert.equal(form, `/spaces/${id}/write/attributions.text-proposed?publish=yes`)
  await arrives(id, 1, network.nodes.borovia)
  const there = (await house.borovia.ledger.find(id)) ?? assert.fail()
  assert.deepEqual([there.title.fr, there.size], ['Déclaration conjointe', 1])
  const opened = JSON.stringify(
    await house.borovia.ledger.content((await house.borovia.ledger.acts(id)).map(({ hash }) => hash)),
  )
  assert.doesNotMatch(opened, new RegExp(`${incident.aurelia}|Disruption|${space}`))
  assert.match(await read('aurelia', at), /Joint attributions|Say it together with others/)
  const written = await ask('GET', form, { services: house.aurelia, viewer: writer })
  assert.match(written.html, /<option[^>]*value="CLEAR"[^>]*selected/)
  for (const [language, title] of [
    ['fr', 'Le dire ensemble'],
    ['ar', 'قوله معاً'],
  ] as const)
    assert.match(await read('aurelia', `${at}/joint`, writer, language), new RegExp(title))
})
