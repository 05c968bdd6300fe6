import { awaitAct, letTimePass, openSpace, release, seeSpace, setClock, write, type Stage } from '../stage.ts'
import { until, type Person } from '../person.ts'
import { parties, type PartyKey } from '../parties.ts'
import { borovia, aurelia, calenia, markedAmber } from './words.ts'
import type { CaseOptions } from './played.ts'
import { carryTelephones } from '../night-page.ts'

export async function accredit(stage: Stage, { telephones }: CaseOptions): Promise<string> {
  const { people, tell } = stage
  await pinEachOther(stage)
  const rota = people.boroviaAdministrator
  await rota.open('/directory/rota')
  await rota.send('/directory/rota', { person: { option: 'Marek Dolan' }, rank: '1' })
  await rota.send('/directory/rota', { person: { option: 'Lena Sorin' }, rank: '2' })
  tell({ step: 'before', line: 'Borovia put its duty officer and a deputy on the rota.' })
  if (telephones) await carryTelephones(stage, telephones)
  return publishContact(stage)
}

/** Administrators read each other their fingerprints and pin each other's nodes. */
async function pinEachOther({ people, peerUrls, tell }: Stage): Promise<void> {
  const administrators: Record<PartyKey, Person> = {
    aurelia: people.aureliaAdministrator,
    borovia: people.boroviaAdministrator,
    calenia: people.caleniaAdministrator,
    mosc: people.moscAdministrator,
  }
  const fingerprints = new Map<PartyKey, string>()
  for (const [key, person] of Object.entries(administrators) as [PartyKey, Person][]) {
    const own = /(?:\d{5} ){15}\d{5}/.exec((await person.open('/peers')).text)?.[0]
    if (!own) throw new Error(`${person.name} sees no fingerprint of their own party`)
    fingerprints.set(key, own)
  }
  const pairs: [PartyKey, PartyKey][] = [
    ['aurelia', 'borovia'],
    ['aurelia', 'mosc'],
    ['borovia', 'mosc'],
    ['calenia', 'mosc'],
    ['aurelia', 'calenia'],
    ['borovia', 'calenia'],
  ]
  for (const [one, other] of pairs) {
    await meet(administrators[one], peerUrls[other], parties[other].party, fingerprints.get(other) ?? '')
    await meet(administrators[other], peerUrls[one], parties[one].party, fingerprints.get(one) ?? '')
  }
  tell({ step: 'before', line: 'Four parties compared fingerprints by voice and pinned each other.' })
}

async function meet(person: Person, url: string, party: string, fingerprint: string): Promise<void> {
  // A party that does not answer just now is asked again, as a person would.
  await until(`${person.name} to pin ${party}`, async () => {
    const page = await person.open('/peers')
    const pin = page.forms.find((form) => form.action.endsWith('/peers/pin') && form.fields.party?.includes(party))
    const isKnown = page.text.includes(party)
    if (isKnown && !pin) return true
    const step = pin ? person.send('/peers/pin', { party, fingerprint, how: 'voice' }) : person.send('/peers', { url })
    await step.catch(() => undefined)
    return false
  })
}

async function publishContact({ people, tell }: Stage): Promise<string> {
  const { secretary, deskOfficer } = people
  const space = await openSpace(secretary, {
    kind: 'directory',
    'title-en': 'MOSC directory of points of contact',
    'title-fr': 'Annuaire des points de contact de l’OMSC',
    'title-ar': 'دليل جهات الاتصال في المنظمة',
    purpose: 'Points of contact of the members, for their members only.',
    members: [aurelia, borovia, calenia],
  })
  await setClock(secretary, space, '2026-11-17T12:00')
  await seeSpace(deskOfficer, space)
  await release(
    { drafter: deskOfficer, releaser: deskOfficer },
    await write(deskOfficer, space, 'directory.contact-nominated', {
      kind: 'technical',
      post: 'Duty desk of the Ministry of Foreign Affairs',
      emergency: '+999 2 555 0199',
      hours: 'always',
      zone: 'Europe/Athens',
      ...markedAmber,
    }),
    { alone: true },
  )
  await letTimePass(secretary, space)
  await awaitAct(people.releaser, space, { type: 'directory.contact-nominated' })
  tell({
    step: 'before',
    line: 'Borovia’s duty desk stands in the directory of the Meridian Organisation, round the clock.',
  })
  return space
}
