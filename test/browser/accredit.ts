import { type Person, until } from '../../src/cli/demo/person.ts'

/** An administrator and the node they keep, as another administrator meets them. */
export interface Accredited {
  person: Person
  party: string
  peerUrl: string
}

/** Two administrators read each other the digits and pin each other's nodes. */
export async function accredit(one: Accredited, other: Accredited): Promise<void> {
  const [first, second] = [await digitsOf(one.person), await digitsOf(other.person)]
  await pin(one.person, other, second)
  await pin(other.person, one, first)
}

/** The digits of their own party, as an administrator reads them out. */
export const digitsOf = async (person: Person) =>
  /(?:\d{5} ){15}\d{5}/.exec((await person.open('/peers')).text)?.[0] ?? ''

export async function pin(
  person: Person,
  { peerUrl, party }: Pick<Accredited, 'peerUrl' | 'party'>,
  fingerprint: string,
): Promise<void> {
  await person.open('/peers')
  await person.send('/peers', { url: peerUrl })
  await until(`${person.name} to be introduced to ${party}`, async () =>
    (await person.open('/peers')).forms.some((form) => form.fields.party?.includes(party)),
  )
  await person.send('/peers/pin', { party, fingerprint, how: 'voice' })
}
