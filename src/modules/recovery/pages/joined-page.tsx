import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { PageHead, Quiet, Section } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { JoinedPicture } from '../share/joined-picture.ts'
import { PictureTable } from './picture-table.tsx'
import { moment } from './words.ts'

/** Recovery over one space: what each party tells of its services, ours and theirs, beside one another. */
export function JoinedPage({ visit, joined }: { visit: Visit; joined: JoinedPicture }) {
  const { t, services, language } = visit
  const { space, pictures } = joined
  const title = space.title[language] ?? space.title.en ?? Object.values(space.title)[0] ?? ''
  return (
    <Framed visit={visit} title={`${t('recovery.joined.title')}: ${title}`} current="/spaces" drill={space.drill?.name}>
      <PageHead form={<bdi>{title}</bdi>} title={t('recovery.joined.title')} lead={t('recovery.joined.lead')} />
      <p>
        <a href={`/spaces/${space.id}`}>{t('recovery.joined.back')}</a>
      </p>
      {pictures.length === 0 ? (
        <Quiet>{t('recovery.joined.none')}</Quiet>
      ) : (
        <>
          <Section title={t('recovery.joined.services')} id="services">
            <PictureTable
              reading={visit}
              caption={t('recovery.joined.caption')}
              services={joined.services}
              partyOf={({ author = '' }) => <bdi>{services.nameOf(author, language)}</bdi>}
            />
          </Section>
          <Section title={t('recovery.joined.sources')} id="sources">
            <ul>
              {pictures.map(({ picture, author, newest, asOf }) => (
                <li key={picture}>
                  <a href={actHref(space.id, newest)}>
                    {t('recovery.joined.source', {
                      party: services.nameOf(author, language),
                      time: moment(visit, asOf),
                    })}
                  </a>
                </li>
              ))}
            </ul>
          </Section>
        </>
      )}
    </Framed>
  )
}
