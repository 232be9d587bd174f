import { expect, test } from 'vitest'
import { portalIssuerFrom } from './portal-issuer.ts'

const given = { RINGMAIN_OIDC_ISSUER: 'https://login.example/realm', RINGMAIN_OIDC_CLIENT_ID: 'ringmain' }

test('without an issuer in the environment people log in at this server', () => {
  expect(portalIssuerFrom({})).toBeUndefined()
})

test('an issuer with what its claims mean', () => {
  expect(portalIssuerFrom({ ...given, RINGMAIN_OIDC_ROLES: '{"network-planning":"planner"}' })).toEqual({
    issuer: 'https://login.example/realm',
    clientId: 'ringmain',
    clientSecret: null,
    scope: 'openid profile',
    mapping: { rolesClaim: 'roles', roles: { 'network-planning': 'planner' }, fspClaim: 'fsp_id' },
    acr: null,
    sessionS: 3_600,
  })
})

test.each([
  [{ RINGMAIN_OIDC_ISSUER: 'nowhere' }, 'RINGMAIN_OIDC_ISSUER must be'],
  [{ RINGMAIN_OIDC_CLIENT_ID: '' }, 'RINGMAIN_OIDC_CLIENT_ID must name'],
  [{ RINGMAIN_OIDC_ROLES: '{"a":"king"}' }, 'RINGMAIN_OIDC_ROLES must be JSON'],
  [{ RINGMAIN_OIDC_ROLES: 'planner' }, 'RINGMAIN_OIDC_ROLES must be JSON'],
])('%s is one sentence that says what to do', (change, sentence) => {
  expect(() => portalIssuerFrom({ ...given, ...change })).toThrow(sentence)
})
