import type { Clock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { ChargePointModel, DepotSeed, EvTypeSeed } from '../../schemas/fsp/depots.ts'
import { evTypeOf, seededTelematics, telematicsIdOf } from '../../schemas/fsp/fleet.ts'
import type { Change, Registers } from './registers.ts'
import type { DataOf } from './rules.ts'
import { registerTakeOver } from './tables.ts'

/** What an FSP is started with; it is taken over once, and from then on the database decides. */
export interface FirstRegisters {
  depots: readonly DepotSeed[]
  models: readonly ChargePointModel[]
  evTypes?: readonly EvTypeSeed[]
  /** Whether vehicles begin with a telematics identity each (`telematicsIdOf`). */
  hasTelematics?: boolean
  /** Depots as the register has them, by identifier. */
  entries?: Readonly<Record<string, DataOf<'depots'>>>
  /** Entries of the registers that follow from nothing else, after those above. */
  more?: readonly Change[]
}

/** What the first start enters into the registers. */
export function firstChanges({
  depots,
  models,
  evTypes = [],
  hasTelematics = false,
  entries = {},
  more = [],
}: FirstRegisters): Change[] {
  return [
    ...models.map(modelChange),
    ...evTypes.map((type): Change<'evTypes'> => {
      const { evType: key, share: _, ...data } = type
      return { register: 'evTypes', key, data }
    }),
    ...depots.map(depotChange),
    ...Object.entries(entries).map(([key, data]): Change<'depots'> => ({ register: 'depots', key, data })),
    ...depots.flatMap(chargePointChanges),
    ...depots.flatMap((depot) => vehicleChanges(depot, evTypes, hasTelematics)),
    ...more,
  ]
}

function modelChange(seed: ChargePointModel): Change<'models'> {
  const { model: key, ...said } = seed
  const data: DataOf<'models'> = {
    ...said,
    coupling: said.coupling ?? 'independent',
    phases: said.phases ?? 1,
    minCurrentA: said.minCurrentA ?? 6,
    replug: said.replug ?? 'new-transaction',
    reportingIntervalS: said.reportingIntervalS ?? 60,
    byRoute: said.byRoute ?? null,
  }
  return { register: 'models', key, data }
}

function depotChange(seed: DepotSeed): Change<'depots'> {
  const { depotId: key, name, customer, address, licenceArea, mpan, connectionId, ascKva, powerFactor, bufferW } = seed
  const { building, feeders, profile, isHomes } = seed
  const data: DataOf<'depots'> = {
    name,
    customer,
    address,
    licenceArea,
    // Each home has its own.
    mpan: isHomes ? null : mpan,
    connectionId: isHomes ? null : connectionId,
    ascKva,
    powerFactor,
    bufferW,
    buildingDayW: building.dayW,
    buildingNightW: building.nightW,
    feeders: feeders.map((each) => ({ ...each, mpan: null, ratedA: null })),
    phaseLimitA: null,
    supplies: null,
    profile,
  }
  return { register: 'depots', key, data }
}

/** The identity of a depot’s charge point, numbered from 1 in the order of its groups (fsp/CONTRACTS.md). */
function identityOf(depotId: string, number: number): string {
  return `${depotId}-${String(number).padStart(2, '0')}`
}

function chargePointChanges({ depotId, chargePoints }: DepotSeed): Change<'chargePoints'>[] {
  let number = 0
  return chargePoints.flatMap(({ model, count, feeder, route = 'direct', backOffice = null, ...group }) =>
    Array.from({ length: count }, () => {
      const { controller = null, firmware = null } = group
      const rest = { serial: null, mpan: null, phase: null, sockets: null, quirks: null }
      const data: DataOf<'chargePoints'> = { depotId, feeder, model, route, backOffice, controller, firmware, ...rest }
      return { register: 'chargePoints' as const, key: identityOf(depotId, ++number), data }
    }),
  )
}

/** Each vehicle with its token; without types of vehicles only the tokens are known. */
function vehicleChanges({ depotId, evs }: DepotSeed, evTypes: readonly EvTypeSeed[], hasTelematics: boolean): Change[] {
  return Array.from({ length: evs }, (_, i) => i + 1).flatMap((number) => {
    const idTag = `${depotId}-${String(number).padStart(3, '0')}`
    const token: DataOf<'tokens'> = { depotId, kind: 'vehicle', state: 'issued', replacedBy: null }
    const evType = evTypeOf(evTypes, number)?.evType
    if (evType === undefined) return [{ register: 'tokens', key: idTag, data: token }] satisfies Change<'tokens'>[]
    const telematicsId = hasTelematics ? telematicsIdOf(idTag) : null
    const ev: DataOf<'evs'> = { depotId, evType, idTag, subType: null, telematicsId, vehicleIdentity: null }
    return [
      ...(telematicsId === null
        ? []
        : [{ register: 'telematics', key: telematicsId, data: seededTelematics } satisfies Change<'telematics'>]),
      { register: 'tokens', key: idTag, data: token },
      { register: 'evs', key: idTag.toUpperCase(), data: ev },
    ] satisfies Change[]
  })
}

/** Enters into empty registers, at the first start only, what the FSP is started with. */
export async function takeOver(
  { db, clock }: { db: Database; clock: Clock },
  registers: Registers,
  first: FirstRegisters,
): Promise<void> {
  const [before] = await db.select().from(registerTakeOver)
  if (before) return
  const changes = firstChanges(first)
  const done = (entries: number) => ({ id: 1, at: clock.now(), entries })
  if (changes.length === 0) return void (await db.insert(registerTakeOver).values(done(0)))
  await registers.change(changes, { actor: 'first start', actorId: 'first-start' }, async (tx, made) => {
    await tx.insert(registerTakeOver).values(done(made.length))
  })
}
