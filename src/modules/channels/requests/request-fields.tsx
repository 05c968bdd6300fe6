import type { ComposerProps } from '../../../core/module/types.ts'
import { formatList } from '../../../text/index.ts'
import { Quiet, Select } from '../../../web/index.ts'
import { type Contact, type ContactKind, listContacts } from '../../directory/index.ts'
import { overruleReasons, type RequestKind, requestKind, requestKindNames, sendersOf } from './request-kinds.ts'

/** The kind a request is written in, as typed or as the address of the form says. */
export const chosenKind = ({ values, query }: Pick<ComposerProps, 'values' | 'query'>): RequestKind | undefined =>
  requestKind(String(values.requestKind ?? query.get('request') ?? ''))

/** Which kind of request it is, which of our contacts sends it, and which of theirs takes it. */
export async function RequestFields({ props, to }: { props: ComposerProps; to: string }) {
  const { services, viewer, space, values, errors, query, t, language } = props
  const kind = chosenKind(props)
  const [ours, theirs] = await Promise.all([
    listContacts(services, viewer, services.party),
    listContacts(services, viewer, to),
  ])
  const begin = (one: string) => {
    const search = new URLSearchParams(query)
    search.set('form', 'request')
    search.set('request', one)
    return `/spaces/${space.id}/write/channels.note-sent?${search}`
  }
  const senders = kind ? sendersOf(kind) : []
  const takers = kind ? kind.between.map(([, taker]) => taker) : []
  const choose = (name: string, label: string, contacts: readonly Contact[], allowed: readonly ContactKind[]) => {
    const fits = (one: Contact) => allowed.includes(one.kind as ContactKind)
    const proposed = contacts.find(fits)
    return (
      <Select
        name={name}
        label={label}
        value={String(values[name] ?? proposed?.contact ?? '')}
        error={errors[name]}
        options={[
          ...(proposed && values[name] !== '' ? [] : [{ value: '', label: t('requests.nobody') }]),
          ...contacts
            .toSorted((a, b) => Number(fits(b)) - Number(fits(a)))
            .map((one) => ({
              value: one.contact,
              label: `${one.text?.post ?? t('directory.withheld')} · ${t(`directory.kind.${one.kind}`)}`,
            })),
        ]}
      />
    )
  }
  return (
    <fieldset>
      <legend>{t('requests.legend')}</legend>
      <Select
        name="requestKind"
        label={t('requests.which')}
        value={kind?.kind ?? ''}
        error={errors.requestKind}
        options={[
          ...(kind ? [] : [{ value: '', label: t('requests.choose') }]),
          ...requestKindNames.map((one) => ({ value: one, label: t(`requests.kind.${one}`) })),
        ]}
      />
      <Quiet small>
        {t('requests.begins')}{' '}
        {requestKindNames
          .filter((one) => one !== kind?.kind)
          .flatMap((one, index) => [
            index === 0 ? '' : ' · ',
            <a key={one} href={begin(one)}>
              {t(`requests.kind.${one}`)}
            </a>,
          ])}
      </Quiet>
      {kind && (
        <p>
          {t('requests.goes-between', { pairs: pairsInWords(kind, t, language) })} {t(`requests.basis.${kind.kind}`)}
        </p>
      )}
      {choose('requestFrom', t('requests.from'), ours, senders)}
      {choose('requestTo', t('requests.to'), theirs, takers)}
      {theirs.length === 0 && to !== '' && (
        <Quiet>{t('requests.no-contact', { party: services.nameOf(to, language) })}</Quiet>
      )}
      {kind && theirs.length > 0 && !theirs.some((one) => takers.includes(one.kind as ContactKind)) && (
        <p>{t('requests.general', { party: services.nameOf(to, language) })}</p>
      )}
      <Select
        name="requestOverrules"
        label={t('requests.overrules')}
        hint={t('requests.overrules-hint')}
        value={String(values.requestOverrules ?? '')}
        error={errors.requestOverrules}
        required={false}
        options={[
          { value: '', label: t('requests.overrules-not') },
          ...overruleReasons.map((one) => ({ value: one, label: t(`requests.overrule.${one}`) })),
        ]}
      />
    </fieldset>
  )
}

function pairsInWords({ between }: RequestKind, t: ComposerProps['t'], language: string): string {
  return formatList(
    between.map(([from, to]) =>
      t('requests.pair', { from: t(`directory.kind.${from}`), to: t(`directory.kind.${to}`) }),
    ),
    language,
    'or',
  )
}
