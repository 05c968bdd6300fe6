import { randomBytes } from 'node:crypto'
import { answersNonce, ProtocolError, timeStampRequest } from '../../protocol/index.ts'
import type { Wire } from '../federation/index.ts'

/** The authority gave no token for these bytes; the message is for the operator. */
export class TimeStampTrouble extends Error {
  override name = 'TimeStampTrouble'
}

const answerWithinMs = 20_000
const mostBytes = 64 * 1024

/**
 * Asks a time-stamping authority for a token over these bytes (RFC 3161 over HTTP). It sees their SHA-256 alone.
 *
 * @returns the answer as it came: what `openssl ts -verify` and both verifiers read.
 * @throws {@link TimeStampTrouble}
 */
export async function requestTimeStamp(
  wire: Wire,
  { url, data }: { url: string; data: Uint8Array },
): Promise<Uint8Array> {
  const nonce = randomBytes(8)
  const headers = { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' }
  const limits = { timeoutMs: answerWithinMs, maxBytes: mostBytes }
  const answer = await wire
    .send({ method: 'POST', url, headers, body: timeStampRequest(data, nonce), ...limits })
    .catch((cause) => {
      throw new TimeStampTrouble(`The time-stamping authority ${url} does not answer: ${cause.message}`, { cause })
    })
  if (answer.status !== 200 || !answer.headers['content-type']?.startsWith('application/timestamp-reply'))
    throw new TimeStampTrouble(`${url} is no time-stamping authority: it answered ${answer.status}`)
  try {
    if (answersNonce(answer.body, nonce)) return answer.body
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause
    throw new TimeStampTrouble(`${url} gave no time-stamp: ${cause.detail}`, { cause })
  }
  throw new TimeStampTrouble(`${url} answered another question: its token does not bear our nonce`)
}
