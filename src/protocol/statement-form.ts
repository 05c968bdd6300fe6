import { limits } from './limits.ts'
import { papLabels, type Statement, tlpLabels } from './types.ts'

/**
 * The statement of a canonical text that has nothing unusual, lists not yet searched for repeats: the quick way in,
 * which changes no answer. What this does not see through (other characters than ASCII, escapes, very large numbers)
 * is judged by the schema.
 */
export function plainStatement(text: string): Statement | undefined {
  return form.test(text) ? (JSON.parse(text) as Statement) : undefined
}

// RFC 8785 leaves one text for a value whose names are in order, so that its grammar is a regular expression.
const id = '"[0-9a-f]{32}"'
// 32 bytes: the last of 43 characters carries four bits.
const hash = '"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"'
const whole = '(?:0|[1-9][0-9]{0,14})'
const label = '"[ !#-\\[\\]-~]{1,64}"'
const domainLabel = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const party = `"(?=[^"]{1,253}")(?:${domainLabel}\\.)+${domainLabel}"`
const mediaName = '[a-z0-9][a-z0-9!#$&^_.+-]*'
const media = `"(?=[^"]{1,127}")${mediaName}/${mediaName}"`
const type = '"(?=[^"]{1,96}")[a-z][a-z0-9-]*\\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*"'

const oneOf = (values: readonly string[]) => `"(?:${values.map((value) => value.replace('+', '\\+')).join('|')})"`
const list = (item: string, least: number, most: number) =>
  `\\[${least === 0 ? '(?:' : ''}${item}(?:,${item}){0,${most - 1}}${least === 0 ? ')?' : ''}\\]`
const object = (members: [name: string, value: string, optional?: 'optional'][]) => {
  // The last member of each object here is never optional, so that a comma follows all others.
  const texts = members.map(([name, value, optional], at) => {
    const member = `"${name}":${value}${at < members.length - 1 ? ',' : ''}`
    return optional ? `(?:${member})?` : member
  })
  return `\\{${texts.join('')}\\}`
}

const marking = object([
  ['audience', list(party, 0, limits.audience), 'optional'],
  ['caveats', list(label, 0, limits.caveats), 'optional'],
  ['class', label, 'optional'],
  ['pap', oneOf(papLabels), 'optional'],
  ['tlp', oneOf(tlpLabels)],
])
const enc = object([
  ['alg', '"A256GCM-1MiB"'],
  ['hash', hash],
  ['keys', hash],
  ['size', whole],
])
const part = object([
  ['enc', enc, 'optional'],
  ['hash', hash],
  ['media', media],
  ['role', '"[a-z0-9][a-z0-9.-]{0,63}"'],
  // Below 100,000,000, which is less than an attachment may have.
  ['size', '(?:0|[1-9][0-9]{0,7})'],
])
const reference = `\\{"act":${hash}(?:,"space":${id})?\\}`

const form = new RegExp(
  `^${object([
    ['after', list(hash, 1, limits.after), 'optional'],
    ['at', whole],
    ['author', party],
    ['id', id],
    ['marking', marking],
    ['office', '"[a-z0-9][a-z0-9._-]{0,63}"'],
    ['parts', list(part, 0, limits.parts)],
    ['refs', list(reference, 1, limits.refs), 'optional'],
    [
      'seen',
      object([
        ['root', hash],
        ['size', whole],
      ]),
    ],
    ['space', id],
    ['type', type],
    ['v', '1'],
  ])}$`,
)
