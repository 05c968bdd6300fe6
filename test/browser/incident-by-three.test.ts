import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askForAssistance } from '../../src/cli/demo/desk/assistance.ts'
import { deferAttribution } from '../../src/cli/demo/desk/deferral.ts'
import { takeLines } from '../../src/cli/demo/desk/lines-to-take.ts'
import { decideOptions } from '../../src/cli/demo/desk/options.ts'
import { beginFromPlan, preparePlan, workThePlan } from '../../src/cli/demo/desk/response-plan.ts'
import { takeStock } from '../../src/cli/demo/desk/stock-taking.ts'
import { weigh, weighAgain } from '../../src/cli/demo/desk/weighing.ts'
import { until } from '../../src/cli/demo/person.ts'
import { actsOf } from '../../src/cli/demo/stage.ts'
import { openDatabase } from '../../src/core/storage/index.ts'
import { everythingHeld, placesOf } from '../support/held-bytes.ts'
import { scenarioNow, setIncidentScene } from './journeys/incident-scene.ts'
import type { NodeProcess } from './node-process.ts'
import { lookAt, sharedTitles } from './page-watch.ts'

const bundle = new URL('../../src/cli/demo/aurelia-banks.stix.json', import.meta.url)
/** What is said at home only, and nowhere else in this test. */
const canary = 'Kestrel-lantern 4711'

test('an analyst, a legal adviser and a diplomat take an incident from the alarm to a request that the other side grants in part', {
  timeout: 900_000,
}, async (t) => {
  const { people, stage, nodes, space, watches } = await setIncidentScene(t)
  const { analyst, aureliaLegal, releaser, drafter, deskOfficer } = people
  let at = ''

  await t.test(
    'the alarm begins from a response plan that two others approved, and a departure keeps its reason',
    async () => {
      const plan = await preparePlan(stage)
      const begun = await beginFromPlan(stage, plan, bundle)
      at = `/incidents/${begun.incident}`
      await analyst.open(`${at}/record`)
      await analyst.send('/spaces', { space })
      await analyst.open(`${at}/record`)
      await analyst.send('/log', { entry: `The caller of the first bank gave the word ${canary}.` })
      await workThePlan(stage, begun)
      assert.match((await releaser.open(begun.run)).text, /Departure: It is night in Borovia/)
    },
  )

  await t.test('facts, scales and the clock of a law stand on the page of the incident', async () => {
    await takeStock(stage, at.slice(-32), Temporal.Instant.from(`${scenarioNow}Z`))
    const { text } = await releaser.open(at)
    for (const words of ['hosting firms say that they were taken over', 'Incident notification', 'serious (7 of 12'])
      assert.ok(text.includes(words), `${words} is not on ${text}`)
    assert.match((await aureliaLegal.open(`${at}/severity`)).text, /المدى|بين/)
  })

  await t.test('the matrix ranks what is least contradicted, and attribution is deferred by a person', async () => {
    await weigh(analyst, at.slice(-32))
    await weighAgain(analyst, at.slice(-32))
    await deferAttribution(stage, at.slice(-32))
    const { text } = await analyst.open(`${at}/attributions`)
    assert.match(text, /Defer/)
    assert.match(text, /Harbour Courier[\s\S]*Borovia was not asked before it appeared/)
    assert.equal((await analyst.fetchPage(`${at}/attributions/decide`))?.status, 403, 'the analyst decides nothing')
  })

  await t.test('the legal adviser alone sets the gate, with a reason that everybody reads', async () => {
    assert.equal((await releaser.fetchPage(`${at}/options/gate`))?.status, 403)
    await decideOptions(stage, at.slice(-32))
    const { text } = await releaser.open(`${at}/options`)
    assert.match(
      text,
      /No lack of diligence of Borovia is shown[\s\S]*Mara Quist|Mara Quist[\s\S]*No lack of diligence/,
    )
    assert.match((await aureliaLegal.open(`${at}/options`)).text, /No lack of diligence of Borovia is shown/)
  })

  await t.test('a line to take is cleared in three languages by somebody who did not write it', async () => {
    await takeLines(stage, at.slice(-32))
    const own = await analyst.open(`${at}/lines`)
    const line = own.links.find(({ href }) => /\/lines\/[0-9a-f]{32}$/.test(href))?.href ?? assert.fail(own.text)
    assert.ok(!(await analyst.open(line)).forms.some(({ action }) => action.endsWith('/clear')))
    assert.match((await aureliaLegal.open(`${at}/lines/say?language=ar`)).text, /ولا نسمّي أحداً/)
    assert.match((await releaser.open(`${at}/brief`)).text, /Cleared by Nadia Brandt|Nadia Brandt/)
  })

  let request = ''
  await t.test(
    'the request goes out by two persons, is granted in part, and reads the same on both sides',
    async () => {
      request = await askForAssistance(stage, { id: at.slice(-32), space, note: '' })
      const [ours, theirs] = [
        await releaser.open(`/assistance/${request}`),
        await deskOfficer.open(`/assistance/${request}`),
      ]
      for (const { text } of [ours, theirs]) {
        assert.match(text, /Data of other customers of the three firms/)
        assert.match(text, /BOR-PR-31/)
      }
      const ofIncident = ({ links }: typeof ours) => links.some(({ href }) => href.startsWith('/incidents/'))
      assert.deepEqual([ofIncident(ours), ofIncident(theirs)], [true, false], 'which incident it is of stays at home')
      const hashes = async (person: typeof drafter) => (await actsOf(person, space)).map(({ hash }) => hash)
      await until('both sides to hold the same acts', async () => {
        const [here, there] = [await hashes(drafter), await hashes(deskOfficer)]
        return here.length > 4 && here.join() === there.join()
      })
    },
  )

  await t.test('nothing of what was thought at home is anywhere in the house of the other side', async () => {
    const home = [
      canary,
      'a name now would be a guess',
      'No lack of diligence',
      'nobody ever answered',
      'Harbour Courier',
    ]
    const [here, there] = [await held(nodes.aurelia), await held(nodes.borovia)]
    for (const words of home) {
      assert.ok(placesOf(words, here).length > 0, `${words} is not even at home`)
      assert.deepEqual(placesOf(words, there), [], words)
    }
    assert.ok(placesOf('BOR-PR-31', there).length > 0, 'what was said between them is there')
    const pages = watches.borovia.pages()
    assert.ok(pages.length > 5, `only ${pages.length} pages of Borovia were seen`)
    for (const { html, path } of pages)
      for (const words of home) assert.ok(!html.includes(words), `${words} on ${path}`)
  })

  await t.test(
    'no page on the way breaks a rule of accessibility, overflows at 320 px or shares its title',
    async (step) => {
      const pages = Object.values(watches).flatMap((watch) => watch.pages())
      step.diagnostic(`${pages.length} pages`)
      const faults = await lookAt(pages)
      assert.deepEqual(faults, [], `\n${faults.join('\n')}`)
      assert.deepEqual(sharedTitles(pages), [])
    },
  )
})

/** Every row and every file of a node that goes on running. */
async function held({ dataDir }: NodeProcess) {
  const database = await openDatabase({ dataDir, poolSize: 1 })
  try {
    return await everythingHeld({ db: database.db, dataDir })
  } finally {
    await database.close()
  }
}
