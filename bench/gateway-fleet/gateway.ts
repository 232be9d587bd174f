/** Child of the gateway-fleet benchmark: the gateway. */
import { join } from 'node:path'
import { type RunningGateway, startGateway } from '../../dnp3-gateway/index.ts'
import { SystemClock } from '../../platform/clock/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { cpuSeconds, onOrder, tell } from '../support/child.ts'
import { type FleetOrder, gatewayName } from './fleet.ts'

let gateway: RunningGateway

onOrder<FleetOrder>({
  async start({ serverUrl, folder, secret }) {
    const log = createLog('gateway', 'warn')
    gateway = await startGateway({
      gatewayId: gatewayName,
      serverUrl,
      clientId: gatewayName,
      clientSecret: secret,
      spoolFolder: join(folder, 'spool'),
      log,
      clock: new SystemClock((name, err) => log.error({ err, name }, 'task failed')),
    })
    tell({})
  },
  async report() {
    const rssMb = Math.round(process.memoryUsage().rss / 1e6)
    tell({ counters: gateway.counters(), cpuS: cpuSeconds(), rssMb })
  },
  async stop() {
    await gateway.close()
    tell({ counters: gateway.counters() })
  },
})
