import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { operations } from '../../schemas/operations.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { readDepots } from '../../seeds/index.ts'
import { logInAs } from '../system/people.ts'
import type { PortalClient } from '../system/portal-client.ts'

/** The depots of the experiment, and for how many days it runs. */
const tried = { depotIds: ['islington', 'camden', 'dartford'], days: 28 } as const

const experimentName = 'Evening turn-down of three depots'

/** A company that would deliver trips each month, and what is agreed with it. */
const provider = { providerId: 'city-rides', form: { name: 'City Rides', email: 'data@cityrides.example' } } as const
const feed = {
  feedId: 'city-rides-trips',
  form: {
    name: 'Electric trips of City Rides',
    providerId: provider.providerId,
    kind: 'trips',
    columns: { startedAt: 'pickup_time', endedAt: 'dropoff_time' },
    rhythm: { everyDays: 31, lateAfterDays: 35, failedAfterDays: 45 },
  },
} as const

/**
 * Begins what a DNO studies beside its daily work: an experiment that runs, and a feed that is agreed with a data provider. What has been there
 * once is not put there again. Returns how much is new.
 */
export async function beginStudies(serverUrl: string, at: Instant): Promise<number> {
  const [engineer] = await logInAs(serverUrl, 'flexibility-engineer')
  const [administrator] = await logInAs(serverUrl, 'administrator')
  if (!engineer || !administrator) throw new Error('the demo needs a flexibility engineer and an administrator')
  return (await experimentOnce(engineer, at)) + (await feedOnce(administrator))
}

async function experimentOnce({ api }: PortalClient, at: Instant): Promise<number> {
  const known = await api.all(operations.listExperiments, {})
  if (known.some(({ name }) => name === experimentName)) return 0
  const { depots } = await readDepots()
  const firstDay = tradingDayOf(at)
  const body = {
    name: experimentName,
    purpose: 'Whether three depots hold 60 kW less from 17:00 to 19:00. Success: on 9 of 10 working days.',
    firstDay: firstDay.toString(),
    lastDay: firstDay.plusDays(tried.days - 1).toString(),
    connectionIds: depots
      .filter(({ depotId }) => tried.depotIds.some((each) => each === depotId))
      .map(({ connectionId }) => connectionId),
    fuIds: [],
    switches: [{ name: 'Fail-safe limits', setting: 'on' }],
    requiredData: { feedIds: [], measuredPercent: null },
    haltRule: { mostBreaches: 20, mostFailedInstructions: 10, onMissingData: false },
  }
  const params = { experimentId: randomUUID() }
  const { etag } = await api.call(operations.saveExperiment, { params, body, version: null })
  await api.call(operations.moveExperiment, { params, body: { event: 'start' }, version: etag })
  return 1
}

async function feedOnce({ api }: PortalClient): Promise<number> {
  const { providerId, form } = provider
  if ((await api.call(operations.listDataProviders, {})).some((each) => each.providerId === providerId)) return 0
  await api.call(operations.saveDataProvider, { params: { providerId }, body: form, version: null })
  await api.call(operations.saveDataFeed, { params: { feedId: feed.feedId }, body: feed.form, version: null })
  return 1
}
