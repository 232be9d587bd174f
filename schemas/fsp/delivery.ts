import { z } from 'zod'
import { instructionStatus } from '../dispatch/instructions.ts'
import { depotPeople, depotReaders } from '../vocabulary/access.ts'
import { identifier } from '../vocabulary/bounds.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { instant, instantOrNull, uuid } from '../vocabulary/units.ts'

/** Who declared a unit in or out of service: a person, or this program, because its charge points could not be controlled. */
export const declaredBy = z.enum(['person', 'watch'])
export type DeclaredBy = z.infer<typeof declaredBy>

/** What was reported to the DNO of a turn-down, and what was declared of the unit. */
export const depotDelivery = z
  .object({
    /** What can be controlled at present; out of service follows from it. */
    equipment: z.object({
      sockets: z.number().int(),
      withoutLink: z.number().int(),
      faulted: z.number().int(),
      pluggedIn: z.number().int(),
    }),
    declarations: z.array(
      z.object({
        inService: z.boolean(),
        effectiveFrom: instant,
        reason: z.string(),
        declaredBy,
        /** `null`: the DNO does not have it yet. */
        sentAt: instantOrNull,
      }),
    ),
    reports: z.array(
      z.object({
        instructionId: uuid,
        status: instructionStatus.shape.status,
        at: instant,
        detail: z.string().nullable(),
        /** `null`: the DNO does not have it yet. */
        sentAt: instantOrNull,
        /** Why the DNO did not take it; it is not sent again. */
        refusal: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'DepotDelivery' })

const params = z.object({ depotId: identifier })
const tags = ['Delivery']

/** The evidence of what a depot delivered. */
export const deliveryOperations = {
  readDelivery: operation({
    method: 'get',
    path: '/depots/{depotId}/delivery',
    access: depotReaders,
    tags,
    summary:
      'What was reported to the DNO of turn-downs and declared of the unit, the newest first, at most 200 of each',
    params,
    answer: depotDelivery,
    problems: ['not-found'],
  }),
  exportRegisters: operation({
    method: 'get',
    path: '/depots/{depotId}/register-evidence',
    access: depotPeople(),
    tags,
    summary: 'The meter registers of each charge point as they were read, for a dispute',
    description:
      'A span of at most 24 hours. `readings`: each register as read (Wh), with the time of reading and of receipt and the charge that it belongs to. `quarter-hours`: what each socket took in each quarter-hour (Wh); the sum over the sockets is what was uploaded to the DNO for the depot, and `estimated` marks the same. Readings are kept without end.',
    params,
    query: z.object({
      from: instant,
      to: instant,
      identity: z.string().max(48).optional(),
      as: z.enum(['readings', 'quarter-hours']).default('readings'),
    }),
    answer: csvFile(
      'identity,connector,at,receivedAt,energyWh,powerW,transactionId,idTag',
      'islington-01,1,2026-01-15T17:01:00Z,2026-01-15T17:01:00.120Z,1204310,6900,4711,islington-007',
    ),
    problems: ['not-found'],
  }),
}
