import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { earningsOperations } from '../../schemas/fsp/earnings.ts'
import type { Statement } from '../../schemas/settlement/statements.ts'
import { startRig } from './support/rig.ts'

const terms = {
  baselineMethod: 'recent-history' as const,
  baselineFallback: 'nominated' as const,
  inDayAdjustment: false,
  scheme: { name: 'sliding-scale' as const, fromRatio: 0.5, toRatio: 1 },
  scheduleAccuracy: false,
  missingMeterData: 'unpaid' as const,
  referenceWPerDer: null,
}

/** A line of a quarter-hour in which 20 kW were instructed and delivered, at £18/MW/h and £320/MWh. */
function lineOf(fuId: string): Statement['lines'][number] {
  return {
    lineId: randomUUID(),
    number: 1,
    fuId,
    fuName: 'Yard depot',
    from: '2026-01-15T17:00:00Z',
    to: '2026-01-15T17:15:00Z',
    contractedW: 20_000,
    availableW: 20_000,
    instructedW: 20_000,
    instructedWh: 5_000,
    instructions: null,
    baselineWh: 10_000,
    meteredWh: 5_000,
    turnedDownWh: 5_000,
    deliveredWh: 5_000,
    elsewhereWh: 0,
    deliveryRatio: 1,
    performanceFactor: 1,
    availabilityGbpPerMwH: '18.00',
    utilisationGbpPerMwh: '320.00',
    priceRule: 'contract',
    contractGbpPerMwh: '320.00',
    bidGbpPerMwh: null,
    clearedGbpPerMwh: null,
    // 0.02 MW · £18 · 0.25 h, and 0.005 MWh · £320.
    availabilityGbp: '0.09',
    utilisationGbp: '1.6',
    penaltyGbp: '0',
    toleranceWh: 50,
    amountGbp: '1.69',
    baselineDays: [],
    meterRevision: 1,
    flags: [],
    contractId: randomUUID(),
    inService: true,
    limitWh: null,
    site: null,
    terms,
    accuracyFactor: 1,
    settledGbp: '1.69',
    previousGbp: null,
  }
}

function statementOf(fuId: string): Statement {
  return {
    statementId: randomUUID(),
    number: 'RF-2026-01-A',
    fspId: randomUUID(),
    fspName: 'F',
    product: 'A',
    month: '2026-01',
    state: 'issued',
    delta: 0,
    checkedBy: 'c',
    approvedBy: 'a',
    issuedAt: '2026-02-03T09:00:00Z',
    preparedAt: '2026-02-01T09:00:00Z',
    preparedBy: 'p',
    lineCount: 1,
    deliveredWh: 5_000,
    totalGbp: '1.69',
    version: 4,
    baselineMethod: 'recent-history',
    scheme: terms.scheme,
    figuresVersion: 1,
    lines: [lineOf(fuId)],
  }
}

test('what each service earned is read from the DNO’s statements, as a list and as a file', async () => {
  const rig = await startRig()
  const fuId = await rig.register()
  rig.dno.statements = [statementOf(fuId), { ...statementOf(fuId), month: '2025-12' }, statementOf(randomUUID())]
  const { body } = await rig.depotApi(earningsOperations.readEarnings, { query: { month: '2026-01' } })
  expect(body).toEqual({
    month: '2026-01',
    services: [
      {
        source: 'dno',
        depotId: 'yard',
        name: 'Yard depot',
        product: 'A',
        fuId,
        availabilityGbp: '0.09',
        utilisationGbp: '1.60',
        amountGbp: '1.69',
        instructedWh: 5_000,
        deliveredWh: 5_000,
        statements: [{ number: 'RF-2026-01-A', state: 'issued' }],
        isFinal: true,
      },
    ],
    totalGbp: '1.69',
    withoutStatements: null,
  })
  const file = await rig.depotApi(earningsOperations.exportEarnings, { query: { month: '2026-01' } })
  expect(file.body.split('\r\n')[1]).toBe(
    `2026-01,dno,yard,Yard depot,A,${fuId},0.09,1.60,1.69,5000,5000,RF-2026-01-A,true`,
  )
})
