/** What the examples of EV demand in the OpenAPI document refer to: the demo's synthetic study. */
export const demandExample = {
  areas: '0b0e9ed1-57b2-4b6c-9a52-1d4be1a9a001',
  growth: '0b0e9ed1-57b2-4b6c-9a52-1d4be1a9a002',
  offStreet: '0b0e9ed1-57b2-4b6c-9a52-1d4be1a9a003',
  vehicles: '0b0e9ed1-57b2-4b6c-9a52-1d4be1a9a004',
  trips: '0b0e9ed1-57b2-4b6c-9a52-1d4be1a9a005',
  tripRun: '0b0e9ed1-57b2-4b6c-9a52-1d4be1a9a006',
  chargePoints: '0b0e9ed1-57b2-4b6c-9a52-1d4be1a9a008',
  networkRun: '0b0e9ed1-57b2-4b6c-9a52-1d4be1a9a007',
  feedingAreas: '0b0e9ed1-57b2-4b6c-9a52-1d4be1a9a009',
  feedingRun: '0b0e9ed1-57b2-4b6c-9a52-1d4be1a9a00a',
} as const
