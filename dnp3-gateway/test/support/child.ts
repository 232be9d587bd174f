/** A gateway as a process of its own, for tests that kill it. */
import { SystemClock } from '../../../platform/clock/index.ts'
import { createLog } from '../../../platform/log/index.ts'
import { startGateway } from '../../index.ts'

const { url, clientId, clientSecret, folder } = JSON.parse(process.env['RIG'] ?? '{}')
const log = createLog('killed gateway', 'error')
await startGateway({
  gatewayId: clientId,
  serverUrl: url,
  clientId,
  clientSecret,
  spoolFolder: folder,
  log,
  clock: new SystemClock((name, err) => log.error({ err, name }, 'task failed')),
})
