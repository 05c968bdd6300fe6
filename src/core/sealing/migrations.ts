import type { Migration } from '../storage/types.ts'
import { generations } from './migrations/0001-generations.ts'

export const sealingMigrations: Migration[] = [generations]
