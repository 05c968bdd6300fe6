import { Section } from '../../../web/index.ts'
import type { KeysPageProps } from './key-change-parts.tsx'

/** Our DID, and where it is read from. */
export function DidSection({ visit: { t, services }, did }: Pick<KeysPageProps, 'visit' | 'did'>) {
  if (!did) return null
  return (
    <Section title={t('administration.keys.did')} id="did">
      <p>{t('administration.keys.did-about')}</p>
      <p class="reg" dir="ltr">
        {did.did}
      </p>
      {!did.isCurrent && <p>{t('administration.keys.did-behind')}</p>}
      <p>{t('administration.keys.did-at', { address: `https://${services.party}/.well-known/did.jsonl` })}</p>
      <p>
        <a href="/.well-known/did.jsonl">{t('administration.keys.did-file')}</a>
      </p>
    </Section>
  )
}
