import type { PagingResult, PagingStep, TryState } from './types.ts'

declare module '../storage/tables.ts' {
  interface Tables {
    /** One row at most: how this house pages beyond notice and mail. */
    'home.paging_rule': {
      one: boolean
      hook_url: string | null
      hook_secret: string | null
      push: boolean
      /** PKCS8 DER and raw point, base64url: the key by which push services know this node (VAPID). */
      vapid_private: string | null
      vapid_public: string | null
      sms_after_ms: number
      voice_after_ms: number
    }
    'home.paging_number': { person: string; telephone: string; set_at: number }
    'home.paging_device': {
      id: string
      person: string
      label: string
      endpoint: string
      p256dh: string
      auth: string
      added_at: number
      /** Taken off by its person, or its browser maker says that it is gone. */
      gone_at: number | null
    }
    'home.paging_try': {
      /** Also what the receiver tells repetitions by. */
      id: string
      notice: string
      person: string
      step: PagingStep
      /** Of a push; empty for the others. */
      device: string
      state: TryState
      attempts: number
      result: PagingResult | null
      begun_at: number
      last_at: number | null
    }
  }
}
