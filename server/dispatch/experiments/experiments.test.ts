import { randomUUID } from 'node:crypto'
import { Instant, LocalDate } from '@js-joda/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { makePartitions } from '../../../platform/db/index.ts'
import type { Experiment, ExperimentForm, ExperimentReport } from '../../../schemas/dispatch/experiments.ts'
import { operations } from '../../../schemas/operations.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { auditEntry, recordAudit } from '../../kit/index.ts'
import { connectionLimit } from '../import-limits/tables.ts'
import { instruction } from '../instructions/tables.ts'
import { watchExperiments } from './index.ts'

const at = (time: string, day = rigDay) => Instant.parse(`${day}T${time}:00Z`)

let rig: DispatchRig
let connectionId: string
beforeEach(async () => {
  rig = await startDispatchRig(at('16:00'))
  const [site] = await rig.db.$client`select connection_id as id from connection`
  connectionId = site?.['id']
})

const formOf = (change: Partial<ExperimentForm> = {}): ExperimentForm => ({
  name: 'Evening turn-down',
  purpose: 'Whether the depot holds 40 kW less.',
  firstDay: rigDay,
  lastDay: '2026-01-20',
  connectionIds: [connectionId],
  fuIds: [],
  switches: [{ name: 'Fail-safe limits', setting: 'on' }],
  requiredData: { feedIds: [], measuredPercent: null },
  haltRule: { mostBreaches: null, mostFailedInstructions: null, onMissingData: false },
  ...change,
})
const save = (body: ExperimentForm, experimentId: string = randomUUID(), version: string | null = null) =>
  rig.engineer.ask(operations.saveExperiment, { params: { experimentId }, body, version })
const read = async (experimentId: string): Promise<ExperimentReport> =>
  (await rig.engineer.ask(operations.readExperiment, { params: { experimentId } })).body
const move = async (experimentId: string, body: object) =>
  rig.engineer.ask(operations.moveExperiment, {
    params: { experimentId },
    body: body as never,
    version: (await read(experimentId)).etag,
  })
const watch = (when = rig.clock.now()) => watchExperiments(rig.server.context, when)

/** An experiment that runs. */
async function started(change: Partial<ExperimentForm> = {}): Promise<Experiment> {
  const { experimentId } = (await save(formOf(change))).body
  const { status, body } = await move(experimentId, { event: 'start' })
  expect([status, body.state]).toEqual([200, 'operation'])
  return body
}

/** A breach that begins at the depot. */
const breachAt = (when: Instant) => rig.db.$client`
  insert into breach (breach_id, connection_id, direction, start_at, end_at, limit_w, limit_source, peak_excess_w,
    excess_wh, excess_w, counted_to)
  values (${randomUUID()}, ${connectionId}, 'import', ${when.toString()}, ${when.plusSeconds(30).toString()}, 1000, 'asc',
    10, 10, 0, ${when.plusSeconds(30).toString()})`

/** Half-hours of a day that were measured at the depot. */
async function measure(day: string, halfHours: number) {
  await makePartitions(rig.db, { table: 'connection_half_hour', grain: 'month' }, [LocalDate.parse('2026-01-01')])
  await rig.db.$client`
    insert into connection_half_hour (connection_id, at, mean_w, max_w, energy_wh, completeness, quality, rolled_at)
    select ${connectionId}, t, 1000, 1000, 500, 1, 'good', t from generate_series(${`${day}T00:00:00Z`}::timestamptz,
      ${`${day}T00:00:00Z`}::timestamptz + make_interval(mins => 30 * (${halfHours}::int - 1)), interval '30 minutes') t`
}

describe('P15 an experiment', () => {
  test('is prepared, started, ended and concluded, each with who did it and on the audit trail', async () => {
    const { experimentId } = await started()
    await move(experimentId, { event: 'end', reason: 'Enough evenings.' })
    const { body } = await move(experimentId, { event: 'conclude', result: 'On 9 of 10 evenings.' })
    expect(body).toMatchObject({ state: 'concluded', result: 'On 9 of 10 evenings.', etag: '4' })
    expect(body.moves).toMatchObject([
      { event: 'start', by: 'erin', reason: '' },
      { event: 'end', by: 'erin', reason: 'Enough evenings.' },
      { event: 'conclude', by: 'erin' },
    ])
    const entries = (await rig.db.select().from(auditEntry)).filter(({ subjectId }) => subjectId === experimentId)
    expect(entries.map(({ action }) => action)).toEqual([
      'experiment.prepared',
      'experiment.start',
      'experiment.end',
      'experiment.conclude',
    ])
    const list = await rig.engineer.ask(operations.listExperiments)
    expect(list.body.items).toMatchObject([{ experimentId, state: 'concluded' }])
  })

  test('of two editors the second is told, and moves only from the version that was seen', async () => {
    const { experimentId } = (await save(formOf())).body
    expect((await save(formOf({ purpose: 'Mine' }), experimentId, '1')).body.etag).toBe('2')
    const late = await save(formOf({ purpose: 'Theirs' }), experimentId, '1')
    expect([late.status, late.headers.get('etag')]).toEqual([412, '"2"'])
    const params = { experimentId }
    const stale = await rig.engineer.ask(operations.moveExperiment, { params, body: { event: 'start' }, version: '1' })
    expect(stale.status).toBe(412)
    expect(await read(experimentId)).toMatchObject({ purpose: 'Mine', state: 'preparation' })
    expect((await save(formOf(), randomUUID())).body.detail).toContain(
      'There is an experiment Evening turn-down already',
    )
  })

  test('keeps what was tried once it has started, and refuses moves that its phase does not have', async () => {
    const { experimentId, etag } = await started()
    const other = await save(formOf({ switches: [] }), experimentId, etag)
    expect([other.status, other.body.detail]).toEqual([409, 'It has started, so switches stay as they are.'])
    expect((await save(formOf({ lastDay: '2026-01-25' }), experimentId, etag)).body.lastDay).toBe('2026-01-25')
    expect((await move(experimentId, { event: 'conclude', result: 'x' })).body.detail).toContain('has no conclude')
  })

  test('starts on its days alone, and at depots, FUs and feeds that are there', async () => {
    const { experimentId } = (await save(formOf({ firstDay: '2026-01-16' }))).body
    expect((await move(experimentId, { event: 'start' })).body.detail).toContain('Its first day is 2026-01-16')
    const wrong = [
      formOf({ connectionIds: [randomUUID()] }),
      formOf({ fuIds: [randomUUID()] }),
      formOf({ requiredData: { feedIds: ['weather'], measuredPercent: null } }),
    ]
    for (const body of wrong) expect((await save({ ...body, name: randomUUID() })).status).toBe(422)
  })

  test('is read by everybody at the DNO, and changed by flexibility engineers and planners alone', async () => {
    const { experimentId } = (await save(formOf())).body
    const operator = await rig.server.person('olivia', 'operator')
    const planner = await rig.server.person('priya', 'planner')
    const params = { experimentId }
    expect((await operator.ask(operations.readExperiment, { params })).status).toBe(200)
    expect((await operator.ask(operations.saveExperiment, { params, body: formOf(), version: '1' })).status).toBe(403)
    expect((await rig.fsp.client.ask(operations.readExperiment, { params })).status).toBe(403)
    expect((await planner.ask(operations.saveExperiment, { params, body: formOf(), version: '1' })).status).toBe(200)
  })
})

describe('what ran', () => {
  test('in its days at its depots is listed with it: dispatches, limits, rehearsals, and what people changed', async () => {
    const fuId = await rig.contractedUnit('Evening FU', 30_000)
    const { experimentId } = await started()
    rig.startJobs()
    const policy = { onBreach: true, onLinkLost: false, failSafeW: 50_000, validMinutes: 30 }
    const given = { params: { id: connectionId }, body: policy, version: 0 }
    expect((await rig.engineer.ask(operations.saveFailSafePolicy, given)).status).toBeLessThan(300)
    const network = await rig.engineer.ask(operations.makePseudoNetwork, {
      body: { name: 'All', nodes: [{ nodeId: 'a', name: 'All', parentId: null }], members: [{ fuId, nodeId: 'a' }] },
    })
    await rig.engineer.ask(operations.rehearse, {
      params: { id: network.body.pseudoNetworkId },
      body: { tradingDay: rigDay, scenario: 'evening', needW: 10_000 },
    })
    await rig.clock.advanceTo(at('16:30'))
    const limitId = randomUUID()
    await rig.db.insert(connectionLimit).values({
      limitId,
      connectionId,
      fspId: rig.fsp.fspId,
      state: 'lapsed',
      cause: 'standing',
      policyRevision: 1,
      intervals: [],
      failSafeW: 50_000,
      issuedAt: at('16:25'),
      validUntil: at('16:55'),
    })
    const bySystem = { action: 'fail-safe.renewed', subject: { type: 'connection', id: connectionId } }
    await recordAudit(rig.db, at('16:26'), { kind: 'system', name: 'limits' }, bySystem)
    const report = await read(experimentId)
    expect(report.instructions).toMatchObject([{ fuId, fuName: 'Evening FU', turnDownW: 30_000, product: 'A' }])
    expect(report.limits).toMatchObject([{ limitId, connectionId, cause: 'standing' }])
    expect(report.rehearsals).toMatchObject([{ pseudoNetwork: 'All', scenario: 'evening', startedBy: 'erin' }])
    expect(report.changes).toContainEqual(expect.objectContaining({ action: 'fail-safe-policy.saved', by: 'erin' }))
    expect(report.changes.filter(({ action }) => action === bySystem.action)).toEqual([])

    const later = (await save(formOf({ name: 'Later', firstDay: '2026-01-16' }))).body
    expect(await read(later.experimentId)).toMatchObject({ instructions: [], limits: [], rehearsals: [], changes: [] })
  })
})

describe('a halt rule', () => {
  test('that is met by breaches halts the experiment with an alarm, and resuming counts anew', async () => {
    const rule = { mostBreaches: 1, mostFailedInstructions: null, onMissingData: false }
    await breachAt(at('15:00'))
    const { experimentId } = await started({ haltRule: rule })
    await breachAt(at('16:10'))
    await watch(at('16:11'))
    expect(await read(experimentId)).toMatchObject({ state: 'operation', figures: { breaches: 1 } })
    await breachAt(at('16:12'))
    await watch(at('16:13'))
    const halted = await read(experimentId)
    expect(halted).toMatchObject({
      state: 'halted',
      moves: [
        { event: 'start' },
        { event: 'halt', by: 'system', reason: 'breaches that began at its depots: 2, allowed: 1' },
      ],
    })
    expect(await rig.openAlarms()).toMatchObject([
      {
        kind: 'experiment-halted',
        sourceId: experimentId,
        message: 'The experiment Evening turn-down is halted: breaches that began at its depots: 2, allowed: 1.',
      },
    ])
    await watch(at('16:14'))
    expect((await read(experimentId)).moves).toHaveLength(2)

    await rig.clock.advanceTo(at('16:20'))
    await move(experimentId, { event: 'resume', reason: 'The depot is mended.' })
    expect(await rig.openAlarms()).toEqual([])
    await watch(at('16:21'))
    expect(await read(experimentId)).toMatchObject({ state: 'operation', figures: { breaches: 0 } })
  })

  test('that is met by refused instructions halts the experiment by the server’s own jobs', async () => {
    await rig.contractedUnit('Evening FU', 30_000)
    const rule = { mostBreaches: null, mostFailedInstructions: 0, onMissingData: false }
    const { experimentId } = await started({ haltRule: rule })
    rig.control.behaviour = 'refuse-outside-window'
    rig.startJobs()
    await rig.clock.advanceTo(at('16:32'))
    const { state, moves, figures } = await read(experimentId)
    expect([state, figures.failedInstructions]).toEqual(['halted', 1])
    expect(moves[1]?.reason).toBe('instructions refused or expired unanswered: 1, allowed: 0')
  })

  test('counts an instruction that expired unanswered like one that was refused, and none that was taken', async () => {
    await rig.contractedUnit('Evening FU', 30_000)
    const { experimentId } = await started()
    rig.startJobs()
    await rig.clock.advanceTo(at('16:32'))
    expect((await read(experimentId)).figures.failedInstructions).toBe(0)
    await rig.db.update(instruction).set({ state: 'expired' })
    expect((await read(experimentId)).figures.failedInstructions).toBe(1)
  })

  test('that is met by missing data halts the experiment; without it the missing data are only told', async () => {
    const feed = {
      name: 'Weather',
      owner: 'Met Office',
      cadenceS: 600,
      format: 'JSON',
      amberS: 900,
      redS: 1_800,
      fields: { t: 'number' },
    }
    const administrator = await rig.server.person('ada', 'administrator')
    const params = { id: 'weather' }
    await administrator.ask(operations.registerFeed, { params, body: feed, version: null })
    const requiredData = { feedIds: ['weather'], measuredPercent: null }
    const { experimentId } = (await save(formOf({ requiredData }))).body
    const refused = await move(experimentId, { event: 'start' })
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      'Required data are missing: Weather has delivered nothing yet. Mend that, or require less.',
    ])
    await administrator.ask(operations.deliverToFeed, { params, body: { records: [{ t: 1 }] } })
    const { etag } = (await move(experimentId, { event: 'start' })).body
    await watch(at('16:20'))
    expect((await read(experimentId)).state).toBe('operation')
    const haltRule = { mostBreaches: null, mostFailedInstructions: null, onMissingData: true }
    await save(formOf({ requiredData, haltRule }), experimentId, etag)
    await watch(at('16:20'))
    const { state, moves } = await read(experimentId)
    expect([state, moves[1]?.reason]).toEqual(['halted', expect.stringContaining('Weather delivered last at')])
  })
})

describe('required data', () => {
  test('of depots are half-hours of the latest day that is over; by depot the days of the experiment are counted', async () => {
    await measure('2026-01-14', 48)
    const requiredData = { feedIds: [], measuredPercent: 95 }
    const haltRule = { mostBreaches: null, mostFailedInstructions: null, onMissingData: true }
    const { experimentId } = await started({ requiredData, haltRule })
    expect(await read(experimentId)).toMatchObject({ missing: [], measured: [] })
    await measure(rigDay, 40)
    // An hour after its end the day may still be on its way.
    await watch(at('01:00', '2026-01-16'))
    expect((await read(experimentId)).state).toBe('operation')
    await rig.clock.advanceTo(at('02:00', '2026-01-16'))
    await watch()
    const report = await read(experimentId)
    expect(report).toMatchObject({
      state: 'halted',
      missing: [{ kind: 'connection', id: connectionId }],
      measured: [{ connectionId, halfHours: 48, measured: 40 }],
    })
    expect(report.missing[0]?.message).toContain(
      'was measured in 40 of 48 half-hours of 2026-01-15, and 95 % have to be',
    )
  })

  test('an experiment ends by itself after its last day, halted or not, and its alarm is over', async () => {
    const rule = { mostBreaches: 0, mostFailedInstructions: null, onMissingData: false }
    const { experimentId } = await started({ lastDay: rigDay, haltRule: rule })
    await breachAt(at('16:10'))
    await watch(at('16:11'))
    await watch(at('23:59'))
    expect((await read(experimentId)).state).toBe('halted')
    await watch(at('00:00', '2026-01-16'))
    expect(await read(experimentId)).toMatchObject({ state: 'analysis', endedAt: '2026-01-16T00:00:00Z' })
    expect(await rig.openAlarms()).toEqual([])
  })
})
