import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { formatDate, languageName } from '../../../text/index.ts'
import { Details, Entry, LinkButton, Pairs, Paper, Quiet, Section, Table } from '../../../web/index.ts'
import { clearanceOf, mayBeUsed, type TextClearance } from '../plan/clear-text.ts'
import type { ContactReference, PlanContent, PlanPart, PlanText } from '../plan/content.ts'
import type { Names } from '../plan/load-names.ts'
import { holderWords, needsWords, targetWords, termWords } from './parts.tsx'

interface Props {
  visit: Visit
  content: PlanContent
  names: Names
  clearances: ReadonlyMap<string, TextClearance>
  /** Where items are written; none where what is shown is not the newest writing. */
  writing?: string
  /** Only these parts. */
  only?: readonly PlanPart[]
  /** Day on which texts would be used; that of the house where it is not said. */
  today?: string
  /** What stands under a text: its clearance, or drafts from it. */
  underText?(text: PlanText): ComponentChildren
}

/** What a plan says, part by part. */
export function PlanContentView(props: Props) {
  const { content, only } = props
  const shows = (part: PlanPart) => only === undefined || only.includes(part)
  return (
    <>
      {shows('steps') && <Steps {...props} />}
      {shows('roles') && <Roles {...props} />}
      {shows('contacts') && <Contacts {...props} />}
      {shows('texts') && (
        <Part {...props} part="texts">
          {content.texts.map((text) => (
            <TextEntry key={text.id} {...props} text={text} />
          ))}
        </Part>
      )}
      {shows('annexes') && <Annexes {...props} />}
      {shows('services') && <Services {...props} />}
    </>
  )
}

function Steps(props: Props) {
  const { visit, content } = props
  return (
    <Part {...props} part="steps">
      {content.steps.length > 0 && (
        <ol>
          {content.steps.map((step) => (
            <li key={step.id}>
              <strong dir="auto">{step.title}</strong>
              <Of visit={visit} content={content} annex={step.annex} />
              {step.words && <p dir="auto">{step.words}</p>}
              <Quiet small>
                <bdi>{content.roles.find(({ id }) => id === step.role)?.title}</bdi> · {termWords(visit, step, content)}{' '}
                <Change {...props} part="steps" item={step} />
              </Quiet>
            </li>
          ))}
        </ol>
      )}
    </Part>
  )
}

function Roles(props: Props) {
  const { visit, content } = props
  const { t } = visit
  return (
    <Part {...props} part="roles">
      {content.roles.length > 0 && (
        <Table
          caption={t('preparedness.part.roles')}
          quietCaption
          head={[
            t('preparedness.field.role'),
            t('preparedness.field.who'),
            t('preparedness.field.deputy'),
            ...(props.writing ? [t('preparedness.change')] : []),
          ]}
          rows={content.roles.map((role) => [
            <bdi>{role.title}</bdi>,
            <bdi>{holderWords(visit, props.names, role.who)}</bdi>,
            <bdi>{holderWords(visit, props.names, role.deputy)}</bdi>,
            ...(props.writing ? [<Change {...props} part="roles" item={role} />] : []),
          ])}
        />
      )}
    </Part>
  )
}

function Contacts(props: Props) {
  const { visit, content } = props
  return (
    <Part {...props} part="contacts">
      {content.contacts.length > 0 && (
        <ul>
          {content.contacts.map((one) => (
            <li key={one.id}>
              <ContactLine visit={visit} names={props.names} reference={one} />
              <Of visit={visit} content={content} annex={one.annex} /> <Change {...props} part="contacts" item={one} />
            </li>
          ))}
        </ul>
      )}
    </Part>
  )
}

function Services(props: Props) {
  const { visit, content, names, writing } = props
  const { t } = visit
  return (
    <Part {...props} part="services">
      {content.services.length > 0 && (
        <Table
          caption={t('preparedness.part.services')}
          quietCaption
          cards
          head={[
            t('preparedness.item.services'),
            t('preparedness.field.owner'),
            t('preparedness.field.needs'),
            t('preparedness.target'),
            ...(writing ? [t('preparedness.change')] : []),
          ]}
          rows={content.services.map((service) => [
            <bdi>{service.name}</bdi>,
            <bdi>{holderWords(visit, names, service.owner)}</bdi>,
            <bdi>{needsWords(visit, service, content.services)}</bdi>,
            targetWords(visit, service),
            ...(writing ? [<Change {...props} part="services" item={{ id: service.id, title: service.name }} />] : []),
          ])}
        />
      )}
    </Part>
  )
}

function Part({
  visit: { t },
  content,
  writing,
  part,
  children,
}: Props & { part: PlanPart; children: ComponentChildren }) {
  return (
    <Section title={t(`preparedness.part.${part}`)} id={part}>
      {content[part].length === 0 && <Quiet>{t(`preparedness.none.${part}`)}</Quiet>}
      {children}
      {writing && (
        <p>
          <LinkButton plain href={`${writing}/${part}`} label={t(`preparedness.add.${part}`)} />
        </p>
      )}
    </Section>
  )
}

function Change({
  visit: { t },
  writing,
  part,
  item,
}: Props & { part: PlanPart; item: { id: string; title?: string } }) {
  if (!writing) return null
  return (
    <a href={`${writing}/${part}?item=${item.id}`}>
      {t('preparedness.change')}
      {item.title && <span class="aside">: {item.title}</span>}
    </a>
  )
}

function Of({
  visit: { t, services, language },
  content,
  annex,
}: {
  visit: Visit
  content: PlanContent
  annex: string
}) {
  const of = content.annexes.find(({ id }) => id === annex)
  if (!of) return null
  return (
    <span class="quiet small"> · {t('preparedness.of-annex', { party: services.nameOf(of.party, language) })}</span>
  )
}

/** A point of contact as the directory has it today; one that is gone is shown as gone. */
export function ContactLine({ visit, names, reference }: { visit: Visit; names: Names; reference: ContactReference }) {
  const { t, services, language } = visit
  const found = names.contact(reference)
  const party = services.nameOf(reference.party, language)
  const why = reference.why && (
    <>
      {' '}
      · <bdi>{reference.why}</bdi>
    </>
  )
  if (!found)
    return (
      <>
        <bdi>{party}</bdi>: <strong>{t('preparedness.gone-contact')}</strong>
        {why}
      </>
    )
  const { post, name, telephone, email } = (found.text ?? {}) as Record<string, string | undefined>
  return (
    <>
      <a href={`/directory/${reference.party}`}>
        <bdi>{party}</bdi>
      </a>
      : {t(`directory.kind.${found.kind}`)}
      {[post, name, telephone, email].filter(Boolean).map((one) => (
        <>
          {' '}
          · <bdi>{one}</bdi>
        </>
      ))}
      {why}
    </>
  )
}

function TextEntry(props: Props & { text: PlanText }) {
  const { visit, content, names, clearances, text, underText } = props
  const { t, language, services } = visit
  const cleared = clearanceOf(clearances, text)
  const today = props.today ?? new Date(services.clock.now()).toISOString().slice(0, 10)
  const usable = mayBeUsed(clearances, text, today)
  return (
    <Entry
      id={`text-${text.id}`}
      margin={
        <Pairs
          items={[
            {
              term: t('preparedness.cleared'),
              detail: cleared ? <bdi>{names.person(cleared.by)}</bdi> : t('preparedness.not-cleared'),
            },
            {
              term: t('preparedness.field.validUntil'),
              detail: formatDate(Date.parse(`${text.validUntil}T12:00:00Z`), 'UTC', language),
            },
            { term: t('preparedness.may-be-used'), detail: t(usable ? 'preparedness.yes' : 'preparedness.no') },
          ]}
        />
      }
    >
      <h3>
        <bdi>{text.title}</bdi>
      </h3>
      <Quiet small>
        {languageName(text.language)}
        <Of visit={visit} content={content} annex={text.annex} /> <Change {...props} part="texts" item={text} />
      </Quiet>
      <Details summary={t('preparedness.read-text')}>
        <Paper language={text.language}>
          {text.words.split('\n').map((line, at) => (
            <p key={at}>{line}</p>
          ))}
        </Paper>
      </Details>
      {underText?.(text)}
    </Entry>
  )
}

function Annexes(props: Props) {
  const { visit, content } = props
  const { t, services, language } = visit
  return (
    <Part {...props} part="annexes">
      {content.annexes.map((annex) => (
        <Entry key={annex.id}>
          <h3>
            <bdi>{services.nameOf(annex.party, language)}</bdi>
          </h3>
          <p dir="auto">{annex.agreed}</p>
          <Quiet small>
            {annex.space && <a href={`/spaces/${annex.space}`}>{t('preparedness.their-space')}</a>}
            {annex.agreement && (
              <>
                {' · '}
                <a href={`/spaces/${annex.space}/acts/${annex.agreement}`}>{t('preparedness.agreed-text')}</a>
              </>
            )}{' '}
            <Change {...props} part="annexes" item={{ id: annex.id, title: services.nameOf(annex.party, language) }} />
          </Quiet>
        </Entry>
      ))}
    </Part>
  )
}
