import type { Flaw, Snapshot } from './snapshot.ts'

/** What calendars, schedules and options refer to or state that cannot be. */
export function calendarFlaws(snapshot: Snapshot): Flaw[] {
  return [
    ...placeFlaws(snapshot),
    ...spanFlaws(snapshot),
    ...scheduleFlaws(snapshot),
    ...[...snapshot.depotOptions].flatMap(([key, { depotId }]) =>
      key === depotId ? [] : [{ register: 'depotOptions' as const, key, field: 'depotId', message: 'must be the key' }],
    ),
    ...weightFlaws(snapshot),
  ]
}

const ofDepots = ['profiledConnections', 'flexibilityEvents', 'tariffPeriods', 'depotOptions', 'evSchedules'] as const

function placeFlaws(snapshot: Snapshot): Flaw[] {
  return ofDepots.flatMap((register) =>
    [...snapshot[register]].flatMap(([key, { depotId }]) =>
      snapshot.depots.has(depotId)
        ? []
        : [{ register, key, field: 'depotId', message: `depot ${depotId} is not registered` }],
    ),
  )
}

function spanFlaws({ profiledConnections, flexibilityEvents, tariffPeriods }: Snapshot): Flaw[] {
  return [
    ...[...profiledConnections].flatMap(([key, { from, to }]) =>
      from <= to
        ? []
        : [{ register: 'profiledConnections' as const, key, field: 'to', message: `is before its first day, ${from}` }],
    ),
    ...[...flexibilityEvents].flatMap(([key, { from, to }]) =>
      Date.parse(from) < Date.parse(to)
        ? []
        : [{ register: 'flexibilityEvents' as const, key, field: 'to', message: `is not after its start, ${from}` }],
    ),
    ...[...tariffPeriods].flatMap(([key, { from, to }]) =>
      from < to
        ? []
        : [
            {
              register: 'tariffPeriods' as const,
              key,
              field: 'to',
              message: `is not after ${from}: one that passes midnight is two periods`,
            },
          ],
    ),
  ]
}

function scheduleFlaws({ evSchedules, evs }: Snapshot): Flaw[] {
  return [...evSchedules.keys()].flatMap((key) =>
    evs.has(key)
      ? []
      : [{ register: 'evSchedules' as const, key, field: 'key', message: `vehicle ${key} is not registered` }],
  )
}

function weightFlaws({ priorityWeights }: Snapshot): Flaw[] {
  return [...priorityWeights].flatMap(([key, { schedule, stateOfCharge }]) => {
    const flaw = (field: string, message: string) => [{ register: 'priorityWeights' as const, key, field, message }]
    if (key !== 'fleet') return flaw('key', 'must be fleet: there is one set of weights')
    return schedule + stateOfCharge > 0 ? [] : flaw('schedule', 'must not be 0 where stateOfCharge is 0')
  })
}
