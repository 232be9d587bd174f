export { oidcPayload, signingKey } from '../../platform/oauth/payload-table.ts'
