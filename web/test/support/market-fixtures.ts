import type { Contract } from '../../../schemas/market/contracts.ts'
import type { Der, Fsp } from '../../../schemas/market/parties.ts'
import type { Tender, TenderResponse } from '../../../schemas/market/tenders.ts'
import { Money } from '../../../schemas/vocabulary/money.ts'
import { fixtureFspId, flexibleUnits, fsps } from './fixtures.ts'

const secondFspId = '9c0f6a52-1f0e-4f5e-9b7d-57b9f2a3c411'

function uuidOf(kind: number, n: number): string {
  return `00000000-0000-4000-8000-${String(kind).padStart(4, '0')}${String(n).padStart(8, '0')}`
}

const weekdays: Tender['windows'][number]['weekdays'] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday']

/** Tenders in every state that asks for a step. The evaluated one was evaluated by somebody else than the fixtures' person. */
export function tenders(): Tender[] {
  const base = {
    product: 'A' as const,
    zoneNodeId: 'lpn-city-road-bsp',
    validFrom: '2026-02-02',
    validTo: '2026-03-27',
    windows: [
      { weekdays, from: '16:00', to: '20:00', requiredW: 160_000 },
      { weekdays: ['saturday' as const, 'sunday' as const], from: '17:00', to: '19:00', requiredW: 400_000 },
    ],
    ceilingAvailabilityGbpPerMwH: '15.00',
    ceilingUtilisationGbpPerMwh: '350.00',
  }
  return [
    {
      ...base,
      tenderId: uuidOf(10, 1),
      title: 'City Road winter peak',
      state: 'evaluated',
      createdBy: 'engineer',
      publishedAt: '2026-01-05T09:00:00Z',
      gateClosesAt: '2026-01-14T17:00:00Z',
      evaluation: { evaluatedBy: 'engineer-2', shortfallW: [0, 140_000], isSingleProvider: false, isLeastCost: true },
    },
    {
      ...base,
      tenderId: uuidOf(10, 2),
      title: 'Dartford spring evenings',
      state: 'open',
      createdBy: 'engineer',
      publishedAt: '2026-01-12T09:00:00Z',
      gateClosesAt: '2026-01-20T17:00:00Z',
      evaluation: null,
    },
    {
      ...base,
      tenderId: uuidOf(10, 3),
      title: 'Whitechapel summer',
      state: 'draft',
      createdBy: 'engineer',
      publishedAt: null,
      gateClosesAt: '2026-02-20T17:00:00Z',
      evaluation: null,
    },
  ]
}

export function responses(tenderId: string): TenderResponse[] {
  if (tenderId === uuidOf(10, 3)) return []
  const evaluated = tenderId === uuidOf(10, 1)
  const offers = flexibleUnits().map((unit, i): TenderResponse['offers'][number] => {
    const [availability, utilisation] = [`${9 + i}.50`, `${290 + i * 15}`]
    const selected = evaluated && i < 4
    return {
      offerId: uuidOf(11, i),
      fuId: unit.fuId,
      fuName: unit.name,
      turnDownW: 35_000 + i * 20_000,
      availabilityGbpPerMwH: availability,
      utilisationGbpPerMwh: utilisation,
      outcome: evaluated ? (selected ? 'selected' : 'rejected') : 'pending',
      rejection: evaluated && !selected ? (i === 4 ? 'outside-zone' : 'price-not-attractive') : null,
      selectedWindows: selected ? (i < 3 ? [0, 1] : [1]) : [],
      costGbpPerHour: new Money(availability)
        .plus(utilisation)
        .times(35_000 + i * 20_000)
        .div(1_000_000)
        .toString(),
    }
  })
  const base = { tenderId, submittedAt: '2026-01-13T11:20:00Z', bid: 'offered' as const, reason: null }
  return [
    { ...base, responseId: uuidOf(12, 1), fspId: fixtureFspId, fspName: 'Depot Flex Ltd', offers: offers.slice(0, 4) },
    { ...base, responseId: uuidOf(12, 2), fspId: secondFspId, fspName: 'Battery Barn plc', offers: offers.slice(4) },
    {
      responseId: uuidOf(12, 3),
      tenderId,
      fspId: uuidOf(13, 9),
      fspName: 'Quiet Homes',
      bid: 'declined',
      reason: 'Our homes are not in this zone.',
      submittedAt: '2026-01-10T08:00:00Z',
      offers: [],
    },
  ]
}

export function contracts(): Contract[] {
  return flexibleUnits().map((unit, i) => ({
    contractId: uuidOf(14, i),
    tenderId: uuidOf(10, 1),
    fspId: unit.fspId,
    fspName: 'Depot Flex Ltd',
    fuId: unit.fuId,
    fuName: unit.name,
    product: 'A',
    turnDownW: 35_000 + i * 20_000,
    availabilityGbpPerMwH: '12.50',
    utilisationGbpPerMwh: '310.00',
    validFrom: '2026-01-01',
    validTo: '2026-03-31',
    windows: [{ weekdays, from: '16:00', to: '20:00', requiredW: 240_000 }],
    baselineMethod: 'recent-history',
    awardedAt: '2025-12-18T14:10:00Z',
    releasedDays: [],
    awardedBy: 'engineer-2',
  }))
}

export function ders(): Der[] {
  return flexibleUnits().map((unit) => ({
    derId: unit.derIds[0] ?? '',
    fspId: unit.fspId,
    name: `${unit.name} chargers`,
    kind: 'ev-charging',
    mpan: '1200000112345',
    ratedW: unit.maxTurnDownW * 2,
  }))
}

/** The accepted FSP, and one that waits for a decision. */
export function parties(): Fsp[] {
  return [
    ...fsps(),
    {
      fspId: secondFspId,
      companyName: 'Battery Barn plc',
      contactName: 'Bo Barn',
      contactEmail: 'bo@batterybarn.example',
      status: 'applied',
      reason: null,
      appliedAt: '2026-01-14T16:05:00Z',
      decidedAt: null,
      decidedBy: null,
      controlApiUrl: 'https://flex.batterybarn.example/v1',
      dispatchRoute: 'http',
      dispatchEmail: null,
    },
  ]
}
