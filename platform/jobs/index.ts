export { claimSlot, forgetSlots, jobSlot } from './jobs.ts'
