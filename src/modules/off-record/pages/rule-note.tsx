import type { Translate } from '../../../text/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { Details, Quiet, Trouble } from '../../../web/index.ts'
import type { RecordsRule } from '../rule.ts'

interface Props {
  rule: RecordsRule | undefined
  t: Translate
  language: string
  zone: string
}

/** What speaking here proves, and what this house asks of its own people: before anybody opens or joins. */
export function RuleNote({ rule, t, language, zone }: Props) {
  return (
    <>
      <p>
        <strong>{t('off-record.meaning')}</strong>
      </p>
      {rule && !rule.allowed && (
        <Trouble
          what={t('refusal.off-record-forbidden')}
          do={<a href="/off-record/rule">{t('off-record.rule.see')}</a>}
        />
      )}
      {rule ? (
        <Details summary={t('off-record.rule.title')} open>
          <p dir="auto">{rule.words}</p>
          <Quiet small>
            {t('off-record.rule.set', { by: rule.by, time: formatDateTime(rule.at, zone, language) })}
          </Quiet>
        </Details>
      ) : (
        <Quiet>
          {t('off-record.rule.none')} <a href="/off-record/rule">{t('off-record.rule.see')}</a>
        </Quiet>
      )}
    </>
  )
}
