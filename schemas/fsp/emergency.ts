import { z } from 'zod'
import { depotPeople, depotReaders } from '../vocabulary/access.ts'
import { identifier } from '../vocabulary/bounds.ts'
import { operation } from '../vocabulary/operation.ts'
import { instant, instantOrNull } from '../vocabulary/units.ts'

/** The limit that every socket keeps while a depot is not optimised, A: 0, or at least the 6 A at which vehicles charge (IEC 61851). */
const standingLimitA = z
  .number()
  .int()
  .min(0)
  .max(80)
  .refine((ampere) => ampere === 0 || ampere >= 6, 'must be 0 or at least 6')

/** An emergency off: from when to when, with which limit, and who began and ended it. */
export const emergency = z
  .object({
    depotId: z.string(),
    standingLimitA: z.number(),
    since: instant,
    startedBy: z.string(),
    reason: z.string(),
    /** `null`: it lasts. */
    endedAt: instantOrNull,
    endedBy: z.string().nullable(),
  })
  .meta({ id: 'DepotEmergency' })
export type Emergency = z.infer<typeof emergency>

const params = z.object({ depotId: identifier })
const reason = z.string().min(1).max(2_000)
/** The depot’s identifier once more, typed by the person. */
const confirm = identifier
const access = depotPeople('fleet-admin')
const tags = ['Depots']

/** H23: optimisation of a depot ends at once, by named roles only; every socket keeps the stated limit until they end it. */
export const emergencyOperations = {
  switchOff: operation({
    method: 'post',
    path: '/depots/{depotId}/emergency-off',
    access,
    tags,
    summary: 'Switch optimisation off at once',
    description:
      'Every socket is sent the standing limit, as its default and for the charge that it serves. Refused if all sockets at that limit, with the building by day, would exceed the connection. The control mode is `off` until the emergency ends.',
    params,
    body: z.object({ confirm, standingLimitA, reason }),
    answer: emergency,
    problems: ['not-found', 'conflict'],
  }),
  switchOn: operation({
    method: 'post',
    path: '/depots/{depotId}/emergency-off/end',
    access,
    tags,
    summary: 'End an emergency off',
    description: 'The depot has the control mode of before, and its sockets their usual standing limit.',
    params,
    body: z.object({ confirm, reason }),
    answer: emergency,
    problems: ['not-found', 'conflict'],
  }),
  listEmergencies: operation({
    method: 'get',
    path: '/depots/{depotId}/emergencies',
    access: depotReaders,
    tags,
    summary: 'Emergencies of a depot, the newest first',
    params,
    answer: z.array(emergency),
    problems: ['not-found'],
  }),
}
