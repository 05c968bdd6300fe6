import type { Power, PowerLine, Verb } from './types.ts'

/** What `*` does not give: whoever has it is named for it in the powers table. */
const namedAlone: ReadonlySet<string> = new Set(['clearance.legal'])

/** True when a line's subject (an act type or subject, `*` at its end stands for anything) covers `subject`. */
export function covers(pattern: string, subject: string): boolean {
  if (pattern === '*' && namedAlone.has(subject)) return false
  return pattern.endsWith('*') ? subject.startsWith(pattern.slice(0, -1)) : pattern === subject
}

/** True when one of the lines gives the power. Reading needs no line: the ceiling limits it. */
export function gives(lines: readonly Pick<PowerLine, 'subject' | 'verb'>[], power: Power): boolean {
  const { subject, verb } = readPower(power)
  if (verb === 'read') return true
  return lines.some((line) => line.verb === verb && covers(line.subject, subject))
}

/** True when the office asks for a second person although the act can be sent by one. */
export function asksSecondPerson(lines: readonly PowerLine[], subject: string): boolean {
  const sending = lines.filter((line) => line.verb === 'send' && covers(line.subject, subject))
  return sending.length > 0 && sending.every((line) => line.secondPerson)
}

export function readPower(power: string): { subject: string; verb: Verb } {
  const colon = power.lastIndexOf(':')
  return { subject: power.slice(0, colon), verb: power.slice(colon + 1) as Verb }
}
