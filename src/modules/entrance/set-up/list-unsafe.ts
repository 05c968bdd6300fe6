import {
  hasOneTimeCode,
  listAppointments,
  listPasskeys,
  listPowers,
  readHouse,
  listViewers,
} from '../../../core/auth/index.ts'
import { ringOf } from '../../../core/identity/index.ts'
import type { SetUpContext } from './context.ts'
import { listPageTests } from './page-test.ts'
import { type Progress, readProgress } from './progress.ts'
import { testMailState } from './test-mail.ts'

/** Something that is still unsafe: a message key under `entrance.unsafe`, with what it is about. */
export interface Unsafe {
  code: string
  facts?: Record<string, string>
}

/** Computed from the node as it is, not from what was clicked. */
export async function listUnsafe(context: SetUpContext): Promise<Unsafe[]> {
  const { services } = context
  const progress = await readProgress(services.db)
  return [
    ...unsafeAddresses(progress.address),
    ...(progress.keys?.holders ? [] : [{ code: 'sheets-not-read-back' }]),
    ...(await unsafeKeys(context, progress)),
    ...(await unsafePeople(context, progress.administrators?.people ?? [])),
    ...(await unsafeRelease(context)),
    ...(await unsafeDesk(context)),
    ...((await testMailState(context))?.state === 'sent' ? [] : [{ code: 'mail-not-proved' }]),
    ...(services.settings.smtpUrl === undefined ? [{ code: 'mail-on-disk' }] : []),
    ...(progress.backup ? [] : [{ code: 'no-restored-backup' }]),
    ...(await unsafePeers(context)),
  ]
}

async function unsafeKeys({ services }: SetUpContext, { keys }: Progress): Promise<Unsafe[]> {
  if (!keys) return []
  const ring = await ringOf(services.settings.dataDir)
  return ring.protection() === 'none' ? [{ code: 'keys-in-the-clear' }] : []
}

function unsafeAddresses(address: Awaited<ReturnType<typeof readProgress>>['address']): Unsafe[] {
  if (!address) return [{ code: 'address-not-tested' }]
  return [address.publicUrl, address.peerUrl]
    .flatMap((reach) => [
      ...(reach.ok ? [] : [{ code: 'address-silent', facts: { url: reach.url } }]),
      ...(reach.https ? [] : [{ code: reach.loopback ? 'http-loopback' : 'http-open', facts: { url: reach.url } }]),
    ])
    .filter(
      ({ code, facts }, index, all) =>
        all.findIndex((other) => other.code === code && other.facts.url === facts.url) === index,
    )
}

async function unsafePeople({ services }: SetUpContext, people: string[]): Promise<Unsafe[]> {
  const found: Unsafe[] = people.length < 2 ? [{ code: 'one-administrator' }] : []
  const rows = await services.db
    .selectFrom('home.person')
    .select(['id', 'name'])
    .where('ended_at', 'is', null)
    .orderBy('name')
    .execute()
  for (const { id, name } of rows) {
    const canReturn = (await hasOneTimeCode(services, id)) || (await listPasskeys(services, id)).length > 0
    if (!canReturn) found.push({ code: 'no-way-in', facts: { name } })
  }
  return found
}

async function unsafeRelease({ services }: SetUpContext): Promise<Unsafe[]> {
  const viewers = await listViewers(services)
  const note = 'channels.note-sent'
  const drafters = viewers.filter((viewer) => viewer.may(`${note}:draft`)).map((viewer) => viewer.person.id)
  const releasers = viewers.filter((viewer) => viewer.may(`${note}:release`)).map((viewer) => viewer.person.id)
  const hasPair = drafters.some((drafter) => releasers.some((releaser) => releaser !== drafter))
  const administrators = new Set(
    (await listAppointments(services)).filter((a) => a.role === 'administrator').map((a) => a.person),
  )
  const mixed = releasers.some((releaser) => administrators.has(releaser))
  const changed = (await listPowers(services.db)).some(
    (line) => line.role === 'administrator' && line.verb === 'release',
  )
  return [
    ...(hasPair ? [] : [{ code: 'no-second-person' }]),
    ...(mixed || changed ? [{ code: 'administrator-releases' }] : []),
  ]
}

async function unsafeDesk({ services }: SetUpContext): Promise<Unsafe[]> {
  const house = await readHouse(services.db)
  const tests = await listPageTests(services)
  return [
    ...(house.publicTelephone ? [] : [{ code: 'no-telephone' }]),
    ...(house.deputy ? [] : [{ code: 'no-deputy' }]),
    ...(tests.some((test) => test.acknowledgedAt !== undefined) ? [] : [{ code: 'page-not-acknowledged' }]),
  ]
}

async function unsafePeers({ services: { peers } }: SetUpContext): Promise<Unsafe[]> {
  if (!peers) return []
  return (await peers.list()).some((peer) => peer.state === 'pinned') ? [] : [{ code: 'no-pinned-peer' }]
}
