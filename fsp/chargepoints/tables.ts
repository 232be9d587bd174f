import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'
import type { SameTokenAgain } from '../../schemas/fsp/brands.ts'

/** Charge points as they introduced themselves. */
export const chargePoint = pgTable('charge_point', {
  identity: text().primaryKey(),
  vendor: text().notNull(),
  model: text().notNull(),
  firmware: text(),
  bootedAt: instant('booted_at').notNull(),
})

/** Every change of a connector's status, as it was reported. */
export const statusChange = pgTable(
  'status_change',
  {
    identity: text().notNull(),
    connector: integer().notNull(),
    at: instant().notNull(),
    receivedAt: instant('received_at').notNull(),
    status: text().notNull(),
    errorCode: text('error_code').notNull(),
    /** What else the unit says of the error: its info and its maker's code. */
    info: text(),
  },
  (t) => [index('status_change_connector').on(t.identity, t.connector, t.at)],
)

/** Every token presented, known or not. */
export const tokenShown = pgTable(
  'token_shown',
  {
    identity: text().notNull(),
    idTag: text('id_tag').notNull(),
    at: instant().notNull(),
    known: text({ enum: ['known', 'unknown'] }).notNull(),
    /** Whether it was let charge. */
    isAccepted: boolean('is_accepted').notNull().default(true),
  },
  (t) => [index('token_shown_identity').on(t.identity, t.at)],
)

/** How a charge point's messages depart from the standard, once per unit: message, field (`[]`: any place in an array) and rule. */
export const conformanceFault = pgTable(
  'conformance_fault',
  {
    identity: text().notNull(),
    message: text().notNull(),
    field: text().notNull(),
    rule: text().notNull(),
    firstAt: instant('first_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.identity, t.message, t.field, t.rule] })],
)

/** Charging transactions. One without `stopAt` is open. The stamp of a start is no key: a clock that was never set repeats it. */
export const chargingTransaction = pgTable(
  'charging_transaction',
  {
    transactionId: integer('transaction_id').primaryKey().generatedAlwaysAsIdentity(),
    identity: text().notNull(),
    connector: integer().notNull(),
    /** The unit's own name for it (OCPP 2.0.1), by which its messages are told apart; `null`: none. */
    unitTransactionId: text('unit_transaction_id'),
    /** Empty where nobody showed one. */
    idTag: text('id_tag').notNull(),
    /** When the token was shown; `null`: that did not reach us. */
    authorisedAt: instant('authorised_at'),
    startAt: instant('start_at').notNull(),
    startWh: doublePrecision('start_wh').notNull(),
    /** Whether the unit has stated the register at the start, or a reading since stands for it. */
    isStartKnown: boolean('is_start_known').notNull().default(true),
    stopAt: instant('stop_at'),
    stopWh: doublePrecision('stop_wh'),
    /** `Seen`: no stop arrived, and the connector showed that the transaction is over; `Lost`: the next one began. */
    stopReason: text('stop_reason'),
  },
  (t) => [
    index('charging_transaction_connector').on(t.identity, t.connector, t.startAt),
    unique('charging_transaction_of_unit').on(t.identity, t.unitTransactionId),
  ],
)

/**
 * What vehicles said of themselves through a charge point: who they are (an eMAID or a hardware address, ISO 15118), and what they need.
 * Rows are only added.
 */
export const vehicleStatement = pgTable(
  'vehicle_statement',
  {
    statementId: bigint('statement_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    identity: text().notNull(),
    /** `null`: before the vehicle was at a socket, as far as the unit says. */
    connector: integer(),
    at: instant().notNull(),
    kind: text({ enum: ['identity', 'needs'] }).notNull(),
    /** As it stated it; `null`: not stated. */
    vehicleIdentity: text('vehicle_identity'),
    /** The vehicle that the register has under that identity at the time; `null`: none. */
    registration: text(),
    energyWh: doublePrecision('energy_wh'),
    leastA: doublePrecision('least_a'),
    mostA: doublePrecision('most_a'),
    stateOfChargePercent: doublePrecision('state_of_charge_percent'),
    departureAt: instant('departure_at'),
  },
  (t) => [index('vehicle_statement_unit').on(t.identity, t.statementId)],
)

/** Readings of connectors' energy registers, Wh. Registers never fall, so a lost reading loses detail but no energy. */
export const registerReading = pgTable(
  'register_reading',
  {
    identity: text().notNull(),
    connector: integer().notNull(),
    at: instant().notNull(),
    receivedAt: instant('received_at').notNull(),
    energyWh: doublePrecision('energy_wh').notNull(),
    powerW: doublePrecision('power_w'),
  },
  (t) => [
    primaryKey({ columns: [t.identity, t.connector, t.at] }),
    index('register_reading_time').on(t.at),
    index('register_reading_received').on(t.receivedAt),
  ],
)

/** SET03: every attempt at a set point with its result, in A; connector 0 is the standing safe limit of the whole unit. */
export const setpoint = pgTable(
  'setpoint',
  {
    setpointId: bigint('setpoint_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    identity: text().notNull(),
    connector: integer().notNull(),
    limitA: integer('limit_a').notNull(),
    decidedAt: instant('decided_at').notNull(),
    /** When it expires: it is retried until then, and the unit holds it until then. `null`: no end. */
    validTo: instant('valid_to'),
    at: instant().notNull(),
    attempt: integer().notNull(),
    /**
     * Those that begin with `test` were not to be carried out, because of the depot's mode: `test` was computed only, since there is no site
     * controller or back office that checks it; the others were sent to one, and answered so.
     */
    result: text({
      enum: [
        'accepted',
        'rejected',
        'not-supported',
        'no-answer',
        'not-connected',
        'expired',
        'test',
        'test-accepted',
        'test-rejected',
        'test-not-supported',
        'test-no-answer',
      ],
    }).notNull(),
  },
  (t) => [index('setpoint_connector').on(t.identity, t.connector, t.at)],
)
export type SetpointResult = typeof setpoint.$inferSelect.result

/**
 * What charge points prove themselves with. Two passwords are valid while one replaces the other; a blocked charge point has none, and
 * is shut out with a certificate too.
 */
export const chargePointCredential = pgTable('charge_point_credential', {
  identity: text().primaryKey(),
  keyDigest: text('key_digest'),
  nextKeyDigest: text('next_key_digest'),
  isBlocked: boolean('is_blocked').notNull(),
  changedAt: instant('changed_at').notNull(),
})

/** What charge points report about their security, and attempts on the central system and the depot API. Rows are only added, and purged when they are old. */
export const securityEvent = pgTable(
  'security_event',
  {
    eventId: bigint('event_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant().notNull(),
    receivedAt: instant('received_at').notNull(),
    source: text({ enum: ['charge-point', 'central-system', 'depot-api'] }).notNull(),
    /** The charge point that reported it, or that somebody claimed to be; `null` if that was no identity at all. */
    identity: text(),
    address: text(),
    event: text().notNull(),
    detail: text(),
  },
  (t) => [index('security_event_received').on(t.receivedAt)],
)

/** What charge points report of their upkeep: each step of an update of firmware and of an upload of diagnostics. Rows are only added. */
export const upkeepReport = pgTable(
  'upkeep_report',
  {
    reportId: bigint('report_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    identity: text().notNull(),
    at: instant().notNull(),
    kind: text({ enum: ['firmware', 'diagnostics'] }).notNull(),
    status: text().notNull(),
  },
  (t) => [index('upkeep_report_unit').on(t.identity, t.kind, t.reportId)],
)

/** Every command of an operator with what the charge point answered; `status` is its own word. */
export const unitCommand = pgTable(
  'unit_command',
  {
    commandId: bigint('command_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    identity: text().notNull(),
    sentAt: instant('sent_at').notNull(),
    kind: text().notNull(),
    /** `null`: before this was kept. */
    askedBy: text('asked_by'),
    outcome: text({ enum: ['answered', 'not-supported', 'no-answer'] }).notNull(),
    status: text(),
  },
  (t) => [index('unit_command_unit').on(t.identity, t.sentAt)],
)

/** What came of the last check of each charge point's metering interval (domain section 6.3). */
export const meterIntervalCheck = pgTable('meter_interval_check', {
  identity: text().primaryKey(),
  wantedS: integer('wanted_s').notNull(),
  result: text({ enum: ['as-wanted', 'set', 'reboot-required', 'refused', 'not-kept', 'no-answer'] }).notNull(),
  checkedAt: instant('checked_at').notNull(),
})

/** Brands of charge points whose rule for a token that charges already is not the default. */
export const brandRule = pgTable('brand_rule', {
  brand: text().primaryKey(),
  sameTokenAgain: text('same_token_again').$type<SameTokenAgain>().notNull(),
  changedBy: text('changed_by').notNull(),
  changedAt: instant('changed_at').notNull(),
})
