import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { ButtonForm, Entry, FormLine, Pairs, Quiet, Section } from '../../../web/index.ts'
import { listedFields } from '../lists/listed-contact.ts'
import { directionOf, fieldName } from '../lists/pages/difference-list.tsx'
import type { Told } from '../lists/told.ts'

/** What we were told of a party's contacts: by whom, kept by whom, when; never its own word. */
export function ToldSection({ visit, told }: { visit: Visit; told: readonly Told[] }) {
  const { t, language, viewer } = visit
  if (told.length === 0) return null
  return (
    <Section title={t('directory.lists.told')} id="told">
      <Quiet>{t('directory.lists.told-hint')}</Quiet>
      {told.map(({ id, contact, toldBy, notedBy, notedAt }) => (
        <Entry
          key={id}
          margin={
            <Pairs
              items={[
                { term: t('directory.relation.noted-by'), detail: notedBy },
                {
                  term: t('common.time'),
                  detail: formatDateTime(notedAt, viewer.person.zone, language, { short: true }),
                },
              ]}
            />
          }
        >
          <FormLine>{t('directory.lists.as-told-by', { toldBy })}</FormLine>
          <h3>
            <bdi>{contact.post ?? contact.name ?? contact.email}</bdi>
          </h3>
          <Pairs
            items={listedFields.flatMap((field) => {
              const said = contact[field]
              if (said === undefined || field === 'party' || field === 'id' || field === 'post') return []
              const detail = field === 'kind' ? t(`directory.kind.${said}`) : <bdi dir={directionOf(field)}>{said}</bdi>
              return [{ term: fieldName(field, t), detail }]
            })}
          />
          {viewer.may('directory.relation:manage') && (
            <ButtonForm
              plain
              action={`/directory/told/${id}/forget`}
              fields={{ party: contact.party }}
              label={t('directory.lists.forget')}
            />
          )}
        </Entry>
      ))}
    </Section>
  )
}
