import type { DepotFeed, DepotRole, Role, Scope } from './roles.ts'

/**
 * Who may call an operation. At the DNO: its people (with one of the roles, or any), an FSP (its client with the scope, or its people), a
 * customer, a data provider's client, a gateway. At an FSP: the DNO, the FSP's own people, or a depot's feed. Each operation limits what an FSP sees: another FSP's data do not exist to it (FM40).
 */
export type Access =
  | 'anyone'
  | {
      people?: readonly Role[] | 'any'
      fsp?: Scope
      gateway?: true
      /** A customer: its people and its programs, each for its own sites. */
      customer?: true
      /** A data provider's programs, each for the feeds of its own provider. */
      provider?: true
      user?: true
      /** The DNO, at an FSP's own API. */
      dno?: true
      /** At an FSP's depots: its people with one of the roles, or any, and programs with a key for a feed; each within its depots. */
      depot?: { people: readonly DepotRole[] | 'any'; feed?: DepotFeed }
      /** At an FSP of homes: a driver, by a link of the driver's own. */
      driver?: true
    }

/** Needs no log-in and no token. */
export const anyone = 'anyone' as const

/** Everybody with a portal account, of the DNO or of an FSP. */
export const users = { user: true } as const

/** People of the DNO with one of the roles; without roles, any of them. An administrator may do what any role may. */
export function people(...roles: Role[]): { people: readonly Role[] | 'any' } {
  return { people: roles.length > 0 ? roles : 'any' }
}

/** FSPs only, with a token that has the scope. */
export function fsps(scope: Scope): { fsp: Scope } {
  return { fsp: scope }
}

/** Any person of the DNO, and an FSP for its own data. */
export const readers: { people: 'any'; fsp: 'market' } = { people: 'any', fsp: 'market' }

/** Customers only: their people at the portal, and their programs with the scope. */
export const customers = { customer: true } as const

/** A customer for its own sites, and an FSP for those that their customers have opened to it. */
export const customersAndFsps = { customer: true, fsp: 'market' } as const

/** People of the DNO who plan, and data providers for their own feeds. */
export const plannersAndProviders: { people: readonly ['planner']; provider: true } = {
  people: ['planner'],
  provider: true,
}

/** Gateways, and customers' monitors, which call the API as gateways do. */
export const gateways = { gateway: true } as const

/** The DNO, with a token from the FSP's token endpoint that has the scope of its control API. */
export const dno: { dno: true } = { dno: true }

/** Drivers only, each by a link of their own and for the van that they drive. */
export const drivers = { driver: true } as const

/** People of an FSP with one of the roles, within their depots; without roles, any of them. A sys-admin may do what any role may. */
export function depotPeople(...roles: DepotRole[]): { depot: { people: readonly DepotRole[] | 'any' } } {
  return { depot: { people: roles.length > 0 ? roles : 'any' } }
}

/** Programs with a key for a feed, within its depots, and nobody else. */
export function depotFeeds(feed: DepotFeed): { depot: { people: readonly []; feed: DepotFeed } } {
  return { depot: { people: [], feed } }
}

/** Any person of an FSP, and programs with a key for the state of depots; each within its depots. */
export const depotReaders: { depot: { people: 'any'; feed: 'depot-state' } } = {
  depot: { people: 'any', feed: 'depot-state' },
}

/** What a rule requires, in words, for refusals and for the document. */
export function wordsOf(access: Access): string {
  if (access === 'anyone') return 'nothing'
  const { people: roles, fsp, gateway, customer, provider, user, dno: isForDno, depot, driver } = access
  return [
    ...(user ? ['a portal account'] : []),
    ...(roles
      ? [roles === 'any' ? 'a portal account of the DNO' : `a portal account with the role ${roles.join(' or ')}`]
      : []),
    ...(fsp ? [`an FSP’s access token with the scope ${fsp}`] : []),
    ...(customer ? ['an account or access token of a customer'] : []),
    ...(provider ? ['a data provider’s access token with the scope data'] : []),
    ...(gateway ? ['a gateway’s access token with the scope gateway'] : []),
    ...(isForDno ? ['an access token of this FSP’s token endpoint with the scope of its control API'] : []),
    ...(depot ? depotWords(depot) : []),
    ...(driver ? ['a driver’s own link'] : []),
  ].join(', or ')
}

function depotWords({ people: roles, feed }: { people: readonly DepotRole[] | 'any'; feed?: DepotFeed }): string[] {
  return [
    ...(roles === 'any' ? ['a log-in at this FSP'] : []),
    ...(roles !== 'any' && roles.length > 0 ? [`a log-in at this FSP with the role ${roles.join(' or ')}`] : []),
    ...(feed ? [`a key for ${feed}`] : []),
  ]
}
