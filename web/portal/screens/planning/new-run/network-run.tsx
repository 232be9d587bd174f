import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { operations } from '../../../../../schemas/operations.ts'
import type { DemandEdition } from '../../../../../schemas/planning/demand-editions.ts'
import { type DemandRun, mappingMethod } from '../../../../../schemas/planning/demand-runs.ts'
import { api } from '../../../../shared/api/client.ts'
import { useToday } from '../../../../shared/clock.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Section } from '../../../../shared/components/page.tsx'
import { demandRunsQuery } from '../../../planning-queries.ts'
import { nodeKindWords } from '../../network/words.ts'
import { FigureField } from '../figure-field.tsx'
import styles from '../planning.module.css'
import { methodWords, networkRunOf } from '../words.ts'
import { EditionField } from './edition-field.tsx'
import {
  editionOfMethod,
  firstNetworkDraft,
  type NetworkDraft,
  networkDraftLike,
  networkFigures,
  readNetworkDraft,
  yearsOf,
} from './network-draft.ts'
import { NewRunPage } from './new-run-page.tsx'

/** Starts a run over the network: which vehicles, by which growth, on which nodes. */
export function NewNetworkRun() {
  const { like } = useSearch({ from: '/inside/planning/new-run' })
  return (
    <NewRunPage title="Work out EV demand on the network" like={like}>
      {(editions, model) => <Form editions={editions} model={model} />}
    </NewRunPage>
  )
}

function Form({ editions, model }: { editions: DemandEdition[]; model: DemandRun | null }) {
  const today = useToday()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [draft, setDraft] = useState<NetworkDraft>(() => {
    const record = model && networkRunOf(model)?.record
    return record ? networkDraftLike(record) : firstNetworkDraft(editions, today)
  })
  const [tried, setTried] = useState(false)
  const { given, faults } = readNetworkDraft(draft)
  const start = useMutation({
    mutationFn: (body: NonNullable<typeof given>) => api.call(operations.startNetworkRun, { body }),
    onSuccess: async ({ runId }) => {
      await queries.invalidateQueries({ queryKey: demandRunsQuery.queryKey, exact: true })
      void navigate({ to: '/planning/runs/$runId', params: { runId } })
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (given) start.mutate(given)
  }
  const form: FormProps = {
    draft,
    editions,
    set: (change) => setDraft((before) => ({ ...before, ...change })),
    fault: (field) => (tried ? faults[field] : undefined),
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Section title="Vehicles and growth">
        <VehicleFields {...form} />
      </Section>
      <Section title="Method and years">
        <MethodFields {...form} />
      </Section>
      <Section>
        <details className={styles.more}>
          <summary>More assumptions</summary>
          <MoreFields {...form} />
        </details>
      </Section>
      {tried && !given && (
        <p className={styles.fault} role="alert">
          Something above is missing or cannot be: see the fields marked in red.
        </p>
      )}
      {start.isError && <ProblemNotice error={start.error} />}
      <span>
        <Button type="submit" variant="filled" loading={start.isPending}>
          Start the run
        </Button>
      </span>
    </form>
  )
}

interface FormProps {
  draft: NetworkDraft
  editions: DemandEdition[]
  set: (change: Partial<NetworkDraft>) => void
  fault: (field: keyof NetworkDraft) => string | undefined
}

function VehicleFields({ draft, editions, set, fault }: FormProps) {
  const today = useToday()
  const tripRuns = (useQuery(demandRunsQuery).data ?? []).filter(
    ({ kind, state }) => kind === 'trips' && state === 'done',
  )
  return (
    <Fields>
      <Field
        label="Title"
        value={draft.title}
        fault={fault('title')}
        onChange={(event) => set({ title: event.currentTarget.value })}
      />
      <EditionField
        kind="areas"
        editions={editions}
        value={draft.areas}
        fault={fault('areas')}
        onChange={(areas) => set({ areas })}
      />
      <EditionField
        kind="growth"
        editions={editions}
        value={draft.growth}
        fault={fault('growth')}
        onChange={(growth) => {
          const chosen = editions.find(({ editionId }) => editionId === growth)
          set({ growth, ...yearsOf(chosen, Number(today.slice(0, 4))) })
        }}
      />
      <EditionField
        kind="off-street"
        editions={editions}
        value={draft.offStreet}
        without="None: every car charges in public"
        onChange={(offStreet) => set({ offStreet })}
      />
      <Choice
        label="EV demand of trips"
        hint="A run over trips, such as private hire, whose demand is added and grows with the share of electric cars."
        value={draft.tripRun}
        onChange={(event) => set({ tripRun: event.currentTarget.value })}
      >
        <option value="">None</option>
        {tripRuns.map(({ runId, title }) => (
          <option key={runId} value={runId}>
            {title}
          </option>
        ))}
      </Choice>
      {draft.tripRun !== '' && (
        <>
          <FigureField figures={networkFigures} name="tripYear" draft={draft} set={set} fault={fault} />
          <FigureField figures={networkFigures} name="wholeFleet" draft={draft} set={set} fault={fault} />
        </>
      )}
    </Fields>
  )
}

function MethodFields({ draft, editions, set, fault }: FormProps) {
  const needed = editionOfMethod(draft.method)
  const levels = ['secondary', 'primary', 'bsp', 'gsp'] as const
  return (
    <Fields>
      <Choice
        label="Method"
        hint={methodWords[draft.method].bias}
        value={draft.method}
        onChange={({ currentTarget: { value } }) => set({ method: mappingMethod.parse(value) })}
      >
        {mappingMethod.options.map((method) => (
          <option key={method} value={method}>
            {methodWords[method].word}
          </option>
        ))}
      </Choice>
      {needed === 'feedingAreas' && (
        <EditionField
          kind="feeding-areas"
          editions={editions}
          value={draft.feedingAreas}
          fault={fault('feedingAreas')}
          onChange={(feedingAreas) => set({ feedingAreas })}
        />
      )}
      {needed === 'connectivity' && (
        <EditionField
          kind="connectivity"
          editions={editions}
          value={draft.connectivity}
          fault={fault('connectivity')}
          onChange={(connectivity) => set({ connectivity })}
        />
      )}
      <Choice
        label="Mapped to"
        hint="Nodes above carry what the nodes below them carry."
        value={draft.level}
        onChange={({ currentTarget: { value } }) =>
          set({ level: levels.find((each) => each === value) ?? draft.level })
        }
      >
        {levels.map((level) => (
          <option key={level} value={level}>
            {nodeKindWords[level]}s
          </option>
        ))}
      </Choice>
      <FigureField figures={networkFigures} name="fromYear" draft={draft} set={set} fault={fault} />
      <FigureField figures={networkFigures} name="toYear" draft={draft} set={set} fault={fault} />
    </Fields>
  )
}

function MoreFields({ draft, editions, set, fault }: FormProps) {
  return (
    <Fields>
      <EditionField
        kind="hv-sites"
        editions={editions}
        value={draft.hvSites}
        without="None"
        hint="Hubs and depots at high voltage: their vehicles go to primaries."
        onChange={(hvSites) => set({ hvSites })}
      />
      <EditionField
        kind="profiles"
        editions={editions}
        value={draft.profiles}
        without="Those of the program"
        onChange={(profiles) => set({ profiles })}
      />
      {(['perDegree', 'referenceC', 'fewVehicles', 'draws', 'seed'] as const).map((name) => (
        <FigureField key={name} figures={networkFigures} name={name} draft={draft} set={set} fault={fault} />
      ))}
    </Fields>
  )
}
