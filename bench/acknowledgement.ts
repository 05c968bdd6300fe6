import { setTimeout as pause } from 'node:timers/promises'
import { actsOf, release, write } from '../src/cli/demo/stage.ts'
import { parties } from '../src/cli/demo/parties.ts'
import { until } from '../src/cli/demo/person.ts'
import { launchChromium } from '../test/browser/chromium.ts'
import { type Desk, launchPair, signIn } from '../test/support/launch-pair.ts'
import { percentile, printFigures } from './print-figures.ts'

/**
 * From the duty officer's press on "acknowledge" to its standing on the page that the sender has open: two processes,
 * HTTP on loopback, a PostgreSQL each that waits for the disk, and Chromium, which draws the page anew by itself.
 * The notes pass their hold of a minute together, before anything is measured.
 */

const notes = Number(process.argv[2] ?? 20)
/** Cosignatures, pages and mail of one act are done before the next. */
const settle = () => pause(500)

const { aurelia: releaser, borovia: officer, space, end } = await launchPair()
const browser = await launchChromium()
try {
  const hashes = await sendNotes(await signIn(releaser.node, 'drafter'))
  const page = await openAsSender()
  const samples: number[] = []
  for (const hash of hashes) {
    const address = `/spaces/${space}/notes/${hash}/acknowledge`
    await officer.open(address)
    const shown = page.waitForFunction((id) => {
      const words = document.getElementById(id)?.textContent ?? ''
      return words.includes('no fact and no claim')
    }, `act-${hash}`)
    const pressedAt = performance.now()
    const [, seenAt] = await Promise.all([officer.send(address), shown.then(() => performance.now())])
    samples.push(seenAt - pressedAt)
    await settle()
  }
  process.exitCode = printFigures(
    `Acknowledged on one node to shown on the sender’s open page, ${samples.length} notes`,
    [
      { what: 'p50', value: percentile(samples, 0.5), unit: 'ms' },
      { what: 'longest', value: Math.max(...samples), unit: 'ms', limit: 1_000 },
    ],
  )
} finally {
  await browser.close()
  await end()
}
process.exit()

async function sendNotes(drafter: Desk): Promise<string[]> {
  for (let number = 1; number <= notes; number += 1) {
    const review = await write(drafter, space, 'channels.note-sent', {
      form: 'note-verbale',
      purpose: 'ask-help',
      addressee: parties.borovia.party,
      language: 'en',
      subject: `Note ${number}`,
      text: 'The Ministry would be grateful for assistance in establishing the facts.',
      tlp: 'AMBER',
    })
    await release({ drafter, releaser }, review)
  }
  const sent = async () => (await actsOf(officer, space)).filter(({ type }) => type === 'channels.note-sent')
  await until('all notes to have passed their hold', async () => (await sent()).length === notes, 180_000)
  return (await sent()).map(({ hash }) => hash)
}

/** The sender's page in a browser, as it stays open on a desk. */
async function openAsSender() {
  const { publicUrl } = releaser.node
  const context = await browser.newContext({ baseURL: publicUrl })
  const cookies = releaser
    .cookie()
    .split('; ')
    .map((one) => one.split('='))
  await context.addCookies(cookies.map(([name = '', value = '']) => ({ name, value, url: publicUrl })))
  const page = await context.newPage()
  await page.goto(`/spaces/${space}`)
  return page
}
