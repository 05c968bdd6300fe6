import { readFile } from 'node:fs/promises'
import {
  actsOf,
  awaitAct,
  awaitWitnessed,
  letTimePass,
  openSpace,
  press,
  release,
  seeSpace,
  setClock,
  type Stage,
  write,
} from './stage.ts'
import { type Person, type SeenPage, until } from './person.ts'
import { parties, type PartyKey } from './parties.ts'
import { playCampaign } from './campaign.ts'
import { carryTelephones, openNightPage } from './night-page.ts'
import type { Telephones } from './telephones.ts'

/** What the case left behind, for whoever looks at it afterwards. */
export interface PlayedCase {
  incident: string
  caseSpace: string
  forumSpace: string
  hotlineSpace: string
  dossier: Uint8Array
  /** The note that waits for an answer. */
  openNote: string
}

const borovia = parties.borovia.party
const aurelia = parties.aurelia.party
const calenia = parties.calenia.party
const mosc = parties.mosc.party
const markedAmber = { tlp: 'AMBER' }

export interface CaseOptions {
  bundle: URL | string
  /** Telephones that Borovia's pages ring; without them its deputy finds the page in the house. */
  telephones?: Telephones
  /** Also plays a campaign of communication checks. */
  withCampaign?: boolean
}

/** Plays the case of Aurelia and Borovia by the forms its people have. */
export async function playCase(stage: Stage, options: CaseOptions): Promise<PlayedCase> {
  const directory = await accredit(stage, options)
  const incident = await communication(stage, options)
  await talks(stage, incident)
  const forum = await debate(stage)
  const statement = await norms(stage, incident, forum)
  const hotline = await cooperation(stage, incident, statement)
  if (options.withCampaign) await playCampaign(stage, directory)
  const dossier = await dossierOf(stage, incident, [forum.space, hotline])
  const openNote = await leaveOneOpen(stage, incident)
  return {
    incident: incident.id,
    caseSpace: incident.space,
    forumSpace: forum.space,
    hotlineSpace: hotline,
    dossier,
    openNote,
  }
}

interface IncidentPlayed {
  id: string
  space: string
  /** Aurelia's first note. */
  note: string
}

// ── Before ─────────────────────────────────────────────────────────────────

async function accredit(stage: Stage, { telephones }: CaseOptions): Promise<string> {
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

// ── 1. Communication ───────────────────────────────────────────────────────

async function communication(stage: Stage, { bundle, telephones }: CaseOptions): Promise<IncidentPlayed> {
  const { people, tell } = stage
  const { analyst, drafter, releaser, deskOfficer, dutyOfficer } = people
  await analyst.open('/incidents/open')
  const opened = await analyst.send('/incidents', {
    title: 'Ransomware in the banking sector',
    category: 'malicious-code',
    summary: 'Invented for the drill MERIDIAN DAWN. Several banks of Aurelia report encrypted systems.',
    drill: 'yes',
    file: { name: 'aurelia-banks.stix.json', media: 'application/json', content: await readFile(bundle) },
  })
  const id = /\/incidents\/([0-9a-f]{32})/.exec(opened.path)?.[1]
  if (!id) throw new Error(`opening the incident landed on ${opened.path}: ${opened.text.slice(0, 900)}`)
  tell({ step: 'communication', line: 'Aurelia’s analyst opened an incident from the objects its banks reported.' })

  await weigh(analyst, id)
  tell({
    step: 'communication',
    line: 'Two hypotheses stand, the evidence is graded; the first is likely, analytic confidence moderate.',
  })

  const space = await openSpace(releaser, {
    kind: 'case',
    'title-en': 'Ransomware in the banking sector',
    'title-fr': 'Rançongiciel dans le secteur bancaire',
    'title-ar': 'برمجيات الفدية في القطاع المصرفي',
    purpose: 'To clear up together the intrusions into banks of Aurelia in which hosts located in Borovia appear.',
    members: [borovia],
    acknowledgeWithin: 'PT4H',
    replyWithin: 'PT72H',
    confirmWithin: 'PT24H',
  })
  await setClock(releaser, space, '2026-11-17T22:50')
  await analyst.open(`/incidents/${id}/record`)
  await analyst.send(`/incidents/${id}/spaces`, { space })
  tell({
    step: 'communication',
    line: 'Aurelia opened a case space with Borovia: notes there are acknowledged within four hours.',
  })

  const review = await write(
    drafter,
    space,
    'channels.note-sent',
    {
      form: 'note-verbale',
      purpose: 'ask-help',
      addressee: borovia,
      language: 'en',
      subject: 'Intrusions into the financial sector of Aurelia',
      text: [
        'The Ministry draws the attention of the Ministry of Foreign Affairs of Borovia to a series of intrusions into the financial sector of Aurelia since 15 November, in which infrastructure located in Borovia appears to have been used.',
        'The Ministry would be grateful for assistance in establishing the facts and for an acknowledgement of receipt. The objects that can be shared are annexed.',
      ].join('\n\n'),
      deadlineWhat: 'reply',
      deadlineSource: 'agreed',
      deadlineWithin: 'PT72H',
      incident: id,
      ...markedAmber,
    },
    `?incident=${id}`,
  )
  const leaving = countLeaving(review)
  await release({ drafter, releaser }, review)
  await letTimePass(releaser, space)
  const note = await awaitAct(deskOfficer, space, { type: 'channels.note-sent', author: aurelia })
  tell({
    step: 'communication',
    line: `A note verbale left for Borovia, drafted by one person and released by another: one note, ${leaving}.`,
  })

  await setClock(releaser, space, '2026-11-18T01:00')
  await until('the deputy to be paged', async () => {
    const page = await deskOfficer.open('/')
    return page.text.includes('An acknowledgement to Aurelia is due')
  })
  tell({
    step: 'communication',
    line: 'Borovia, 03:00: the duty officer had been silent for two hours, and the deputy was paged.',
  })

  if (telephones) await openNightPage(stage, telephones)
  else await deskOfficer.open(`/spaces/${space}/notes/${note.hash}/acknowledge`)
  await setClock(releaser, space, '2026-11-18T02:10')
  await deskOfficer.send(`/notes/${note.hash}/acknowledge`)
  const here = await awaitAct(deskOfficer, space, { type: 'channels.note-acknowledged' })
  const there = await awaitAct(releaser, space, { type: 'channels.note-acknowledged' })
  if (here.scenarioTime !== there.scenarioTime) throw new Error('the two sides show different times')
  await dutyOfficer.open(`/spaces/${space}`)
  tell({
    step: 'communication',
    line: `The deputy acknowledged${telephones ? ' with the second tap' : ''}, 3 h 10 after the note: received and in hand, no fact and no claim accepted. Both sides show ${here.scenarioTime?.slice(11, 16)}.`,
  })
  return { id, space, note: note.hash }
}

/** What the review page said would leave: objects by marking, of how many there are at home. */
function countLeaving({ text }: SeenPage): string {
  const [leaves = '', stays = ''] = text.split('Stays home')
  const counted = (part: string) =>
    [...part.matchAll(/(\d+) of \d+ objects/g)].reduce((sum, one) => sum + Number(one[1]), 0)
  const [gone, kept] = [counted(leaves), counted(stays)]
  return gone + kept === 0 ? 'with the objects its marking allows' : `${gone} of ${gone + kept} objects`
}

async function weigh(analyst: Person, id: string): Promise<void> {
  const weighing = `/incidents/${id}/weighing`
  const say = async (form: string, typed: Record<string, string | { option: string }>) => {
    await analyst.open(weighing)
    await analyst.send(form, typed)
  }
  await say('/hypotheses', { statement: 'A group in Borovia runs the servers itself' })
  await say('/hypotheses', { statement: 'The hosts in Borovia are themselves victims; somebody routes through them' })
  await say('/evidence', {
    words: 'The control servers answered from hosts of three hosting firms located in Borovia',
    source: 'CERT Aurelia, traffic records of two banks',
    reliability: 'B',
    credibility: '2',
    tlp: 'AMBER',
    'mark-1': '+',
    'mark-2': '+',
  })
  await say('/evidence', {
    words: 'Operators were active during office hours of Borovia',
    source: 'Vendor report',
    reliability: 'C',
    credibility: '3',
    tlp: 'AMBER',
    'mark-1': '+',
    'mark-2': '-',
  })
  await say('/evidence', {
    words: 'The malware shares code with a family sold openly since 2024',
    source: 'CERT Aurelia, code comparison',
    reliability: 'B',
    credibility: '2',
    tlp: 'AMBER',
    'mark-1': '0',
    'mark-2': '0',
  })
  await say('/assessments', {
    hypothesis: { option: 'runs the servers itself' },
    probability: 'icd-203:likely',
    confidence: 'moderate',
    sources: 'CERT Aurelia is proven; the vendor is usually reliable',
    independence: 'Two sources of our own and one vendor, none drawing on another',
    assumptions: 'The hours of activity were not chosen to mislead',
    gaps: 'Nothing is known of who rented the hosts',
    why: 'The location and the hours of activity point there; nothing yet contradicts it.',
  })
}

// ── 2. Talks ───────────────────────────────────────────────────────────────

async function talks(stage: Stage, { id, space, note }: IncidentPlayed): Promise<void> {
  const { people, tell } = stage
  const { analyst, drafter, releaser, dutyOfficer, deskOfficer } = people

  await release(
    { drafter: dutyOfficer, releaser: deskOfficer },
    await write(dutyOfficer, space, 'incidents.facts-contested', {
      about: note,
      ground: 'own-hosts-victims',
      subject: 'The hosts named are themselves victims',
      text: 'The three firms report that the hosts were taken over from outside on 14 November. Borovia contests that the infrastructure was used by anybody in Borovia.',
      ...markedAmber,
    }),
  )
  await letTimePass(releaser, space)
  const contested = await awaitAct(releaser, space, { type: 'incidents.facts-contested', author: borovia })
  tell({ step: 'talks', line: 'Borovia contested: its hosts were themselves victims.' })

  await analyst.open(`/incidents/${id}/weighing`)
  await analyst.send('/evidence', {
    words: 'Traces of a takeover from outside on 14 November on the three hosts',
    source: 'Borovia, contested facts of 18 November',
    reliability: 'B',
    credibility: '2',
    tlp: 'AMBER',
    'mark-1': '--',
    'mark-2': '++',
  })
  await analyst.open(`/incidents/${id}/weighing`)
  await analyst.send('/assessments', {
    hypothesis: { option: 'themselves victims' },
    probability: 'icd-203:very-likely',
    confidence: 'moderate',
    sources: 'Traces told by the party concerned; records of our own',
    independence: 'The account of Borovia is not confirmed by anybody else yet',
    assumptions: 'The traces were not made afterwards',
    gaps: 'The images of the three hosts were not seen here',
    why: 'The takeover from outside contradicts the first hypothesis and fits the second.',
  })
  tell({ step: 'talks', line: 'The second hypothesis overtook the first; Aurelia’s analyst recorded why.' })

  await release(
    { drafter, releaser },
    await write(drafter, space, 'incidents.preservation-requested', {
      addressee: borovia,
      deletionDate: '2026-11-24',
      keepUntil: '2027-01-17',
      source: 'requested',
      subject: 'Preservation of connection logs at three hosting firms',
      text: 'The logs of 10 to 17 November would be deleted on 24 November. Aurelia asks that they be kept until a request for legal assistance is made.',
      tlp: 'AMBER+STRICT',
    }),
  )
  await letTimePass(releaser, space)
  const request = await awaitAct(deskOfficer, space, { type: 'incidents.preservation-requested', author: aurelia })
  await deskOfficer.open(`/spaces/${space}/write/incidents.preservation-confirmed?request=${request.hash}`)
  await release(
    { drafter: deskOfficer, releaser: deskOfficer },
    await deskOfficer.send('/write/incidents.preservation-confirmed', {
      request: request.hash,
      keptUntil: '2027-01-17',
      subject: 'Connection logs are kept',
      text: 'The three firms keep the logs of 10 to 17 November until 17 January 2027.',
      tlp: 'AMBER+STRICT',
    }),
    { alone: true },
  )
  await letTimePass(releaser, space)
  await awaitAct(releaser, space, { type: 'incidents.preservation-confirmed', author: borovia })
  tell({ step: 'talks', line: 'The logs were preserved six days before their deletion date.' })

  await release(
    { drafter, releaser },
    await write(drafter, space, 'channels.minutes-proposed', {
      on: '2026-11-19',
      zone: 'Etc/UTC',
      subject: 'Talks of 19 November',
      text: [
        'Both sides agree that the banks were attacked through hosts of three firms, and that the hosts had been taken over.',
        'Both sides will publish one statement. They do not agree on one word: whether infrastructure in Borovia “harboured” or “transited” the traffic. They will take the question to the forum of the Meridian Organisation.',
      ].join('\n\n'),
      ...markedAmber,
    }),
  )
  await letTimePass(releaser, space)
  const minutes = await awaitAct(deskOfficer, space, { type: 'channels.minutes-proposed', author: aurelia })
  await press(deskOfficer, space, `/minutes/${minutes.hash}/confirm`)
  await awaitAct(releaser, space, { type: 'channels.minutes-confirmed', author: borovia })
  tell({ step: 'talks', line: 'Both confirmed the minutes; they stalled on one word, “harboured” or “transited”.' })
  if (contested.author !== borovia) throw new Error('the contest is not Borovia’s')
}

// ── 3. Forum ───────────────────────────────────────────────────────────────

interface ForumPlayed {
  space: string
  decision: string
}

async function debate(stage: Stage): Promise<ForumPlayed> {
  const { people, tell } = stage
  const { secretary, drafter, releaser, deskOfficer, delegate } = people
  const space = await openSpace(secretary, {
    kind: 'forum',
    'title-en': 'Meridian forum on security in the use of ICTs',
    'title-fr': 'Enceinte méridienne sur la sécurité numérique',
    'title-ar': 'محفل ميريديان لأمن تكنولوجيا المعلومات',
    purpose: 'Debate among the members; the chair is procedural.',
    members: [aurelia, borovia, calenia],
    chair: 'yes',
    objectWithin: 'PT24H',
  })
  await setClock(secretary, space, '2026-11-20T09:00')
  await release(
    { drafter: secretary, releaser: secretary },
    await write(secretary, space, 'forums.item-opened', { title: 'Incidents in the financial sector', ...markedAmber }),
    { alone: true },
  )
  await letTimePass(secretary, space)
  for (const person of [drafter, deskOfficer, delegate]) await awaitAct(person, space, { type: 'forums.item-opened' })

  await release(
    { drafter, releaser },
    await write(drafter, space, 'forums.statement-made', {
      kind: 'statement',
      language: 'en',
      text: 'Aurelia informs the members of intrusions into its banks, thanks Borovia for preserving evidence, and makes no attribution.',
      ...markedAmber,
    }),
  )
  await letTimePass(secretary, space)
  const statement = await awaitAct(deskOfficer, space, { type: 'forums.statement-made', author: aurelia })
  tell({ step: 'forum', line: 'In the Meridian forum Aurelia stated what happened and attributed nothing.' })

  await release(
    { drafter: deskOfficer, releaser: deskOfficer },
    await write(deskOfficer, space, 'forums.statement-made', {
      kind: 'right-of-reply',
      to: statement.hash,
      language: 'en',
      text: 'Borovia recalls that its own firms were attacked first and that it acted within hours of being told.',
      ...markedAmber,
    }),
    { alone: true },
  )
  await release(
    { drafter: delegate, releaser: delegate },
    await write(delegate, space, 'forums.statement-made', {
      kind: 'question',
      to: statement.hash,
      language: 'fr',
      text: 'La Calénie demande si les indicateurs partagés seront mis à la disposition des autres membres.',
      ...markedAmber,
    }),
    { alone: true },
  )
  await letTimePass(secretary, space)
  await awaitAct(drafter, space, { type: 'forums.statement-made', author: borovia })
  await awaitAct(drafter, space, { type: 'forums.statement-made', author: calenia })
  tell({ step: 'forum', line: 'Borovia used its right of reply; Calenia asked one question.' })

  await release(
    { drafter, releaser },
    await write(drafter, space, 'forums.draft-tabled', {
      title: 'Conclusion on the incidents of November',
      text: 'The forum notes that infrastructure in a member state [harboured / transited] the traffic without that state’s knowledge, and welcomes the cooperation of both members.',
      ...markedAmber,
    }),
  )
  await letTimePass(secretary, space)
  const draft = await awaitAct(delegate, space, { type: 'forums.draft-tabled', author: aurelia })
  await press(delegate, space, `/drafts/${draft.hash}/sponsor`)
  await awaitAct(deskOfficer, space, { type: 'forums.draft-tabled' })
  await deskOfficer.open(`/spaces/${space}`)
  await deskOfficer.send(`/drafts/${draft.hash}/propose`, {}, 'transited')
  const proposal = await awaitAct(secretary, space, { type: 'forums.resolution-proposed', author: borovia })
  tell({ step: 'forum', line: 'Calenia co-sponsored the draft; one bracket stayed open.' })

  await press(secretary, space, `/proposals/${proposal.hash}/seek-consensus`)
  const sought = await awaitAct(secretary, space, { type: 'forums.consensus-sought' })
  await setClock(secretary, space, '2026-11-21T12:00')
  await awaitWitnessed(secretary, space, sought)
  await press(secretary, space, `/sought/${sought.hash}/declare`)
  const decision = await awaitAct(drafter, space, { type: 'forums.decision-declared' })
  tell({ step: 'forum', line: 'Nobody objected within a day: the bracket was resolved by consensus, “transited”.' })
  return { space, decision: decision.hash }
}

// ── 4. Norms ───────────────────────────────────────────────────────────────

async function norms(stage: Stage, { space }: IncidentPlayed, forum: ForumPlayed): Promise<string> {
  const { people, tell } = stage
  const { drafter, releaser, deskOfficer, legal } = people
  await release(
    { drafter, releaser },
    await write(
      drafter,
      space,
      'agreements.text-proposed',
      {
        title_en: 'Joint statement of Aurelia and Borovia on the incidents of November 2026',
        title_fr: 'Déclaration conjointe de l’Aurélie et de la Borovie sur les incidents de novembre 2026',
        p1_en:
          'Borovia, through whose territory the traffic transited without its knowledge, keeps the logs and hands them over on a request for legal assistance.',
        p1_fr:
          'La Borovie, par le territoire de laquelle le trafic a transité à son insu, conserve les journaux et les remet sur demande d’entraide judiciaire.',
        p1_norm: 'c',
        p1_owner: borovia,
        p1_due: '2027-01-17',
        p2_en: 'Aurelia shares the indicators with the response teams of all members of the Meridian Organisation.',
        p2_fr:
          'L’Aurélie communique les indicateurs aux équipes de réponse de tous les membres de l’Organisation méridienne.',
        p2_norm: 'd',
        p2_owner: aurelia,
        p2_due: '2026-12-15',
        p3_en: 'Aurelia notifies the makers of the affected software of the weakness that was used.',
        p3_fr: 'L’Aurélie signale aux éditeurs des logiciels concernés la faille qui a été exploitée.',
        p3_norm: 'j',
        p3_owner: aurelia,
        p3_due: '2026-12-31',
        ...markedAmber,
      },
      `?languages=en,fr&count=3&resolvedSpace=${forum.space}&resolvedAct=${forum.decision}`,
    ),
  )
  await letTimePass(releaser, space)
  const text = await awaitAct(legal, space, { type: 'agreements.text-proposed', author: aurelia })
  tell({
    step: 'norms',
    line: 'A joint statement of three paragraphs lies on the table in two languages; it creates no rights or obligations under international law.',
  })

  for (const person of [releaser, deskOfficer]) await awaitWitnessed(person, space, text)
  const agree = { proposal: text.hash, ...markedAmber }
  await release(
    { drafter, releaser },
    await write(drafter, space, 'agreements.text-agreed', agree, `?proposal=${text.hash}`),
  )
  await release(
    { drafter: legal, releaser: deskOfficer },
    await write(legal, space, 'agreements.text-agreed', agree, `?proposal=${text.hash}`),
  )
  await letTimePass(releaser, space)
  for (const person of [releaser, deskOfficer])
    await until(`${person.name} to see three commitments`, async () => {
      const commitments = await person.read<unknown[]>('/api/v1/commitments')
      return commitments.length === 3
    })
  tell({
    step: 'norms',
    line: 'Two persons on each side agreed to one hash: three commitments, each with its norm, owner and date.',
  })
  return text.hash
}

// ── 5. Cooperation ─────────────────────────────────────────────────────────

/** A sealed channel with Borovia that the Secretariat orders; its exercise's clock stands still. */
async function openHotline(releaser: Person, query = ''): Promise<string> {
  const space = await openSpace(
    releaser,
    {
      kind: 'channel',
      'title-en': 'Standing hotline of Aurelia and Borovia',
      'title-fr': 'Ligne permanente entre l’Aurélie et la Borovie',
      'title-ar': 'خط ساخن دائم بين أوريليا وبوروفيا',
      purpose: 'Standing hotline between the duty desks, opened under the joint statement.',
      members: [borovia],
      // A third party orders the hotline and reads nothing of it.
      host: mosc,
      sealed: 'yes',
      chair: 'yes',
      acknowledgeWithin: 'PT1H',
      checkWithin: 'PT1H',
    },
    query,
  )
  await setClock(releaser, space, '2026-11-22T10:00')
  return space
}

async function cooperation(stage: Stage, { space: caseSpace }: IncidentPlayed, statement: string): Promise<string> {
  const { people, tell } = stage
  const { drafter, releaser, dutyOfficer, deskOfficer } = people
  const space = await openHotline(releaser, `?under=${caseSpace}:${statement}`)
  tell({
    step: 'cooperation',
    line: 'A standing hotline was opened under the statement: sealed, and ordered by the Secretariat, which cannot read it.',
  })

  await seeSpace(dutyOfficer, space)
  await releaser.open(`/spaces/${space}`)
  await releaser.send(`/spaces/${space}/checks`)
  const check = await awaitAct(dutyOfficer, space, { type: 'channels.check-called', author: aurelia })
  await press(dutyOfficer, space, `/checks/${check.hash}/answer`)
  await awaitAct(releaser, space, { type: 'channels.check-answered', author: borovia })
  tell({ step: 'cooperation', line: 'Its first communication check was answered by Borovia’s duty officer.' })

  await release(
    { drafter, releaser },
    await write(drafter, space, 'channels.offer-made', {
      kind: 'training',
      subject: 'Course on preserving evidence for response teams',
      text: 'Aurelia offers ten places in a course of CERT Aurelia on preserving evidence, in February 2027.',
      ...markedAmber,
    }),
  )
  await letTimePass(releaser, space)
  const offer = await awaitAct(deskOfficer, space, { type: 'channels.offer-made', author: aurelia })
  await press(deskOfficer, space, `/offers/${offer.hash}/accept`)
  await awaitAct(releaser, space, { type: 'channels.offer-accepted', author: borovia })
  tell({ step: 'cooperation', line: 'Aurelia offered training; Borovia accepted.' })
  return space
}

// ── Dossier ────────────────────────────────────────────────────────────────

async function dossierOf(stage: Stage, { space }: IncidentPlayed, related: string[]): Promise<Uint8Array> {
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

// ── One answer left for the reader ─────────────────────────────────────────

async function leaveOneOpen(stage: Stage, { space }: IncidentPlayed): Promise<string> {
  const { people, tell } = stage
  const { drafter, releaser, dutyOfficer } = people
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
  const note = await awaitAct(dutyOfficer, space, { type: 'channels.note-sent', author: aurelia, count: 2 })
  // From here on the exercise's clock runs as real clocks do.
  await releaser.open(`/spaces/${space}/clock`)
  await releaser.send(`/spaces/${space}/clock`, { advance: 'PT10M', rate: '1' })
  tell({ step: 'dossier', line: 'One note waits: sign in as Borovia’s duty officer and answer it.' })
  return note.hash
}
