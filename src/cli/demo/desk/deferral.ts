import type { Person } from '../person.ts'
import type { Stage } from '../stage.ts'

/** Today and a day to come, by the wall in Vienna. */
export const dayAhead = (days: number): string => Temporal.Now.plainDateISO('Europe/Vienna').add({ days }).toString()

/** What others say of who did it is kept with its basis and who contests it; the house decides to say nothing yet. */
export async function deferAttribution({ people, tell }: Stage, incident: string): Promise<void> {
  const { analyst, releaser } = people
  const at = `/incidents/${incident}/attributions`
  await analyst.open(at)
  const kept = await analyst.send('/claims', {
    maker: 'other',
    name: 'Harbour Courier',
    accused: 'Borovia',
    basis: 'media',
    kind: 'anonymous-media',
    day: dayAhead(-1),
    source: 'Article of an invented newspaper, citing nobody by name',
    tlp: 'CLEAR',
  })
  const claim = kept.links.find(({ href }) => href.includes('/attributions/claims/'))?.href.split(/[?#]/)[0]
  if (!claim) throw new Error(`no link to the attribution on ${kept.path}: ${kept.text.slice(0, 900)}`)
  await analyst.open(claim)
  await analyst.send('/disputes', {
    by: 'Borovia',
    on: dayAhead(0),
    words: 'The hosts named in the article were taken over from outside; Borovia was not asked before it appeared.',
  })
  const evidence = await evidenceOffered(releaser, at, /takeover from outside|three hosting firms/)
  await releaser.send('/attributions/decide', {
    choice: 'defer',
    assessment: { option: 'very likely' },
    evidence,
    why: 'The hosts are most likely victims themselves. Who used them is not known; a name now would be a guess.',
    dissent: 'The analyst of the second bank would name the criminal service already.',
    decidedOn: dayAhead(0),
    decidedBy: 'Head of the cyber desk',
    reviewOn: dayAhead(21),
  })
  tell({
    step: 'home',
    line: 'A newspaper had named Borovia, and Borovia contests it: both are kept. Aurelia itself deferred attribution, with its reasons and the day to look again.',
  })
}

/** Opens the form of a decision; gives the items of evidence on it that are meant. */
async function evidenceOffered(releaser: Person, at: string, meant: RegExp): Promise<string[]> {
  const { forms } = await releaser.open(`${at}/decide`)
  const form = forms.find(({ action }) => action.endsWith('/attributions/decide'))
  return (form?.options.evidence ?? []).flatMap(({ value, label }) => (meant.test(label) ? [value] : []))
}

/** The day to look again came with something to rest on: the deferral stays in the history of what was decided. */
export async function affirmAttribution({ people, tell }: Stage, incident: string, accused: string): Promise<void> {
  const { releaser } = people
  const at = `/incidents/${incident}/attributions`
  const evidence = await evidenceOffered(releaser, at, /takeover from outside|shares code|same wallet/)
  await releaser.send('/attributions/decide', {
    choice: 'affirm',
    accused,
    assessment: { option: 'almost certain' },
    evidence,
    why: 'Both sides found the same account behind the hosts and the malware. Nothing points to a state.',
    decidedOn: dayAhead(0),
    decidedBy: 'Head of the cyber desk',
  })
  tell({
    step: 'cooperation',
    line: 'What Borovia found changed the order of the hypotheses once more, and Aurelia affirmed: a criminal service, no state. Its deferral stays in the history.',
  })
}
