import { sql } from 'drizzle-orm'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { CustomerSites, customerSiteOperations } from '../../../schemas/market/customers.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { readCustomer } from '../../access/index.ts'
import { findConnection, mpansOf } from '../../grid/index.ts'
import { type Call, isCurrent, type ProposedAct } from '../../kit/index.ts'
import { sitesOf, storeSites } from './sites.ts'

type SaveSites = typeof customerSiteOperations.saveCustomerSites

/** States which connections are a customer's. One that is added opens its load and limits to the customer: a second person approves. */
export const saveCustomerSites: ProposedAct<SaveSites, CustomerSites> = {
  async describe(call) {
    const before = await requireCurrent(call)
    const { customerId } = call.params
    const wanted = wantedOf(call)
    for (const [i, id] of wanted.entries())
      if (!(await findConnection(call.db, id)))
        throw problemOf(brokenField(`connectionIds.${i}`, `is not a connection: ${id}`))
    if (wanted.every((id) => before.connectionIds.includes(id))) return null
    const { name } = await readCustomer(call.db, customerId)
    return {
      subject: { type: 'customer', id: customerId },
      title: `Open sites to ${name}`,
      before: await shown(call, before.connectionIds),
      after: await shown(call, wanted),
    }
  },

  async carryOut(call) {
    const before = await requireCurrent(call)
    const { customerId } = call.params
    await storeSites(call.db, call.at, customerId, wantedOf(call))
    const after = await sitesOf(call.db, customerId)
    call.audit({
      action: 'customer-sites.changed',
      subject: { type: 'customer', id: customerId },
      detail: { before: before.connectionIds, after: after.connectionIds },
    })
    return after
  },
}

/** Sites as the second person reads them: by name, and by MPAN, since two may have one name. */
async function shown({ db }: Call<SaveSites>, connectionIds: readonly string[]): Promise<Record<string, string>> {
  const names: Record<string, string> = {}
  const mpans = await mpansOf(db, [...connectionIds])
  for (const id of connectionIds) {
    const found = await findConnection(db, id)
    if (found) names[`${found.name}, MPAN ${(mpans.get(id) ?? [id]).join(', ')}`] = 'open'
  }
  return names
}

const wantedOf = ({ body }: Call<SaveSites>) => [...new Set(body.connectionIds)].toSorted()

async function requireCurrent({ db, params, version }: Call<SaveSites>): Promise<CustomerSites> {
  // Changes of one customer's sites take turns.
  await db.execute(sql`select 1 from customer where customer_id = ${params.customerId} for update`)
  const before = await sitesOf(db, params.customerId)
  if (isCurrent(version, before.etag)) return before
  throw new ProblemError(
    'changed-meanwhile',
    'The sites of this customer have changed since you read them: read them again.',
    {
      headers: { etag: `"${before.etag}"` },
    },
  )
}
