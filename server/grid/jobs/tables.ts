export { jobSlot } from '../../../platform/jobs/index.ts'
