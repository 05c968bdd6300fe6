export { createJobs, type JobRunner, type JobsContext, type JobTask, prepareJobs } from './create-jobs.ts'
export { jobMigrations } from './dead-workers.ts'
