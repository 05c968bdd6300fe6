import type { FaceProps } from '../../../core/module/types.ts'
import type { Term } from './acts.ts'

type Props = Pick<FaceProps, 'services' | 't' | 'language'> & {
  sides: readonly string[]
  terms: readonly Term[]
  /** Party → its words, where they may be read. */
  words?: Readonly<Record<string, string>>
}

/** What each side leaves undone: codes in the reader's language, then the words of the proposal. */
export function TermList({ sides, terms, words = {}, services, t, language }: Props) {
  return (
    <>
      {sides.map((party) => {
        const own = terms.filter((term) => term.party === party)
        if (own.length === 0 && !words[party]) return null
        return (
          <div key={party}>
            <p>{t('de-escalation.cooling.refrains', { party: services.nameOf(party, language) })}</p>
            <ul>
              {own.map(({ id, code }) => (
                <li key={id}>{t(`de-escalation.cooling.code.${code}`)}</li>
              ))}
            </ul>
            {words[party] && <p dir="auto">{words[party]}</p>}
          </div>
        )
      })}
    </>
  )
}
