import { carriedLines, levelLines } from './level-lines.ts'
import type { DossierReport, NotProven, ReportAct, ReportFingerprint, ReportPart, ReportSpace } from './report.ts'

export interface ReportWords {
  /** What an act type is called by people; undefined for types nobody here knows. */
  nameOfType?(type: string): string | undefined
}

/** A verification's outcome as plain English lines for a terminal; the last ones say what is not proven. */
export function reportLines(report: DossierReport, words: ReportWords = {}): string[] {
  if (report.verdict === 'refused') return refusedLines(report)
  return [
    'ACCEPTED: every entry, signature and part in this dossier holds.',
    `File: SHA-256 ${report.sha256}, ${report.sizeBytes} bytes`,
    ...(report.drill ? ['DRILL: spaces marked DRILL below were an exercise. Nothing in them happened.'] : []),
    `Made by ${clean(report.maker)} at ${instant(report.made ?? 0)}`,
    `Purpose: ${clean(report.purpose)}`,
    `For: ${clean(report.audience)}`,
    ...report.spaces.flatMap((space) => ['', ...spaceLines(space, words)]),
    ...report.warnings.map(
      ({ space, index, detail }) =>
        `Note: entry ${index} of ${space} bears a time later than a cosignature over it (${detail}); clocks differ.`,
    ),
    '',
    'Names are believed under these fingerprints:',
    ...report.fingerprints.flatMap(fingerprintLines),
    ...report.unusedPins.map((party) => `Pinned, but not in this dossier: ${clean(party)}`),
    '',
    'This does NOT prove:',
    ...report.notProven.map((code) => `- ${notProvenTexts[code]}`),
  ]
}

const notProvenTexts: Record<NotProven, string> = {
  'content-true': 'that what was said is true: only that it was said, by whom, in what order.',
  'which-human': 'which human acted: acts are signed by a party, and the office is the party’s own word.',
  'nothing-elsewhere': 'that nothing was said elsewhere: other spaces, calls and meetings are not here.',
  'finer-time':
    'a time finer than the witnesses give: times in the log are the host’s clock, and only the ' +
    'cosignatures say by when all of it existed.',
  'makers-words': 'the purpose, the audience and the reasons for withholding: they are the maker’s words, unsigned.',
  'names-unpinned':
    'that a name belongs to the party you think of, where its fingerprint is not pinned: compare ' +
    'the digits with the party and verify again with --pin.',
  'register-absent':
    'that a key was the party’s own, where its register is not included: there the opener’s word stands.',
  'not-cosigned': 'that the host showed everybody the same log, where no member has cosigned it.',
  'content-withheld': 'what withheld parts contain: the signed statements prove only that they exist and their size.',
}

function refusedLines({ failure, sha256, sizeBytes }: DossierReport): string[] {
  const { space, index, act, file, rule, detail } = failure ?? { rule: 'unknown', detail: '' }
  return [
    'REFUSED: do not rely on anything in this dossier.',
    `File: SHA-256 ${sha256}, ${sizeBytes} bytes`,
    ...(space === undefined ? [] : [`Space: ${clean(space)}`]),
    ...(index === undefined ? [] : [`Entry: ${index}`]),
    ...(act === undefined ? [] : [`Act: ${clean(act)}`]),
    ...(file === undefined ? [] : [`Place: ${clean(file)}`]),
    `Rule broken: ${rule} (${clean(detail)})`,
  ]
}

function spaceLines(space: ReportSpace, words: ReportWords): string[] {
  const title = space.title.en ?? Object.values(space.title)[0] ?? (space.kind === 'register' ? `of ${space.host}` : '')
  return [
    `${space.drill === undefined ? '' : 'DRILL '}${space.kind} ${clean(title)}`.trimEnd(),
    `  space ${space.space}, ${space.size} entries, ordered by ${space.host}`,
    `  root ${space.root}`,
    `  members: ${space.members.map(memberText).join(', ')}`,
    ...space.keys.flatMap(({ party, spans }) => spans.map((span) => `  key of ${party}: ${spanText(span)}`)),
    ...(space.cosigned.length === 0
      ? ['  cosigned by no member']
      : space.cosigned.map(({ party, time }) => `  cosigned by ${party} at ${instant(time)}`)),
    ...levelLines(space),
    ...space.acts.flatMap((act) => actLines(act, words)),
  ]
}

function spanText({ kid, from, until }: ReportSpace['keys'][number]['spans'][number]): string {
  return `${kid} for entries ${until === undefined ? `from ${from} on` : `${from} to ${until - 1}`}`
}

function memberText({ party, role, until }: ReportSpace['members'][number]): string {
  return `${party}${role === 'member' ? '' : ` (${role})`}${until === undefined ? '' : ` (until entry ${until})`}`
}

function actLines(act: ReportAct, { nameOfType }: ReportWords): string[] {
  const drawbacks = [
    ...(act.state === 'withheld' ? [`proof without text: ${act.why ?? 'withheld'}`] : []),
    ...(act.withoutEffect ? [`without effect: ${act.withoutEffect}`] : []),
  ]
  const rest = drawbacks.length > 0 ? `  [${drawbacks.join('; ')}]` : ''
  const name = nameOfType?.(act.type)
  const what = name === undefined ? act.type : `${name} [${act.type}]`
  const head = `  ${String(act.index).padStart(4)}  ${instant(act.time)}  ${act.author} (${act.office}): ${what}  TLP:${act.tlp}`
  const carried = carriedLines(act, clean)
  return [
    `${head}${rest}`,
    `        act ${act.act}`,
    ...carried,
    ...(act.state === 'selected' ? act.parts.map(partLine) : []),
  ]
}

function partLine({ role, media, size, state, why, by }: ReportPart): string {
  const texts = { present: 'present', withheld: `withheld: ${why}`, erased: `erased by entry ${by}` }
  return `        ${role}, ${media}, ${size} bytes: ${texts[state]}`
}

function fingerprintLines({ party, fingerprint, register, pinned }: ReportFingerprint): string[] {
  const groups = fingerprint.split(' ')
  return [
    `  ${party}: ${pinned ? 'pinned by you' : 'NOT pinned'}; register ${register === 'included' ? 'included' : 'not included'}`,
    `    ${groups.slice(0, 8).join(' ')}`,
    `    ${groups.slice(8).join(' ')}`,
  ]
}

function instant(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Text from the file must not steer the terminal it is printed on. */
function clean(text: string | undefined): string {
  return (text ?? '').replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
}
