import type { Instant } from '@js-joda/core'
import { type RegisterName, registers } from '../../schemas/fsp/registers/index.ts'
import type { EvData } from '../../schemas/fsp/registers/subjects.ts'
import { calendarFlaws } from './calendar-rules.ts'
import { homeFlaws } from './home-rules.ts'
import type { DataOf, Flaw, Snapshot } from './snapshot.ts'

export type { DataOf, Flaw, Snapshot } from './snapshot.ts'

/** A version of an entry. */
export interface Version<R extends RegisterName = RegisterName> {
  register: R
  key: string
  version: number
  validFrom: Instant
  validTo: Instant | null
  isRetired: boolean
  data: DataOf<R>
  changedBy: string
  changedById: string
  changedAt: Instant
  reason: string | null
}

export const registerNames = Object.keys(registers) as RegisterName[]

/** Whether a version holds at an instant: from its beginning, up to but not including its end. */
export function holdsAt({ validFrom, validTo }: Pick<Version, 'validFrom' | 'validTo'>, at: Instant): boolean {
  return !validFrom.isAfter(at) && (validTo === null || at.isBefore(validTo))
}

/**
 * The versions of an entry after a new one: what it overlaps ends where it begins, and what was planned and has not begun by then never
 * begins.
 */
export function superseded(before: readonly Version[], next: Version): Version[] {
  const ended = before.map((each) => {
    if (each.validTo !== null && !each.validTo.isAfter(next.validFrom)) return each
    const validTo = each.validFrom.isAfter(next.validFrom) ? each.validFrom : next.validFrom
    return { ...each, validTo }
  })
  return [...ended, next]
}

/** The entries in use at an instant, by register and key. */
export function snapshotAt(versions: Iterable<Version>, at: Instant): Snapshot {
  const made = Object.fromEntries(registerNames.map((name) => [name, new Map<string, unknown>()]))
  for (const each of versions) if (!each.isRetired && holdsAt(each, at)) made[each.register]?.set(each.key, each.data)
  return made as unknown as Snapshot
}

/** Everything in a snapshot that refers to what is not there, or that two entries claim at once. */
export function flawsOf(snapshot: Snapshot): Flaw[] {
  return [
    ...modelFlaws(snapshot),
    ...tokenFlaws(snapshot),
    ...chargePointFlaws(snapshot),
    ...evFlaws(snapshot),
    ...calendarFlaws(snapshot),
    ...homeFlaws(snapshot),
  ]
}

function modelFlaws({ models }: Snapshot): Flaw[] {
  return [...models.keys()].flatMap((key) => {
    const [base = '', firmware] = splitModel(key)
    const isKnown = firmware === null || models.has(base)
    return isKnown
      ? []
      : [
          {
            register: 'models',
            key,
            field: 'key',
            message: `is a firmware of ${base}, which is not registered`,
          } as const,
        ]
  })
}

function tokenFlaws({ tokens, depots }: Snapshot): Flaw[] {
  const flaws: Flaw[] = []
  for (const [key, { depotId, replacedBy }] of tokens) {
    const flaw = (field: string, message: string) => flaws.push({ register: 'tokens', key, field, message })
    if (!depots.has(depotId)) flaw('depotId', missing('depot', depotId))
    if (replacedBy !== null && (replacedBy === key || !tokens.has(replacedBy)))
      flaw('replacedBy', replacedBy === key ? 'is the token itself' : missing('token', replacedBy))
  }
  return flaws
}

function chargePointFlaws({ chargePoints, depots, models }: Snapshot): Flaw[] {
  const flaws: Flaw[] = []
  for (const [key, { depotId, model, feeder }] of chargePoints) {
    const flaw = (field: string, message: string) => flaws.push({ register: 'chargePoints', key, field, message })
    const depot = depots.get(depotId)
    if (!depot) flaw('depotId', missing('depot', depotId))
    else if (!depot.feeders.some((each) => each.feeder === feeder)) flaw('feeder', `is not one of ${depotId}`)
    if (!models.has(model)) flaw('model', missing('model', model))
  }
  return flaws
}

function evFlaws({ evs, depots, evTypes, tokens, telematics }: Snapshot): Flaw[] {
  const flaws: Flaw[] = []
  const taken = {
    idTag: new Map<string, string>(),
    telematicsId: new Map<string, string>(),
    vehicleIdentity: new Map<string, string>(),
  }
  for (const [key, ev] of evs) {
    const flaw = (field: string, message: string) => flaws.push({ register: 'evs', key, field, message })
    const type = evTypes.get(ev.evType)
    if (!depots.has(ev.depotId)) flaw('depotId', missing('depot', ev.depotId))
    if (!type) flaw('evType', missing('type', ev.evType))
    else if (ev.subType !== null && !type.subTypes.some(({ subType }) => subType === ev.subType))
      flaw('subType', `is not one of ${ev.evType}`)
    const token = ev.idTag === null ? undefined : tokens.get(ev.idTag)
    if (ev.idTag !== null && !token) flaw('idTag', missing('token', ev.idTag))
    if (token?.kind === 'master') flaw('idTag', 'is a master card, which stands for no vehicle')
    if (token && (token.state === 'lost' || token.state === 'replaced'))
      flaw('idTag', `is a token that was ${token.state}`)
    if (ev.telematicsId !== null && !telematics.has(ev.telematicsId))
      flaw('telematicsId', missing('telematics identity', ev.telematicsId))
    for (const field of ['idTag', 'telematicsId', 'vehicleIdentity'] as const) claim(taken[field], ev, field, key, flaw)
  }
  return flaws
}

/** One token is one vehicle's, and so is each identity. */
function claim(
  taken: Map<string, string>,
  ev: EvData,
  field: 'idTag' | 'telematicsId' | 'vehicleIdentity',
  key: string,
  flaw: (field: string, message: string) => void,
): void {
  const value = ev[field]
  if (value === null) return
  const other = taken.get(value)
  if (other === undefined) taken.set(value, key)
  else flaw(field, `belongs to ${other}`)
}

function missing(what: string, key: string): string {
  return `${what} ${key} is not registered`
}

/** A model's key as its name and the firmware that it is for; `null`: for every firmware without an entry of its own. */
export function splitModel(key: string): [name: string, firmware: string | null] {
  const at = key.indexOf('@')
  return at < 0 ? [key, null] : [key.slice(0, at), key.slice(at + 1)]
}

/** A model's requirements under a firmware: those of that firmware if they differ, else the model's. */
export function modelOf(models: Snapshot['models'], model: string, firmware: string | null) {
  const [name] = splitModel(model)
  return (firmware === null ? undefined : models.get(`${name}@${firmware}`)) ?? models.get(model)
}
