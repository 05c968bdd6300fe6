import { actsOf, awaitAct, countActs, letTimePass, press, release, write, type Stage } from '../stage.ts'
import { borovia, aurelia, markedAmber } from './words.ts'
import type { IncidentPlayed } from './played.ts'

export async function dossierOf(stage: Stage, { space }: IncidentPlayed, related: string[]): Promise<Uint8Array> {
  const { people, tell } = stage
  const { drafter, releaser, deskOfficer } = people
  const theirs = (await actsOf(releaser, space)).filter(
    (act) => act.author === borovia && act.type === 'incidents.facts-contested',
  )
  await release(
    { drafter, releaser },
    await write(drafter, space, 'spaces.disclosure-requested', {
      acts: theirs.map((act) => act.hash),
      purpose: 'verification',
      shownTo: 'verifier',
      reason: 'An outside verifier is to check the record of the case.',
      ...markedAmber,
    }),
  )
  await letTimePass(releaser, space)
  const request = await awaitAct(deskOfficer, space, { type: 'spaces.disclosure-requested', author: aurelia })
  await press(deskOfficer, space, `/disclosures/${request.hash}/consent`)
  await awaitAct(releaser, space, { type: 'spaces.disclosure-consented', author: borovia })
  tell({ step: 'dossier', line: 'Borovia consented that its words be shown to an outside verifier.' })

  const along = related.map((one) => `&spaces=${one}`).join('')
  await releaser.open(`/spaces/${space}/dossier?purpose=verification&audience=verifier&ceiling=AMBER${along}`)
  const file = await releaser.download(`/spaces/${space}/dossier`)
  tell({
    step: 'dossier',
    line: 'Aurelia exported the dossier: acts with a narrower marking go in as proof without text.',
  })
  return file
}

export async function leaveOneOpen(stage: Stage, { space }: IncidentPlayed): Promise<string> {
  const { people, tell } = stage
  const { drafter, releaser, dutyOfficer } = people
  const note = { type: 'channels.note-sent', author: aurelia }
  const before = await countActs(releaser, space, note)
  await release(
    { drafter, releaser },
    await write(drafter, space, 'channels.note-sent', {
      form: 'note-verbale',
      purpose: 'request-information',
      addressee: borovia,
      language: 'en',
      subject: 'Hand-over of the preserved logs',
      text: 'The Ministry would be grateful to learn which authority of Borovia will receive the request for legal assistance.',
      ...markedAmber,
    }),
  )
  await letTimePass(releaser, space)
  const { hash } = await awaitAct(dutyOfficer, space, { ...note, count: before + 1 })
  // From here on the exercise's clock runs as real clocks do.
  await releaser.open(`/spaces/${space}/clock`)
  await releaser.send(`/spaces/${space}/clock`, { advance: 'PT10M', rate: '1' })
  tell({ step: 'dossier', line: 'One note waits: sign in as Borovia’s duty officer and answer it.' })
  return hash
}
