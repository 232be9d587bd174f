/** Child of the benchmark of two servers: one of the DNO's servers, behind the balancer's address. */
import { SystemClock } from '../../platform/clock/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { startServer } from '../../server/app/index.ts'
import { peoplePolicies } from '../../server/kit/index.ts'
import { onOrder, tell } from '../support/child.ts'
import { keyFileIn, type ServerOrder } from './order.ts'

onOrder<ServerOrder>({
  async start({ databaseUrl, folder, publicUrl }) {
    const log = createLog('server', 'error')
    const server = await startServer({
      databaseUrl,
      host: '127.0.0.1',
      port: 0,
      publicUrl,
      secretKeyFile: keyFileIn(folder),
      role: 'both',
      environment: 'live',
      people: peoplePolicies.demo,
      arePrivateAddressesAllowed: true,
      clock: new SystemClock((name, error) => log.error({ err: error, name }, 'a task failed')),
      log,
    })
    tell({ url: server.url })
  },
})
