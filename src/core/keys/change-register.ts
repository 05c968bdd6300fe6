import { fromBase64url } from '../../protocol/index.ts'
import { Refusal } from '../http/refusal.ts'
import { promoted } from '../identity/index.ts'
import { prepareRotation, signEvent } from './prepare-event.ts'
import type { KeysOptions } from './types.ts'

type Prepared = Parameters<typeof signEvent>[1]

/** Writes an event down with its new keys, before anybody hears of it. @throws Refusal `keys.under-way` */
export async function writeDown(options: KeysOptions, prepare: () => Promise<Prepared> | Prepared): Promise<void> {
  const { ring } = options.identity
  await ring.reload()
  if (ring.content().pending || ring.content().follow) throw new Refusal('keys.under-way')
  await keepPending(options, await prepare())
}

async function keepPending(options: KeysOptions, prepared: Prepared): Promise<void> {
  const event = await signEvent(options, prepared)
  await options.identity.ring.change((content) => {
    // Another process was first: what it wrote down goes on the record, and this event would not fit any more.
    if (content.pending) throw new Refusal('keys.under-way')
    const { follow: _, ...rest } = content
    return { ...rest, pending: event }
  })
}

/**
 * Puts what is written down on our register and makes its keys the newest.
 * Every step can be repeated: nothing is lost when the process ends between two.
 *
 * @returns why it has to wait; undefined once nothing is left to do
 */
export async function finishChange(options: KeysOptions): Promise<string | undefined> {
  const { ring } = options.identity
  await ring.reload()
  for (;;) {
    const { pending, follow } = ring.content()
    if (pending) {
      const waits = await putOnRecord(options)
      if (waits) return waits
    } else if (follow) {
      await keepPending(options, prepareRotation(ring.content(), follow, options.clock.now()))
    } else return undefined
  }
}

async function putOnRecord({ db, blobs, ledger, identity, log }: KeysOptions): Promise<string | undefined> {
  const { pending } = identity.ring.content()
  if (!pending) return undefined
  const { envelope, body } = pending
  await db.transaction().execute((tx) => blobs.put(tx, body.commitment, fromBase64url(body.blob)))
  const [answer] = await ledger.sequence(identity.register, [{ envelope }])
  if (answer?.state === 'unavailable') return answer.reason
  const isSame = (other?: typeof pending) => other?.envelope.payload === envelope.payload
  if (answer?.state === 'refused') {
    // The register went on without it (a copy put back, another process): its keys never counted.
    log.error('keys.register-refused', { rule: answer.rule, detail: answer.detail })
    await identity.ring.change(({ pending: event, ...rest }) => (isSame(event) ? rest : { ...rest, pending: event }))
    throw new Refusal('keys.register-refused', { rule: answer.rule })
  }
  await identity.ring.change((content) => (isSame(content.pending) ? promoted(content) : content))
  log.info('keys.changed', { type: pending.type })
  return undefined
}
