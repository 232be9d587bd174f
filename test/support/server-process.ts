import { flushCompileCache } from 'node:module'
import { Instant } from '@js-joda/core'
import { pino } from 'pino'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { startServer } from '../../server/app/index.ts'

/**
 * The DNO's whole server as a process of its own, to be killed. Its clock starts at an instant and goes on as it is told over IPC:
 * `{ advanceTo }`, answered `{ at }`; `{ ready, url }` says that it is up.
 * `node server-process.ts DATABASE_URL PUBLIC_URL INSTANT`.
 */
const [databaseUrl = '', publicUrl = '', start = ''] = process.argv.slice(2)
// As the clock of a real process: a task that fails ends nothing.
const clock = new SimulatedClock(Instant.parse(start), () => undefined)
const { url } = await startServer({
  databaseUrl,
  host: '127.0.0.1',
  port: 0,
  role: 'both',
  environment: 'demo',
  clock,
  publicUrl,
  secretKeyFile: '/dev/null',
  log: pino({ level: process.env['RINGMAIN_TEST_LOG'] ?? 'silent' }),
})
process.on('message', async ({ advanceTo }: { advanceTo: string }) => {
  await clock.advanceTo(Instant.parse(advanceTo))
  process.send?.({ at: advanceTo })
})
// Whoever started it is gone.
process.on('disconnect', () => process.exit())
// A killed process leaves its cache unwritten.
flushCompileCache()
process.send?.({ ready: true, url })
