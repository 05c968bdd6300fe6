import { formatDateTime, type Translate } from '../../../text/index.ts'

/** One time in several zones, each once. */
export function OptionTimes({
  option,
  zones,
  t,
  language,
}: {
  option: { at: number; minutes: number }
  zones: readonly string[]
  t: Translate
  language: string
}) {
  const seen = new Map(zones.map((zone) => [formatDateTime(option.at, zone, language), zone]))
  return (
    <>
      {[...seen].map(([words, zone], at) => (
        <span key={zone}>
          {at > 0 && ' = '}
          <bdi>
            <time datetime={new Date(option.at).toISOString()}>{words}</time>
          </bdi>
        </span>
      ))}{' '}
      ({t('talks.lasts', { minutes: option.minutes })})
    </>
  )
}
