import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allMigrations } from '../../src/app/migrations.ts'
import { modules } from '../../src/app/modules.ts'
import { until } from '../../src/cli/demo/person.ts'
import { prepareJobs } from '../../src/core/jobs/index.ts'
import { newId } from '../../src/protocol/index.ts'
import { firstPort } from '../support/first-port.ts'
import { smallDatabase } from '../support/postgres.ts'
import { makeParty } from './campaign/make-party.ts'
import { startPartiesApart } from './campaign/parties-apart.ts'

const hourMs = 3_600_000
/** Parties of each process. */
const sizes = [8, 8, 7, 7]
const asked = sizes.reduce((sum, size) => sum + size)

interface Known {
  party: string
  url: string
  fingerprint: string
}

test('a campaign asks thirty parties in four processes, one of them frozen: each learns how it did, nobody how another did', async (t) => {
  let aheadMs = 0
  const ports = { from: firstPort() }
  const databaseUrl = async () => (await smallDatabase(t, 1, allMigrations(modules()), prepareJobs)).url
  const organiser = await makeParty('organiser', await databaseUrl(), ports, () => aheadMs)
  const apart = sizes.map(startPartiesApart)
  t.after(async () => {
    await Promise.all(apart.map((one) => one.end()))
    await organiser.stop()
  })
  const { ledger, federation } = organiser.node
  const known = await Promise.all(
    apart.map(async (process, at) => {
      const databases: [string, string][] = []
      for (let number = 1; number <= sizes[at]!; number += 1)
        databases.push([`party-${at + 1}-${number}`, await databaseUrl()])
      const made = await process.ask<Known[]>({ do: 'make', databases, firstPort: ports.from + 10 * (at + 1) })
      const { party, url, fingerprint } = organiser
      await process.ask({ do: 'meet', party, url, fingerprint })
      return made
    }),
  )
  const everybody = known.flat()
  for (const { party, url, fingerprint } of everybody) {
    await federation.peers.introduce(url)
    await federation.peers.pin(party, { person: 'p1', how: 'voice', fingerprint })
  }
  const open = (kind: 'forum' | 'directory' | 'channel', parties: Known[]) =>
    ledger.open({
      id: newId(),
      kind,
      title: { en: kind },
      purpose: 'reach',
      office: 'duty-desk',
      members: parties.map(({ party }) => ({ party, role: 'member' as const })),
    })
  await open('forum', everybody)
  // A directory for each region: every entry goes to its own readers alone.
  await Promise.all(
    apart.map(async (process, at) => {
      const directory = await open('directory', known[at] ?? [])
      await process.ask({ do: 'nominate', space: directory.id })
    }),
  )
  for (const one of everybody) await open('channel', [one])
  await until('every region to be listed', async () => {
    const directories = await ledger.list({ kind: 'directory' })
    return directories.reduce((listed, { size }) => listed + size - 1, 0) === asked
  })

  const frozen = apart[2]!
  const silent = sizes[2]!
  const others = apart.filter((one) => one !== frozen)
  frozen.freeze()
  const { officer } = organiser
  await officer.open('/checks/new')
  const review = await officer.send('/checks/new/review', {
    network: { option: 'forum' },
    announced: 'no',
    within: 'PT1H',
    lasts: 'P3D',
  })
  assert.match(review.text, /A check to each of 30 parties/)
  await officer.send('/checks')
  const roundPath = (await officer.open('/checks')).links.find(({ href }) => href.includes('/checks/rounds/'))?.href
  assert.ok(roundPath)

  const begun = performance.now()
  await organiser.node.tick()
  const answered = new Set<string>()
  await until('everybody who can to answer', async () => {
    for (const [at, process] of others.entries())
      for (const [number, told] of (await process.ask<string[]>({ do: 'answer' })).entries())
        if (told === 'answered') answered.add(`${at} ${number}`)
    return answered.size === asked - silent
  })
  const inTime = () =>
    officer.open(roundPath).then(({ text }) => text.match(/Answered in time/g)?.length === asked - silent)
  await until('the organiser to have every answer', inTime)
  t.diagnostic(
    `${asked - silent} of ${asked} asked and answered: ${((performance.now() - begun) / 1_000).toFixed(1)} s`,
  )

  // Asked again after the hour, and told at the end: a machine that hangs is neither guessed at nor waited for.
  const pass = async (ms: number) => {
    aheadMs += ms
    await Promise.all(others.map((process) => process.ask({ do: 'advance', ms })))
    await organiser.signIn()
    await organiser.node.tick()
  }
  await pass(2 * hourMs)
  const count = async (words: RegExp) => (await officer.open(roundPath)).text.match(words)?.length ?? 0
  await until('the silent to be asked again', async () => (await count(/Asked again/g)) === silent)
  await pass(3 * 24 * hourMs)
  assert.equal(await count(/No answer/g), silent)
  await officer.send(`${roundPath}/publish`)
  const aggregate = /23 of 30 parties answered in time/
  await until('every party that runs to have the result', async () => {
    const pages = await Promise.all(others.map((process) => process.ask<string[]>({ do: 'read' })))
    return pages.flat().every((text) => aggregate.test(text) && /answered in time/i.test(text))
  })
  for (const page of (await Promise.all(others.map((process) => process.ask<string[]>({ do: 'read' })))).flat())
    assert.ok(!everybody.some(({ party }) => page.includes(party)), 'a page names another party')

  frozen.thaw()
  await frozen.ask({ do: 'advance', ms: aheadMs })
  await until('those who were frozen to learn that they did not answer', async () => {
    const pages = await frozen.ask<string[]>({ do: 'read' })
    return pages.every((text) => /no answer yet/.test(text) && aggregate.test(text))
  })
})
