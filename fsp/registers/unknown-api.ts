import { ProblemError } from '../../platform/http/index.ts'
import { type UnknownKind, type UnknownThing, unknownOperations } from '../../schemas/fsp/registers/unknown.ts'
import { bind, type Caller, type Entrance, maySee, requireChange } from '../kit/index.ts'
import { viewOf } from './api.ts'
import { vehicleOf } from './identity.ts'
import { acceptedById } from './newcomers.ts'
import type { Registers } from './registers.ts'
import type { Snapshot, Version } from './rules.ts'
import { exchange, replacement, tokenRegistration } from './tokens.ts'
import type { SeenThing, Unknowns } from './unknowns.ts'
import type { WarningRow, Warnings } from './warnings.ts'
import { presentEntry, requireVersion, write } from './writing.ts'

/** Firmware as a charge point last reported it. */
interface ReportedFirmware {
  identity: string
  firmware: string | null
  bootedAt: { toString(): string }
}

export interface UnknownParts {
  registers: Registers
  unknowns: Unknowns
  warnings: Warnings
  /** Issues a charge point a password that is shown once. */
  issuePassword(identity: string): Promise<string>
  /** Whether a charge point has a password of ours, or is to have one. */
  hasPassword(identity: string): boolean
  boots(): Iterable<ReportedFirmware>
}

/** What is unknown, in one step to what is registered; tokens that change hands; and what does not fit the registers. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of operations, each of them short, over what they share.
export function unknownApi(parts: UnknownParts, entrance: Entrance) {
  const { registers, unknowns, warnings } = parts
  const listed = async (caller: Caller, kind?: UnknownKind) => {
    const isAccepted = (key: string) => registers.history('chargePoints', key).at(-1)?.changedById === acceptedById
    const isOpen = ({ kind: of, key }: SeenThing) =>
      !isRegistered(registers.now(), of, key) || (of === 'charge-point' && isAccepted(key))
    const isSeen = ({ depotId }: SeenThing) => (depotId === null ? seesAll(caller) : maySee(caller, depotId))
    return (await unknowns.list(kind))
      .filter((thing) => isOpen(thing) && isSeen(thing))
      .map((thing) => thingOf(thing, thing.kind === 'charge-point' && isAccepted(thing.key)))
  }
  const require = async (caller: Caller, kind: UnknownKind, key: string) => {
    const found = (await listed(caller, kind)).find((thing) => thing.key === key)
    if (!found) throw new ProblemError('not-found', `No ${kind} ${key} is unknown to the system.`)
  }
  const open = async (caller: Caller, warningId: string) => {
    const row = await warnings.find(warningId)
    if (!row || !maySee(caller, row.depotId)) throw new ProblemError('not-found', `Warning ${warningId} not found.`)
    requireChange(caller, row.depotId)
  }

  return bind(unknownOperations, entrance, {
    listUnknown: ({ caller, query }) => listed(caller, query.kind),

    async registerUnknownToken({ caller, params: { key }, body, audit }) {
      await require(caller, 'token', key)
      return viewOf(first(await write(registers, { caller, audit }, tokenRegistration(registers, key, body)))) as never
    },

    async registerUnknownVehicle({ caller, params: { key }, body, audit }) {
      await require(caller, 'vehicle', key)
      const data = { ...body.data, vehicleIdentity: key }
      const made = await write(
        registers,
        { caller, audit },
        [{ register: 'evs', key: body.registration, data }],
        () => {
          const latest = registers.history('evs', body.registration).at(-1)
          if (latest && !latest.isRetired)
            throw new ProblemError('conflict', `${body.registration} is registered already.`)
        },
      )
      return viewOf(first(made)) as never
    },

    async registerUnknownChargePoint({ caller, params: { key }, body, audit }) {
      await require(caller, 'charge-point', key)
      const wasLetIn = registers.now().chargePoints.has(key)
      const made = await write(registers, { caller, audit }, [{ register: 'chargePoints', key, data: body }])
      const needsNone = wasLetIn && !parts.hasPassword(key)
      return {
        entry: viewOf(first(made)) as never,
        authorizationKey: needsNone ? null : await parts.issuePassword(key),
      }
    },

    async registerUnknownTelematics({ caller, params: { key }, body, audit }) {
      await require(caller, 'telematics', key)
      const { data } = presentEntry(registers, caller, 'evs', body.registration)
      const made = await write(registers, { caller, audit }, [
        { register: 'telematics', key, data: body.data },
        { register: 'evs', key: body.registration, data: { ...data, telematicsId: key } },
      ])
      return viewOf(first(made)) as never
    },

    async replaceToken({ caller, params: { key: before }, body, version, audit }) {
      const { data: token } = presentEntry(registers, caller, 'tokens', before)
      const changes = replacement(registers, { before, idTag: body.idTag, isLost: body.isLost, token })
      const made = await write(registers, { caller, audit, reason: body.reason }, changes, () =>
        requireVersion(registers, { register: 'tokens', key: before, version }),
      )
      return viewOf(first(made)) as never
    },

    async exchangeTokens({ caller, params: { key }, body, version, audit }) {
      for (const each of [key, body.with]) presentEntry(registers, caller, 'tokens', each)
      const made = await write(
        registers,
        { caller, audit, reason: body.reason },
        exchange(registers, key, body.with),
        () => requireVersion(registers, { register: 'tokens', key, version }),
      )
      return made.filter(({ register }) => register === 'evs').map(viewOf) as never
    },

    listFirmwareDrift({ caller }) {
      const { chargePoints } = registers.now()
      return [...parts.boots()].flatMap(({ identity, firmware, bootedAt }) => {
        const known = chargePoints.get(identity)
        if (!known?.firmware || firmware === null || firmware === known.firmware || !maySee(caller, known.depotId))
          return []
        const { depotId, model, firmware: agreed } = known
        return [{ identity, depotId, model, agreed, reported: firmware, bootedAt: bootedAt.toString() }]
      })
    },

    async listWarnings({ caller, query }) {
      return (await warnings.list(query.resolved === 'yes'))
        .filter(({ depotId }) => maySee(caller, depotId))
        .map(warningOf)
    },

    async resolveWarning({ caller, params: { warningId }, body, audit }) {
      await open(caller, warningId)
      const by = { actor: caller.username, resolution: body.resolution }
      const record = { action: 'warning.resolved', subject: warningId, detail: body }
      return warningOf(await warnings.resolve(warningId, by, (tx) => audit(record, tx)))
    },
  })
}

function isRegistered(snapshot: Snapshot, kind: UnknownKind, key: string): boolean {
  if (kind === 'charge-point') return snapshot.chargePoints.has(key)
  if (kind === 'telematics') return [...snapshot.evs.values()].some(({ telematicsId }) => telematicsId === key)
  return snapshot.tokens.has(key) || vehicleOf(snapshot, key) !== null
}

function seesAll(caller: Caller): boolean {
  return (caller.kind === 'person' || caller.kind === 'feed') && caller.depotIds === null
}

function thingOf({ firstSeenAt, lastSeenAt, ...thing }: SeenThing, isAccepted: boolean): UnknownThing {
  return { ...thing, firstSeenAt: firstSeenAt.toString(), lastSeenAt: lastSeenAt.toString(), isAccepted }
}

function warningOf({ firstAt, lastAt, resolvedAt, ...row }: WarningRow) {
  return { ...row, firstAt: firstAt.toString(), lastAt: lastAt.toString(), resolvedAt: resolvedAt?.toString() ?? null }
}

function first(made: readonly Version[]): Version {
  const [found] = made
  if (!found) throw new Error('nothing was registered')
  return found
}
