import type { Visit } from '../../../core/module/types.ts'
import type { AccessCopy } from './access-copy.ts'
import { readGrounds } from './grounds.ts'
import { groundWords } from './redacted-copy.ts'

/** Grounds of a decision in the reader's language. */
export function copyGrounds(
  { services, language }: Pick<Visit<unknown>, 'services' | 'language'>,
  { grounds, otherWords }: Pick<AccessCopy, 'grounds' | 'otherWords'>,
): string[] {
  const rules = readGrounds(services).content
  return grounds.map((id) => groundWords(rules, id, language, otherWords))
}
