/** Child of the gateway-fleet benchmark: the DNO's server with a fleet of hubs assigned to one gateway. */
import { join } from 'node:path'
import { SystemClock } from '../../platform/clock/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { saveClient } from '../../server/access/index.ts'
import { type RunningServer, startServer } from '../../server/app/index.ts'
import { pointMap } from '../../server/grid/hubs/tables.ts'
import { saveHub } from '../../server/grid/index.ts'
import { cpuSeconds, onOrder, tell } from '../support/child.ts'
import { saveSubmitter } from '../support/submitting.ts'
import { addressOf, type FleetOrder, gatewayName, hubIdOf, mapName, pointMapOf } from './fleet.ts'

const writers = 4
/** FUs for which schedules are submitted beside the measurements. */
const unitCount = 100

let server: RunningServer
let cpuAtStart = 0

onOrder<FleetOrder>({
  async start({ databaseUrl, folder, hubs, values, secret, pollS }) {
    const log = createLog('server', 'warn')
    const clock = new SystemClock((name, err) => log.error({ err, name }, 'task failed'))
    server = await startServer({
      databaseUrl,
      host: '127.0.0.1',
      port: 0,
      secretKeyFile: join(folder, 'key'),
      role: 'both',
      environment: 'live',
      clock,
      log,
    })
    const { db } = server.context
    await saveClient(db, {
      clientId: gatewayName,
      kind: 'gateway',
      subjectId: gatewayName,
      scopes: ['gateway'],
      active: true,
      authentication: { method: 'client_secret_basic', secret },
    })
    await db.insert(pointMap).values({ name: mapName, points: pointMapOf(values) })
    // Several connections at once: the registration of a licence area takes minutes one by one.
    await Promise.all(Array.from({ length: writers }, (_, part) => saveHubs({ db, clock }, { part, hubs, pollS })))
    const fuIds = await saveSubmitter(db, clock.now(), unitCount)
    cpuAtStart = cpuSeconds()
    tell({ url: server.url, publicUrl: server.publicUrl, fuIds })
  },
  async report() {
    tell({ cpuS: cpuSeconds() - cpuAtStart, rssMb: Math.round(process.memoryUsage().rss / 1e6) })
  },
})

/** Registers every fourth hub, from one of the first four on. */
async function saveHubs(
  { db, clock }: Pick<RunningServer['context'], 'db' | 'clock'>,
  order: { part: number; hubs: number; pollS: number },
) {
  await db.transaction(async (tx) => {
    for (let n = order.part; n < order.hubs; n += writers)
      await saveHub(tx, clock.now(), {
        hubId: hubIdOf(n),
        name: `Hub ${n}`,
        connectionId: null,
        nodeId: null,
        ...addressOf(n, order.pollS),
        localAddress: 1,
        remoteAddress: 10,
        integrityPollS: order.pollS,
        gatewayId: gatewayName,
        feeders: [],
        pointMapName: mapName,
      })
  })
}
