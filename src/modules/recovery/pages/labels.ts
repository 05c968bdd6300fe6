import type { Visit } from '../../../core/module/types.ts'

const names = ['name', 'owner', 'operator', 'sector', 'needs', 'priority', 'enough', 'rto', 'rpo', 'mtpd', 'by']
const told = ['byZone', 'tlp', 'why', 'state', 'saidBy', 'basis', 'note', 'dataAsOf', 'expected']
const lessons = ['happened', 'change', 'due', 'services', 'run', 'space']

/** Names of the fields, for the summary of what needs correcting. */
export const labelsOf = ({ t }: Visit): Record<string, string> => ({
  ...Object.fromEntries([...names, ...told, ...lessons].map((name) => [name, t(`recovery.field.${name}`)])),
  words: t('recovery.field.words'),
  when: t('particulars.field.when'),
  zone: t('particulars.field.zone'),
  precision: t('particulars.field.precision'),
})
