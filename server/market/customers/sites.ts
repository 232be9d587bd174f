import { createHash } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { CustomerSites, OwnSite } from '../../../schemas/market/customers.ts'
import { readCustomer } from '../../access/index.ts'
import { findConnection, summariesOf } from '../../grid/index.ts'
import { customerSite } from './tables.ts'

/** Connections of a customer, in order. */
export async function siteIdsOf(db: Queryable, customerId: string): Promise<string[]> {
  const rows = await db
    .select({ connectionId: customerSite.connectionId })
    .from(customerSite)
    .where(eq(customerSite.customerId, customerId))
    .orderBy(asc(customerSite.connectionId))
  return rows.map(({ connectionId }) => connectionId)
}

/** Refuses a connection that is not a customer's own as if it did not exist (FM40). */
export async function requireOwnSite(db: Queryable, customerId: string, connectionId: string): Promise<void> {
  const [own] = await db
    .select()
    .from(customerSite)
    .where(and(eq(customerSite.customerId, customerId), eq(customerSite.connectionId, connectionId)))
  if (!own) throw noSite(connectionId)
}

export function noSite(connectionId: string): ProblemError {
  return new ProblemError('not-found', `There is no site ${connectionId}.`)
}

/** The sites of a customer with their version, a digest of them; 404 if there is no such customer. */
export async function sitesOf(db: Queryable, customerId: string): Promise<CustomerSites> {
  await readCustomer(db, customerId)
  const connectionIds = await siteIdsOf(db, customerId)
  const etag = createHash('sha256').update(connectionIds.join()).digest('hex').slice(0, 16)
  return { customerId, connectionIds, etag }
}

/** Sets the sites of a customer. Those that stay keep since when they are its. */
export async function storeSites(tx: Queryable, at: Instant, customerId: string, wanted: readonly string[]) {
  const before = await siteIdsOf(tx, customerId)
  const gone = before.filter((id) => !wanted.includes(id))
  const added = wanted.filter((id) => !before.includes(id))
  if (gone.length > 0)
    await tx
      .delete(customerSite)
      .where(and(eq(customerSite.customerId, customerId), inArray(customerSite.connectionId, gone)))
  if (added.length > 0)
    await tx.insert(customerSite).values(added.map((connectionId) => ({ customerId, connectionId, since: at })))
}

/** Adds connections to the sites of a customer. */
export async function addSites(tx: Queryable, since: Instant, customerId: string, connectionIds: readonly string[]) {
  if (connectionIds.length === 0) return
  const rows = connectionIds.map((connectionId) => ({ customerId, connectionId, since }))
  await tx.insert(customerSite).values(rows).onConflictDoNothing()
}

/** Sites as their customer sees them, by name. */
export async function viewSites(db: Queryable, at: Instant, connectionIds: readonly string[]): Promise<OwnSite[]> {
  if (connectionIds.length === 0) return []
  const sites = await summariesOf(db, at, connectionIds)
  const found: OwnSite[] = []
  for (const site of sites) {
    const { connectionId, name, mpans, ascKva, limitsApplying, limitW, limitSource, state, stateSince, turnDownW } =
      site
    const { exportKva, exportLimitW, exportState } = site
    const address = (await findConnection(db, connectionId))?.address ?? ''
    const limit = { limitW, limitSource, limitsApplying }
    found.push({
      connectionId,
      name,
      address,
      mpans,
      ascKva,
      exportKva,
      exportLimitW,
      exportState,
      import: site.import,
      ...limit,
      state,
      stateSince,
      turnDownW,
    })
  }
  return found
}
