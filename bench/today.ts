import { setTimeout as pause } from 'node:timers/promises'
import { type House, openHouse } from '../src/app/open-house.ts'
import { loadSettings } from '../src/core/config/index.ts'
import type { ActDraft } from '../src/core/module/types.ts'
import { newId } from '../src/protocol/index.ts'
import { parties, roles } from '../src/cli/demo/parties.ts'
import { launchPair } from '../test/support/launch-pair.ts'
import { percentile, printFigures } from './print-figures.ts'

/**
 * The first page over a node that holds many messages: notes of a peer, nearly all acknowledged, some of ours that
 * wait. Asked over HTTP as a browser does, by somebody who has read none of them; the node and its database are a
 * process each.
 */

const messages = Number(process.argv[2] ?? 10_000)
const rounds = Number(process.argv[3] ?? 60)
const limitMs = 100
/** Of a hundred messages: notes to us, our acknowledgements, and notes of ours that wait. */
const share = { theirs: 0.5, acknowledged: 0.49, ours: 0.01 }
/** Signed in one transaction. */
const atOnce = 100

/** `--kept <folder>`: the nodes stay there, and a second run asks the same record again. */
const kept = process.argv.includes('--kept') ? process.argv[process.argv.indexOf('--kept') + 1] : undefined

const { aurelia, space, folders, end, keep } = await launchPair(kept)
try {
  if (keep) await seed().then(keep)
  await measure()
} finally {
  await end()
}
process.exit()

async function seed() {
  const us = await houseOf('aurelia')
  const them = await houseOf('borovia')
  const note = (addressee: string, number: number) => ({
    space,
    type: 'channels.note-sent',
    id: newId(),
    office: 'cyber-desk',
    body: {
      form: 'letter',
      number: `${number}/2026`,
      purpose: 'inform',
      language: 'en',
      addressee,
      impliesNoAttribution: false,
    },
    text: {
      subject: `Matter ${number}`,
      opening: 'To you,',
      paragraphs: [`On matter ${number}.`],
      closing: 'Regards.',
    },
    marking: { tlp: 'AMBER' as const },
  })
  const loading = performance.now()
  const theirs = await sendAll(them, messages * share.theirs, (number) => note(parties.aurelia.party, number))
  await sendAll(us, messages * share.acknowledged, (number) => ({
    space,
    type: 'channels.note-acknowledged',
    id: newId(),
    office: 'duty-desk',
    body: { note: theirs[number] as string },
    marking: { tlp: 'AMBER' as const },
    refs: [{ act: theirs[number] as string }],
  }))
  await sendAll(us, messages * share.ours, (number) => note(parties.borovia.party, number))
  await Promise.all([us.close(), them.close()])
  console.log(`${messages} messages on the record in ${((performance.now() - loading) / 1000).toFixed(0)} s`)
}

/** An officer who may read all of it, then the same with a ceiling below every message. */
async function measure() {
  const house = await houseOf('aurelia')
  const figures = []
  for (const ceiling of ['RED', 'GREEN'] as const) {
    await house.node.services.db
      .updateTable('home.person')
      .set({ ceiling })
      .where('name', '=', roles.releaser.name)
      .execute()
    const { took, bytes } = await ask(ceiling)
    figures.push(
      { what: `ceiling ${ceiling}, p50`, value: percentile(took, 0.5), unit: 'ms' },
      { what: `ceiling ${ceiling}, p95`, value: percentile(took, 0.95), unit: 'ms', limit: limitMs },
      { what: `ceiling ${ceiling}, page`, value: bytes, unit: 'B' },
    )
  }
  await house.close()
  process.exitCode = printFigures(`Today with ${messages} messages, ${rounds} times`, figures)
}

async function ask(ceiling: 'RED' | 'GREEN') {
  const took: number[] = []
  let bytes = 0
  for (let round = 0; round < rounds + 5; round += 1) {
    const began = performance.now()
    const answer = await aurelia.ask('/', { headers: { accept: 'text/html' } })
    const page = await answer.text()
    if (answer.status !== 200 || page.includes('Matter ') !== (ceiling === 'RED'))
      throw new Error(`Today answered ${answer.status} at ceiling ${ceiling}`)
    if (round >= 5) took.push(performance.now() - began)
    bytes = page.length
  }
  return { took, bytes }
}

/** The house beside its serving process, as a command has it. */
async function houseOf(key: 'aurelia' | 'borovia') {
  return openHouse(await loadSettings({ env: {}, flags: { dataDir: folders[key] }, listens: false }))
}

/** Signs them all, then waits until all are on the record; their hashes in order. */
async function sendAll(house: House, count: number, draft: (number: number) => ActDraft): Promise<string[]> {
  const { db, outbox } = house.node.services
  const hashes: string[] = []
  for (let from = 0; from < count; from += atOnce)
    await db.transaction().execute(async (tx) => {
      for (let number = from; number < Math.min(count, from + atOnce); number += 1)
        hashes[number] = (await outbox.enqueue(tx, draft(number))).hash
    })
  const sent = await Promise.all(hashes.map((hash) => outbox.settle(hash)))
  const refused = sent.find(({ state }) => state === 'refused')
  if (refused) throw new Error(`refused: ${JSON.stringify(refused)}`)
  while (!(await areRecorded(house, hashes.at(-1) as string))) await pause(200)
  return hashes
}

async function areRecorded({ node }: House, last: string): Promise<boolean> {
  return (await node.services.outbox.pending()).length === 0 && (await node.services.ledger.findAct(last)) !== undefined
}
