import { expect, test, vi } from 'vitest'
import { hubIdOf, type Rig, startRig } from './support/rig.ts'

const hubId = hubIdOf(1)
const statusOf = (rig: Rig) => rig.gateway.hubs().find((hub) => hub.hubId === hubId)
const connectionsOf = (rig: Rig) => rig.hubs.hub(hubId).relay?.connections ?? 0
/** How long real sockets may take on a busy machine. */
const patience = { timeout: 10_000 }

test('a hub that is polled every ten minutes is called for each poll and left after it', async () => {
  await using rig = await startRig({ assignment: { integrityPollS: 600 } })
  expect(connectionsOf(rig)).toBe(0)
  // Integrity polls at multiples of ten minutes, event polls half-way between: six from 0 to 25 minutes.
  await rig.pass(1_500)
  expect(connectionsOf(rig)).toBe(6)
  expect(statusOf(rig)).toMatchObject({ link: 'online', failedPolls: 0 })
  // The first poll reads everything, and so does each integrity poll; an event poll brings what has changed.
  expect(rig.dno.readings(hubId).length).toBeGreaterThanOrEqual(3 * 26)
})

test('what happens while a hub is left waits in it, with its time, and comes with the next poll', async () => {
  await using rig = await startRig({ assignment: { integrityPollS: 600 }, hub: { powerDeadbandW: 1 } })
  await rig.pass(610)
  const before = rig.dno.readings(hubId).length
  const at = rig.clock.now()
  rig.hubs.hub(hubId).measure({ '1': 12_000, '2': 24_000 }, at)
  await rig.pass(200)
  expect(rig.dno.readings(hubId)).toHaveLength(before)
  await rig.pass(100)
  const events = rig.dno.readings(hubId).slice(before)
  expect(events.some(({ deviceTime }) => deviceTime !== null && Date.parse(deviceTime) === at.toEpochMilli())).toBe(
    true,
  )
})

test('FM25 a hub that cannot be called at one poll is read at the next', async () => {
  await using rig = await startRig({ assignment: { integrityPollS: 600 } })
  await rig.pass(610)
  const { relay } = rig.hubs.hub(hubId)
  relay?.refuse(true)
  await rig.pass(300)
  expect(statusOf(rig)).toMatchObject({ link: 'offline' })
  const refused = connectionsOf(rig)
  // Nobody calls in between.
  await rig.pass(200)
  expect(connectionsOf(rig)).toBe(refused)
  relay?.refuse(false)
  await rig.pass(200)
  expect(statusOf(rig)).toMatchObject({ link: 'online' })
})

test('an assignment with a shorter interval keeps the connection from then on, and with a longer one ends it', async () => {
  await using rig = await startRig({ assignment: { integrityPollS: 600 } })
  await rig.pass(610)
  const [hub] = rig.dno.hubs
  if (!hub) throw new Error('the rig has a hub')
  rig.dno.hubs = [{ ...hub, integrityPollS: 60 }]
  await rig.pass(120)
  const kept = connectionsOf(rig)
  await rig.pass(600)
  expect(connectionsOf(rig)).toBe(kept)
  expect(statusOf(rig)).toMatchObject({ link: 'online' })
  rig.dno.hubs = [hub]
  await rig.pass(60)
  await rig.pass(1_200)
  expect(connectionsOf(rig)).toBeGreaterThanOrEqual(kept + 3)
})

test('FM27 a hub that sends garbage whenever it is called is not called while it is in quarantine', async () => {
  await using rig = await startRig({
    assignment: { integrityPollS: 600 },
    gateway: { link: { quarantine: { limit: 1, windowMs: 3_600_000, firstMs: 3_600_000, longestMs: 3_600_000 } } },
  })
  await rig.pass(599)
  // Octets that are no frame, as soon as the gateway calls.
  const { relay } = rig.hubs.hub(hubId)
  const before = connectionsOf(rig)
  const garbage = setInterval(() => relay?.inject(new Uint8Array(600).fill(0x55)), 1)
  await vi.waitFor(async () => {
    await rig.pass(300)
    expect(statusOf(rig)?.quarantinedUntilMs).not.toBeNull()
  }, patience)
  clearInterval(garbage)
  const quarantined = connectionsOf(rig)
  expect(quarantined).toBeGreaterThan(before)
  await rig.pass(1_800)
  expect(connectionsOf(rig)).toBe(quarantined)
})
