/**
 * Every table of a node, keyed `schema.table`. Each folder adds its own by
 * declaration merging in its `tables.ts`:
 *
 *   declare module '../../core/storage/tables.ts' { interface Tables { 'view.note': NoteTable } }
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface Tables {}
