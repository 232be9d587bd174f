import { operations } from '../../../schemas/operations.ts'
import { seedPlans } from '../../../seeds/plans.ts'
import { customer } from '../../../server/access/customers/tables.ts'
import { gridJobs } from '../../../server/grid/index.ts'
import { runWaitingPlans } from '../../../server/planning/index.ts'
import type { Client } from '../../../test/support/client.ts'
import { type DepotsScene, startDepots, startMetering } from './depots.ts'

export interface CustomerScene extends DepotsScene {
  customerId: string
  /** Two people of the customer whose depots the seeds have. */
  dana: Client
  carl: Client
  /** Works through the plans that wait, as the server's jobs do. */
  runPlans(): Promise<void>
}

/** What the scene's customers log in with. */
export const customerPassword = 'a long password of a customer'

/**
 * The customer of the seeds with its nine sites and its plan of fourteen vans, whose two runs wait, on a winter Thursday at 17:40: Dartford
 * has been over its limit for some minutes, Camden has said nothing, every other site keeps its limit.
 */
export async function startCustomer(): Promise<CustomerScene> {
  const scene = await startDepots('2026-01-15T17:30:00Z')
  await seedPlans(scene.context, scene.depots)
  const [found] = await scene.db.select().from(customer)
  if (!found) throw new Error('the seeds have no customer')
  const { customerId } = found
  const person = (username: string, fullName: string) =>
    scene.account({ username, fullName, password: customerPassword, roles: ['customer'], customerId })
  const [dana, carl] = [await person('customer', 'Dana Reeve'), await person('carl', 'Carl Boyd')]
  gridJobs(scene.context)
  const metering = await startMetering(scene)
  await metering.passTo('17:40', (depot) => {
    const limitW = depot.profile.weekday.findLast(({ from }) => from <= '17:00')?.limitW ?? 0
    if (depot.name === 'Camden') return null
    return Math.round(limitW * (depot.name === 'Dartford' ? 1.15 : 0.6))
  })
  return { ...scene, customerId, dana, carl, runPlans: () => runWaitingPlans(scene.context, scene.clock.now()) }
}

/** What a person of the customer sees of a site, by its name. */
export async function ownSite(person: Client, name: string) {
  const sites = (await person.ask(operations.listOwnSites)).body
  const found = sites.find((site: { name: string }) => site.name === name)
  if (!found) throw new Error(`the customer has no site ${name}`)
  return found
}
