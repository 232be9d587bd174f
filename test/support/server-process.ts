import { flushCompileCache } from 'node:module'
import { Instant } from '@js-joda/core'
import { pino } from 'pino'
import { runUntilStopped } from '../../cli/run-until-stopped.ts'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { startServer } from '../../server/app/index.ts'

/**
 * The DNO's whole server as a process of its own, to be killed, or told to stop as any process of ours. Its clock starts at an instant and goes
 * on as it is told over IPC: `{ advanceTo }`, answered `{ at }`; `{ ready, url }` says that it is up.
 * `node server-process.ts DATABASE_URL PUBLIC_URL INSTANT`.
 */
const [databaseUrl = '', publicUrl = '', start = ''] = process.argv.slice(2)
// As the clock of a real process: a task that fails ends nothing.
const clock = new SimulatedClock(Instant.parse(start), () => undefined)
const server = await startServer({
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
let passing: Promise<void> = Promise.resolve()
process.on('message', async ({ advanceTo }: { advanceTo: string }) => {
  passing = clock.advanceTo(Instant.parse(advanceTo))
  await passing
  process.send?.({ at: advanceTo })
})
// Whoever started it is gone.
process.on('disconnect', () => process.exit())
// A killed process leaves its cache unwritten.
flushCompileCache()
process.send?.({ ready: true, url: server.url })
await runUntilStopped({ clock: { stop: () => passing } }, server)
