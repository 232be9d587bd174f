/** Child of the ocpp-fleet benchmark: the FSP. */
import { join } from 'node:path'
import { type RunningFsp, startFsp } from '../../fsp/index.ts'
import { SystemClock } from '../../platform/clock/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { cpuSeconds, onOrder, tell } from '../support/child.ts'
import { depotsOf, model, type OcppOrder, passwordHex, siteLoadKey } from './fleet.ts'

let fsp: RunningFsp
let cpuAtStart = 0

onOrder<OcppOrder>({
  async start({ databaseUrl, folder, chargePoints }) {
    const log = createLog('fsp', 'error')
    fsp = await startFsp({
      databaseUrl,
      environment: 'live',
      host: '127.0.0.1',
      port: 0,
      ocppPort: 0,
      firstKeys: () => passwordHex,
      dnoUrl: null,
      first: { depots: depotsOf(chargePoints), models: [model] },
      feedKeys: { 'site-load': siteLoadKey },
      firstPassword: 'a pass phrase of the benchmark',
      secretKeyFile: join(folder, 'fsp.key'),
      clock: new SystemClock((name, err) => log.error({ err, name }, 'task failed')),
      log,
    })
    tell({ url: fsp.url, ocppUrl: fsp.ocppUrl })
  },
  async measure() {
    cpuAtStart = cpuSeconds()
    tell({})
  },
  async report() {
    tell({ rssMb: Math.round(process.memoryUsage().rss / 1e6), cpuS: cpuSeconds() - cpuAtStart })
  },
  async stop() {
    await fsp.close()
    tell({})
  },
})
