import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDateTime, isMessageKey } from '../../../text/index.ts'
import { Details, Trouble } from '../../../web/index.ts'
import type { Freeze } from '../freezes.ts'

/** What happened and what to do, in plain words, instead of the space's usual state. */
export function FrozenPanel({
  visit,
  space,
  freezes,
}: {
  visit: Visit
  space: SpaceFacts
  freezes: readonly Freeze[]
}) {
  const [freeze] = freezes
  if (!freeze) return null
  const { services, viewer, t, language } = visit
  const isOurs = freeze.accused === services.party
  const facts = {
    party: services.nameOf(freeze.accused, language),
    time: formatDateTime(freeze.foundAt, viewer.person.zone, language),
    common: freeze.common,
  }
  const steps = isOurs ? ['own-restore', 'own-tell'] : ['stop', 'call', 'evidence', 'elsewhere']
  const kind = `spaces.frozen.kind.${freeze.kind}`
  return (
    <div id="frozen">
      <Trouble
        title={t(freeze.isFrozen ? 'spaces.frozen.title' : 'spaces.frozen.doubt')}
        what={t(`spaces.frozen.what.${isOurs ? 'own' : freeze.role}`, facts)}
        do={
          <>
            {isMessageKey(kind) && <p>{t(kind, facts)}</p>}
            <p>{t('spaces.frozen.holds', facts)}</p>
            <ol>
              {steps.map((step) => (
                <li key={step}>{t(`spaces.frozen.do.${step}`, facts)}</li>
              ))}
            </ol>
            <Details summary={t('spaces.frozen.details')}>
              <p>{t('spaces.frozen.found', facts)}</p>
              <p>
                {t('spaces.frozen.file')} <bdi class="reg">{freeze.file ? `evidence/${freeze.file}` : '–'}</bdi>
              </p>
              <p class="reg" dir="ltr">
                {space.id}
              </p>
            </Details>
          </>
        }
      />
    </div>
  )
}

/** The bytes here are wrong, and nobody is to blame for them but a disk. */
export function DamagedPanel({ visit: { t, viewer } }: { visit: Visit }) {
  return (
    <div id="damaged">
      <Trouble
        title={t('spaces.damaged.title')}
        what={t('refusal.space.damaged')}
        do={
          viewer.may('storage:manage') ? (
            <p>
              <a href="/storage#damaged">{t('administration.storage.title')}</a>
            </p>
          ) : (
            t('spaces.damaged.do')
          )
        }
      />
    </div>
  )
}
