import { globSync, statSync } from 'node:fs'

/** Changes whenever a file that shapes tables does; a whole run works it out once and hands it on. */
export function tablesStamp(): string {
  const handed = process.env.CHANCERY_TEST_TABLES
  if (handed !== undefined) return handed
  const files = globSync(['src/**/migrations*', 'src/**/migrations/*.ts', 'src/**/*tables*.ts']).toSorted()
  return files.map((file) => `${file} ${statSync(file).mtimeMs}`).join('\n')
}
