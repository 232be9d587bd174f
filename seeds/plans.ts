import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { DepotSeed } from '../schemas/fsp/depots.ts'
import { planAssetForm } from '../schemas/planning/sites/assets.ts'
import { planScenario } from '../schemas/planning/sites/plan.ts'
import { addCustomer, saveAccount } from '../server/access/index.ts'
import type { ServerContext } from '../server/kit/index.ts'
import { addSites } from '../server/market/index.ts'
import { addAsset, queueRun } from '../server/planning/index.ts'
import { readPeople } from './index.ts'

const planSeeds = z.object({
  customerId: z.uuid(),
  name: z.string(),
  assets: z.record(z.uuid(), planAssetForm),
  scenarioId: z.uuid(),
  runs: z.record(z.uuid(), planScenario),
})

/**
 * Loads a customer with its person, the depots that are its sites, and plans of one of them, whose runs then wait. Loading again changes
 * nothing; nor is anything loaded beside a customer of that name whom somebody has entered.
 */
export async function seedPlans({ db, clock }: ServerContext, depots: readonly DepotSeed[]): Promise<void> {
  const text = await readFile(new URL('plans.json', import.meta.url), 'utf8')
  const { customerId, name, assets, scenarioId, runs } = planSeeds.parse(JSON.parse(text))
  const keeper = { at: clock.now(), customerId, by: 'seeds' }
  const own = depots.filter(({ customer }) => customer === name).map(({ connectionId }) => connectionId)
  const isNew = await db.transaction(async (tx) => {
    if (!(await addCustomer(tx, { customerId, name, email: null }))) return false
    await addSites(tx, keeper.at, customerId, own)
    for (const [assetId, form] of Object.entries(assets)) await addAsset(tx, keeper, assetId, form)
    for (const [runId, scenario] of Object.entries(runs))
      await queueRun(tx, keeper, { runId, scenarioId, scenario, search: null })
    return true
  })
  if (!isNew) return
  for (const person of await readPeople())
    if (person.roles.includes('customer')) await saveAccount(db, { ...person, customerId })
}
