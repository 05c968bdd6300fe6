import { checkListed, type Listed, type ListedField, type Problem, type Read, type ReadList } from './listed-contact.ts'

/** Octets of a line before it is folded (RFC 6350, section 3.2). */
const longestLine = 75

/** Properties that say one thing; those that vCard has no name for begin with X-. */
const properties: readonly (readonly [ListedField, string])[] = [
  ['institution', 'ORG'],
  ['post', 'TITLE'],
  ['email', 'EMAIL'],
  ['zone', 'TZ'],
  ['hours', 'X-OPERATING-HOURS'],
  ['key', 'X-KEY-FINGERPRINT'],
  ['kind', 'CATEGORIES'],
  ['party', 'X-PARTY'],
  ['instrument', 'X-NOMINATED-BY'],
  ['valid_from', 'X-VALID-FROM'],
  ['valid_until', 'X-VALID-UNTIL'],
]
const fieldOfProperty = new Map(properties.map(([field, name]) => [name, field]))

/** The contacts as vCard 4.0 (RFC 6350), one card each. */
export function writeVcards(contacts: readonly Listed[]): string {
  return contacts.map(cardOf).join('')
}

function cardOf(contact: Listed): string {
  const { name, style, post, telephone, emergency, languages = '', id, party } = contact
  const line = (property: string, value: string | undefined) => (value === undefined ? [] : [`${property}:${value}`])
  const said = (value: string | undefined) => value && escaped(value)
  return [
    'BEGIN:VCARD',
    'VERSION:4.0',
    ...line('UID', id && uuidOf(id)),
    `KIND:${name === undefined ? 'org' : 'individual'}`,
    `FN:${escaped(name ?? post ?? contact.email ?? party)}`,
    ...(name !== undefined || style !== undefined ? [`N:${said(name) ?? ''};;;${said(style) ?? ''};`] : []),
    ...line('TEL;VALUE=text;TYPE="work,voice"', said(telephone)),
    ...line('TEL;VALUE=text;TYPE="work,voice,x-emergency"', said(emergency)),
    ...properties.flatMap(([field, property]) => line(property, said(contact[field]))),
    ...languages
      .split(' ')
      .filter(Boolean)
      .map((language) => `LANG:${language}`),
    'END:VCARD',
  ]
    .map((one) => `${folded(one)}\r\n`)
    .join('')
}

const escaped = (text: string) => text.replaceAll(/[\\,;]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)

const uuidOf = (id: string) => `urn:uuid:${id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`

/** Lines of at most 75 octets, never broken inside a character. */
function folded(line: string): string {
  const parts: string[] = ['']
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > longestLine) {
      parts.push('')
      octets = 1
    }
    parts[parts.length - 1] += character
    octets += size
  }
  return parts.join('\r\n ')
}

interface Property {
  line: number
  name: string
  parameters: string
  value: string
}

/** Contacts of a file of vCards; a card that cannot be read is named by the line on which it begins. */
export function readVcards(text: string, party?: string): ReadList {
  const entries: Read[] = []
  const problems: Problem[] = []
  let card: { line: number; properties: Property[]; problem?: Problem } | undefined
  for (const one of propertiesIn(text)) {
    if (one.name === 'BEGIN') {
      if (card) problems.push({ line: card.line, reason: 'card-open' })
      card = { line: one.line, properties: [] }
    } else if (!card) {
      problems.push({ line: one.line, reason: 'outside-card' })
    } else if (one.name === 'END') {
      const read = card.problem ?? contactOf(card, party)
      if ('contact' in read) entries.push(read)
      else problems.push(read)
      card = undefined
    } else if (one.name === '') card.problem ??= { line: one.line, reason: 'no-property' }
    else card.properties.push(one)
  }
  if (card) problems.push({ line: card.line, reason: 'card-open' })
  return { entries, problems }
}

function propertiesIn(text: string): Property[] {
  const unfolded: { line: number; text: string }[] = []
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const last = unfolded.at(-1)
    if (/^[ \t]/.test(line) && last) last.text += line.slice(1)
    else if (line !== '') unfolded.push({ line: index + 1, text: line })
  }
  return unfolded.map(({ line, text: whole }) => {
    // A colon inside quotes belongs to a parameter.
    const [, group, parameters = '', value = ''] =
      /^((?:[\w-]+\.)?[\w-]+)((?:;(?:"[^"]*"|[^":;])*)*):(.*)$/su.exec(whole) ?? []
    return { line, name: group?.split('.').at(-1)?.toUpperCase() ?? '', parameters: parameters.toLowerCase(), value }
  })
}

function contactOf(card: { line: number; properties: Property[] }, party?: string): Read | Problem {
  const raw: Partial<Record<ListedField, string>> = {}
  const keep = (field: ListedField, value: string | undefined) => {
    if (value && !raw[field]) raw[field] = value
  }
  const languages: string[] = []
  let shown = ''
  let isPerson = true
  for (const { name, parameters, value } of card.properties) {
    const field = fieldOfProperty.get(name)
    const [first = '', , , prefix] = componentsOf(value)
    if (name === 'TEL')
      keep(parameters.includes('emergency') ? 'emergency' : 'telephone', telephoneOf(unescaped(value)))
    else if (name === 'LANG') languages.push(unescaped(value))
    else if (name === 'FN') shown = unescaped(value)
    else if (name === 'KIND') isPerson = value.trim().toLowerCase() !== 'org'
    else if (name === 'N') keep('style', prefix)
    else if (name === 'ROLE') keep('post', unescaped(value))
    else if (name === 'UID') keep('id', idOf(value))
    else if (field === 'institution') keep(field, first)
    else if (field) keep(field, unescaped(value))
  }
  if (isPerson) keep('name', shown)
  else if (!raw.email) keep('post', shown)
  if (languages.length > 0) raw.languages = languages.join(' ')
  const checked = checkListed(raw, party)
  return 'reason' in checked ? { ...checked, line: card.line } : { line: card.line, contact: checked }
}

const telephoneOf = (value: string) => value.replace(/^tel:/i, '')

/** Ids of others are theirs: only one that is ours names a contact here. */
function idOf(value: string): string | undefined {
  const [, id] = /^urn:uuid:([0-9a-f-]{36})$/i.exec(value.trim()) ?? []
  return id?.replaceAll('-', '').toLowerCase()
}

const unescaped = (value: string) => value.replaceAll(/\\(.)/gsu, (_, one: string) => (/n/i.test(one) ? '\n' : one))

/** The parts of a structured value. */
function componentsOf(value: string): string[] {
  return [...value.matchAll(/((?:\\.|[^;\\])*)(?:;|$)/gsu)].map(([, part = '']) => unescaped(part))
}
