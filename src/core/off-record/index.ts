export { createOffRecord } from './create-off-record.ts'
export { migrations } from './migrations.ts'
