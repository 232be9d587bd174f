import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import { atEnd } from '../support/cleanup.ts'
import { createTestDatabase } from '../support/database.ts'
import { startTestServer } from '../support/server.ts'

const guide = await readFile(join(import.meta.dirname, '../../docs/data-providers.md'), 'utf8')
const commands = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, code]) => code as string)

test('P6 the commands of the guide for data providers run as printed, and deliver a month of trips', async () => {
  const { url } = await createTestDatabase('server')
  const server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-02-02T10:00:00Z')))
  const administrator = await server.person('ada', 'administrator')
  const params = { providerId: 'city-rides' }
  await administrator.ask(operations.saveDataProvider, { params, body: { name: 'City Rides' }, version: null })
  const { body: client } = await administrator.ask(operations.makeClient, {
    body: { clientId: 'city-rides-uploads', ...params, authentication: { method: 'client_secret_basic' } },
  })
  const agreed = {
    ...params,
    name: 'Electric trips of City Rides',
    kind: 'trips',
    columns: { startedAt: 'pickup_time', endedAt: 'dropoff_time' },
    rhythm: { everyDays: 31, lateAfterDays: 35, failedAfterDays: 45 },
  }
  await administrator.ask(operations.saveDataFeed, {
    params: { feedId: 'city-rides-trips' },
    body: agreed,
    version: null,
  })
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-provider-'))
  atEnd(() => rm(folder, { recursive: true }))
  expect(commands).toHaveLength(4)
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', commands.join('\necho\n')], {
    cwd: folder,
    env: {
      ...process.env,
      DNO: server.url.replace(/\/api$/, ''),
      CLIENT_ID: client.clientId,
      CLIENT_SECRET: client.clientSecret,
    },
  })
  const answers = stdout.split(/\n|(?<=[}\]])(?=[[{])/).filter((line) => line !== '')
  expect(answers.map((line) => JSON.parse(line))).toMatchObject([
    { isRepeat: false, delivery: { state: 'taken', name: 'january.csv', rows: 2, newVehicleCount: 1 } },
    [{ feedId: 'city-rides-trips', freshness: 'green', provider: 'City Rides' }],
    { items: [{ state: 'taken', deliveredBy: 'city-rides-uploads' }], nextCursor: null },
  ])
})
