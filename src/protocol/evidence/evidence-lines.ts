import type { Contradiction, EvidenceReport } from './report.ts'

/** What an evidence file proves, as plain English lines for a terminal; the last ones say what it does not. */
export function evidenceLines(report: EvidenceReport): string[] {
  const { accused, contradiction, failure, found, space } = report
  const file = `File: SHA-256 ${report.sha256}, ${report.sizeBytes} bytes`
  if (report.verdict === 'refused' || !accused || !contradiction) {
    return [
      `REFUSED: this file proves nothing against anybody.`,
      file,
      `Rule ${failure?.rule ?? 'unknown'}: ${clean(failure?.detail ?? '')}`,
    ]
  }
  return [
    report.verdict === 'attested'
      ? `ATTESTED: ${accused.party} went on without an act that members say they kept and carried.`
      : `PROVEN: ${accused.party} signed statements that cannot all be true.`,
    file,
    `Space ${space}; accused as ${accused.role}.`,
    ...saysOf(accused.party, contradiction),
    ...(report.notChecked
      ? [`Lines by ML-DSA-44 on its notes, not checked: ${report.notChecked}. The verdict does not need them.`]
      : []),
    accused.role === 'witness'
      ? 'It is a witness from outside, known by its verifier key alone. Compare it with the policy of the space:'
      : `The key is the one that the register of ${accused.party} names. Its fingerprint, ${accused.pinned ? 'as you pinned it' : 'not pinned by you'}:`,
    `  ${accused.fingerprint}`,
    `Found by ${found?.by ?? 'somebody'}${found ? ` at ${instant(found.at)}` : ''} (the finder’s word).`,
    '',
    'This does NOT prove:',
    ...(report.verdict === 'attested'
      ? [
          '- that the act reached it: no signature shows that a message arrived. Two keepers that do not belong together weigh more than one.',
          '- that it has no answer: ask it for its signed refusal of this act first.',
        ]
      : []),
    '- who held the key: a stolen key signs like its owner. The party answers for it.',
    '- why: a node restored from an old backup contradicts itself as a liar does.',
    ...(report.verdict === 'attested'
      ? []
      : [
          contradiction.kind === 'sealed-otherwise'
            ? '- what the author meant to say: neither text counts.'
            : '- which of two histories is the right one.',
        ]),
    ...(accused.pinned ? [] : ['- that the name belongs to the party you think of: compare the digits and use --pin.']),
  ]
}

function saysOf(party: string, contradiction: Contradiction): string[] {
  switch (contradiction.kind) {
    case 'two-histories': {
      const [smaller, larger] = contradiction.checkpoints
      const { promised } = contradiction
      return [
        `Two histories: it signed ${smaller.size} entries with root ${smaller.root},`,
        `and ${larger.size} entries whose first ${smaller.size} have root ${contradiction.rootInLarger}.`,
        ...(promised
          ? [
              `It had given a receipt for act ${promised.act} (${clean(promised.type)} of ${promised.author}) at index ${promised.index}.`,
            ]
          : []),
      ]
    }
    case 'inadmissible-entry':
      return [
        `It signed ${contradiction.checkpoint.size} entries, of which number ${contradiction.index} breaks rule ${contradiction.rule}:`,
        `  ${clean(contradiction.detail)}`,
      ]
    case 'ignored-tender':
      return [
        `Act ${contradiction.act} of ${contradiction.author} is not among the ${contradiction.checkpoint.size} entries it signed, though the rules let it stand.`,
        ...contradiction.heldBy.map(
          (one) => `${one.party} says under its key that it kept it since ${instant(one.at)}.`,
        ),
        `It ordered entry ${contradiction.index} at ${instant(contradiction.wentOnAt)}, more than an hour later.`,
      ]
    case 'refused-on-record':
      return [
        `It refused act ${contradiction.act} by rule ${contradiction.rule} (${instant(contradiction.refusedAt)}),`,
        `and signed a record in which this act stands at index ${contradiction.index}. ${party} cannot have meant both.`,
      ]
    case 'sealed-otherwise':
      return [
        `It signed act ${contradiction.act} (${clean(contradiction.type)}) with part ${contradiction.part},`,
        `and its sealed bytes open to something else, whose commitment is ${contradiction.opensTo}.`,
      ]
  }
}

function instant(ms: number): string {
  return new Date(Math.min(ms, 8.64e15)).toISOString()
}

/** Texts of others reach a terminal without control characters. */
function clean(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\ufffd')
}
