import type { Instant } from '@js-joda/core'
import type { DriverView, VanState } from '../../schemas/fsp/drivers.ts'
import { clockTimeOf } from '../../schemas/vocabulary/time.ts'
import type { Snapshot } from '../registers/index.ts'
import { type DecidedUnit, endOf } from './controller.ts'
import { keyOf, type PluggedVan } from './plugged.ts'
import { vanOfDriver } from './rules/homes.ts'
import { nextReadyAt } from './rules/needs.ts'
import type { Wishes } from './wishes.ts'

export interface DriverViewParts {
  snapshot: Snapshot
  wishes: Wishes
  /** The last decision of a unit; `null`: none yet. */
  last(depotId: string): DecidedUnit | null
}

const hourMs = 3_600_000

/** What a driver sees of the van at an instant. */
export function driverViewOf({ snapshot, wishes, last }: DriverViewParts, driverId: string, at: Instant): DriverView {
  const van = vanOfDriver(snapshot, driverId)
  const readyBy = snapshot.drivers.get(driverId)?.readyBy ?? '07:00'
  const unit = van && last(van.driver.depotId)
  const plugged = unit?.plugged.find((each) => each.van.vehicleId === van?.vehicleId) ?? null
  const wish = van && wishes.of(van, 'ready-by', plugged?.transactionId ?? null)
  const override = van && wishes.of(van, 'override', plugged?.transactionId ?? null)
  const common = {
    driverId,
    vehicleId: van?.vehicleId ?? null,
    readyBy: (wish?.readyAt ?? nextReadyAt(readyBy, at)).toString(),
    targetPercent: wish?.targetPercent ?? 100,
    overrideUntil: override?.endsAt.toString() ?? null,
  }
  if (!unit || !plugged) {
    const sentence = van ? awaySentence(van.chargePoint !== null, override !== null) : 'No van is assigned to you.'
    const nothing = { powerW: null, takenWh: null, percent: null, fullAt: null }
    return { ...common, isPluggedIn: false, state: 'away', sentence, ...nothing }
  }
  const { transaction, samples } = plugged.connector
  const state = stateOf(plugged, unit)
  return {
    ...common,
    isPluggedIn: true,
    state,
    sentence: sentenceOf(state, plugged, unit),
    powerW: samples.at(-1)?.powerW ?? null,
    takenWh: transaction && transaction.lastWh - transaction.startWh,
    percent: plugged.soc && Math.round(plugged.soc.share * 100),
    fullAt: fullAt(state, plugged, unit)?.toString() ?? null,
  }
}

function awaySentence(hasChargePoint: boolean, isOverridden: boolean): string {
  if (!hasChargePoint) return 'You have no charge point at home: charge in public.'
  return isOverridden ? 'The van is not plugged in. It will charge at once when it is.' : 'The van is not plugged in.'
}

function stateOf({ connector, missingWh, override }: PluggedVan, { decision }: DecidedUnit): VanState {
  if (connector.unit.link === null) return 'unreachable'
  if (missingWh === 0) return 'full'
  if (override) return 'override'
  const isWaiting = (decision.sharesW.get(keyOf(connector)) ?? 0) === 0
  return isWaiting && decision.by !== null ? decision.by : 'charging'
}

function sentenceOf(state: VanState, { readyAt }: PluggedVan, { window }: DecidedUnit): string {
  const ready = `It will be ready by ${clockTimeOf(readyAt)}.`
  switch (state) {
    case 'unreachable':
      return 'Your charge point cannot be reached. It charges slowly by itself.'
    case 'full':
      return 'The van has what it needs.'
    case 'override':
      return 'The van charges at once, as you asked.'
    case 'turn-down':
      return `The van waits${window ? ` until ${clockTimeOf(endOf(window))}` : ''}: the local network is busy. ${ready}`
    case 'spread':
      return `The van waits its turn, so that all vans do not charge at once. ${ready}`
    default:
      return `The van charges. ${ready}`
  }
}

/** When a van is expected to have what it needs. What waits its turn is only sure to be ready when it has to be. */
function fullAt(state: VanState, plugged: PluggedVan, { at, decision, window }: DecidedUnit): Instant | null {
  const { connector, missingWh, mostW, readyAt } = plugged
  if (state === 'unreachable') return null
  if (state === 'full') return at
  if (state === 'spread') return readyAt
  const [start, powerW] =
    state === 'turn-down' && window ? [endOf(window), mostW] : [at, decision.sharesW.get(keyOf(connector)) ?? mostW]
  return start.plusMillis(Math.round((missingWh / powerW) * hourMs))
}
