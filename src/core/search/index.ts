import type { Migration } from '../storage/types.ts'
import { searchTables } from './migrations/0001-search.ts'
import { purgedWords } from './migrations/0002-purged.ts'
import { markedFiles } from './migrations/0003-files.ts'
import './tables.ts'

export { askFor, type AskedWords, isHit, type Unaskable } from './asked.ts'
export { markingKey } from './facets.ts'
export { feedIndex, isIndexBehind } from './feed.ts'
export { findActs, type FoundAct, mostRanked, openMarkings, type OpenMarkings, type SearchCriteria } from './find.ts'
export { foldReference, piecesOf } from './fold.ts'
export { matchTexts } from './match-texts.ts'
export { copiedPassage, runsOf } from './runs.ts'
export { saidIn, vectorOf } from './vector.ts'

export const migrations: readonly Migration[] = [searchTables, purgedWords, markedFiles]
/** Emptied with the projections of a space, and fed again after them; the cursor first, so that no feeding is between. */
export const views: readonly string[] = [
  'view.search_cursor',
  'view.search_act',
  'view.search_marking',
  'view.search_file',
]
