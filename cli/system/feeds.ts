import { depotAccessOperations } from '../../schemas/fsp/depot-access.ts'
import { type FeedForm, type FeedState, fspFeedOperations } from '../../schemas/fsp/feeds/feeds.ts'
import { createClient } from '../../schemas/vocabulary/client.ts'
import { readDepotPeople } from '../../seeds/index.ts'

/** The FSP's API, as its fleet admin is logged in to it. */
async function asFleetAdmin(fspUrl: string) {
  const fleetAdmin = (await readDepotPeople()).find(({ role }) => role === 'fleet-admin')
  if (!fleetAdmin) throw new Error('the demo needs a fleet admin')
  const send = (headers: Record<string, string>) =>
    createClient(({ path, init }) => fetch(`${fspUrl}${path}`, { ...init, headers: { ...init.headers, ...headers } }))
  const { username, password } = fleetAdmin
  const { token } = await send({}).call(depotAccessOperations.logIn, { body: { username, password } })
  return send({ authorization: `Bearer ${token}` })
}

/** The feeds of the FSP, and how each is. */
export async function listFeeds(fspUrl: string): Promise<FeedState[]> {
  return (await asFleetAdmin(fspUrl)).call(fspFeedOperations.listDepotFeeds, {})
}

/**
 * Registers feeds at the FSP as its fleet admin does. One that is there stays as people have agreed it since; only its transport
 * follows, since simulated suppliers have another address after each start.
 */
export async function registerFeeds(fspUrl: string, feeds: ReadonlyMap<string, FeedForm>): Promise<void> {
  const api = await asFleetAdmin(fspUrl)
  const present = new Map((await api.call(fspFeedOperations.listDepotFeeds, {})).map((each) => [each.feedId, each]))
  for (const [feedId, form] of feeds) {
    const known = present.get(feedId)
    const params = { feedId }
    if (!known) await api.call(fspFeedOperations.saveDepotFeed, { params, body: form, version: null })
    else if (addressOf(known) !== addressOf(form)) {
      const { name, owner, provider, depotId, isActive, cadenceS, amberS, redS, maxBytes, keepDays, format } = known
      const agreed = { name, owner, provider, depotId, isActive, cadenceS, amberS, redS, maxBytes, keepDays, format }
      const body = { ...agreed, transport: form.transport }
      await api.call(fspFeedOperations.saveDepotFeed, { params, body, version: String(known.version) })
    }
  }
}

function addressOf({ transport }: Pick<FeedForm, 'transport'>): string | null {
  return transport.type === 'http' ? transport.url : null
}
