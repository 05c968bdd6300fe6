import type { Visit } from '../../../core/module/types.ts'
import { Entry, FormLine, Quiet, Section, TlpLabel } from '../../../web/index.ts'
import { ChangedItems } from '../../incidents/index.ts'
import type { LoadedRegister } from '../load-register.ts'
import { Signed } from '../../frame/index.ts'
import { dayIn, pathOf } from '../pages/parts.tsx'
import type { Statement } from '../release/statements.ts'
import type { Standing } from './looks.ts'

interface Props {
  visit: Visit
  register: LoadedRegister
}

/** What this house decided, the newest first: that one stands, those before it are its history. */
export function OwnSection({ visit, register }: Props) {
  const { t, language } = visit
  const { loaded, standings, statements, nameOf } = register
  return (
    <Section title={t('attributions.own.title')} id="own">
      {standings.length === 0 && <Quiet>{t('attributions.own.none')}</Quiet>}
      {standings.map((standing, at) => {
        const { decision } = standing
        return (
          <Entry key={decision.id} margin={<Signed visit={visit} by={nameOf(decision.by)} at={decision.at} />}>
            <FormLine>
              {t('attributions.decision.number', { number: decision.number })} ·{' '}
              {t(at === 0 ? 'attributions.own.stands' : 'attributions.own.earlier')}
            </FormLine>
            <h3>
              <a href={`${pathOf(loaded.incident)}/decisions/${decision.id}`}>
                {t(`attributions.choice.${decision.choice}`)}
              </a>
              {decision.accused !== '' && (
                <>
                  : <bdi>{decision.accused}</bdi>
                </>
              )}
            </h3>
            <p dir="auto">{decision.why}</p>
            {decision.reviewOn && <p>{t('attributions.own.until', { day: dayIn(decision.reviewOn, language) })}</p>}
            <RestsOn visit={visit} standing={standing} />
            <Said visit={visit} register={register} said={statements.filter((one) => one.decision === decision.id)} />
          </Entry>
        )
      })}
    </Section>
  )
}

/** On how many items it rests, and what became of them since. */
export function RestsOn({ visit, standing: { decision, changed } }: { visit: Visit; standing: Standing }) {
  const { t } = visit
  const count = decision.basis.evidence.length
  return (
    <>
      <p>{t('attributions.rests-on', { count })}</p>
      <ChangedItems visit={visit} changed={changed} />
    </>
  )
}

function Said({ visit, register, said }: Props & { said: readonly Statement[] }) {
  const { t } = visit
  if (said.length === 0) return null
  return (
    <ul>
      {said.map((one) => (
        <li key={one.id}>
          <a href={`${pathOf(register.loaded.incident)}/statements/${one.id}`}>
            {t(`attributions.level.${one.level}`)} · {t(`attributions.state.${one.state}`)}
          </a>{' '}
          {one.reference && <bdi>{one.reference}</bdi>} <TlpLabel marking={{ tlp: one.tlp }} />
        </li>
      ))}
    </ul>
  )
}
