import { createHmac } from 'node:crypto'
import type { Wire, WireAnswer } from '../federation/index.ts'
import { WireError } from '../federation/index.ts'
import type { PagingResult } from './types.ts'

/** All that leaves by the hook: whom to reach, how, how urgent, a reference and a link. Nothing of the matter. */
export interface HookMessage {
  v: 1
  /** The same at every repetition. */
  id: string
  step: 'sms' | 'voice'
  to: string
  language: string
  urgency: 'page'
  reference: string
  link: string
  /** Name of the exercise the page belongs to. */
  drill?: string
}

const timeoutMs = 10_000
const answerBytes = 4_096

/** Headers by which a receiver knows that this node sent exactly these bytes, after the Standard Webhooks text. */
export function signHook(secret: string, id: string, atMs: number, body: string): Record<string, string> {
  const at = String(Math.floor(atMs / 1000))
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const mac = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${mac}` }
}

/** Hands one message to the receiver. Never throws for what the other side does. */
export async function callHook(
  wire: Wire,
  { url, secret }: { url: string; secret: string },
  message: HookMessage,
  nowMs: number,
): Promise<PagingResult> {
  const body = JSON.stringify(message)
  return attempt(async () => {
    const answer = await wire.send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', ...signHook(secret, message.id, nowMs, body) },
      body: Buffer.from(body),
      timeoutMs,
      maxBytes: answerBytes,
    })
    return readHookAnswer(answer, message.id)
  })
}

/** A proxy or a wrong address says 200 to anything: only an answer that names the message counts. */
function readHookAnswer({ status, body }: WireAnswer, id: string): PagingResult {
  const byStatus = resultOf(status)
  if (byStatus !== 'taken') return byStatus
  try {
    return (JSON.parse(Buffer.from(body).toString('utf8')) as { id?: unknown } | null)?.id === id
      ? 'taken'
      : 'not-understood'
  } catch {
    return 'not-understood'
  }
}

export function resultOf(status: number): PagingResult {
  if (status >= 200 && status < 300) return 'taken'
  if (status === 408 || status === 429 || status >= 500) return 'busy'
  return status >= 400 ? 'refused' : 'not-understood'
}

export async function attempt(send: () => Promise<PagingResult>): Promise<PagingResult> {
  try {
    return await send()
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    if (error.fault === 'too-large') return 'not-understood'
    return error.fault === 'timeout' ? 'timeout' : 'unreachable'
  }
}
