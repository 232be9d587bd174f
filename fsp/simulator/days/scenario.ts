import { Instant } from '@js-joda/core'
import { dayTypeOf } from '../../../platform/calendar/index.ts'
import type { ChargePointModel, DepotSeed } from '../../../schemas/fsp/depots.ts'
import { localTimeOf } from '../../../schemas/vocabulary/time.ts'
import { randomOf } from '../common/random.ts'
import { layOut } from '../vehicles/layout.ts'
import { type Driver, leastPowerW, type Vehicle, volts } from '../vehicles/vehicle.ts'

/** What can go wrong at a depot, or surprise it, in the order of how much of it is affected. */
export const faultKinds = [
  'unit-offline',
  'connector-failed',
  'unplugged',
  'replugged',
  'visitor',
  'token-forgotten',
  'token-not-shown',
  'token-swapped',
  'token-first',
  'ended-by-token',
  'clock-wrong',
  'firmware-update',
  'site-load-lost',
  'depot-offline',
  'fsp-restart',
] as const
export type FaultKind = (typeof faultKinds)[number]

/** A fault from one minute of the day until another. */
export interface Fault {
  kind: FaultKind
  fromMinute: number
  toMinute: number
  /** Number of the charge point that is affected, from 0, where it is one. */
  unit: number
  /** How far a clock is put ahead, s (behind: negative). */
  aheadS: number
}

/** A depot and what happens to it in a day. */
export interface Scenario {
  depot: DepotSeed
  /** The models that it was drawn from. */
  models: readonly ChargePointModel[]
  faults: Fault[]
}

const minutesOfDay = 1_440
/** How wrong a clock may be, s: units in the field were minutes off (report 3.3.3.1). */
const mostAheadS = 30 * 60
/** Share of the typical load that an operator keeps free for a building that is measured every five minutes. */
const bufferShare = 0.2
/** What the controller assumes of a building that it does not hear of, as a share of its typical load. */
const assumedShare = 1.2
/** Longest time of each kind of fault, min. */
const longest: Record<FaultKind, number> = {
  'unit-offline': 240,
  'connector-failed': 240,
  unplugged: 1,
  replugged: 1,
  visitor: 180,
  'token-forgotten': 180,
  'token-not-shown': 180,
  'token-swapped': 180,
  'token-first': 180,
  'ended-by-token': 1,
  'clock-wrong': 240,
  'firmware-update': 1,
  'site-load-lost': 120,
  'depot-offline': 90,
  'fsp-restart': 30,
}

/**
 * A small depot and a bad day for it, drawn from a seed. Its limit is always enough for its building and for the standing safe limits of all
 * of its sockets: with less, nobody could promise anything while charge points are out of reach.
 */
export function scenarioOf(seed: number, models: readonly ChargePointModel[]): Scenario {
  const random = randomOf(seed, 'scenario')
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1))
  const dayW = 1_000 * between(10, 60)
  const kinds = withQuirks(models)
  const drawn = kinds.filter(({ model }) => !model.includes('@'))
  const groups = Array.from({ length: between(1, 3) }, () => {
    const { model } = drawn[between(0, drawn.length - 1)] as ChargePointModel
    return { model, count: between(1, 3), feeder: 1, firmware: 'first' }
  })
  const bare = emptyDepot(seed, groups, { dayW, nightW: Math.round(dayW * (0.2 + 0.5 * random())) })
  const units = layOut(bare, kinds)
  const sockets = units.reduce((sum, { model }) => sum + model.sockets, 0)
  const fullW = units.reduce((sum, { model }) => sum + model.sockets * model.maxCurrentA * volts, 0)
  const leastW = assumedShare * dayW + bufferShare * dayW + sockets * leastPowerW
  // Between what must be there and what the vehicles could take together.
  const limitW = () => Math.ceil((leastW + 0.6 * random() * fullW) / 1_000) * 1_000
  const steps = () => [
    { from: '00:00', limitW: limitW() },
    ...['06:30', '12:00', '16:30', '20:00'].map((from) => ({ from, limitW: limitW() })),
  ]
  const profile = { weekday: steps(), weekend: steps() }
  const mostW = [...profile.weekday, ...profile.weekend].reduce((most, step) => Math.max(most, step.limitW), 0)
  const depot = {
    ...bare,
    profile,
    ascKva: mostW / 1_000,
    bufferW: bufferShare * dayW,
    evs: between(sockets, sockets * 2),
  }
  return { depot, models: kinds, faults: faultsOf(between, units.length) }
}

/**
 * The models, and beside each that pauses one whose charge goes on after its cable was out, with its limit forgotten; of twins one whose
 * sockets share a current; and of the first a firmware that needs more time between set points.
 */
export function withQuirks(models: readonly ChargePointModel[]): ChargePointModel[] {
  const [first] = models
  return [
    ...models,
    ...models
      .filter(({ canPause }) => canPause)
      .map((each) => ({ ...each, model: `${each.model}-goes-on`, replug: 'goes-on' as const })),
    ...models
      .filter(({ sockets }) => sockets > 1)
      .map((each) => ({ ...each, model: `${each.model}-shares`, coupling: 'shared-current' as const })),
  ].concat(first ? [{ ...first, model: `${first.model}@second`, minSetpointGapS: 8 }] : [])
}

function emptyDepot(seed: number, chargePoints: DepotSeed['chargePoints'], building: DepotSeed['building']): DepotSeed {
  const uuid = (kind: number) => `00000000-0000-4000-${kind}000-${String(seed).padStart(12, '0')}`
  return {
    depotId: 'yard',
    name: 'Yard',
    customer: 'Operator',
    address: 'Yard',
    licenceArea: 'LPN',
    mpan: '1200000112345',
    connectionId: uuid(8),
    hubId: uuid(9),
    nodeId: 'lv',
    ascKva: 0,
    powerFactor: 1,
    bufferW: 0,
    evs: 0,
    feeders: [
      { feeder: 1, role: 'ev' },
      { feeder: 2, role: 'building' },
    ],
    building,
    chargePoints,
    profile: { weekday: [], weekend: [] },
  }
}

/** Three to eight faults, in the order of their beginning. */
function faultsOf(between: (least: number, most: number) => number, units: number): Fault[] {
  return Array.from({ length: between(3, 8) }, () => {
    const kind = faultKinds[between(0, faultKinds.length - 1)] as FaultKind
    const fromMinute = between(30, minutesOfDay - 60)
    const toMinute = Math.min(minutesOfDay - 1, fromMinute + between(1, longest[kind]))
    return { kind, fromMinute, toMinute, unit: between(0, units - 1), aheadS: between(-mostAheadS, mostAheadS) }
  }).sort((a, b) => a.fromMinute - b.fromMinute)
}

/** The limit of a depot's site at an instant, W: its profile's, for the depot's own connection is never below it. */
export function limitAt({ profile }: DepotSeed, atMs: number): number {
  const local = localTimeOf(Instant.ofEpochMilli(atMs))
  const time = local.toLocalTime().toString().slice(0, 5)
  return profile[dayTypeOf(local.toLocalDate())].findLast(({ from }) => from <= time)?.limitW ?? 0
}

/** A vehicle that nobody knows, empty and in a hurry, with a driver who may do otherwise than show its token. */
export function visitorOf(n: number, driver?: Driver): Vehicle {
  const name = `visitor-${n}`
  const battery = { batteryWh: 60_000, targetWh: 60_000, storedWh: 6_000 }
  return { vehicleId: name, idTag: name, maxPowerW: 7_360, ...battery, ...(driver ? { driver } : {}) }
}
