import type { Rule } from './rules.ts'

/** Something does not follow the protocol. `rule` is an id of docs/protocol/admission.md, `detail` says where. */
export class ProtocolError extends Error {
  override name = 'ProtocolError'
  readonly rule: Rule
  readonly detail: string

  constructor(rule: Rule, detail: string) {
    super(`${rule}: ${detail}`)
    this.rule = rule
    this.detail = detail
  }
}
