import { z } from '@hono/zod-openapi'
import { Instant, LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import {
  heldUpload,
  holdDecision,
  meterCompleteness,
  meteredDay,
  meterReadings,
  meterReceipt,
  stamp,
  unitCompleteness,
} from '../../../schemas/settlement/metering.ts'
import { fsps, people, readers } from '../../../schemas/vocabulary/access.ts'
import { pageOf } from '../../../schemas/vocabulary/paging.ts'
import { dayStart, periodCount, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { instant, tradingDay, uuid } from '../../../schemas/vocabulary/units.ts'
import {
  type Actor,
  answers,
  createRoute,
  requireFsp,
  requirePerson,
  requireReader,
  type ServerContext,
  serverRouter,
} from '../../kit/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { completenessOf } from './completeness.ts'
import { Intake } from './given.ts'
import { listHolds } from './holds.ts'
import { JsonUpload } from './json.ts'
import { decideHold, type Upload, uploadReadings } from './service.ts'
import { meteredDays, sourceAt } from './store.ts'
import { readingsFromCsv } from './upload.ts'

const tags = ['Metering']
/** A quarter with room to spare: what a screen shows at once. */
const longestSpanDays = 100
const fuParams = z.object({ id: uuid })

/** Meter data uploads. `onPastData` is told which FU's data of days before today came in. */
export function meteringRoutes(context: ServerContext, onPastData: (fuId: string) => Promise<void>) {
  const router = serverRouter()
  const { db, clock } = context

  async function take(actor: Actor | null, upload: Upload, intake: Intake) {
    const { receipt, first } = await uploadReadings(context, requireFsp(actor, 'meter'), upload, intake)
    if (first && tradingDayOf(first).isBefore(tradingDayOf(clock.now()))) await onPastData(receipt.fuId)
    return receipt
  }

  async function requireUnit(actor: Actor | null, fuId: string): Promise<void> {
    const { fspId } = requireReader(actor)
    const [unit] = await listFlexibleUnits(db, clock.now(), { fspId, fuIds: [fuId] })
    if (!unit) throw new ProblemError('not-found', `There is no FU ${fuId}.`)
  }

  const uploads = createRoute({
    method: 'post',
    path: '/meter-readings',
    tags,
    summary: 'Upload meter readings of an FU',
    access: fsps('meter'),
    problems: ['not-found', 'conflict'],
    request: { body: { content: { 'application/json': { schema: meterReadings } }, required: true } },
    responses: answers(meterReceipt),
  })
  router.openAPIRegistry.registerPath(uploads)
  // Its body is read by hand, as it arrives: hundreds of thousands of readings do not have to fit into memory.
  router.openapi({ ...uploads, hide: true, request: {} }, async (c) => {
    const intake = new Intake()
    const json = new JsonUpload(bodyOf(c.req.raw), intake)
    const fieldOf = (place: number, column?: 'at') => `readings[${place}]${column ? '.at' : ''}`
    const upload = { readings: json.readings, fieldOf, head: () => json.head() }
    return c.json(await take(c.get('actor'), upload, intake), 200)
  })
  router.openapi(
    createRoute({
      method: 'post',
      path: '/flexible-units/{id}/meter-readings',
      tags,
      access: fsps('meter'),
      problems: ['not-found', 'conflict'],
      summary: 'Upload meter readings of an FU as CSV: columns at, energy_wh or power_w, and quality if not measured',
      request: {
        params: fuParams,
        query: meterReadings
          .pick({ resolution: true, meterId: true })
          .extend({ stamp, revision: z.coerce.number().int().min(1).default(1) }),
        body: { content: { 'text/csv': { schema: z.string() } }, required: true },
      },
      responses: answers(meterReceipt),
    }),
    async (c) => {
      const intake = new Intake()
      const head = { fuId: c.req.valid('param').id, ...c.req.valid('query') }
      const readings = readingsFromCsv(bodyOf(c.req.raw), intake)
      const fieldOf = (place: number, column?: 'at') => `line ${place}${column ? ', at' : ''}`
      const upload = { readings, fieldOf, head: () => head }
      return c.json(await take(c.get('actor'), upload, intake), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/flexible-units/{id}/metered-days/{day}',
      tags,
      access: readers,
      problems: ['not-found'],
      summary: 'A metered day, as it is now or as it was known at an instant',
      request: { params: fuParams.extend({ day: tradingDay }), query: z.object({ asOf: instant.optional() }) },
      responses: answers(meteredDay),
    }),
    async (c) => {
      const { id, day } = c.req.valid('param')
      await requireUnit(c.get('actor'), id)
      const asOf = c.req.valid('query').asOf
      const [date, known] = [LocalDate.parse(day), asOf ? Instant.ofEpochMilli(Date.parse(asOf)) : undefined]
      const found = (await meteredDays(db, [id], date, date, known)).get(id)?.get(date.toEpochDay())
      const periods = Array.from({ length: periodCount(date, 'PT15M') }, (_, i) => ({
        from: dayStart(date)
          .plusSeconds(i * 900)
          .toString(),
        energyWh: found?.energyWh[i] ?? null,
        revision: found?.revisions[i] || null,
        source: sourceAt(found, i),
      }))
      return c.json({ fuId: id, day, asOf: asOf ?? null, periods }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/flexible-units/{id}/meter-completeness',
      tags,
      access: readers,
      problems: ['not-found'],
      summary: 'How many quarter-hours of each day are metered',
      request: { params: fuParams, query: z.object({ from: tradingDay, to: tradingDay }) },
      responses: answers(pageOf(meterCompleteness)),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await requireUnit(c.get('actor'), id)
      const { from, to } = c.req.valid('query')
      const [first, last] = [LocalDate.parse(from), LocalDate.parse(to)]
      const days = (await meteredDays(db, [id], first, last)).get(id)
      const items = []
      for (let day = first; !day.isAfter(last) && items.length < 400; day = day.plusDays(1)) {
        const found = days?.get(day.toEpochDay())
        const metered = found?.energyWh.filter((value) => value !== null).length ?? 0
        const fromHub = found?.sources?.filter((source) => source?.startsWith('hub')).length ?? 0
        items.push({ fuId: id, day: day.toString(), periods: periodCount(day, 'PT15M'), metered, fromHub })
      }
      return c.json({ items, nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/meter-completeness',
      tags,
      access: readers,
      summary: 'How many quarter-hours of each day are metered, FU by FU',
      request: { query: z.object({ from: tradingDay, to: tradingDay }) },
      responses: answers(pageOf(unitCompleteness)),
    }),
    async (c) => {
      const { fspId } = requireReader(c.get('actor'))
      const { from, to } = c.req.valid('query')
      const [first, last] = [LocalDate.parse(from), LocalDate.parse(to)]
      if (last.isBefore(first) || last.isAfter(first.plusDays(longestSpanDays)))
        throw new ProblemError('contract-broken', `to must lie between from and ${longestSpanDays} days after it.`)
      const units = await listFlexibleUnits(db, clock.now(), { fspId })
      return c.json({ items: await completenessOf(db, units, first, last), nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/held-uploads',
      tags,
      summary: 'Meter uploads that wait for a decision',
      access: readers,
      responses: answers(pageOf(heldUpload)),
    }),
    async (c) => c.json({ items: await listHolds(db, requireReader(c.get('actor')).fspId), nextCursor: null }, 200),
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/held-uploads/{id}/decision',
      tags,
      summary: 'Release or reject a held upload',
      access: people('settlement'),
      problems: ['not-found', 'conflict'],
      request: {
        params: fuParams,
        body: {
          content: { 'application/json': { schema: holdDecision } },
          required: true,
        },
      },
      responses: answers(z.object({ receipt: meterReceipt.nullable() })),
    }),
    async (c) => {
      const person = requirePerson(c.get('actor'), 'settlement')
      const stored = await decideHold(context, person, c.req.valid('param').id, c.req.valid('json'))
      const receipt = stored?.receipt ?? null
      if (receipt && receipt.stored > 0) await onPastData(receipt.fuId)
      return c.json({ receipt }, 200)
    },
  )
  return router
}

function bodyOf(request: Request): ReadableStream<Uint8Array> {
  if (!request.body) throw new ProblemError('malformed', 'The request has no body.')
  return request.body
}
