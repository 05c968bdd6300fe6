import { render } from 'preact-render-to-string'
import type { Answer, Visit } from '../../src/core/module/types.ts'
import { nameWrongFields } from '../../src/modules/frame/index.ts'

/** The page of an answer as the web server sends it; empty where there is none. */
export function drawPage(answer: Answer, visit: Visit): string {
  if (!('page' in answer)) return ''
  const drawn = render(answer.page)
  return answer.status === 422 ? nameWrongFields(drawn, visit) : drawn
}
