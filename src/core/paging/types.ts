/** In this order; each later one only while nobody acknowledged. */
export const pagingSteps = ['push', 'sms', 'voice'] as const
export type PagingStep = (typeof pagingSteps)[number]

/** `none`: there was no way to take the step. */
export type TryState = 'queued' | 'waiting' | 'taken' | 'failed' | 'stopped' | 'none'

/** What came of an attempt, as a word the pages translate. */
export type PagingResult =
  | 'taken'
  | 'acknowledged'
  | 'no-hook'
  | 'no-number'
  | 'no-device'
  | 'push-off'
  | 'unreachable'
  | 'timeout'
  | 'not-understood'
  | 'refused'
  | 'busy'
  | 'device-gone'

export interface PagingRule {
  hookUrl?: string
  hookSecret?: string
  push: boolean
  vapid?: { privateKey: string; publicKey: string }
  smsAfterMs: number
  voiceAfterMs: number
}

/** A browser that a person enrolled for their pages. */
export interface PagingDevice {
  id: string
  person: string
  label: string
  endpoint: string
  p256dh: string
  auth: string
  addedAt: number
}

/** One step for one person, with what came of it. */
export interface PagingTry {
  id: string
  notice: string
  person: string
  step: PagingStep
  device: string
  state: TryState
  attempts: number
  result: PagingResult | null
  begunAt: number
  lastAt: number | null
}

/** A page to one person, beyond the notice in the house and the mail. */
export interface PagedNotice {
  id: string
  key: string
  person: string
  at: number
  mail?: { state: 'queued' | 'sent' | 'failed' | 'no-address'; at: number | null }
  tries: PagingTry[]
}
