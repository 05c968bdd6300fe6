import { actHref } from '../../core/module/act-href.ts'
import { openClocks } from '../../core/clocks/index.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import type { AgreedText } from './acts.ts'
import { listTexts } from './queries.ts'

/** Texts that wait for our agreement or theirs, and commitments that come due. */
export async function agreementNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const [texts, owed] = await Promise.all([listTexts(services.db), openClocks(services.db, { duty: services.party })])
  const clocks = owed.filter((clock) => clock.regime.startsWith('commitment-'))
  const open = texts.filter((one) => one.agreedAt === undefined && one.supersededBy === undefined)
  const contents = await revealedContents<unknown, AgreedText>(services, viewer, [
    ...new Set([...open.map((one) => one.hash), ...clocks.map((clock) => clock.about)]),
  ])
  const titleOf = (hash: string) => {
    const title: Record<string, string> = contents.get(hash)?.text?.title ?? {}
    return title[viewer.person.language] ?? title.en ?? Object.values(title)[0] ?? ''
  }
  const waiting = open.flatMap((text): Need[] => {
    const own = text.parties.find((one) => one.party === services.party)
    if (!own) return []
    const ours = own.agreedBy === undefined
    if (ours && !viewer.may('agreements.text-agreed:draft')) return []
    const other = text.parties.find((one) => one.party !== services.party && one.agreedBy === undefined)
    return [
      {
        key: `agreement:${text.hash}`,
        verb: ours ? 'agreements.action.agree' : 'agreements.action.see',
        form: 'agreements.text.form',
        from: ours ? text.author : other?.party,
        headline: titleOf(text.hash),
        href: ours
          ? `/spaces/${text.space}/write/agreements.text-agreed?proposal=${text.hash}`
          : actHref(text.space, text.hash),
        space: text.space,
        waitsFor: ours ? 'me' : 'them',
      },
    ]
  })
  const due = clocks.map(
    (clock): Need => ({
      key: `clock:${clock.id}`,
      verb: 'agreements.action.report',
      form: 'agreements.commitment.form',
      headline: titleOf(clock.about),
      href: `/spaces/${clock.space}/write/agreements.commitment-reported?commitment=${clock.about}:${clock.regime.slice('commitment-'.length)}`,
      dueAt: clock.dueAt,
      clock,
      space: clock.space,
      waitsFor: 'me',
    }),
  )
  return [...waiting, ...(viewer.may('agreements.commitment-reported:draft') ? due : [])]
}
