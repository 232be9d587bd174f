import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { operations } from '../../../../schemas/operations.ts'
import type { DemandRun } from '../../../../schemas/planning/demand-runs.ts'
import { api } from '../../../shared/api/client.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { percent } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { demandRunQuery, demandRunsQuery } from '../../planning-queries.ts'
import { useRefusal } from '../../session.ts'
import { NetworkResult } from './network-result.tsx'
import styles from './planning.module.css'
import { RunFacts } from './run-facts.tsx'
import { RunState } from './run-state.tsx'
import { TripResult } from './trip-result.tsx'
import { madeUp, networkInWords, networkRunOf, tripRunOf, tripsInWords } from './words.ts'

/** One run of EV demand: how far it is, what it found, and everything that it assumes. */
export function DemandRunPage() {
  const { runId } = useParams({ from: '/inside/planning/runs/$runId' })
  const query = useQuery(demandRunQuery(runId))
  if (query.data) return <Content key={runId} run={query.data} />
  return (
    <Page title="EV demand">
      <Loaded query={query}>{() => null}</Loaded>
    </Page>
  )
}

function Content({ run }: { run: DemandRun }) {
  const { kind, title, requestedBy, requestedAt, state } = run
  return (
    <Page
      title={title}
      subtitle={`EV demand ${kind === 'trips' ? 'of trips' : 'on the network'}, asked for by ${requestedBy} on ${dayAndTime(requestedAt)}`}
      actions={<Actions run={run} />}
    >
      <Section>
        <Outcome run={run} />
      </Section>
      {state === 'done' && (kind === 'network' ? <NetworkResult run={run} /> : <TripResult run={run} />)}
      <Section title="What it was worked out from">
        <RunFacts run={run} />
      </Section>
    </Page>
  )
}

/** The state of a run and its result in words. */
function Outcome({ run }: { run: DemandRun }) {
  const { state, failure, isSynthetic } = run
  const [network, trips] = [networkRunOf(run), tripRunOf(run)?.summary]
  const sentences = network ? networkInWords(network) : trips ? tripsInWords(trips) : []
  return (
    <div className={styles.words}>
      <p className={styles.nameAndMark}>
        <RunState run={run} />
        {isSynthetic && <Mark {...madeUp} />}
      </p>
      {state === 'waiting' && <p>It begins as soon as the runs before it are done.</p>}
      {state === 'cancelled' && <p>It was cancelled and has no result.</p>}
      {state === 'failed' && (
        <Notice tone="fault" title="The run failed and has no result">
          {failure}
        </Notice>
      )}
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  )
}

function Actions({ run }: { run: DemandRun }) {
  const refusal = useRefusal('planner')
  const { runId, kind, state, progress } = run
  const cancel = useCancel(runId)
  const isUnfinished = state === 'waiting' || state === 'running'
  const blocked = { disabled: refusal !== null, title: refusal ?? undefined }
  return (
    <>
      <LinkButton to="/planning">All runs</LinkButton>
      {isUnfinished && (
        <TwoStep
          label="Cancel the run"
          refusal={refusal}
          action={cancel}
          consequence={`Ends this run${state === 'running' ? ` at ${percent(progress ?? 0, 0)}` : ' before it begins'}. It keeps its record and has no result; it can be started again.`}
        />
      )}
      {state === 'done' && <Repeat run={run} refusal={refusal} />}
      <LinkButton
        to={kind === 'network' ? '/planning/new-run' : '/planning/new-trip-run'}
        search={{ like: runId }}
        {...blocked}
      >
        Start one like it
      </LinkButton>
    </>
  )
}

function useCancel(runId: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.call(operations.cancelDemandRun, { params: { id: runId } }),
    onSettled: () => queries.invalidateQueries({ queryKey: demandRunsQuery.queryKey }),
  })
}

/** Runs again from the record: the same editions, network and weather, so that the result must have the same digest. */
function Repeat({ run: { runId, title }, refusal }: { run: DemandRun; refusal: string | null }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const repeat = useMutation({
    mutationFn: () => api.call(operations.repeatDemandRun, { params: { id: runId } }),
    onSuccess: async (run) => {
      await queries.invalidateQueries({ queryKey: demandRunsQuery.queryKey, exact: true })
      void navigate({ to: '/planning/runs/$runId', params: { runId: run.runId } })
    },
  })
  return (
    <TwoStep
      label="Repeat"
      refusal={refusal}
      action={repeat}
      consequence={`Works out ${title} once more from its record, with network and weather as they were then. The result must have the same digest.`}
    />
  )
}
