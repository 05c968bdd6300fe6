import type { Translate } from '../../../text/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { Quiet, Trouble } from '../../../web/index.ts'
import type { RecordsRule } from '../rule.ts'

interface Props {
  rule: RecordsRule | undefined
  t: Translate
  language: string
  zone: string
}

/** What this house asks of its own people, and whether they may: before anybody opens or joins. */
export function RuleNote({ rule, t, language, zone }: Props) {
  return (
    <>
      {rule && !rule.allowed && (
        <Trouble
          what={t('refusal.off-record-forbidden')}
          do={<a href="/off-record/rule">{t('off-record.rule.see')}</a>}
        />
      )}
      {rule ? (
        <>
          <p dir="auto">{rule.words}</p>
          <Quiet small>
            {t('off-record.rule.set', { by: rule.by, time: formatDateTime(rule.at, zone, language) })}
          </Quiet>
        </>
      ) : (
        <Quiet>
          {t('off-record.rule.none')} <a href="/off-record/rule">{t('off-record.rule.see')}</a>
        </Quiet>
      )}
    </>
  )
}
