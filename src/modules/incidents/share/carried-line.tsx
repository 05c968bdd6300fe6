import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatList } from '../../../text/index.ts'
import { Time } from '../../../web/index.ts'
import type { LoadedIncident } from '../read/load-incident.ts'
import type { Carried } from './carried.ts'
import { othersIn } from './link-space.ts'

/** Under a line of the record: to whom it was told, when and by which act; or that it waits in a draft. */
export function CarriedLines({
  visit,
  spaces,
  carried = [],
}: {
  visit: Visit
  spaces: LoadedIncident['spaces']
  carried?: readonly Carried[]
}) {
  const { t, services, viewer, language } = visit
  return (
    <>
      {carried.map(({ space, state, act, at }) => {
        const found = spaces.find(({ id }) => id === space)
        const parties = formatList(
          (found ? othersIn(services, found) : []).map((party) => services.nameOf(party, language)),
          language,
        )
        const words = t(`incidents-sharing.mark.${state}`, { parties })
        return (
          <p key={`${space}${at}`} class="small carried">
            {act === undefined ? words : <a href={actHref(space, act)}>{words}</a>} ·{' '}
            <Time ms={at} zone={viewer.person.zone} language={language} short />
          </p>
        )
      })}
    </>
  )
}
