import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { attributionHouses, textOf, writer } from '../../../../test/support/attribution-houses.ts'
import { dossiersJudgedByBoth } from '../../../../test/support/both-verifiers.ts'
import { ask, redirectOf } from '../../../../test/support/space-pages.ts'
import { newId } from '../../../protocol/index.ts'
import { exportDossier } from '../../spaces/export-dossier.ts'
import { readStatements } from '../release/statements.ts'

const forPublic = { purpose: 'publication', audience: 'public', ceiling: 'CLEAR' as const, unwitnessed: 'yes' as const }
const type = 'attributions.attribution-stated'
const words = { level: 'public', tlp: 'CLEAR', subject: 'On the banks', text: 'Group Heron did it.' }

async function withPublicWords(t: Parameters<typeof attributionHouses>[0]) {
  const houses = await attributionHouses(t)
  const { house, incident, proposed, releasedWords, read, releaser } = houses
  const services = house.aurelia
  const item = await houses.item('aurelia', 'The key was theirs', 'CLEAR')
  const assessment = await houses.assessed('aurelia')
  const minutes = { choice: 'affirm', accused: 'Group Heron', assessment, evidence: [item] }
  const decision = await houses.decide('aurelia', minutes)
  await houses.forPartners('aurelia', decision, { evidence: [item] })
  const propose = (more: Record<string, unknown> = {}) =>
    proposed('aurelia', decision, { ...words, evidence: [item], ...more })
  const pathOf = (statement: string) => `/incidents/${incident.aurelia}/attributions/statements/${statement}`
  const post = (address: string, input: Record<string, unknown> = {}) =>
    ask('POST', address, { services, viewer: writer, input })
  /** From the page of the statement to the form of its act, as the links lead. */
  const begin = async (statement: string) => redirectOf((await post(`${pathOf(statement)}/sign`)).answer)
  const write = async (form: string, input: Record<string, unknown> = {}) => {
    const typed = { id: newId(), tlp: 'CLEAR', basis: 'government', kind: 'political', accused: 'Group Heron' }
    const { answer, html } = await post(form, { ...typed, ...input })
    return 'redirect' in answer ? (redirectOf(answer).split('/')[2] ?? '') : textOf(html)
  }
  const submit = async (draft: string) => {
    const { approval = '' } = (await services.drafts.find(draft)) ?? {}
    await services.drafts.submit(writer, draft, approval)
    return approval
  }
  const sendDraft = async (draft: string) => {
    const sent = await services.drafts.release(releaser, draft, await submit(draft))
    return sent.actHash ?? assert.fail(`${draft} is not signed: ${sent.returnedWhy}`)
  }
  const published = async (more: Record<string, unknown> = {}, input: Record<string, unknown> = {}) => {
    const statement = await propose(more)
    await releasedWords('aurelia', statement)
    const form = await begin(statement)
    const act = await sendDraft(await write(form, { statement, ...input }))
    return { statement, act, bulletin: form.split('/')[2] ?? '' }
  }
  const fileOf = async (statement: string, kind = 'txt') => {
    const { answer } = await ask('GET', `${pathOf(statement)}/file.${kind}`, { services, viewer: writer })
    assert.ok(answer instanceof Response)
    return new Uint8Array(await answer.arrayBuffer())
  }
  const dossier = async (bulletin: string) => {
    const space = (await services.ledger.find(bulletin)) ?? assert.fail('no bulletin')
    return (await exportDossier(services, space, forPublic)).file
  }
  const page = (statement: string, language = 'en') => read('aurelia', pathOf(statement), writer, language)
  return {
    ...houses,
    services,
    decision,
    propose,
    pathOf,
    post,
    begin,
    write,
    submit,
    sendDraft,
    published,
    fileOf,
    dossier,
    page,
  }
}

test('words released for everybody are signed in a space with nobody else, and go nowhere before the second yes', async (t) => {
  const house = await withPublicWords(t)
  const { services, propose, begin, write, submit, fileOf, needs, page, releasedWords, releaser } = house
  const statement = await propose()
  await assert.rejects(begin(statement), { code: 'attributions.statement-not-found' })
  await releasedWords('aurelia', statement)
  assert.deepEqual(await needs('aurelia'), ['me: attributions.needs.publish-own'])
  await assert.rejects(fileOf(statement), { code: 'attributions.not-signed-yet' })
  const form = await begin(statement)
  assert.equal(await begin(statement), form, 'pressed twice, opened once')
  const bulletin = form.split('/')[2] ?? ''
  const { html } = await ask('GET', form, { services, viewer: writer })
  assert.match(html, /<option[^>]*value="CLEAR"[^>]*selected/)
  assert.match(
    textOf(html),
    /exactly as everybody will read them.*On the banks.*Group Heron did it\..*The key was theirs/,
  )
  assert.doesNotMatch(textOf(html), /how likely|Answer asked for|Cabinet decided/)

  assert.match(await write(form, { statement, tlp: 'AMBER' }), /only CLEAR is for everybody/)
  assert.match(await write(form, { statement, accused: 'Borovia' }), /Nobody is named beside them/)
  const draft = await write(form, { statement, likelihood: 'yes' })
  const { body } = (await services.drafts.find(draft)) ?? {}
  assert.equal((body as { assessment?: unknown }).assessment, undefined, 'how likely it is was not released')
  const approval = await submit(draft)
  await assert.rejects(services.drafts.release(writer, draft, approval), { code: 'draft.own' })
  assert.equal((await services.ledger.find(bulletin))?.size, 1, 'its opening, and nothing said')
  await assert.rejects(fileOf(statement), { code: 'attributions.not-signed-yet' })
  assert.deepEqual(await needs('aurelia'), [])
  const { actHash = '' } = await services.drafts.release(releaser, draft, approval)
  const members = (await services.ledger.find(bulletin))?.members.map(({ party }) => party)
  assert.deepEqual(members, ['aurelia.example'])
  assert.match(await page(statement), /stands On the record .*npx chancery verify/)
  const text = new TextDecoder().decode(await fileOf(statement))
  assert.match(text, /^TLP:CLEAR[\s\S]*ATT 2026\/1[\s\S]*Group Heron did it\.[\s\S]*Item 1 \(B2\): The key was theirs/)
  assert.ok(text.includes(actHash), 'the file names the act it can be checked by')
  assert.equal(Buffer.from((await fileOf(statement, 'pdf')).subarray(0, 5)).toString(), '%PDF-')
  for (const [language, title] of [
    ['fr', 'Signé pour tous'],
    ['ar', 'موقَّع للجميع'],
  ] as const)
    assert.match(await page(statement, language), new RegExp(title))
})

test('both verifiers accept the public word of the house, refuse it with any byte changed, and find nothing of home in it', async (t) => {
  const { published, dossier, services, incident } = await withPublicWords(t)
  const { bulletin, act } = await published()
  const file = await dossier(bulletin)
  const anyChange = fc.record({ at: fc.nat({ max: file.length - 1 }), bit: fc.nat({ max: 7 }) })
  const changed = fc.sample(anyChange, 40).map(({ at, bit }) => {
    const copy = Uint8Array.from(file)
    copy[at] = (copy[at] ?? 0) ^ (1 << bit)
    return copy
  })
  const [report, ...spoilt] = await dossiersJudgedByBoth([file, ...changed])
  assert.equal(report?.verdict, 'accepted')
  const said = report?.spaces.find(({ space }) => space === bulletin)?.acts.find((one) => one.act === act)
  assert.deepEqual([said?.author, said?.type, said?.state], ['aurelia.example', type, 'selected'])
  assert.deepEqual([...new Set(spoilt.map(({ verdict }) => verdict))], ['refused'])

  const bytes = Buffer.from(file).toString('latin1')
  assert.match(bytes, /Group Heron did it\./)
  const { codeName, title } = await services.db
    .selectFrom('home.incidents_incident')
    .select(['code_name as codeName', 'title'])
    .where('id', '=', incident.aurelia)
    .executeTakeFirstOrThrow()
  const ids = (await readStatements(services.db, incident.aurelia)).map(({ id }) => id)
  for (const home of ['Cabinet decided so', 'minister', 'releaser', codeName, title, incident.aurelia, ...ids])
    assert.ok(!bytes.includes(home), home)
})

test('what is corrected or withdrawn later shows so in the file, on the page and in the next dossier', async (t) => {
  const house = await withPublicWords(t)
  const { published, fileOf, page, needs, pathOf, write, sendDraft, dossier, services } = house
  const first = await published()
  const second = await published(
    { text: 'Group Heron did it, twice.', corrects: first.statement },
    { replaces: first.act },
  )
  assert.match(new TextDecoder().decode(await fileOf(first.statement)), /Corrected by ATT 2026\/2/)
  assert.match(await page(first.statement), /replaced On the record/)
  await house.post(`${pathOf(second.statement)}/withdraw`, { why: 'The registrar corrected it.' })
  assert.deepEqual(await needs('aurelia'), ['me: attributions.needs.say-withdrawn'])
  assert.match(await page(second.statement), /withdrawn at home and still stands on the record/)
  assert.match(new TextDecoder().decode(await fileOf(second.statement)), /WITHDRAWN on .*The registrar corrected it\./)
  const form = `/spaces/${first.bulletin}/write/attributions.attribution-withdrawn`
  const withdrawal = await write(form, { act: second.act, reason: 'new-evidence', words: 'The registrar erred.' })
  const { actHash } = await services.drafts.save(writer, {
    ...((await services.drafts.find(withdrawal)) ?? assert.fail()),
    attachments: [],
    marking: { tlp: 'GREEN' },
  })
  assert.equal(actHash, undefined)
  await assert.rejects(sendDraft(withdrawal), { code: 'attributions.not-for-the-public' })
  const withFile = await write(form, { act: second.act, reason: 'new-evidence', words: 'The registrar erred.' })
  await services.drafts.save(writer, {
    ...((await services.drafts.find(withFile)) ?? assert.fail()),
    attachments: [
      { name: 'minutes.txt', media: 'text/plain', content: new Uint8Array([77]), marking: { tlp: 'CLEAR' } },
    ],
  })
  await assert.rejects(sendDraft(withFile), { code: 'attributions.no-files' })
  await services.drafts.discard(writer, withFile)
  await services.drafts.discard(writer, withdrawal)
  await sendDraft(await write(form, { act: second.act, reason: 'new-evidence', words: 'The registrar erred.' }))
  assert.match(await page(second.statement), /withdrawn On the record/)
  assert.deepEqual(await needs('aurelia'), [])
  const [report] = await dossiersJudgedByBoth([await dossier(first.bulletin)])
  assert.deepEqual(
    report?.spaces.find(({ space }) => space === first.bulletin)?.acts.map((one) => one.type),
    ['space.opened', type, type, 'attributions.attribution-withdrawn'],
  )
})
