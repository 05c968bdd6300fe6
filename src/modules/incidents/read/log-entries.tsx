import type { Visit } from '../../../core/module/types.ts'
import { Entry, FormLine, Time } from '../../../web/index.ts'
import type { Incident } from '../incident.ts'
import { From } from '../merge/joined-parts.tsx'
import type { Compartment } from '../need-to-know/compartments.ts'
import { InCompartment } from '../pages/parts.tsx'
import type { LogEntry } from './load-incident.ts'

/** An entry with the incident in whose log it stands, which may be one that is read through another. */
export interface ShownEntry extends LogEntry {
  of: {
    incident: Pick<Incident, 'id' | 'reference' | 'codeName'>
    names: ReadonlyMap<string, string>
    compartments: Compartment[]
  }
}

/** Entries of a log in the order given, each with who wrote it and when. */
export function LogEntries({ visit, entries, own }: { visit: Visit; entries: readonly ShownEntry[]; own: string }) {
  const { t, viewer, language } = visit
  return (
    <>
      {entries.map((entry) => (
        <Entry
          key={entry.id}
          margin={
            <>
              <p>
                <Time ms={entry.at} zone={viewer.person.zone} language={language} short />
              </p>
              <p>
                <bdi>{entry.of.names.get(entry.by) ?? entry.by}</bdi>
              </p>
              {entry.of.incident.id !== own && (
                <p>
                  <From incident={entry.of.incident} />
                </p>
              )}
              {Math.abs(entry.writtenAt - entry.at) > 60_000 && (
                <p>
                  {t('incidents.log.written')}{' '}
                  <Time ms={entry.writtenAt} zone={viewer.person.zone} language={language} short />
                </p>
              )}
            </>
          }
        >
          {entry.kind !== 'written' && (
            <FormLine>{t(`incidents.log.${entry.kind}`, partyNamed(visit, entry.facts))}</FormLine>
          )}
          {entry.words && <p dir="auto">{entry.words}</p>}
          <InCompartment of={entry.compartment} compartments={entry.of.compartments} />
        </Entry>
      ))}
    </>
  )
}

function partyNamed({ services, language }: Visit, facts: Record<string, string | number>) {
  return typeof facts.party === 'string' ? { ...facts, party: services.nameOf(facts.party, language) } : facts
}
