import { createRoute } from '@hono/zod-openapi'
import { Instant } from '@js-joda/core'
import { meterReadings, meterReceipt } from '../../../schemas/metering.ts'
import { tradingDayOf } from '../../../schemas/time.ts'
import { answers, requireFsp, type ServerContext, serverRouter } from '../../access/index.ts'
import { uploadReadings } from './service.ts'

/** Meter data uploads. `onPastData` is told which FU's data of days before today came in. */
export function meteringRoutes(context: ServerContext, onPastData: (fuId: string) => Promise<void>) {
  const router = serverRouter()
  const body = { content: { 'application/json': { schema: meterReadings } }, required: true }
  router.openapi(
    createRoute({
      method: 'post',
      path: '/meter-readings',
      tags: ['Metering'],
      summary: 'Upload meter readings of an FU',
      request: { body },
      responses: answers(meterReceipt),
    }),
    async (c) => {
      const upload = c.req.valid('json')
      const receipt = await uploadReadings(context, requireFsp(c.get('actor'), 'meter'), upload)
      const today = tradingDayOf(context.clock.now())
      const isPast = upload.readings.some((r) => tradingDayOf(Instant.ofEpochMilli(Date.parse(r.at))).isBefore(today))
      if (receipt.stored > 0 && isPast) await onPastData(upload.fuId)
      return c.json(receipt, 200)
    },
  )
  return router
}
