import { z } from 'zod'
import { StartupError } from '../platform/errors/index.ts'
import { isPlainBeyondLoopback } from '../platform/http/index.ts'
import { role } from '../schemas/vocabulary/roles.ts'
import type { PortalIssuer } from '../server/app/index.ts'

const roleMap = z.record(z.string(), role)

/** The issuer elsewhere by which people log in, from the environment; none without `RINGMAIN_OIDC_ISSUER`. */
export function portalIssuerFrom(env: Readonly<Record<string, string | undefined>>): PortalIssuer | undefined {
  const issuer = env['RINGMAIN_OIDC_ISSUER']
  if (!issuer) return undefined
  const clientId = env['RINGMAIN_OIDC_CLIENT_ID']
  if (!URL.canParse(issuer))
    throw new StartupError('RINGMAIN_OIDC_ISSUER must be an address such as https://login.example.')
  if (isPlainBeyondLoopback(issuer))
    throw new StartupError('RINGMAIN_OIDC_ISSUER must begin with https: passwords and tokens would pass in the clear.')
  if (!clientId) throw new StartupError('RINGMAIN_OIDC_CLIENT_ID must name the portal’s client at the issuer.')
  return {
    issuer,
    clientId,
    clientSecret: env['RINGMAIN_OIDC_CLIENT_SECRET'] ?? null,
    scope: env['RINGMAIN_OIDC_SCOPE'] ?? 'openid profile',
    mapping: {
      rolesClaim: env['RINGMAIN_OIDC_ROLES_CLAIM'] ?? 'roles',
      roles: readRoles(env['RINGMAIN_OIDC_ROLES'] ?? '{}'),
      fspClaim: env['RINGMAIN_OIDC_FSP_CLAIM'] ?? 'fsp_id',
    },
    acr: env['RINGMAIN_OIDC_ACR'] ?? null,
    sessionS: minutesIn(env['RINGMAIN_OIDC_SESSION_MINUTES'] ?? '60') * 60,
  }
}

function minutesIn(text: string): number {
  const minutes = Number(text)
  if (!Number.isInteger(minutes) || minutes < 5 || minutes > 720)
    throw new StartupError('RINGMAIN_OIDC_SESSION_MINUTES must be a whole number from 5 to 720.')
  return minutes
}

function readRoles(text: string): z.infer<typeof roleMap> {
  try {
    return roleMap.parse(JSON.parse(text))
  } catch {
    throw new StartupError(
      `RINGMAIN_OIDC_ROLES must be JSON such as {"network-planning":"planner"}; roles are ${role.options.join(', ')}.`,
    )
  }
}
