import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import { readDepots, seedPeople, seedServer } from '../../seeds/index.ts'
import { seedHalfHours } from '../../seeds/lived-in/half-hours.ts'
import { startServer } from '../../server/app/index.ts'
import { atEnd } from '../../test/support/cleanup.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { logInAs } from '../system/people.ts'
import { fillDesks } from './desks.ts'
import { beginStudies } from './studies.ts'

/** Headroom looks at days of both seasons of the last two years: the latest of each kind are within one. */
const days = 400

test('one application fits and one does not, a tender is open, an experiment runs, and another start puts nothing there again', async () => {
  const { url } = await createTestDatabase('server')
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-desks-'))
  atEnd(() => rm(folder, { recursive: true }))
  const clock = new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z'))
  const server = await startServer({
    databaseUrl: url,
    host: '127.0.0.1',
    port: 0,
    role: 'api',
    environment: 'demo',
    secretKeyFile: join(folder, 'server.key'),
    clock,
    log: pino({ level: 'silent' }),
  })
  atEnd(() => server.close())
  const { depots } = await readDepots()
  const ports = new Map(depots.flatMap(({ hubId }): [string, number][] => (hubId ? [[hubId, 20_000]] : [])))
  const places = { host: '127.0.0.1', ports, gatewayId: 'gateway-1', integrityPollS: 60 }
  await seedServer(server.context, depots, places, 'a secret of the gateway')
  await seedPeople(server.context)
  await seedHalfHours(server.context, { days })
  expect(await fillDesks(server.url, clock.now())).toBe(3)
  expect(await fillDesks(server.url, clock.now())).toBe(0)
  expect(await beginStudies(server.url, clock.now())).toBe(2)
  expect(await beginStudies(server.url, clock.now())).toBe(0)
  const [planner] = await logInAs(server.url, 'planner')
  if (!planner) throw new Error('there is no planner')
  const applied = await planner.api.call(operations.listProfiles, { query: { state: 'applied' } })
  const judged = await Promise.all(
    applied.map(async ({ connectionName, profileId }) => {
      const found = await planner.api.call(operations.assessProfile, { params: { id: profileId } })
      return { connectionName, fits: found.fits, missing: found.missing.length, refused: found.refusals.length > 0 }
    }),
  )
  expect(judged.toSorted((a, b) => (a.connectionName < b.connectionName ? -1 : 1))).toEqual([
    { connectionName: 'Orpington', fits: false, missing: 0, refused: true },
    { connectionName: 'Victoria', fits: true, missing: 0, refused: false },
  ])
  expect(await planner.api.all(operations.listExperiments, {})).toMatchObject([
    { state: 'operation', firstDay: '2026-01-15', lastDay: '2026-02-11', connectionIds: { length: 3 } },
  ])
  expect(
    (await planner.api.call(operations.listDataFeeds, {})).map(({ name, freshness }) => [name, freshness]),
  ).toEqual([['Electric trips of City Rides', 'never']])
  expect(await planner.api.all(operations.listTenders, {})).toMatchObject([
    { title: 'Late winter evenings, Hurst', state: 'open', gateClosesAt: '2026-01-29T12:00:00Z' },
  ])
}, 240_000)
