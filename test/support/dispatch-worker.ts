import { Instant } from '@js-joda/core'
import { pino } from 'pino'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { openDatabase } from '../../platform/db/index.ts'
import { createSecretBox } from '../../platform/secrets/index.ts'
import { createSender } from '../../server/dispatch/instructions/index.ts'
import { tickProduct, timetables } from '../../server/dispatch/timetable/index.ts'
import { createControlDirectory } from '../../server/dispatch/transports/index.ts'

/** One tick of product A as a process of its own, to be killed: `node dispatch-worker.ts DATABASE_URL SECRET_KEY_HEX INSTANT`. */
const [url = '', key = '', instant = ''] = process.argv.slice(2)
const at = Instant.parse(instant)
const { db, close } = await openDatabase(url, { poolSize: 4 })
const context = {
  ...{ db, clock: new SimulatedClock(at), log: pino({ level: 'silent' }), publicUrl: 'http://localhost' },
  ...{ secrets: createSecretBox(Buffer.from(key, 'hex')), environment: 'demo' as const, announce: () => undefined },
}
await tickProduct(context, at, timetables.A)
await createSender(context, createControlDirectory(context))()
await close()
