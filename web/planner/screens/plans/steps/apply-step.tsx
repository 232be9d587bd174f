import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { type FormEvent, useMemo, useState } from 'react'
import type { OwnSite } from '../../../../../schemas/market/customers.ts'
import { operations } from '../../../../../schemas/operations.ts'
import type { PlanRun, PlanRunSummary } from '../../../../../schemas/planning/sites/runs.ts'
import { api } from '../../../../shared/api/client.ts'
import { useToday } from '../../../../shared/clock.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { Nothing, Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { useUnsavedGuard } from '../../../../shared/components/unsaved-guard.ts'
import { addDays, dayAndTime } from '../../../../shared/format/time.ts'
import { isSameData } from '../../../../shared/same-data.ts'
import { runQuery, runsQuery } from '../../../plan-queries.ts'
import { sitesQuery } from '../../../queries.ts'
import { assetOf } from '../assets.ts'
import { Impossible } from '../impossible.tsx'
import { PlanPage, type StepProps } from '../plan-page.tsx'
import { WeekView } from '../week-view.tsx'
import { capacityInWords, newestOf, scenarioWords } from '../words.ts'

/** The last step: a result becomes an application for a profiled connection. */
export function ApplyStep() {
  return (
    <PlanPage
      step="Apply"
      about="Ask the network operator for limits that change over the day, taken from a result. The operator checks whether the network can carry them, and decides."
    >
      {(given) => <Content {...given} />}
    </PlanPage>
  )
}

function Content({ plan, assets }: StepProps) {
  const [runs, sites] = [useQuery(runsQuery), useQuery(sitesQuery)]
  const siteName = assetOf(assets, 'site', plan.content.siteId)?.name ?? ''
  return (
    <Loaded query={runs}>
      {(all) => (
        <Loaded query={sites}>{(own) => <Ready plan={plan} runs={all} sites={own} siteName={siteName} />}</Loaded>
      )}
    </Loaded>
  )
}

interface ReadyProps {
  plan: StepProps['plan']
  runs: readonly PlanRunSummary[]
  sites: readonly OwnSite[]
  /** Of the planned site. */
  siteName: string
}

function Ready({ plan, runs, sites, siteName }: ReadyProps) {
  const finished = newestOf(runs, plan.assetId).filter(({ scenario }) => scenario !== 'base')
  if (sites.length === 0)
    return <Nothing>You have no site with this network operator on record, so there is none to apply for.</Nothing>
  if (finished.length === 0)
    return (
      <Nothing>
        There is no result to apply with yet.{' '}
        <Link to="/plans/$planId/scenarios" params={{ planId: plan.assetId }}>
          Work out some scenarios
        </Link>{' '}
        first.
      </Nothing>
    )
  const site = sites.find(({ name }) => name === siteName)
  return <ApplyForm runs={finished} sites={sites} first={site?.connectionId ?? ''} />
}

interface Draft {
  runId: string
  connectionId: string
  validFrom: string
  validTo: string
  margin: string
  fallbackKw: string
  note: string
}

/** What is wrong with a draft, by field, in words. */
function faultsOf({
  connectionId,
  validFrom,
  validTo,
  margin,
  fallbackKw,
}: Draft): Partial<Record<keyof Draft, string>> {
  const marginPercent = Number(margin)
  return {
    ...(connectionId === '' ? { connectionId: 'Choose the site.' } : {}),
    ...(validFrom === '' ? { validFrom: 'Choose a day.' } : {}),
    ...(validTo < validFrom || validTo === '' ? { validTo: 'Choose a day that is not before the first.' } : {}),
    ...(margin.trim() !== '' && marginPercent >= 0 && marginPercent <= 50
      ? {}
      : { margin: 'Give a number from 0 to 50.' }),
    ...(fallbackKw.trim() === '' || Number(fallbackKw) >= 0
      ? {}
      : { fallbackKw: 'Give a number of 0 or more, or none.' }),
  }
}

interface ApplyFormProps {
  runs: readonly PlanRunSummary[]
  sites: readonly OwnSite[]
  /** The site that is meant unless another is chosen; empty if none has the planned site's name. */
  first: string
}

function useApplication() {
  const queries = useQueryClient()
  // One key for as long as the form stands, so that a second try after a lost answer applies once.
  const [idempotencyKey] = useState(() => crypto.randomUUID())
  return useMutation({
    mutationFn: ({ connectionId, runId, validFrom, validTo, margin, fallbackKw, note }: Draft) =>
      api.call(operations.applyByPlan, {
        params: { id: connectionId },
        body: {
          runId,
          validFrom,
          validTo,
          note,
          marginPercent: Number(margin),
          fallbackLimitW: fallbackKw.trim() === '' ? null : Math.round(Number(fallbackKw) * 1_000),
        },
        idempotencyKey,
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: sitesQuery.queryKey })
      await queries.invalidateQueries({ queryKey: runsQuery.queryKey })
    },
  })
}

function ApplyForm({ runs, sites, first }: ApplyFormProps) {
  const { run: asked } = useSearch({ from: '/inside/plans/$planId/apply' })
  const today = useToday()
  const usual = runs.find(({ runId }) => runId === asked) ?? runs.find(({ scenario }) => scenario === 'least-peak')
  const [began] = useState<Draft>({
    runId: (usual ?? runs[0])?.runId ?? '',
    connectionId: first,
    validFrom: addDays(today, 28),
    validTo: addDays(today, 28 + 364),
    margin: '5',
    fallbackKw: '',
    note: '',
  })
  const [draft, setDraft] = useState(began)
  const [wasTried, setWasTried] = useState(false)
  const apply = useApplication()
  const release = useUnsavedGuard(!isSameData(draft, began) && !apply.isSuccess)
  const faults = faultsOf(draft)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (Object.keys(faults).length === 0) apply.mutate(draft, { onSuccess: release })
  }
  if (apply.isSuccess) return <Applied connectionId={draft.connectionId} />
  const fault = (field: keyof Draft) => (wasTried ? faults[field] : undefined)
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <Section title="What you apply with">
          <Stack>
            <Fields>
              <Choice
                label="Result"
                hint="Whichever you choose, you have to charge in that way later: the limits leave room for no other."
                value={draft.runId}
                onChange={(event) => set({ runId: event.currentTarget.value })}
              >
                {runs.map(({ runId, scenario, finishedAt }) => (
                  <option key={runId} value={runId}>
                    {scenarioWords[scenario].name}
                    {finishedAt && `, ${dayAndTime(finishedAt)}`}
                  </option>
                ))}
              </Choice>
            </Fields>
            <Chosen runId={draft.runId} />
          </Stack>
        </Section>
        <Section title="What you apply for">
          <Stack>
            <TermsFields draft={draft} sites={sites} fault={fault} set={set} />
            {apply.isError && <ProblemNotice error={apply.error} />}
            <div>
              <Button type="submit" variant="filled" loading={apply.isPending}>
                Apply for a profiled connection
              </Button>
            </div>
          </Stack>
        </Section>
      </Stack>
    </form>
  )
}

interface TermsFieldsProps {
  draft: Draft
  sites: readonly OwnSite[]
  fault: (field: keyof Draft) => string | undefined
  set: (change: Partial<Draft>) => void
}

function TermsFields({ draft, sites, fault, set }: TermsFieldsProps) {
  return (
    <Fields>
      <Choice
        label="Site"
        hint="The connection that is to have the limits."
        value={draft.connectionId}
        fault={fault('connectionId')}
        onChange={(event) => set({ connectionId: event.currentTarget.value })}
      >
        <option value="">Choose</option>
        {sites.map(({ connectionId, name }) => (
          <option key={connectionId} value={connectionId}>
            {name}
          </option>
        ))}
      </Choice>
      <Field
        label="First day"
        type="date"
        hint="When the vehicles come. Leave the operator some weeks to decide."
        value={draft.validFrom}
        fault={fault('validFrom')}
        onChange={(event) => set({ validFrom: event.currentTarget.value })}
      />
      <Field
        label="Last day"
        type="date"
        hint="Apply for the next profile in good time before it."
        value={draft.validTo}
        fault={fault('validTo')}
        onChange={(event) => set({ validTo: event.currentTarget.value })}
      />
      <Field
        label="Margin"
        unit="%"
        inputMode="decimal"
        hint="Room above the plan. 5 % is usual: real days are not as tidy as planned ones."
        more="The plan knows every journey ahead, to the mile. A real controller does not, so it needs a little more."
        value={draft.margin}
        fault={fault('margin')}
        onChange={(event) => set({ margin: event.currentTarget.value })}
      />
      <Field
        label="Limit after the last day"
        unit="kW"
        inputMode="decimal"
        hint="Empty: the agreed capacity counts again."
        value={draft.fallbackKw}
        fault={fault('fallbackKw')}
        onChange={(event) => set({ fallbackKw: event.currentTarget.value })}
      />
      <Field
        label="Note"
        hint="What the operator should know, such as when the vehicles are delivered."
        maxLength={1_500}
        value={draft.note}
        onChange={(event) => set({ note: event.currentTarget.value })}
      />
    </Fields>
  )
}

/** What the chosen result needs, and when. */
function Chosen({ runId }: { runId: string }) {
  const query = useQuery(runQuery(runId))
  return <Loaded query={query}>{(run) => <ChosenRun run={run} />}</Loaded>
}

function ChosenRun({ run: { result } }: { run: PlanRun }) {
  const lines = useMemo(
    () => (result ? [{ label: 'Site with vehicles', colour: 'accent' as const, kw: result.siteKw }] : []),
    [result],
  )
  if (!result) return null
  return (
    <Stack>
      <Impossible journeys={result.impossible} />
      <WeekView label="Load that is applied for" summary={capacityInWords(result)} lines={lines} />
    </Stack>
  )
}

function Applied({ connectionId }: { connectionId: string }) {
  return (
    <Notice title="You have applied">
      The network operator has your application now. Its state, and the decision with its reason, are on the{' '}
      <Link to="/sites/$connectionId" params={{ connectionId }}>
        page of the site
      </Link>{' '}
      and among your <Link to="/applications">applications</Link>.
    </Notice>
  )
}
