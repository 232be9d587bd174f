import type { Role, Scope } from './roles.ts'

/**
 * Who may call an operation. At the DNO: its people (with one of the roles, or any), an FSP (its client with the scope, or its people), a
 * gateway. At an FSP: the DNO, or a depot's feed. Which of its things an FSP sees is the operation's own affair: another FSP's do not exist to it (FM40).
 */
export type Access =
  | 'anyone'
  | {
      people?: readonly Role[] | 'any'
      fsp?: Scope
      gateway?: true
      user?: true
      /** The DNO, at an FSP's own API. */
      dno?: true
      /** What holds the key of an FSP's depots. */
      depotKey?: true
    }

/** No log-in and no token is needed. */
export const anyone = 'anyone' as const

/** Everybody with a portal account, of the DNO or of an FSP. */
export const users = { user: true } as const

/** People of the DNO with one of the roles; with none given, any. An administrator may do what any role may. */
export function people(...roles: Role[]): { people: readonly Role[] | 'any' } {
  return { people: roles.length > 0 ? roles : 'any' }
}

/** FSPs alone, by a token with the scope. */
export function fsps(scope: Scope): { fsp: Scope } {
  return { fsp: scope }
}

/** Any person of the DNO, and an FSP for what is its own. */
export const readers: { people: 'any'; fsp: 'market' } = { people: 'any', fsp: 'market' }

/** Gateways, and customers' monitors, which speak as gateways do. */
export const gateways = { gateway: true } as const

/** The DNO, by a token of the FSP's own token endpoint with the scope of its control API. */
export const dno: { dno: true } = { dno: true }

/** A depot's feed, or a screen of its state, by the key that the FSP gave it. */
export const depotKey: { depotKey: true } = { depotKey: true }

/** What a rule asks for, for refusals and for the document. */
export function wordsOf(access: Access): string {
  if (access === 'anyone') return 'nothing'
  const { people: roles, fsp, gateway, user, dno: isForDno, depotKey: isForFeeds } = access
  return [
    ...(user ? ['a portal account'] : []),
    ...(roles
      ? [roles === 'any' ? 'a portal account of the DNO' : `a portal account with the role ${roles.join(' or ')}`]
      : []),
    ...(fsp ? [`an FSP’s access token with the scope ${fsp}`] : []),
    ...(gateway ? ['a gateway’s access token with the scope gateway'] : []),
    ...(isForDno ? ['an access token of this FSP’s token endpoint with the scope of its control API'] : []),
    ...(isForFeeds ? ['the key of the depots'] : []),
  ].join(', or ')
}
