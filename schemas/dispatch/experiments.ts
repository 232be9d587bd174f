import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { identifier, shortText } from '../vocabulary/bounds.ts'
import { example } from '../vocabulary/examples.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, instantOrNull, product, tradingDay, uuid } from '../vocabulary/units.ts'
import { limitCause, limitState } from './import-limits.ts'
import { instructionState } from './instructions.ts'
import { scenario } from './rehearsals.ts'

/**
 * Being prepared; being run; halted, by its rule or by a person; run, and being analysed; concluded. An experiment of the trial passed through
 * the same phases.
 */
export const experimentState = z.enum(['preparation', 'operation', 'halted', 'analysis', 'concluded'])
export type ExperimentState = z.infer<typeof experimentState>

/** What moves an experiment from one phase to another. */
export const experimentEvent = z.enum(['start', 'halt', 'resume', 'end', 'conclude'])
export type ExperimentEvent = z.infer<typeof experimentEvent>

/** How something is switched for an experiment, such as the fail-safe limits of a depot. */
const experimentSwitch = z.object({
  name: z.string().trim().min(1).max(100),
  setting: z.string().trim().min(1).max(200),
})

/** Data without which an experiment proves nothing. */
const requiredData = z.object({
  /** Feeds of the registry that have to deliver on time. */
  feedIds: z.array(identifier).max(50),
  /** The share of each day's half-hours that has to be measured at each depot, %; `null`: none has to be. */
  measuredPercent: z.number().min(1).max(100).nullable(),
})

/** When an experiment is halted by itself. With nothing stated it never is, and a person may still halt it. */
const haltRule = z.object({
  /** Halted when more breaches than this have begun at its depots; `null`: however many. */
  mostBreaches: z.number().int().min(0).max(10_000).nullable(),
  /** Halted when more instructions than this have been refused or have run out unanswered; `null`: however many. */
  mostFailedInstructions: z.number().int().min(0).max(10_000).nullable(),
  /** Halted when required data are missing. */
  onMissingData: z.boolean(),
})

/** The longest experiment, days: every day of it is looked at when it is read. */
const mostDays = 366

export const experimentForm = z
  .object({
    name: z.string().trim().min(1).max(100),
    /** What is to be found out, and by what it counts as a success. */
    purpose: shortText.trim().min(1),
    firstDay: tradingDay,
    /** Included. */
    lastDay: tradingDay,
    /** Connections of the depots that take part. Every FU there does too. */
    connectionIds: z.array(uuid).max(200),
    /** FUs that take part besides, such as homes. */
    fuIds: z.array(uuid).max(500),
    switches: z.array(experimentSwitch).max(50),
    requiredData,
    haltRule,
  })
  .refine(({ firstDay, lastDay }) => firstDay <= lastDay, {
    path: ['lastDay'],
    message: 'must not be before firstDay',
  })
  .refine(({ firstDay, lastDay }) => (Date.parse(lastDay) - Date.parse(firstDay)) / 86_400_000 < mostDays, {
    path: ['lastDay'],
    message: `must be within ${mostDays} days of firstDay`,
  })
  .refine(({ connectionIds, fuIds }) => connectionIds.length + fuIds.length > 0, {
    path: ['connectionIds'],
    message: 'must name a depot, unless fuIds names an FU',
  })
  .meta({
    id: 'ExperimentForm',
    example: {
      name: 'Evening turn-down of five depots',
      purpose: 'Whether five depots hold 200 kW less from 17:00 to 19:00. Success: on 9 of 10 evenings.',
      firstDay: '2026-01-19',
      lastDay: '2026-01-30',
      connectionIds: [example.connectionId],
      fuIds: [],
      switches: [{ name: 'Fail-safe limits', setting: 'on' }],
      requiredData: { feedIds: [], measuredPercent: 95 },
      haltRule: { mostBreaches: 3, mostFailedInstructions: 5, onMissingData: true },
    },
  })
export type ExperimentForm = z.infer<typeof experimentForm>

/** A move from one phase to another, and who made it; `system` is the watch over halt rules and last days. */
const experimentMove = z.object({ at: instant, event: experimentEvent, by: z.string(), reason: z.string() })
export type ExperimentMove = z.infer<typeof experimentMove>

export const experiment = z
  .object({
    experimentId: uuid,
    ...experimentForm.shape,
    state: experimentState,
    moves: z.array(experimentMove),
    startedAt: instantOrNull,
    endedAt: instantOrNull,
    /** What was found; `null` until it is concluded. */
    result: z.string().nullable(),
    changedAt: instant,
    changedBy: z.string(),
    etag: z.string(),
  })
  .meta({ id: 'Experiment' })
export type Experiment = z.infer<typeof experiment>

/** Required data that are not there. */
const missingData = z.object({
  kind: z.enum(['feed', 'connection']),
  id: z.string(),
  name: z.string(),
  message: z.string(),
})
export type MissingData = z.infer<typeof missingData>

/** An experiment with what ran in its days: of each kind the latest 500, the latest first. */
export const experimentReport = z
  .object({
    ...experiment.shape,
    /** Its depots by name. */
    depots: z.array(z.object({ connectionId: uuid, name: z.string() })),
    /** What its halt rule counts, until now. */
    figures: z.object({ breaches: z.number().int(), failedInstructions: z.number().int() }),
    /** What is missing now of the required data. */
    missing: z.array(missingData),
    /** By depot how many of the half-hours of its days that are over were measured. */
    measured: z.array(
      z.object({ connectionId: uuid, name: z.string(), halfHours: z.number().int(), measured: z.number().int() }),
    ),
    instructions: z.array(
      z.object({
        instructionId: uuid,
        fuId: uuid,
        fuName: z.string(),
        product,
        from: instant,
        to: instant,
        turnDownW: z.number(),
        state: instructionState,
      }),
    ),
    limits: z.array(
      z.object({
        limitId: uuid,
        connectionId: uuid,
        connectionName: z.string(),
        cause: limitCause,
        issuedAt: instant,
        validUntil: instant,
        state: limitState,
      }),
    ),
    rehearsals: z.array(
      z.object({
        rehearsalId: uuid,
        pseudoNetworkId: uuid,
        pseudoNetwork: z.string(),
        tradingDay,
        scenario,
        startedAt: instant,
        startedBy: z.string(),
        adoptedAt: instantOrNull,
      }),
    ),
    /** What people changed at its depots and FUs meanwhile, from the audit trail. */
    changes: z.array(
      z.object({ at: instant, by: z.string(), action: z.string(), subjectType: z.string(), subject: z.string() }),
    ),
  })
  .meta({ id: 'ExperimentReport' })
export type ExperimentReport = z.infer<typeof experimentReport>

const reason = shortText.trim().min(1)

/** A move of an experiment. Halting and resuming need a reason, concluding a result. */
export const newExperimentMove = z
  .discriminatedUnion('event', [
    z.object({ event: z.literal('start') }),
    z.object({ event: z.literal('halt'), reason }),
    z.object({ event: z.literal('resume'), reason }),
    z.object({ event: z.literal('end'), reason }),
    z.object({ event: z.literal('conclude'), result: z.string().trim().min(1).max(10_000) }),
  ])
  .meta({ id: 'NewExperimentMove', example: { event: 'halt', reason: 'A charge point at Islington has failed.' } })
export type NewExperimentMove = z.infer<typeof newExperimentMove>

const params = z.object({ experimentId: uuid.meta({ example: '5e0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10' }) })
const writers = people('flexibility-engineer', 'planner')
const tags = ['Experiments']

/** Experiments: what is to be found out where and when, what ran meanwhile, and what came of it. */
export const experimentOperations = {
  listExperiments: operation({
    method: 'get',
    path: '/experiments',
    access: people(),
    tags,
    summary: 'Experiments, the latest first',
    query: pageQuery(100),
    answer: pageOf(experiment),
    problems: ['malformed'],
  }),
  readExperiment: operation({
    method: 'get',
    path: '/experiments/{experimentId}',
    access: people(),
    tags,
    summary: 'An experiment with what ran in its days, and with what is missing of its required data',
    params,
    answer: experimentReport,
    problems: ['not-found'],
    versionedBy: 'etag',
  }),
  saveExperiment: operation({
    method: 'put',
    path: '/experiments/{experimentId}',
    access: writers,
    tags,
    summary: 'Prepare an experiment under an identifier of your own making, or change it',
    description:
      'Once it has started, its first day, depots, FUs and switches stay: they say what was tried. After its end nothing changes but by its conclusion.',
    params,
    body: experimentForm,
    answer: experiment,
    problems: ['not-found', 'conflict'],
    versionedBy: 'etag',
    mayCreate: true,
  }),
  moveExperiment: operation({
    method: 'post',
    path: '/experiments/{experimentId}/moves',
    access: writers,
    tags,
    summary: 'Start, halt, resume, end or conclude an experiment',
    description:
      'It starts and resumes within its days, and not while required data are missing. It is halted by itself when its rule is met, and ends by itself after its last day. A move changes no schedule, limit or switch.',
    params,
    body: newExperimentMove,
    answer: experiment,
    problems: ['not-found', 'conflict'],
    versionedBy: 'etag',
  }),
}
