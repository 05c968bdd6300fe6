import { mkdir, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../../core/config/index.ts'
import { removeEmbeddedPostgres } from '../../core/storage/index.ts'
import { type DossierReport, verifyDossier } from '../../protocol/dossier/index.ts'
import { playCase } from './aurelia-borovia.ts'
import type { PlayedCase } from './case/played.ts'
import { serveDemoPage } from './demo-page.tsx'
import { createFormPerson } from './form-person.ts'
import { launchNode, type LaunchedNode } from './launch-node.ts'
import { parties, type PartyKey, printed, type RoleKey, roles } from './parties.ts'
import { playSecretariatDown } from './secretariat-down.ts'
import type { Beat, Stage, Step } from './stage.ts'
import { serveTelephones } from './telephones.ts'

const keys: readonly PartyKey[] = ['aurelia', 'borovia', 'calenia', 'mosc']
const houses: Record<PartyKey, string> = { aurelia: 'Aurelia', borovia: 'Borovia', calenia: 'Calenia', mosc: 'MOSC' }

const headings: Record<Step, string> = {
  before: 'Before',
  communication: '1  Communication',
  talks: '2  Bilateral talks',
  home: 'At home',
  forum: '3  Forum',
  norms: '4  Norms',
  cooperation: '5  Cooperation',
  recovery: 'Recovery and lessons',
  checks: 'Do the points of contact answer?',
  dossier: 'What remains',
  secretariat: 'The Secretariat is down',
}

/** Starts four nodes, plays the case by their pages, prints who can sign in where, and stays up. */
export async function playDemo(options: {
  dataDir: string
  /** First of the five ports looked for; the next free ones are taken. */
  port: number
  stay: boolean
  /** Afterwards the Secretariat’s node is killed, and the hotline that it orders goes on without it. */
  secretariatDown: boolean
  say(line: string): void
}): Promise<number> {
  const { say } = options
  const started = performance.now()
  const dataDir = resolve(options.dataDir)
  await clear(dataDir)
  say('DRILL MERIDIAN DAWN. Everything here is invented: parties, people, hosts, objects.')
  say('Four nodes are being founded; the first time takes longer.')
  const nodes = await launchAll(dataDir, options.port + 1)
  const beats: Beat[] = []
  const people = await signIn(nodes)
  const page = await serveDemoPage({ port: await findFreePort(options.port, '127.0.0.1'), beats, nodes, people })
  const telephones = await serveTelephones()
  try {
    say(`The same, as it happens, in your browser: ${page.url}`)
    const stage = stageOf(nodes, people, beats, say)
    const played = await playCase(stage, { bundle: bundleFile(), telephones, withCampaign: true, withDesk: true })
    const file = join(dataDir, 'case.dossier.zip')
    await writeFile(file, played.dossier)
    await showVerification(file, played, { beats, say })
    page.finish(played)
    if (options.secretariatDown)
      await playSecretariatDown(stage, { hotline: played.hotlineSpace, secretariat: nodes.mosc })
    say('')
    say(
      `The case was played in ${((performance.now() - started) / 1_000).toFixed(0)} s. What each party sees: ${page.url}`,
    )
    await printLinks(nodes, say)
    if (!options.stay) return 0
    say('')
    say('Sign in as Borovia’s duty officer and answer the note that waits. Ctrl-C ends the demonstration.')
    await untilTold()
    return 0
  } catch (error) {
    say(`\nThe demonstration stopped: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  } finally {
    await Promise.all([page.close(), telephones.close()])
    await Promise.all(Object.values(nodes).map((node) => node.stop()))
  }
}

/** A former demonstration in this folder is ended and removed; nothing else is touched. */
async function clear(dataDir: string): Promise<void> {
  for (const key of keys) {
    const folder = join(dataDir, key)
    if (existsSync(folder)) await removeEmbeddedPostgres(folder)
    await rm(folder, { recursive: true, force: true })
  }
  await mkdir(dataDir, { recursive: true })
}

async function launchAll(dataDir: string, firstPort: number): Promise<Record<PartyKey, LaunchedNode>> {
  const ports: number[] = []
  for (const _ of keys) ports.push(await findFreePort((ports.at(-1) ?? firstPort - 1) + 1, '127.0.0.1'))
  const launched = await Promise.all(
    keys.map(
      async (key, index) =>
        [
          key,
          await launchNode({ key, party: parties[key], dataDir: join(dataDir, key), port: ports[index] ?? 0 }),
        ] as const,
    ),
  )
  return Object.fromEntries(launched) as Record<PartyKey, LaunchedNode>
}

async function signIn(nodes: Record<PartyKey, LaunchedNode>): Promise<Stage['people']> {
  const entries = await Promise.all(
    (Object.keys(roles) as RoleKey[]).map(async (key) => {
      const { party, name } = roles[key]
      const node = nodes[party]
      const person = createFormPerson({ name, baseUrl: node.publicUrl, connectUrl: node.peerUrl })
      const { pathname } = new URL(await node.linkFor(name))
      await person.open(pathname)
      await person.send(pathname)
      return [key, person] as const
    }),
  )
  return Object.fromEntries(entries) as Stage['people']
}

function stageOf(
  nodes: Record<PartyKey, LaunchedNode>,
  people: Stage['people'],
  beats: Beat[],
  say: (line: string) => void,
): Stage {
  return {
    people,
    peerUrls: Object.fromEntries(keys.map((key) => [key, nodes[key].peerUrl])) as Stage['peerUrls'],
    tell(beat) {
      if (beats.at(-1)?.step !== beat.step) say(`\n${headings[beat.step]}`)
      beats.push(beat)
      say(`   ${beat.line}`)
    },
  }
}

function bundleFile(): string {
  const name = 'aurelia-banks.stix.json'
  const here = dirname(fileURLToPath(import.meta.url))
  const found = [join(here, name), join(here, '..', 'src', 'cli', 'demo', name)].find((file) => existsSync(file))
  if (!found) throw new Error(`${name} is missing beside ${here}`)
  return found
}

/** Verifies the dossier, then a copy in which one byte was changed, with the program a stranger would use. */
async function showVerification(
  file: string,
  played: PlayedCase,
  { beats, say }: { beats: Beat[]; say: (line: string) => void },
): Promise<void> {
  const report = await verifyDossier(played.dossier, { pins: {} })
  if (report.verdict !== 'accepted') throw new Error(`the dossier does not verify: ${JSON.stringify(report.failure)}`)
  const acts = report.spaces.reduce((sum, space) => sum + space.acts.length, 0)
  const good = `${acts} acts verified. Check it yourself: npx chancery verify ${file}`
  const changed = Uint8Array.from(played.dossier)
  const at = Math.floor(changed.length / 2)
  changed[at] = (changed[at] ?? 0) ^ 1
  const copy = file.replace(/\.dossier\.zip$/, '.changed.dossier.zip')
  await writeFile(copy, changed)
  const refused = await verifyDossier(changed, { pins: {} })
  if (refused.verdict !== 'refused') throw new Error('a changed copy verified')
  const bad = `A copy with one changed byte is refused, and where: ${placeOf(refused)}.`
  for (const line of [good, bad]) {
    beats.push({ step: 'dossier', line })
    say(`   ${line}`)
  }
}

/** Where a dossier fails, in words. */
function placeOf({ failure }: DossierReport): string {
  if (!failure) return 'unknown place'
  const act = failure.index === undefined ? '' : `, act ${failure.index} of space ${failure.space ?? ''}`
  return `${failure.file ?? 'the archive'}${act} (${failure.detail})`
}

async function printLinks(nodes: Record<PartyKey, LaunchedNode>, say: (line: string) => void): Promise<void> {
  say('')
  say('Sign in (each link works once; if a browser does not know names under .localhost, use the second address):')
  const links = await linksOf(nodes)
  for (const key of printed) {
    const { party, name, what } = roles[key]
    const link = links.get(key) ?? ''
    const { pathname, port } = new URL(link)
    say(`   ${houses[party]}: ${name}, ${what}`)
    say(`      ${link}`)
    say(`      http://localhost:${port}${pathname}`)
  }
}

/** All houses at once, each with one command for all of its people. */
async function linksOf(nodes: Record<PartyKey, LaunchedNode>): Promise<Map<RoleKey, string>> {
  const made = await Promise.all(
    keys.map(async (key) => {
      const wanted = printed.filter((role) => roles[role].party === key)
      const urls = await nodes[key].renewLinks(wanted.map((role) => roles[role].name))
      return wanted.map((role, at) => [role, urls[at] ?? ''] as const)
    }),
  )
  return new Map(made.flat())
}

function untilTold(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done())
    process.once('SIGTERM', () => done())
  })
}
