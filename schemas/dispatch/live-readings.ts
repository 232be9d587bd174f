import { z } from 'zod'
import { fsps, readers } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, powerW, uuid } from '../vocabulary/units.ts'

/** Power at an instant, W, import positive: of one DER, or of the whole FU where no DER is named. */
const livePower = z.object({ at: instant, powerW, derId: uuid.optional() })

/** What an FU draws just now, by its FSP: monitoring data, never settlement data. */
export const liveReadings = z.object({ fuId: uuid, readings: z.array(livePower).min(1).max(1_000) }).meta({
  id: 'LiveReadings',
  example: {
    fuId: '5f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10',
    readings: [{ at: '2026-01-15T17:05:00Z', powerW: 18_000 }],
  },
})
export type LiveReadings = z.infer<typeof liveReadings>

/** Why a live reading is passed over: its time is too far ahead of the server’s, or too far behind it. */
export const passedOverReason = z.enum(['ahead', 'behind'])

export const liveReceipt = z
  .object({
    fuId: uuid,
    stored: z.number().int(),
    /** How many were stored before. */
    unchanged: z.number().int(),
    /** Readings that are not believed because of their time, by their place in the batch, from 0. */
    passedOver: z.array(z.object({ place: z.number().int(), at: instant, reason: passedOverReason })),
  })
  .meta({ id: 'LiveReceipt' })
export type LiveReceipt = z.infer<typeof liveReceipt>

/** A live reading as it is kept. */
export const keptLiveReading = z
  .object({ at: instant, derId: uuid.nullable(), powerW, receivedAt: instant })
  .meta({ id: 'KeptLiveReading' })
export type KeptLiveReading = z.infer<typeof keptLiveReading>

const tags = ['Live readings']

/** What FUs draw while a turn-down runs. */
export const liveReadingOperations = {
  sendLiveReadings: operation({
    method: 'post',
    path: '/live-readings',
    access: fsps('meter'),
    tags,
    summary: 'Send what an FU draws just now; for watching delivery, never for settlement',
    body: liveReadings,
    answer: liveReceipt,
    problems: ['not-found', 'conflict'],
  }),
  listLiveReadings: operation({
    method: 'get',
    path: '/flexible-units/{id}/live-readings',
    access: readers,
    tags,
    summary: 'Live readings of an FU, the latest first',
    params: z.object({ id: uuid.meta({ description: 'As GET /flexible-units lists it.' }) }),
    query: pageQuery(100),
    answer: pageOf(keptLiveReading),
    problems: ['not-found', 'malformed'],
  }),
}
