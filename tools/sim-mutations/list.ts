import type { Fault, FaultKind } from '../../cli/sim/faults.ts'
import type { SeenBreach } from '../../cli/sim/play.ts'

/** A change to the code under an invariant, and the day on which the simulation has to notice it. */
export interface Mutation {
  /** What is wrong then. */
  what: string
  /** The least that has to be noticed. */
  invariant: SeenBreach['invariant']
  /** Texts to be replaced, each of which stands in its file once. */
  edits: readonly { file: string; find: string; replace: string }[]
  /** What goes wrong on that day; it has one server. */
  faults: readonly Fault[]
}

/** A fault of an FSP at the first issue of product A, unless stated otherwise. */
function fault(kind: FaultKind, change: Partial<Fault> = {}): Fault {
  return { kind, place: 'fsp-1', step: 10, nth: 1, minutes: 1, messages: 40, isAfter: true, ...change }
}

const sending = 'server/dispatch/sending'

/** Every one of them is to be caught: `npm run sim-mutations`. */
export const mutations: readonly Mutation[] = [
  {
    what: 'every sending has a new identifier',
    invariant: 'one-effect',
    edits: [
      {
        file: `${sending}/message.ts`,
        find: 'instructionId: row.instructionId,',
        replace: 'instructionId: crypto.randomUUID(),',
      },
    ],
    faults: [fault('answer-lost')],
  },
  {
    what: 'any answer counts as an acceptance',
    invariant: 'acknowledged-is-accepted',
    edits: [
      {
        file: `${sending}/round.ts`,
        find: "outcome.kind === 'answered' && outcome.answer.outcome === 'accepted'",
        replace: "outcome.kind === 'answered'",
      },
    ],
    faults: [10, 15, 20].map((step) => fault('instruction-refused', { step })),
  },
  {
    what: 'what has expired is sent all the same',
    invariant: 'none-late',
    edits: [
      {
        file: `${sending}/round.ts`,
        find: 'if (!clock.now().isBefore(row.expiresAt)) {\n      const expired',
        replace: 'if (row.expiresAt === null) {\n      const expired',
      },
    ],
    faults: [
      fault('token-endpoint-down', { step: 9, minutes: 40 }),
      fault('token-endpoint-down', { step: 14, minutes: 40 }),
    ],
  },
  {
    what: 'three times the power is asked for',
    invariant: 'inside-windows',
    edits: [
      {
        file: `${sending}/message.ts`,
        find: 'intervals: row.intervals,',
        replace: 'intervals: row.intervals.map((each) => ({ ...each, turnDownW: 3 * each.turnDownW })),',
      },
    ],
    faults: [],
  },
  {
    what: 'the last period of an upload is not stored',
    invariant: 'readings-kept',
    edits: [
      {
        file: 'server/settlement/metering/uploads/store-periods.ts',
        find: '::timestamptz from given_period g where ',
        replace:
          '::timestamptz from given_period g where g.period_start < (select max(period_start) from given_period) and ',
      },
    ],
    faults: [],
  },
  {
    what: 'the second version of a schedule is not recorded',
    invariant: 'changes-audited',
    edits: [
      {
        file: 'server/dispatch/schedules/manual.ts',
        find: 'await recordAudit(tx, at, actor, {',
        replace: 'if (row.version !== 2) await recordAudit(tx, at, actor, {',
      },
    ],
    faults: [],
  },
  {
    what: 'an approval of limits is not recorded',
    invariant: 'changes-audited',
    edits: [
      {
        file: 'server/grid/applications/approve-profile.ts',
        find: "call.audit({\n    action: 'profile.approved'",
        replace: "void ({\n    action: 'profile.approved'",
      },
    ],
    faults: [],
  },
  {
    what: 'a statement comes to a penny more than its lines',
    invariant: 'statements-reproduce',
    edits: [
      {
        file: 'server/settlement/statements/lines/tally.ts',
        find: 'totalGbp: formatGbp(this.total),',
        replace: "totalGbp: formatGbp(this.total.plus('0.01')),",
      },
    ],
    faults: [],
  },
  {
    what: 'twice what was turned down is paid',
    invariant: 'no-watt-twice',
    edits: [
      {
        file: 'server/settlement/payments/rules.ts',
        find: '? paidUnderLimits(given) : turnedDownWh',
        replace: '? paidUnderLimits(given).times(2) : turnedDownWh.times(2)',
      },
    ],
    faults: [],
  },
  {
    what: 'the first revision of a reading counts',
    invariant: 'corrections-count',
    edits: [
      {
        file: 'server/settlement/metering/days/store.ts',
        find: 'periodStart], desc(revision))',
        replace: 'periodStart], revision)',
      },
    ],
    faults: [],
  },
  {
    what: 'the last reading of a batch is not stored',
    invariant: 'measurements-kept',
    edits: [
      {
        file: 'server/grid/telemetry/store-measurements.ts',
        find: 'await storeReadings(tx, complete)',
        replace:
          'await storeReadings(tx, complete.map((batch) => ({ ...batch, readings: batch.readings.slice(0, -1) })))',
      },
    ],
    faults: [],
  },
  {
    what: 'the gateway gives up what the server does not take at once',
    invariant: 'measurements-kept',
    edits: [
      {
        file: 'dnp3-gateway/delivery/outbox.ts',
        find: "if (outcome === 'failed') return this.#retryLater()",
        replace: "if (outcome === 'failed') return records.forEach((each) => this.#setAside(each))",
      },
    ],
    faults: [6, 11, 16].flatMap((step) =>
      [1, 1, 1, 1].map((nth) => fault('answered-503', { place: 'gateway', step, nth })),
    ),
  },
  {
    what: 'an application counts as agreed',
    invariant: 'limit-approved',
    edits: [
      {
        file: 'server/grid/connections/store.ts',
        find: "inArray(profile.state, ['approved', 'expired']), isChosen",
        replace: "inArray(profile.state, ['approved', 'expired', 'applied']), isChosen",
      },
    ],
    faults: [],
  },
  {
    what: 'neither lists nor rows are confined to their FSP',
    invariant: 'tenants-apart',
    edits: [
      {
        file: 'server/kit/actors.ts',
        find: "return actor.kind === 'fsp' ? actor.fspId : null\n}",
        replace: 'return actor ? null : null\n}',
      },
      {
        file: 'server/kit/tenant.ts',
        find: "if (actor?.kind === 'fsp' && access !== 'anyone')",
        replace: 'if (actor === undefined)',
      },
    ],
    faults: [],
  },
]
