import type { Translate } from '../../../text/index.ts'
import type { Path } from '../path.ts'

const stepWidth = 150
const height = 110

/** The steps as a line of circles; filled where an act shows the step. The table beside it says the same in words. */
export function PathPicture({ path, t }: { path: Path; t: Translate }) {
  const isRtl = t.direction === 'rtl'
  const width = stepWidth * path.steps.length
  const x = (index: number) => {
    const from = stepWidth * (index + 0.5)
    return isRtl ? width - from : from
  }
  return (
    <svg class="chart path" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('de-escalation.picture')}>
      <line class="way" x1={x(0)} x2={x(path.steps.length - 1)} y1={44} y2={44} />
      {path.steps.map(({ stage, acts }, index) => (
        <g key={stage}>
          {stage === path.stands && <circle class="stands" cx={x(index)} cy={44} r={24} />}
          <circle class={acts.length > 0 ? 'shown' : 'to-come'} cx={x(index)} cy={44} r={17} />
          <text class="count" x={x(index)} y={49} text-anchor="middle">
            {acts.length > 0 ? acts.length : ''}
          </text>
          <text x={x(index)} y={94} text-anchor="middle">
            {t(`de-escalation.stage.${stage}`)}
          </text>
        </g>
      ))}
    </svg>
  )
}
