import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { operations } from '../../../../../schemas/operations.ts'
import type { PlanScenario, PlanSearch } from '../../../../../schemas/planning/sites/plan.ts'
import type { PlanRunSummary } from '../../../../../schemas/planning/sites/runs.ts'
import { api } from '../../../../shared/api/client.ts'
import { Choice, Fields } from '../../../../shared/components/fields.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { percent } from '../../../../shared/format/power.ts'
import { dayAndTime } from '../../../../shared/format/time.ts'
import { backgroundQuery, runsQuery } from '../../../plan-queries.ts'
import { lacksOf } from '../assets.ts'
import styles from '../plan-page.module.css'
import { PlanPage, type StepProps } from '../plan-page.tsx'
import { runWords, scenarios, scenarioWords } from '../words.ts'
import { PlanOptions } from './plan-options.tsx'
import { PlanProfile } from './plan-profile.tsx'

/** The fifth step: ways of charging, each worked out for a typical week. */
export function ScenariosStep() {
  return (
    <PlanPage
      step="Scenarios"
      about="The same vehicles, charged in different ways. Each way is worked out for a typical week; it takes seconds, for a large fleet a minute."
    >
      {(given) => <Content {...given} />}
    </PlanPage>
  )
}

function Content({ plan, assets }: StepProps) {
  const runs = useQuery(runsQuery)
  const background = useQuery(backgroundQuery(plan.content.siteId))
  const lacks = lacksOf(assets, plan)
  const isReady = lacks.length === 0 && !background.isError
  return (
    <>
      {background.isError && (
        <Notice tone="risk" title="The load of the site is not known yet">
          {background.error.message}{' '}
          <Link to="/plans/$planId/site" params={{ planId: plan.assetId }}>
            Go to the site
          </Link>
        </Notice>
      )}
      {lacks.map(({ step, text }) => (
        <Notice key={text} tone="risk">
          {text}{' '}
          <Link to={`/plans/$planId/${step}`} params={{ planId: plan.assetId }}>
            {step === 'vehicles' ? 'Go to the vehicles' : 'Go to the charge points'}
          </Link>
        </Notice>
      ))}
      <Loaded query={runs}>
        {(all) => (
          <Runs plan={plan} runs={all.filter(({ scenarioId }) => scenarioId === plan.assetId)} isReady={isReady} />
        )}
      </Loaded>
      <PlanProfile key={`profile ${plan.etag}`} plan={plan} />
      <PlanOptions key={`options ${plan.etag}`} plan={plan} />
    </>
  )
}

interface RunsProps {
  plan: StepProps['plan']
  /** Of this plan, the newest first. */
  runs: readonly PlanRunSummary[]
  isReady: boolean
}

type Search = PlanSearch | 'none'

function Runs({ plan, runs, isReady }: RunsProps) {
  const queries = useQueryClient()
  const [search, setSearch] = useState<Search>('none')
  const run = useMutation({
    mutationFn: async (asked: readonly PlanScenario[]) => {
      for (const scenario of asked)
        await api.call(operations.runPlan, {
          body: {
            scenarioId: plan.assetId,
            scenario,
            search: search === 'none' || scenario === 'base' ? null : search,
          },
        })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: runsQuery.queryKey }),
  })
  const possible = scenarios.filter((scenario) => scenario !== 'profile' || plan.content.profile !== null)
  const isFinished = runs.some(({ state }) => state === 'finished')
  return (
    <Section
      title="Ways of charging"
      actions={
        <Button variant="filled" disabled={!isReady} loading={run.isPending} onClick={() => run.mutate(possible)}>
          Work out all
        </Button>
      }
    >
      <Stack>
        <Fields>
          <Choice
            label="Number of charge points"
            hint="Whether the numbers of the plan count, or the best ones are looked for."
            more="A search tries types and numbers of charge points of this plan that fit into the space of the site. It takes longer."
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value as Search)}
          >
            <option value="none">As entered in the plan</option>
            <option value="fewest-kva">Look for the smallest connection</option>
            <option value="least-cost">Look for the lowest cost over the years</option>
          </Choice>
        </Fields>
        {run.isError && <ProblemNotice error={run.error} />}
        <ul className={styles.scenarios}>
          {scenarios.map((scenario) => (
            <Scenario
              key={scenario}
              scenario={scenario}
              latest={runs.find((each) => each.scenario === scenario)}
              refusal={
                possible.includes(scenario)
                  ? null
                  : 'State limits to keep within first: they are further down this page.'
              }
              isReady={isReady}
              isPending={run.isPending}
              onRun={() => run.mutate([scenario])}
            />
          ))}
        </ul>
        {isFinished && (
          <p>
            <Link to="/plans/$planId/compare" params={{ planId: plan.assetId }}>
              Compare the results
            </Link>
          </p>
        )}
      </Stack>
    </Section>
  )
}

interface ScenarioProps {
  scenario: PlanScenario
  latest: PlanRunSummary | undefined
  /** Why it cannot be run as the plan is; `null` if it can. */
  refusal: string | null
  isReady: boolean
  isPending: boolean
  onRun: () => void
}

/** A way of charging with what came of it last. */
function Scenario({ scenario, latest, refusal, isReady, isPending, onRun }: ScenarioProps) {
  const { name, what } = scenarioWords[scenario]
  return (
    <li>
      <div>
        <strong>{name}</strong>
        <p>{what}</p>
        {refusal && <p className="rm-secondary">{refusal}</p>}
        {latest && <Latest run={latest} />}
      </div>
      <Button disabled={!isReady || isPending || refusal !== null} title={refusal ?? undefined} onClick={onRun}>
        Work out: {name.toLowerCase()}
      </Button>
    </li>
  )
}

function Latest({ run }: { run: PlanRunSummary }) {
  const queries = useQueryClient()
  const { runId, scenarioId, state, progress, finishedAt, failure } = run
  const cancel = useMutation({
    mutationFn: () => api.call(operations.cancelPlanRun, { params: { id: runId } }),
    onSettled: () => queries.invalidateQueries({ queryKey: runsQuery.queryKey }),
  })
  const isGoing = state === 'waiting' || state === 'running'
  return (
    <div className={styles.row}>
      <output>
        <Mark {...runWords[state]} />
        {state === 'running' && progress !== null && `, ${percent(progress, 0)}`}
        {finishedAt && ` ${dayAndTime(finishedAt)}`}
      </output>
      {failure && <span>{failure}</span>}
      {state === 'finished' && (
        <Link to="/plans/$planId/runs/$runId" params={{ planId: scenarioId, runId }}>
          See the result: {scenarioWords[run.scenario].name.toLowerCase()}
        </Link>
      )}
      {isGoing && (
        <Button size="compact-xs" loading={cancel.isPending} onClick={() => cancel.mutate()}>
          Cancel: {scenarioWords[run.scenario].name.toLowerCase()}
        </Button>
      )}
      {cancel.isError && <ProblemNotice error={cancel.error} />}
    </div>
  )
}
