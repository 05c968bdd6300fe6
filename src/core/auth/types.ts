import type { Tlp } from '../../protocol/types.ts'

export interface Office {
  /** Identifier that stands in statements, e.g. `cyber-desk`. */
  id: string
  name: Record<string, string>
}

/**
 * What somebody may do, as `<act type or subject>:<verb>`; verbs: `draft`, `release`, `send`, `read`, `manage`.
 * `channels.note-sent:release` releases a note somebody else drafted; `channels.note-acknowledged:send` needs no second person.
 */
export type Power = `${string}:${'draft' | 'release' | 'send' | 'read' | 'manage'}`

/** The signed-in person and what the powers table of their offices gives them. */
export interface Viewer {
  person: { id: string; name: string; language: string; zone: string }
  /** First one is the office they act for unless they choose another. */
  office: Office
  offices: Office[]
  roles: string[]
  ceiling: Tlp
  sessionId: string
  may(power: Power): boolean
}
