import type { TroubleShown } from '../../core/http/index.ts'
import type { Visit } from '../../core/module/types.ts'
import { LinkButton, PageHead, Row, Trouble } from '../../web/index.ts'
import { Framed } from './framed.tsx'

/** What happened, what to do, and one way out. */
export function TroublePage({ visit, trouble }: { visit: Visit; trouble: TroubleShown }) {
  const { remedies, errors = {}, link } = trouble
  return (
    <Framed visit={visit} title={trouble.title}>
      <PageHead title={trouble.title} />
      <Trouble what={trouble.what} do={remedies.length > 0 && remedies.map((remedy) => <p key={remedy}>{remedy}</p>)} />
      {Object.keys(errors).length > 0 && (
        <ul class="located">
          {Object.entries(errors).map(([name, sentence]) => (
            <li key={name}>
              <code>{name}</code> {sentence}
            </li>
          ))}
        </ul>
      )}
      {link && (
        <Row>
          <LinkButton href={link.href} label={link.label} plain />
        </Row>
      )}
    </Framed>
  )
}
