import {
  awaitAct,
  awaitWitnessed,
  letTimePass,
  openSpace,
  press,
  release,
  setClock,
  write,
  type Stage,
} from '../stage.ts'
import { borovia, aurelia, calenia, markedAmber } from './words.ts'

export interface ForumPlayed {
  space: string
  decision: string
}

export async function debate(stage: Stage): Promise<ForumPlayed> {
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
