import { failure, type Outcome, success } from '../../../schemas/vocabulary/outcome.ts'
import { type Role, role } from '../../../schemas/vocabulary/roles.ts'

/** How an external issuer states what a person may do here. */
export interface ClaimMapping {
  /** The claim that holds roles or groups; a dotted path reads nested objects, as in `realm_access.roles`. */
  rolesClaim: string
  /** Role of each of the issuer's groups; a group that has the name of a role needs no entry. */
  roles: Readonly<Record<string, Role>>
  /** The claim that names the FSP of an FSP user. */
  fspClaim: string
}

/** Who a person is, according to an external issuer's claims. */
export interface ExternalIdentity {
  username: string
  fullName: string
  roles: Role[]
  fspId: string | null
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** What claims mean here. A person without a known role is refused; an FSP user has an FSP and no other role. */
export function identityOf(
  claims: Record<string, unknown> & { sub: string },
  mapping: ClaimMapping,
): Outcome<ExternalIdentity, 'no-role'> {
  const text = (name: string) => (typeof claims[name] === 'string' && claims[name] !== '' ? claims[name] : undefined)
  const username = text('preferred_username') ?? text('email') ?? claims.sub
  const named = [valueAt(claims, mapping.rolesClaim)].flat().filter((value) => typeof value === 'string')
  const known = named.flatMap((name) => mapping.roles[name] ?? role.options.find((each) => each === name) ?? [])
  const roles = role.options.filter((each) => known.includes(each))
  const fspId = valueAt(claims, mapping.fspClaim)
  const common = { username, fullName: text('name') ?? username }
  // Whose sites a customer sees is stated here, by account: an issuer has no claim for that.
  if (roles.includes('customer')) return failure('no-role')
  if (!roles.includes('fsp-user'))
    return roles.length > 0 ? success({ ...common, roles, fspId: null }) : failure('no-role')
  if (roles.length > 1 || typeof fspId !== 'string' || !uuidPattern.test(fspId)) return failure('no-role')
  return success({ ...common, roles, fspId: fspId.toLowerCase() })
}

function valueAt(claims: Record<string, unknown>, path: string): unknown {
  let value: unknown = claims
  for (const key of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[key]
  return value
}

/**
 * How long ago a person authenticated at an external issuer, s, by its claim `auth_time`; `null` if that is unknown, because the issuer does
 * not state it and may have let the person in on an older session (ASVS 5.0 6.8.4).
 * @param isAgain whether it was asked to authenticate the person again.
 * @param nowS the issuer's time, in seconds since 1970.
 */
export function authenticationAgeS(claims: Record<string, unknown>, isAgain: boolean, nowS: number): number | null {
  const { auth_time: stated } = claims
  if (typeof stated === 'number') return Math.max(nowS - stated, 0)
  return isAgain ? 0 : null
}

/** Stands for the portal's own address while a path is resolved. */
const anyOrigin = 'http://portal.invalid'

/**
 * Where a person goes after logging in: a path of this portal, `/` if the wanted one is none. It is read as a browser reads it, which
 * drops tabs and line breaks and takes `\` for `/`, and given back in the form that was checked (ASVS 3.7.2).
 */
export function pathAfterLogIn(wanted: string | undefined): string {
  if (!wanted?.startsWith('/') || !URL.canParse(wanted, anyOrigin)) return '/'
  const { origin, pathname, search, hash } = new URL(wanted, anyOrigin)
  // `/.//elsewhere` is a path of ours until its dots are resolved; then it names a host.
  return origin === anyOrigin && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : '/'
}
