import { noteByTheWay } from '../../core/storage/index.ts'
import type { Db, Reader } from '../../core/storage/types.ts'
import './tables.ts'

/** How far this person has read each space: entries before that index were seen; 0 for a space never opened. */
export async function listReadMarks(db: Reader, person: string, spaces: string[]): Promise<Map<string, number>> {
  if (spaces.length === 0) return new Map()
  const rows = await db
    .selectFrom('home.read_mark')
    .select(['space', 'idx'])
    .where('person', '=', person)
    .where('space', 'in', spaces)
    .execute()
  return new Map(rows.map((row) => [row.space, row.idx]))
}

/** Remembers that the person has seen everything before `index`, if anything can be written; never moves back. */
export async function moveReadMark(db: Db, mark: { person: string; space: string; index: number }): Promise<void> {
  const moving = db
    .insertInto('home.read_mark')
    .values({ person: mark.person, space: mark.space, idx: mark.index })
    .onConflict((conflict) =>
      conflict
        .columns(['person', 'space'])
        .doUpdateSet((eb) => ({ idx: eb.fn('greatest', ['home.read_mark.idx', 'excluded.idx']) as never })),
    )
    .execute()
  await noteByTheWay(moving)
}
