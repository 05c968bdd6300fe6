import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime, formatList } from '../../../text/index.ts'
import { Table } from '../../../web/index.ts'
import type { ToldService } from '../acts.ts'
import { inside, stretchWords } from './words.ts'

type Reading = Pick<Visit, 't' | 'language' | 'viewer'>
type Named = ToldService & { name?: string; author?: string }

/** Services as they are told between parties; the party stands before them where there are several. */
export function PictureTable({
  reading,
  caption,
  services,
  partyOf,
}: {
  reading: Reading
  caption: string
  services: readonly Named[]
  partyOf?: (service: Named) => ComponentChildren
}) {
  const { t, language, viewer } = reading
  const names = new Map(services.map(({ key, name }) => [key, name]))
  const nameOf = (key: string) => names.get(key) ?? t('recovery.picture.no-name')
  const moment = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  const expectedOf = ({ expected, notBefore, state, backSince }: Named): string => {
    if (expected !== undefined) return moment(expected)
    if (notBefore !== undefined) return t('recovery.picture.not-before', { time: moment(notBefore) })
    return state === undefined || backSince ? '–' : t('recovery.picture.no-word')
  }
  return (
    <Table
      caption={caption}
      cards
      head={[
        t('recovery.field.name'),
        ...(partyOf ? [t('recovery.column.party')] : []),
        t('recovery.column.state'),
        t('recovery.column.out-since'),
        t('recovery.column.expected'),
        t('recovery.column.back-since'),
        t('recovery.field.needs'),
      ]}
      rows={services.map((one) => [
        <bdi>{one.name ?? t('recovery.picture.no-name')}</bdi>,
        ...(partyOf ? [partyOf(one)] : []),
        one.state === undefined ? t('recovery.standing.unreported') : t(`recovery.state.${one.state}`),
        one.outSince ? stretchWords(reading, one.outSince) : '–',
        expectedOf(one),
        one.backSince ? stretchWords(reading, one.backSince) : '–',
        one.needs.length === 0
          ? '–'
          : formatList(
              one.needs.map((key) => inside(language, nameOf(key))),
              language,
            ),
      ])}
    />
  )
}
