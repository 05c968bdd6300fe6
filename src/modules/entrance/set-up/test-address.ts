import { createHmac, randomBytes } from 'node:crypto'
import type { SetUpContext, SetUpServices } from './context.ts'
import { keepProgress, type Progress, readProgress, type Reach } from './progress.ts'

const withinMs = 5_000

/**
 * Asks this node for a sign of itself through its public and its peer address,
 * the way browsers and peers will, and keeps how each answered.
 */
export async function testAddress(context: SetUpContext, party: string): Promise<NonNullable<Progress['address']>> {
  const { services } = context
  const [publicUrl, peerUrl] = await Promise.all([
    reach(context, services.settings.publicUrl),
    reach(context, services.settings.peerUrl),
  ])
  const accepted = publicUrl.ok && peerUrl.ok
  const address = { party, testedAt: services.clock.now(), publicUrl, peerUrl, accepted }
  await keepProgress(services.db, 'address', address)
  return address
}

/** Goes on although an address did not answer: it stays on the list of what is unsafe. */
export async function acceptAddress({ services: { db } }: SetUpContext): Promise<void> {
  const { address } = await readProgress(db)
  if (address) await keepProgress(db, 'address', { ...address, accepted: true })
}

/** What only this node can answer to a nonce. */
export async function answerProbe({ db }: SetUpServices, nonce: string): Promise<string> {
  const fresh = JSON.stringify(randomBytes(32).toString('base64url'))
  await db
    .insertInto('home.set_up')
    .values({ key: 'secret:probe', value: fresh })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  const { value } = await db
    .selectFrom('home.set_up')
    .select('value')
    .where('key', '=', 'secret:probe')
    .executeTakeFirstOrThrow()
  return createHmac('sha256', value as string)
    .update(nonce)
    .digest('base64url')
}

async function reach({ services, fetch = globalThis.fetch }: SetUpContext, url: string): Promise<Reach> {
  const { protocol, hostname } = new URL(url)
  const facts = { url, https: protocol === 'https:', loopback: isLoopback(hostname) }
  const nonce = randomBytes(16).toString('base64url')
  try {
    const response = await fetch(new URL(`/set-up/probe/${nonce}`, resolvable(url)), {
      signal: AbortSignal.timeout(withinMs),
      redirect: 'error',
      headers: { Accept: 'application/json' },
    })
    const { answer } = (await response.json()) as { answer?: unknown }
    const ok = answer === (await answerProbe(services, nonce))
    return { ...facts, ok, ...(ok ? {} : { trouble: 'another-node' }) }
  } catch (error) {
    return { ...facts, ok: false, trouble: isCertificateTrouble(error) ? 'certificate' : 'unreachable' }
  }
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname.startsWith('127.')
  )
}

// Browsers resolve names under .localhost by themselves; Node need not.
function resolvable(url: string): string {
  const parsed = new URL(url)
  if (parsed.hostname.endsWith('.localhost')) parsed.hostname = '127.0.0.1'
  return parsed.href
}

function isCertificateTrouble(error: unknown): boolean {
  const code = String((error as { cause?: { code?: unknown } }).cause?.code ?? '')
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)
}
