import { z } from 'zod'

/**
 * What a person may do. All roles are for people of the DNO except `fsp-user`, who acts for one FSP and sees only its side, and `customer`,
 * who acts for one customer and sees only its sites.
 */
export const role = z.enum([
  'planner',
  'flexibility-engineer',
  'settlement',
  'operator',
  'administrator',
  'fsp-user',
  'customer',
])
export type Role = z.infer<typeof role>

/**
 * Scopes of access tokens for the DNO's API. `credentials` is for an FSP's rotation of its own keys and for nothing else, `data` for what a
 * data provider delivers.
 */
export const scopes = ['market', 'meter', 'gateway', 'credentials', 'customer', 'data'] as const
export type Scope = (typeof scopes)[number]

/** The scope of an FSP's control API, unless the FSP states another. */
export const controlScope = 'control'

/**
 * What a person of an FSP may do at its depots: everything, with accounts and keys; fleets; the depots themselves; or what drivers are paid
 * back, for which alone it is known who they are and where they live.
 */
export const depotRole = z.enum(['sys-admin', 'fleet-admin', 'depot-admin', 'payroll'])
export type DepotRole = z.infer<typeof depotRole>

/** What a program may do at an FSP's depots with a key: each key is for one of these. */
export const depotFeed = z.enum(['site-load', 'meter-history', 'depot-state', 'deliveries'])
export type DepotFeed = z.infer<typeof depotFeed>
