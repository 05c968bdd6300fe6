import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { PageHead } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Incident } from '../incident.ts'

interface Props {
  visit: Visit
  incident: Incident
  /** Of the page in the browser. */
  title: string
  /** Above the page; the title unless given. */
  heading?: ComponentChildren
  lead: ComponentChildren
  actions: ComponentChildren
  children: ComponentChildren
}

/** A page about one incident: its marking, whether it is an exercise, its reference and where it stands. */
export function IncidentFrame({ visit, incident, title, heading, lead, actions, children }: Props) {
  return (
    <Framed
      visit={visit}
      title={title}
      current="/incidents"
      marking={{ tlp: incident.marking }}
      drill={incident.drill ? incident.codeName : undefined}
    >
      <PageHead
        form={`${incident.reference} · ${visit.t(`incidents.state.${incident.state}`)}`}
        title={heading ?? title}
        lead={lead}
        actions={actions}
      />
      {children}
    </Framed>
  )
}
