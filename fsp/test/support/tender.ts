import { randomUUID } from 'node:crypto'
import type { Tender } from '../../../schemas/market/tenders.ts'

/** An open tender for product A, but for what the test changes. */
export function tender(change: Partial<Tender> = {}): Tender {
  return {
    tenderId: randomUUID(),
    state: 'open',
    createdBy: 'p',
    publishedAt: '2026-01-15T11:00:00Z',
    title: 'Peak',
    product: 'A',
    direction: 'turn-down',
    zoneNodeId: 'lv',
    validFrom: '2026-02-01',
    validTo: '2026-02-28',
    windows: [{ weekdays: ['thursday'], from: '17:00', to: '19:00', requiredW: 1_000_000 }],
    ceilingAvailabilityGbpPerMwH: '25.00',
    ceilingUtilisationGbpPerMwh: '400.00',
    expectedUtilisationShare: 0.3,
    gateClosesAt: '2026-01-15T18:00:00Z',
    evaluation: null,
    demand: null,
    version: 2,
    ...change,
  }
}
