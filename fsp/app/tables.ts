export { installation } from '../../platform/db/index.ts'
export { jobSlot } from '../../platform/jobs/index.ts'
export { oidcPayload, signingKey } from '../../platform/oauth/payload-table.ts'
