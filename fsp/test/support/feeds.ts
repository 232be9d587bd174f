import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DepotSeed } from '../../../schemas/fsp/depots.ts'
import type { FeedForm } from '../../../schemas/fsp/feeds/feeds.ts'
import { fspFeedOperations } from '../../../schemas/fsp/feeds/feeds.ts'
import type { Answer } from '../../../test/support/client.ts'
import { depot, type Rig } from './rig.ts'

/** A depot with a building, charge points, a tenant on an HV cable with a supply of its own, and solar panels. */
export const mixedDepot: DepotSeed = {
  ...depot,
  feeders: [
    { feeder: 1, role: 'ev' },
    { feeder: 2, role: 'building' },
    { feeder: 3, role: 'building' },
    { feeder: 4, role: 'building' },
  ],
}

/** Its clamps. Watts per ampere: building 3·230·0.95 = 655.5, charge points 230·0.95 = 218.5, tenant 3·6351·0.9 = 17,147.7, solar 3·230·1 = 690. */
export const channels = [
  { channel: 'clamp-building', depotId: 'yard', feeder: 2, use: 'building', sign: 1, phases: 3 },
  { channel: 'clamp-ev', depotId: 'yard', feeder: 1, use: 'ev', sign: 1 },
  {
    channel: 'clamp-tenant',
    depotId: 'yard',
    feeder: 3,
    use: 'tenant',
    sign: 1,
    phases: 3,
    voltageV: 6351,
    powerFactor: 0.9,
  },
  { channel: 'clamp-solar', depotId: 'yard', feeder: 4, use: 'solar', sign: -1, phases: 3, powerFactor: 1 },
] as const

/** A feed of the depot's site load, but for what the test changes. */
export function siteLoadFeed(change: Partial<Record<keyof FeedForm, unknown>> = {}) {
  return {
    name: 'Site load',
    owner: 'Energy desk',
    provider: 'Clamps Ltd',
    depotId: 'yard',
    cadenceS: 300,
    amberS: 420,
    redS: 600,
    transport: { type: 'push' },
    format: { kind: 'site-load', currentA: 'current_a', channels },
    ...change,
  }
}

/** Registers a feed, or changes it. */
export async function saveFeed(rig: Rig, feedId: string, body: object, version: number | null = null): Promise<Answer> {
  return rig.depotApi(fspFeedOperations.saveDepotFeed, { params: { feedId }, body, version })
}

export async function feedOf(rig: Rig, feedId: string) {
  return (await rig.depotApi(fspFeedOperations.readDepotFeed, { params: { feedId } })).body
}

/** The rows of a file of the clamps: minute, then what each clamp read, A; an empty text is a clamp that did not answer. */
export function clampFile(...rows: [at: string, ...amperes: (number | '')[]][]): string {
  const lines = rows.flatMap(([at, ...amperes]) =>
    amperes.map((ampere, i) => `${at},${channels[i]?.channel},${ampere}`),
  )
  return ['timestamp,device,current_a', ...lines, ''].join('\n')
}

/** A supplier's HTTP server that a test scripts. */
export async function startHttp(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
