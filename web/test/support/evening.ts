import { Instant } from '@js-joda/core'
import type { DepotSeed } from '../../../schemas/fsp/depots.ts'
import { operations } from '../../../schemas/operations.ts'
import { gridJobs } from '../../../server/grid/index.ts'
import { type DepotsScene, gatewayId, type Metering, ok, otherReadings, startDepots, startMetering } from './depots.ts'

export interface EveningScene extends DepotsScene {
  metering: Metering
}

/** When Dartford goes over its limit, and when Camden falls silent. */
const [overFrom, silentFrom] = ['17:24', '17:12']

/** Import in the evening: well within the limit everywhere, but for Dartford from `overFrom` on. */
function calmW(depot: DepotSeed): number {
  const limitW = depot.profile.weekday.findLast(({ from }) => from <= '17:00')?.limitW ?? 0
  return Math.round(limitW * 0.7)
}

function eveningW(depot: DepotSeed, time: string): number | null {
  if (depot.name === 'Camden' && time >= silentFrom) return null
  return depot.name === 'Dartford' && time >= overFrom ? 162_400 : calmW(depot)
}

/**
 * The grid’s jobs at work on a winter Thursday, seen at 17:52:20. Dartford is over its limit since 17:24 (in breach
 * from 17:25), as it was for ten minutes the day before; Camden’s hub is silent since 17:11; Victoria’s profile ends on 10 March; a hub
 * belongs to a pool and is in quarantine; the notices of the day before have been given up, for there is no mail server.
 */
export async function startEvening(): Promise<EveningScene> {
  const scene = await startDepots('2026-01-14T17:20:00Z', ['Victoria'])
  const operator = await scene.seeded('operator')
  await ok((await scene.seeded('admin')).ask(operations.addAlarmTarget, { body: controlRoom }))
  await joinPool(scene)
  const metering = await startMetering(scene)
  gridJobs(scene.context)
  await metering.passTo('17:34', (depot, time) => (depot.name === 'Camden' ? calmW(depot) : eveningW(depot, time)))
  await metering.passTo('17:52', (depot) => calmW(depot))
  // Six attempts are behind the first notice; one more an hour, until it is given up.
  for (const time of ['2026-01-14T18:55:00Z', '2026-01-14T20:05:00Z']) {
    scene.clock.jumpTo(Instant.parse(time))
    await metering.passTo(`${time.slice(11, 15)}7`, (depot) => calmW(depot))
  }
  for (const { alarmId } of (await operator.ask(operations.listAlarms)).body.items)
    await ok(operator.ask(operations.acknowledgeAlarm, { params: { id: alarmId } }))
  scene.clock.jumpTo(Instant.parse('2026-01-15T17:05:00Z'))
  await metering.passTo('17:52', eveningW)
  await metering.send(hubOf(scene.depot('Dartford')), otherReadings(scene))
  await reportHubs(scene)
  scene.clock.jumpTo(Instant.parse('2026-01-15T17:52:20Z'))
  return { ...scene, metering }
}

/** All as it should be again: at 18:02 of the day, and without an alarm. */
export async function calmDown(scene: EveningScene): Promise<void> {
  const [planner, operator] = [await scene.seeded('planner'), await scene.seeded('operator')]
  const { connectionId, profile } = scene.depot('Victoria')
  const next = { validFrom: '2026-03-11', validTo: '2026-12-31', fallbackLimitW: null, note: '', limits: profile }
  const { profileId } = await ok(planner.ask(operations.applyForProfile, { params: { id: connectionId }, body: next }))
  const second = await scene.person('second-planner', 'planner')
  const body = { assumption: 'Nothing else of size is connected.' }
  await ok(second.ask(operations.approveProfile, { params: { id: profileId }, body }, { 'if-match': '"1"' }))
  await scene.metering.passTo('18:10', calmW)
  for (const { alarmId } of (await operator.ask(operations.listAlarms)).body.items)
    await ok(operator.ask(operations.acknowledgeAlarm, { params: { id: alarmId } }))
}

const controlRoom = {
  name: 'Control room',
  kind: 'email',
  address: 'control@dno.example',
  fromPriority: 'high',
  active: true,
}

/** The identifier of a depot's hub. */
function hubOf({ name, hubId }: DepotSeed): string {
  if (hubId === null) throw new Error(`${name} has no hub`)
  return hubId
}

/** Victoria’s hub is shared by the gateways of a pool, and this gateway leases it. */
async function joinPool(scene: DepotsScene): Promise<void> {
  const operator = await scene.seeded('operator')
  const anew = { 'if-none-match': '*' }
  await ok(
    operator.ask(
      operations.savePool,
      { params: { name: 'north' }, body: { leaseS: 3_600, gateways: [gatewayId] } },
      anew,
    ),
  )
  const params = { id: hubOf(scene.depot('Victoria')) }
  const { etag, hubId: _, ...form } = await ok(operator.ask(operations.readRegistration, { params }))
  const body = { ...form, gatewayId: null, pool: 'north' }
  await ok(operator.ask(operations.registerHub, { params, body, version: etag }))
}

async function reportHubs({ gateway, depots, clock }: DepotsScene): Promise<void> {
  const now = clock.now()
  const hubs = depots.flatMap(({ hubId, name }) => {
    if (hubId === null) return []
    const [isSilent, isRubbish] = [name === 'Camden', name === 'Victoria']
    const report = {
      hubId,
      link: isSilent ? 'offline' : 'online',
      lastAnswerAt: isSilent ? '2026-01-15T17:11:20Z' : now.minusSeconds(18).toString(),
      polls: 4_280,
      failedPolls: isSilent ? 41 : 0,
      malformedFrames: isRubbish ? 3 : 0,
      unmappedPoints: isRubbish ? 24 : 0,
      unmapped: isRubbish ? ['g30:36', 'g30:37', 'g30:38', 'g30:39', 'g30:40', 'g30:41', 'g30:42'] : [],
      clockDriftMs: 12,
      eventGaps: isRubbish ? 1 : 0,
      restarts: 0,
      quarantinedUntil: isRubbish ? '2026-01-15T18:05:00Z' : null,
    }
    return [report]
  })
  await ok(gateway.ask(operations.reportHubs, { body: { hubs } }))
}
