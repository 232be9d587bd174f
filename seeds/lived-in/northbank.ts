import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { connectionForm } from '../../schemas/grid/connections.ts'
import { mpan, price, product, turnDownW, uuid } from '../../schemas/vocabulary/units.ts'
import { findConnection, saveConnection } from '../../server/grid/index.ts'
import type { ServerContext } from '../../server/kit/index.ts'

const site = connectionForm
  .pick({ name: true, customer: true, address: true, licenceArea: true, nodeId: true, ascKva: true, powerFactor: true })
  .extend({
    connectionId: uuid,
    mpan,
    unit: z.object({
      name: z.string(),
      product,
      turnDownW,
      availabilityGbpPerMwH: price,
      utilisationGbpPerMwh: price,
    }),
  })

const company = z.object({
  companyName: z.string(),
  contactName: z.string(),
  contactEmail: z.email(),
  sites: z.array(site),
})

/** An FSP of the demo's past: no process plays it, so that it neither bids any more nor answers. */
export type PastCompany = z.infer<typeof company>
export type PastSite = PastCompany['sites'][number]

/** The FSP whose contracts, deliveries and statements the demo begins with. */
export async function readNorthbank(): Promise<PastCompany> {
  return company.parse(JSON.parse(await readFile(new URL('northbank.json', import.meta.url), 'utf8')))
}

/** Loads the connections of a company's sites. Loading again changes nothing. */
export async function seedPastSites({ db }: ServerContext, { sites }: PastCompany): Promise<void> {
  for (const { unit: _, mpan, ...connection } of sites)
    if (!(await findConnection(db, connection.connectionId))) await saveConnection(db, { ...connection, mpans: [mpan] })
}
