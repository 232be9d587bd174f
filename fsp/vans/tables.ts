import { boolean, date, doublePrecision, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'
import { sealedColumn } from '../../platform/secrets/index.ts'
import type { ResponseOutcome } from '../../schemas/fsp/vans.ts'

/** Links that open a driver's page, by the digest of the token: who has the link is the driver. */
export const driverLink = pgTable(
  'driver_link',
  {
    linkId: uuid('link_id').primaryKey(),
    /** Key of the register of drivers. */
    driverId: text('driver_id').notNull(),
    tokenDigest: text('token_digest').notNull().unique(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
    lastUsedAt: instant('last_used_at'),
  },
  (t) => [index('driver_link_driver').on(t.driverId)],
)

/** Who a driver is, for payroll only: everything else knows a driver by the pseudonym. */
export const driverPerson = pgTable('driver_person', {
  driverId: text('driver_id').primaryKey(),
  /** Name, address and payroll number as JSON, sealed; `null`: erased. */
  sealedPerson: text('sealed_person'),
  changedBy: text('changed_by').notNull(),
  changedAt: instant('changed_at').notNull(),
  erasedAt: instant('erased_at'),
})

/** What is known of drivers as persons. */
export const sealedDriverPerson = sealedColumn({
  table: driverPerson,
  key: driverPerson.driverId,
  sealed: driverPerson.sealedPerson,
  purpose: 'driver.person',
})

/** What drivers asked for: a charge at once, or to be ready at another time. The latest that has not ended holds. */
export const driverWish = pgTable(
  'driver_wish',
  {
    wishId: uuid('wish_id').primaryKey(),
    driverId: text('driver_id').notNull(),
    vehicleId: text('vehicle_id').notNull(),
    kind: text({ enum: ['override', 'ready-by'] }).notNull(),
    at: instant().notNull(),
    /** Of a `ready-by`. */
    readyAt: instant('ready_at'),
    targetPercent: doublePrecision('target_percent'),
    /** The charge that it was said for; `null`: none was under way. */
    transactionId: integer('transaction_id'),
    endsAt: instant('ends_at').notNull(),
    /** When the driver took it back. */
    withdrawnAt: instant('withdrawn_at'),
  },
  (t) => [index('driver_wish_vehicle').on(t.vehicleId, t.endsAt)],
)

/** Where a van stood in a night, by area or excluded place: what telematics reported is placed and then forgotten. */
export const vehicleNight = pgTable(
  'vehicle_night',
  {
    vehicleId: text('vehicle_id').notNull(),
    /** The local day on which the night began. */
    night: date().notNull(),
    /** Key of the register of areas, or of excluded places. */
    place: text().notNull(),
    isExcluded: boolean('is_excluded').notNull(),
    readings: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.vehicleId, t.night, t.place] })],
)

/** A van's home as its nights of a month show it. */
export const homeLocation = pgTable(
  'home_location',
  {
    vehicleId: text('vehicle_id').notNull(),
    /** `2026-01`. */
    month: text().notNull(),
    /** Who drove it at the end of the month; `null`: nobody that we know. */
    driverId: text('driver_id'),
    /** The area with the most nights; `null`: too few nights to say. */
    lsoa: text(),
    /** Nights there, nights with any reading outside excluded places, and nights at excluded places. */
    nights: integer().notNull(),
    nightsSeen: integer('nights_seen').notNull(),
    nightsExcluded: integer('nights_excluded').notNull(),
    confidence: text({ enum: ['high', 'medium', 'low', 'none'] }).notNull(),
    computedAt: instant('computed_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.vehicleId, t.month] })],
)

/** How each home charge point of a unit followed a turn-down: what reliability is observed from. */
export const homeResponse = pgTable(
  'home_response',
  {
    depotId: text('depot_id').notNull(),
    identity: text().notNull(),
    windowFrom: instant('window_from').notNull(),
    windowTo: instant('window_to').notNull(),
    vehicleId: text('vehicle_id'),
    outcome: text().$type<ResponseOutcome>().notNull(),
    /** What it was asked to leave of what it would have drawn, and drew of that all the same, Wh. */
    expectedWh: doublePrecision('expected_wh').notNull(),
    drawnWh: doublePrecision('drawn_wh').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.depotId, t.identity, t.windowFrom] }),
    index('home_response_time').on(t.depotId, t.windowFrom),
  ],
)
