import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { FormLine, PageHead } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Incident } from '../incident.ts'

interface Props {
  visit: Visit
  incident: Incident
  title: string
  lead?: string
  actions?: ComponentChildren
  /** The page it belongs to; the incident unless given. */
  back?: { href: string; label: string }
  /** What "at home" means for this record; that nothing leaves by itself, unless given. */
  atHome?: string
  children: ComponentChildren
}

/** A page of a record at home that belongs to an incident, and says so. */
export function RecordFrame({ visit, incident, title, lead, actions, back, atHome, children }: Props) {
  const { t, services, language } = visit
  const { href, label } = back ?? {
    href: `/incidents/${incident.id}`,
    label: t('incidents.action.back', { name: incident.codeName }),
  }
  return (
    <Framed
      visit={visit}
      title={`${title}: ${incident.codeName}`}
      current="/incidents"
      marking={{ tlp: incident.marking }}
      drill={incident.drill ? incident.codeName : undefined}
    >
      <PageHead
        form={
          <>
            {incident.reference} · <bdi>{incident.codeName}</bdi>
          </>
        }
        title={title}
        lead={lead}
        actions={actions}
      />
      <p>
        <a href={href}>{label}</a>
      </p>
      <div class="box stays">
        <FormLine>{t('incidents.frame.at-home')}</FormLine>
        <p>{atHome ?? t('incidents.frame.at-home-explained', { party: services.nameOf(services.party, language) })}</p>
      </div>
      {children}
    </Framed>
  )
}
