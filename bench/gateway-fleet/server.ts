/** Child of the gateway-fleet benchmark: the DNO's server with a fleet of hubs assigned to one gateway. */
import { join } from 'node:path'
import { SystemClock } from '../../platform/clock/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { saveClient } from '../../server/access/index.ts'
import { type RunningServer, startServer } from '../../server/app/index.ts'
import { saveHub } from '../../server/grid/index.ts'
import { cpuSeconds, type FleetOrder, onOrder, tell } from './child.ts'
import { gatewayName, hubIdOf, pointMapOf } from './fleet.ts'

let server: RunningServer
let cpuAtStart = 0

onOrder<FleetOrder>({
  async start({ databaseUrl, folder, hubs, values, firstPort, secret, pollS }) {
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
    await db.transaction(async (tx) => {
      for (let n = 0; n < hubs; n++) {
        await saveHub(tx, clock.now(), {
          hubId: hubIdOf(n),
          name: `Hub ${n}`,
          connectionId: null,
          nodeId: null,
          host: '127.0.0.1',
          port: firstPort + n,
          localAddress: 1,
          remoteAddress: 10,
          integrityPollS: pollS,
          gatewayId: gatewayName,
          feeders: [],
          pointMap: pointMapOf(values),
        })
      }
    })
    cpuAtStart = cpuSeconds()
    tell({ url: server.url })
  },
  async report() {
    tell({ cpuS: cpuSeconds() - cpuAtStart, rssMb: Math.round(process.memoryUsage().rss / 1e6) })
  },
})
