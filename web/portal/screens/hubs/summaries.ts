import type { HubState } from '../../../../schemas/grid/connections.ts'
import type { HubEvent } from '../../../../schemas/grid/telemetry.ts'
import { count, fixed } from '../../../shared/format/power.ts'
import { alarmKindWords, type Tone } from '../../../shared/format/words.ts'

/** From this drift on a hub's clock is worth a word, ms. */
const notableDriftMs = 1_000

function rank(hub: HubState): number {
  if (hub.communicationFailure) return 0
  if (hub.link === 'offline') return 1
  if (hub.link === 'never-seen') return 2
  return Math.abs(hub.clockDriftMs ?? 0) > notableDriftMs || hub.unmappedPoints > 0 ? 3 : 4
}

/** Hubs in order of urgency, then by name. */
export function silentFirst(hubs: readonly HubState[]): HubState[] {
  return hubs.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
}

/** How the hubs stand, in one line. */
export function hubsInWords(hubs: readonly HubState[]): string {
  const silent = hubs.filter((hub) => hub.communicationFailure)
  const offline = hubs.filter((hub) => hub.link === 'offline' && !hub.communicationFailure).length
  const unseen = hubs.filter((hub) => hub.link === 'never-seen').length
  const [first] = silent
  const parts: string[] = []
  if (first) parts.push(silent.length === 1 ? `${first.name} is silent` : `${silent.length} hubs are silent`)
  if (offline > 0) parts.push(offline === 1 ? '1 hub is offline' : `${offline} hubs are offline`)
  if (unseen > 0) parts.push(`${count(unseen, 'hub')} never seen`)
  if (parts.length === 0) return hubs.length === 0 ? 'No hub has been set up yet.' : 'All hubs answer.'
  return `${parts.join('; ')}.`
}

/** How much the state of the hubs matters. */
export function hubsTone(hubs: readonly HubState[]): Tone {
  if (hubs.some((hub) => hub.communicationFailure || hub.link === 'offline')) return 'fault'
  return hubs.some((hub) => hub.link === 'never-seen') ? 'doubt' : 'normal'
}

/** A hub's clock against ours: `0.2 s fast`. */
export function driftInWords(driftMs: number | null): string {
  if (driftMs === null) return 'not known'
  if (Math.abs(driftMs) < 50) return 'none'
  return `${fixed(Math.abs(driftMs) / 1_000, 1)} s ${driftMs > 0 ? 'fast' : 'slow'}`
}

/** How often a hub has answered with points that its map does not know, and the first of them. */
export function unmappedInWords({ unmappedPoints, unmapped = [] }: HubState): string {
  if (unmappedPoints === 0) return 'none'
  const times = count(unmappedPoints, 'value')
  const some = unmapped.slice(0, 6).join(', ')
  return some === '' ? times : `${times}: ${some}${unmapped.length > 6 ? ' …' : ''}`
}

/** The powers of its map that a hub has never sent; `null` if there are none. */
export function missingInWords({ missingPowers = [] }: Pick<HubState, 'missingPowers'>): string | null {
  if (missingPowers.length === 0) return null
  const places = missingPowers.map(({ feeder, phase }) => `feeder ${feeder} ${phase}`).join(', ')
  return `No active power has been received from ${places}: the load is not known without it.`
}

const unitsOfKinds: Record<HubEvent['kind'], string> = {
  'hub-fault': '',
  'hub-hot': '°C',
  'over-voltage': 'V',
  'under-voltage': 'V',
  'phase-loss': 'V',
}

/** What began or ended, where, and the value that showed it: `Voltage too high began, feeder 1 L1, 253.4 V`. */
export function eventInWords({ kind, event, feeder, phase, value }: HubEvent): string {
  const place = feeder === 0 ? [] : [`feeder ${feeder}${phase === 'none' ? '' : ` ${phase}`}`]
  const shown = kind === 'hub-fault' ? `status ${fixed(value, 0)}` : `${fixed(value, 1)}\u00a0${unitsOfKinds[kind]}`
  return [`${alarmKindWords[kind]} ${event}`, ...place, ...(event === 'began' ? [shown] : [])].join(', ')
}
