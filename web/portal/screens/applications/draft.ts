import { type ProfileApplication, type ProfileVersion, profileApplication } from '../../../../schemas/profiles.ts'

/** A step as it is typed: from a local time on, kW. */
export interface DraftStep {
  from: string
  kw: string
}

/** An application as it is typed. Seasons and single days are carried along unchanged. */
export interface Draft {
  validFrom: string
  validTo: string
  /** kW; empty for the agreed supply capacity. */
  fallbackKw: string
  note: string
  weekday: DraftStep[]
  weekend: DraftStep[]
  kept: Pick<ProfileApplication['limits'], 'seasons' | 'exceptions'>
}

type Steps = ProfileApplication['limits']['weekday']

function draftSteps(steps: Steps): DraftStep[] {
  return steps.map(({ from, limitW }) => ({ from, kw: String(limitW / 1_000) }))
}

/** A draft to begin with: what an existing version says. */
export function draftOf(
  version: Pick<ProfileVersion, 'validFrom' | 'validTo' | 'fallbackLimitW' | 'note' | 'limits'>,
): Draft {
  const { weekday, weekend, ...kept } = version.limits
  return {
    validFrom: version.validFrom,
    validTo: version.validTo,
    fallbackKw: version.fallbackLimitW === null ? '' : String(version.fallbackLimitW / 1_000),
    note: version.note,
    weekday: draftSteps(weekday),
    weekend: draftSteps(weekend),
    kept,
  }
}

function watts(kw: string): number {
  return kw.trim() === '' ? Number.NaN : Number(kw) * 1_000
}

/** Why steps do not tile a day; `null` when they do. */
export function stepsFault(steps: readonly DraftStep[]): string | null {
  if (steps[0]?.from !== '00:00') return 'The first step must begin at 00:00.'
  const late = steps.find((step, i) => i > 0 && step.from <= (steps[i - 1]?.from ?? ''))
  if (late) return `The step from ${late.from} must begin later than the one before it.`
  const bad = steps.find((step) => !(watts(step.kw) >= 0))
  return bad ? `The step from ${bad.from} needs a limit of 0 kW or more.` : null
}

export interface Read {
  application: ProfileApplication | null
  /** What is wrong, by field; `weekday` and `weekend` for their steps. */
  faults: Map<string, string>
}

/** A draft as the API takes it, or what is wrong with it. */
export function readDraft(draft: Draft): Read {
  const faults = new Map<string, string>()
  for (const dayType of ['weekday', 'weekend'] as const) {
    const fault = stepsFault(draft[dayType])
    if (fault) faults.set(dayType, fault)
  }
  // The contract tells this only of what is otherwise right.
  if (draft.validFrom > draft.validTo) faults.set('validTo', 'must not be before the first day')
  const limitsOf = (steps: readonly DraftStep[]) => steps.map(({ from, kw }) => ({ from, limitW: watts(kw) }))
  const parsed = profileApplication.safeParse({
    validFrom: draft.validFrom,
    validTo: draft.validTo,
    fallbackLimitW: draft.fallbackKw.trim() === '' ? null : watts(draft.fallbackKw),
    note: draft.note,
    limits: { ...draft.kept, weekday: limitsOf(draft.weekday), weekend: limitsOf(draft.weekend) },
  })
  if (parsed.success) return { application: faults.size === 0 ? parsed.data : null, faults }
  for (const issue of parsed.error.issues) {
    const field = issue.path[0] === 'limits' ? String(issue.path[1]) : String(issue.path[0])
    if (!faults.has(field)) faults.set(field, issue.message)
  }
  return { application: null, faults }
}
