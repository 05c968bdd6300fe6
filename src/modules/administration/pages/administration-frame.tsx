import type { ComponentChildren } from 'preact'
import type { Permission, Visit } from '../../../core/module/types.ts'
import { Trouble, Row } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'

const rooms: [string, Exclude<Permission, 'public' | 'signed-in' | 'peer' | 'set-up'>][] = [
  ['people', 'people:manage'],
  ['offices', 'offices:manage'],
  ['powers', 'powers:manage'],
  ['keys', 'keys:manage'],
  ['storage', 'storage:manage'],
  ['classification', 'classification:manage'],
  ['spills', 'spills:manage'],
  ['mail', 'mail:manage'],
  ['audit', 'audit:manage'],
]

/** Rooms that the house's navigation leads to by themselves. */
const places: Record<string, string> = { peers: '/peers', classification: '/classification', spills: '/classification' }

/** What a form came to: wrong fields, or a refusal in the reader's words. */
export interface Outcome {
  errors?: Record<string, string>
  refusal?: string
}

/** A page of the house's own affairs, with the way to the others. */
export function AdministrationFrame({
  visit,
  title,
  room,
  refusal,
  children,
}: {
  visit: Visit<any>
  title: string
  room: string
  refusal?: string
  children?: ComponentChildren
}) {
  const { t, viewer } = visit
  return (
    <Framed visit={visit} title={title} current={places[room] ?? '/people'}>
      {room !== 'peers' && (
        <nav aria-label={t('administration.title')}>
          <Row>
            {rooms
              .filter(([, power]) => viewer.may(power))
              .map(([name]) => (
                <a key={name} href={`/${name}`} aria-current={name === room ? 'page' : undefined}>
                  {t(`administration.${name}.title`)}
                </a>
              ))}
            {viewer.may('delegations:manage') && (
              <a href="/acting" aria-current={room === 'acting' ? 'page' : undefined}>
                {t('acting.title')}
              </a>
            )}
            {viewer.may('powers:manage') && <a href="/legal-clearance">{t('legal.rules.title')}</a>}
            {viewer.may('paging:manage') && <a href="/paging/settings">{t('paging.rule.title')}</a>}
            {viewer.may('offline:manage') && <a href="/offline/rule">{t('offline.rule.title')}</a>}
          </Row>
        </nav>
      )}
      {refusal && <Trouble what={refusal} />}
      {children}
    </Framed>
  )
}

/** What was typed last. */
export function typed({ values = {} }: Visit<any>, name: string, kept = ''): string {
  return typeof values[name] === 'string' ? values[name] : kept
}
