import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import type { Client, TestCall } from '../../test/support/client.ts'
import { heldUpload } from './metering/uploads/tables.ts'
import { dispute } from './statements/disputes/tables.ts'
import { statement, statementLine } from './statements/lines/tables.ts'
import { type SettlementRig, startSettlementRig } from './test/support/rig.ts'

let rig: SettlementRig
let fuId: string
const statementId = randomUUID()

beforeAll(async () => {
  rig = await startSettlementRig()
  fuId = (await rig.contractedUnit('Islington')).fuId
  await rig.contractedUnit('Camden')
  await rig.contractedUnit('Barnet')
  await rig.passTo('2026-02-02T09:00:00Z')
  const [at, { fspId }] = [rig.clock.now(), rig.fsp]
  const head = { fspId, product: 'A' as const, state: 'issued' as const, totalGbp: '0.00', preparedBy: 'clara' }
  for (const [number, month, delta] of [
    ['2025-11-A-0001', '2025-11', 0],
    ['2025-12-A-0001', '2025-12', 0],
    ['2025-12-A-0001-D1', '2025-12', 1],
    ['2026-01-A-0001', '2026-01', 0],
  ] as const) {
    const own = number === '2026-01-A-0001' ? statementId : randomUUID()
    const row = { ...head, statementId: own, number, month, delta, preparedAt: at, baselineMethod: 'zero' as const }
    await rig.db.insert(statement).values(row)
  }
  for (const reason of ['first', 'second', 'third'])
    await rig.db.insert(dispute).values({
      disputeId: randomUUID(),
      statementId,
      reason,
      state: 'open',
      raisedAt: reason === 'first' ? at.minusSeconds(60) : at,
      raisedBy: 'fred',
    })
  for (const state of ['released', 'held', 'held'] as const)
    await rig.db.insert(heldUpload).values({
      holdId: randomUUID(),
      fspId,
      fuId,
      upload: {
        fuId,
        meterId: 'm',
        resolution: 'PT15M',
        stamp: 'period-start',
        revision: 1,
        readings: [{ at: '2026-01-05T10:00:00Z', energyWh: 1, quality: 'measured' }],
      },
      reasons: ['odd'],
      receivedAt: at,
      receivedFrom: 'fred',
      state,
    })
  await rig.db.insert(statementLine).values(['Camden', 'Barnet', 'Acton'].map((name, n) => lineOf(name, n)))
})

function lineOf(fuName: string, n: number): typeof statementLine.$inferInsert {
  const at = rig.clock.now()
  return {
    statementId,
    lineId: randomUUID(),
    number: n + 1,
    contractId: randomUUID(),
    fuId: randomUUID(),
    fuName,
    fromAt: at,
    toAt: at,
    contractedW: 1,
    instructedW: 1,
    inService: true,
    deliveredWh: 0,
    deliveryRatio: 0,
    performanceFactor: 0,
    accuracyFactor: 1,
    availability: '0',
    utilisation: '0',
    availabilityGbp: '0',
    utilisationGbp: '0',
    settledGbp: '0',
    amountGbp: '0',
    terms: {} as never,
    baselineDays: [],
    flags: [],
  }
}

/** One member of each item, page by page. */
async function pages(
  client: Client,
  operation: Operation,
  call: TestCall,
  limit: number,
  member: string,
): Promise<unknown[][]> {
  const found: unknown[][] = []
  let cursor: string | null = null
  do {
    const { status, body } = await client.ask(operation, { ...call, query: { ...call.query, limit, cursor } })
    expect(status, JSON.stringify(body)).toBe(200)
    found.push(body.items.map((item: Record<string, unknown>) => item[member]))
    cursor = body.nextCursor
  } while (cursor !== null && found.length < 9)
  return found
}

test('statements come in pages, the latest month first and in it by number', async () => {
  const expected = [['2026-01-A-0001', '2025-12-A-0001', '2025-12-A-0001-D1'], ['2025-11-A-0001']]
  expect(await pages(rig.clerk, operations.listStatements, {}, 3, 'number')).toEqual(expected)
  expect(await pages(rig.fsp.client, operations.listStatements, {}, 3, 'number')).toEqual(expected)
})

test('disputes come in pages, in the order in which they were raised', async () => {
  const found = await pages(rig.clerk, operations.listDisputes, { params: { id: statementId } }, 2, 'reason')
  expect(found.map((page) => page.length)).toEqual([2, 1])
  expect(found[0]?.[0]).toBe('first')
  expect(found.flat().toSorted()).toEqual(['first', 'second', 'third'])
})

test('non-delivery comes in pages, one unit after the other', async () => {
  const found = await pages(rig.clerk, operations.listDelivery, { params: { id: statementId } }, 2, 'fuName')
  expect(found).toEqual([['Acton', 'Barnet'], ['Camden']])
})

test('held uploads come in pages, those that wait first', async () => {
  const states = await pages(rig.clerk, operations.listHeldUploads, {}, 2, 'state')
  expect(states).toEqual([['held', 'held'], ['released']])
  const ids = (await pages(rig.clerk, operations.listHeldUploads, {}, 1, 'holdId')).flat()
  expect(new Set(ids).size).toBe(3)
})

test('completeness comes in pages: of an FU by day, of all by name', async () => {
  const query = { from: '2026-01-05', to: '2026-01-07' }
  const { listUnitCompleteness, listCompleteness } = operations
  const own = { params: { id: fuId }, query }
  expect(await pages(rig.clerk, listUnitCompleteness, own, 2, 'day')).toEqual([
    ['2026-01-05', '2026-01-06'],
    ['2026-01-07'],
  ])
  expect(await pages(rig.clerk, listUnitCompleteness, own, 3, 'day')).toHaveLength(1)
  expect(await pages(rig.clerk, listCompleteness, { query }, 2, 'fuName')).toEqual([
    ['Barnet', 'Camden'],
    ['Islington'],
  ])
  const cursor = Buffer.from('["never"]').toString('base64url')
  expect((await rig.clerk.ask(listUnitCompleteness, { ...own, query: { ...query, cursor } })).status).toBe(400)
})
