import assert from 'node:assert/strict'
import { parties, type PartyKey, type RoleKey, roles } from '../../src/cli/demo/parties.ts'
import type { Person } from '../../src/cli/demo/person.ts'
import { awaitAct, letTimePass, release, write } from '../../src/cli/demo/stage.ts'
import type { BrowserPerson } from './browser-person.ts'
import type { PageWatch } from './page-watch.ts'
import { byForms } from './quickly-again.ts'

interface Houses {
  people: Record<RoleKey, BrowserPerson>
  /** The node of each. */
  nodes: Record<PartyKey, { publicUrl: string; peerUrl: string }>
  watch: PageWatch
  caseSpace: string
}

const card = `BEGIN:VCARD
VERSION:4.0
UID:x-1
ORG:CERT Dorlan
FN:CERT Dorlan
EMAIL:cert@dorlan.example
TEL:+999 5 555 0100
END:VCARD
`

const atForms = ({ people, nodes, watch }: Houses, key: RoleKey): Person =>
  byForms(people[key], nodes[roles[key].party], watch)

/** Rooms that the case leaves empty get something in them, so that their pages are seen as people have them. */
export async function fillHouses(houses: Houses): Promise<void> {
  const of = (key: RoleKey) => atForms(houses, key)
  await Promise.all([fillCase(houses), fillOffices(of), compareLists(of)])
}

/** In the case: talks, a cooling-off period, a room off the record, a call about the note that waits. */
async function fillCase(houses: Houses): Promise<void> {
  const { caseSpace: space } = houses
  const [drafter, releaser, officer] = [
    atForms(houses, 'drafter'),
    atForms(houses, 'releaser'),
    atForms(houses, 'deskOfficer'),
  ]
  const propose = async (type: string, typed: Parameters<typeof write>[3]) => {
    await release({ drafter, releaser }, await write(drafter, space, type, typed))
    await letTimePass(releaser, space)
    return (await awaitAct(officer, space, { type })).hash
  }
  const talks = await propose('talks.meeting-proposed', {
    subject: 'Hosts in both countries',
    place: 'By voice',
    agenda: 'What we saw\nWhat you saw',
    ...{ date1: '2027-03-27', time1: '10:00', date2: '2027-03-28', time2: '10:00' },
  })
  const at = `/spaces/${space}/talks/${talks}`
  await officer.open(at)
  await officer.send(`${at}/say`, { words: 'Good morning.' })
  await officer.send(`${at}/confirm`)
  await propose('de-escalation.cooling-off-proposed', {
    ...{ 'from-date': '2027-04-01', 'from-time': '08:00', 'until-date': '2027-04-10', 'until-time': '08:00' },
    ...{ refrains0: ['public-statements'], refrains1: ['network-operations'], words1: 'Whoever carries them out.' },
  })
  await officer.open(`/spaces/${space}/cooling-off`)
  await propose('off-record.room-opened', {})
  const note = (await awaitAct(officer, space, { type: 'channels.note-sent' })).hash
  const call = `/spaces/${space}/acts/${note}/call`
  // Which button is pressed says what became of the code: a form that is only sent has none.
  await houses.people.deskOfficer.open(call)
  await houses.people.deskOfficer.send(call, { words: 'About the logs.' }, 'Code agreed')
}

/** What stands in rooms of the house: a circular note, a démarche, good offices, who acts for whom, what lawyers clear. */
async function fillOffices(of: (key: RoleKey) => Person): Promise<void> {
  const [drafter, releaser, secretary, administrator] = [
    of('drafter'),
    of('releaser'),
    of('secretary'),
    of('aureliaAdministrator'),
  ]
  const form = (await drafter.open('/circulars/write')).forms.find(({ action }) => action === '/circulars')
  const toOne = form?.options.recipients?.find(({ label }) => label.includes('Borovia')) ?? assert.fail('no recipient')
  await drafter.send('/circulars', { recipients: [toOne.value], subject: 'Duty desk', text: 'It is open on all days.' })
  await releaser.open('/demarches/instruct')
  await releaser.send('/demarches', {
    ...{ subject: 'Shelter', objective: 'That a prosecutor is named.', points: 'We ask.\n\nWe accuse nobody.' },
    capitals: [parties.borovia.party],
  })
  await secretary.open('/good-offices/open')
  await secretary.send('/good-offices/open', {
    ...{ title: 'Talks on the river', mandate: 'At the wish of both.' },
    ...{ first: parties.aurelia.party, second: parties.borovia.party },
  })
  await administrator.open('/acting')
  await administrator.send('/acting', {
    ...{ 'principal-en': 'Head of the cyber desk', 'own-en': 'Drafter', instrument: 'Order 4 of the Minister' },
    ...{ delegate: { option: 'Tomas Reel' }, from: '2027-01-01', until: '2027-01-31' },
  })
  await administrator.open('/legal-clearance')
  await administrator.send('/legal-clearance', { kind: { option: 'Aide-mémoire' } })
}

/** Lists of contacts as they are looked at before anything is taken in. */
async function compareLists(of: (key: RoleKey) => Person): Promise<void> {
  const [administrator, analyst] = [of('boroviaAdministrator'), of('analyst')]
  await administrator.open('/directory/import')
  await administrator.send('/directory/import', { text: card, party: parties.aurelia.party, toldBy: 'Pia Lunde' })
  await analyst.open('/directory/compare')
  await analyst.send('/directory/compare', { text: card, party: parties.borovia.party })
}
