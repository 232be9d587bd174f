export { gridJobs } from './jobs.ts'
