import { dayAhead } from './deferral.ts'
import type { Stage } from '../stage.ts'

/** What can be done about it: the gate computed from answers, shut further by the legal adviser, one option decided. */
export async function decideOptions({ people, tell }: Stage, incident: string): Promise<void> {
  const { analyst, aureliaLegal, releaser } = people
  const at = `/incidents/${incident}/options`
  await analyst.open(`${at}/answers`)
  await analyst.send('/options/answers', {
    breach: 'due-diligence',
    responsible: 'none',
    injured: 'us',
    demand: 'no',
    notice: 'not-given',
    attribution: 'technical',
    external: 'yes',
    effect: 'significant',
    targets: 'no',
    evidence: 'partners',
    victim: 'yes',
    initiative: 'yes',
    partners: 'yes',
    offence: 'yes',
    why: 'As assessed on 19 November: hosts in Borovia were used, by whom is not known.',
  })
  await analyst.open(`${at}/measures/joint-advisory`)
  await analyst.send('/measures/joint-advisory', {
    'scope-degree': 'low',
    'scope-why': 'Only what defenders need.',
    'impact-degree': 'low',
    'impact-why': 'Names no firm and no country.',
    proportionate: 'yes',
    proportionateWhy: 'It helps all who may be hit next and accuses nobody.',
    escalation: 'low',
    rights: 'none',
    rightsWhy: 'No personal data is in the indicators.',
    gender: 'No different effect is to be expected.',
    third: 'Customers of the three hosting firms: their hosts are not named.',
    audience: 'Response teams of the members of the Meridian Organisation',
    partners: 'Borovia and Calenia',
    reviewOn: dayAhead(30),
  })
  await aureliaLegal.open(`${at}/gate`)
  await aureliaLegal.send('/options/gate', {
    override: 'rung:nothing',
    reason:
      'No lack of diligence of Borovia is shown: it did not know, and acted within hours. Nothing that needs a justification rests on that answer until facts change.',
  })
  tell({
    step: 'home',
    line: 'Of the response options every exclusion names its reason. By its ladder the legal gate would open retorsion; the legal adviser shut it, with reasons on the record.',
  })
  await releaser.open(`${at}/decide`)
  await releaser.send('/options/decide', {
    chosen: ['joint-advisory'],
    considered: ['joint-advisory', 'private-demarche', 'public-attribution', 'expulsion', 'suspend-obligation'],
    decidedOn: dayAhead(0),
    decidedBy: 'Head of the cyber desk',
    why: 'A joint technical advisory helps all who may be hit next and accuses nobody.',
    dissent: '',
    reviewOn: dayAhead(30),
  })
  tell({
    step: 'home',
    line: 'One option was decided and minuted with the others as they stood: a joint technical advisory.',
  })
}
