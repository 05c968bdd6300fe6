import type { Visit } from '../../../core/module/types.ts'
import { Quiet, Section } from '../../../web/index.ts'
import type { LoadedSharing } from '../share/load-sharing.ts'
import { moment } from './words.ts'

/** Which pictures of this plan others have, whether they still say what would be told today, and the way to tell more. */
export function SharedSection({ visit, sharing }: { visit: Visit; sharing: LoadedSharing }) {
  const { t, services, viewer, language } = visit
  const { spaces, pictures, incident } = sharing
  if (spaces.length === 0) return null
  const mayShare = viewer.may('recovery.picture-shared:draft')
  return (
    <Section title={t('recovery.share.title')} id="shared">
      <ul>
        {spaces.map((space) => {
          const title = space.title[language] ?? space.title.en ?? Object.values(space.title)[0] ?? ''
          const mine = pictures.filter((one) => one.space === space.id)
          return (
            <li key={space.id}>
              <a href={`/recovery/pictures/${space.id}`}>
                <bdi>{title}</bdi>
              </a>{' '}
              {mine.length === 0 && mayShare && (
                <a href={`/spaces/${space.id}/write/recovery.picture-shared?incident=${incident}`}>
                  {t('recovery.wish.shared')}
                </a>
              )}
              {mine.map((one) => (
                <div key={one.picture}>
                  {t('recovery.share.told', { time: moment(visit, one.asOf), count: one.services.length })}{' '}
                  {one.differs ? <strong>{t('recovery.share.differs')}</strong> : t('recovery.share.same')}{' '}
                  {mayShare && (
                    <a href={`/spaces/${space.id}/write/recovery.picture-updated?picture=${one.picture}`}>
                      {t('recovery.action.updated')}
                    </a>
                  )}
                </div>
              ))}
            </li>
          )
        })}
      </ul>
      <Quiet small>{t('recovery.share.explained', { party: services.nameOf(services.party, language) })}</Quiet>
    </Section>
  )
}
