import { classText } from '../../../core/markings/index.ts'
import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { ButtonForm, Entry, Pairs, PageHead, Quiet, Reg } from '../../../web/index.ts'
import { titleOf } from '../../spaces/index.ts'
import { AdministrationFrame } from '../pages/administration-frame.tsx'
import type { Spill } from './spills.ts'

interface Props {
  visit: Visit
  spills: Spill[]
  spaces: ReadonlyMap<string, SpaceFacts>
  nameOf(person: string): string
}

/** What lies here and may not: where it is, who can read it (nobody), and what to do. None of its words. */
export function SpillsPage({ visit, spills, spaces, nameOf }: Props) {
  const { t, services, language, viewer } = visit
  const when = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  return (
    <AdministrationFrame visit={visit} title={t('administration.spills.title')} room="spills">
      <PageHead title={t('administration.spills.title')} lead={t('administration.spills.lead')} />
      <ol>
        {['hidden', 'tell', 'purge', 'copies'].map((step) => (
          <li key={step}>{t(`administration.spills.step.${step}`)}</li>
        ))}
      </ol>
      {spills.length === 0 && <Quiet>{t('administration.spills.none')}</Quiet>}
      {spills.map((spill) => {
        const space = spaces.get(spill.space)
        return (
          <Entry
            key={spill.act}
            id={spill.act}
            margin={
              <>
                <Reg text={t('spaces.act.number', { number: spill.index })} />
                <Pairs items={[{ term: t('administration.spills.found'), detail: when(spill.foundAt) }]} />
              </>
            }
          >
            <h2>
              <bdi>{services.nameOf(spill.author, language)}</bdi> · <bdi>{classText(spill.class)}</bdi>
            </h2>
            <p>
              <a href={`/spaces/${spill.space}/acts/${spill.act}`}>{space ? titleOf(space, language) : spill.space}</a>
            </p>
            {spill.files !== undefined && <p>{t('administration.spills.files-only', { count: spill.files })}</p>}
            {spill.purgedAt === undefined ? (
              <>
                <p>{t('administration.spills.contained')}</p>
                {space?.hosted && <p>{t('administration.spills.we-host')}</p>}
                <ButtonForm action={`/spills/${spill.act}/purge`} label={t('administration.spills.do-purge')} danger />
              </>
            ) : (
              <p>
                {t('administration.spills.purged', {
                  time: when(spill.purgedAt),
                  person: nameOf(spill.purgedBy ?? ''),
                })}
              </p>
            )}
          </Entry>
        )
      })}
    </AdministrationFrame>
  )
}
