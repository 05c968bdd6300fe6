import type { Stage } from './stage.ts'
import type { Telephones } from './telephones.ts'

/** Where the deputy of Borovia's duty desk is reached at night. */
const deputyNumber = '+99925550142'

/** Borovia's house names who rings its people; the deputy notes her number. */
export async function carryTelephones({ people }: Stage, telephones: Telephones): Promise<void> {
  const { boroviaAdministrator, deskOfficer } = people
  await boroviaAdministrator.open('/paging/settings')
  const page = await boroviaAdministrator.send('/paging/settings', {
    push: 'off',
    hookUrl: telephones.hookUrl,
    smsAfter: '0',
    voiceAfter: '5',
  })
  const secret = /whsec_[\w+/=-]+/.exec(page.text)?.[0]
  if (!secret) throw new Error(`the receiver of pages has no secret: ${page.text}`)
  telephones.trust(secret)
  await deskOfficer.open('/paging')
  await deskOfficer.send('/paging/number', { telephone: deputyNumber })
}

/** The SMS that wakes the deputy, its link opened: the page on which she acknowledges. */
export async function openNightPage({ people, tell }: Stage, telephones: Telephones): Promise<void> {
  const { link, reference } = await telephones.sms(deputyNumber)
  tell({
    step: 'communication',
    line: `Her telephone got an SMS: ${reference} and a link, and nothing of the matter.`,
  })
  const page = await people.deskOfficer.open(new URL(link).pathname)
  for (const shown of ['Aurelia', 'Note verbale', 'AMBER'])
    if (!page.text.includes(shown)) throw new Error(`the night page does not show ${shown}: ${page.text}`)
}
