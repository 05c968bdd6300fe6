import type { Visit } from '../../../core/module/types.ts'
import { formatDate, formatList, formatNumber } from '../../../text/index.ts'
import { LinkButton, PageHead, Quiet, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { PartnerNetwork, Tie } from '../network.ts'
import { ExerciseLinks } from './exercise-links.tsx'
import { NetworkPicture } from './network-picture.tsx'

interface Props {
  visit: Visit
  network: PartnerNetwork
  drill?: string
  drills: string[]
}

/** Who has channels, agreements and checks with whom, as a picture and as the table that says the same. */
export function NetworkPage({ visit, network, drill, drills }: Props) {
  const { t, language, services } = visit
  const title = t('confidence.network.title')
  const nameOf = (party: string) => services.nameOf(party, language)
  const alone = network.parties.slice(1).filter((party) => !network.ties.some((tie) => tie.parties.includes(party)))
  const ordered = network.ties.toSorted((a, b) => isOurs(b, services.party) - isOurs(a, services.party))
  return (
    <Framed visit={visit} title={title} current="/confidence" drill={drill}>
      <PageHead
        title={title}
        lead={t('confidence.network.lead')}
        actions={<LinkButton plain href="/confidence" label={t('confidence.title')} />}
      />
      <Quiet>{t('confidence.network.no-recognition')}</Quiet>
      <ExerciseLinks visit={visit} path="/confidence/network" {...{ drill, drills }} />
      {ordered.length === 0 ? (
        <Quiet>{t('confidence.network.none')}</Quiet>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
          <section class="table-scroll" aria-label={t('confidence.network.picture')} tabIndex={0}>
            <NetworkPicture network={network} nameOf={nameOf} t={t} />
          </section>
          <Table
            caption={t('confidence.network.table')}
            quietCaption
            head={[
              t('confidence.network.between'),
              t('confidence.network.channels'),
              t('confidence.network.agreements'),
              t('confidence.network.checks'),
            ]}
            rows={ordered.map((tie) => [
              formatList(tie.parties.map(nameOf), language),
              tie.channels.map((space) => (
                <div key={space.id}>
                  <a href={`/spaces/${space.id}`}>{space.title[language] ?? Object.values(space.title)[0]}</a>
                </div>
              )),
              formatNumber(tie.agreements, language),
              checksInWords(visit, tie),
            ])}
          />
        </>
      )}
      {alone.length > 0 && (
        <Quiet>{t('confidence.network.alone', { parties: formatList(alone.map(nameOf), language) })}</Quiet>
      )}
    </Framed>
  )
}

const isOurs = ({ parties }: Tie, party: string): number => (parties.includes(party) ? 1 : 0)

function checksInWords({ t, language, viewer }: Visit, { checks, newestCheck }: Tie): string {
  return newestCheck === undefined
    ? formatNumber(0, language)
    : t('confidence.network.checked', {
        count: formatNumber(checks, language),
        date: formatDate(newestCheck, viewer.person.zone, language),
      })
}
