import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { operations } from '../../../../../schemas/operations.ts'
import type { DemandEdition } from '../../../../../schemas/planning/demand-editions.ts'
import type { DemandRun } from '../../../../../schemas/planning/demand-runs.ts'
import { api } from '../../../../shared/api/client.ts'
import { Field, Fields } from '../../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Section } from '../../../../shared/components/page.tsx'
import { demandRunsQuery } from '../../../planning-queries.ts'
import { FigureField } from '../figure-field.tsx'
import styles from '../planning.module.css'
import { tripRunOf } from '../words.ts'
import { EditionField, editionInWords, usableEditions } from './edition-field.tsx'
import { NewRunPage } from './new-run-page.tsx'
import { firstTripDraft, readTripDraft, type TripDraft, tripDraftLike } from './trip-draft.ts'
import { tripFigures } from './trip-figures.ts'

/** Starts a run over trips: where and when vehicles charge that are on the road all day. */
export function NewTripRun() {
  const { like } = useSearch({ from: '/inside/planning/new-trip-run' })
  return (
    <NewRunPage title="Work out EV demand of trips" like={like}>
      {(editions, model) => <Form editions={editions} model={model} />}
    </NewRunPage>
  )
}

function Form({ editions, model }: { editions: DemandEdition[]; model: DemandRun | null }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [draft, setDraft] = useState<TripDraft>(() => {
    const record = model && tripRunOf(model)?.record
    return record ? tripDraftLike(record) : firstTripDraft(editions)
  })
  const [tried, setTried] = useState(false)
  const { given, faults } = readTripDraft(draft)
  const set = (change: Partial<TripDraft>) => setDraft((before) => ({ ...before, ...change }))
  const fault = (field: keyof typeof faults) => (tried ? faults[field] : undefined)
  const start = useMutation({
    mutationFn: (body: NonNullable<typeof given>) => api.call(operations.startTripRun, { body }),
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
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Section title="Trips and vehicles">
        <EditionFields draft={draft} editions={editions} set={set} fault={fault} />
      </Section>
      <Section>
        <details className={styles.more}>
          <summary>Figures of the model</summary>
          <Fields>
            {(Object.keys(tripFigures) as (keyof typeof tripFigures)[]).map((name) => (
              <FigureField
                key={name}
                figures={tripFigures}
                name={name}
                draft={draft.figures}
                set={(change) => set({ figures: { ...draft.figures, ...change } })}
                fault={fault}
              />
            ))}
          </Fields>
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

interface EditionFieldsProps {
  draft: TripDraft
  editions: DemandEdition[]
  set: (change: Partial<TripDraft>) => void
  fault: (field: Exclude<keyof TripDraft, 'figures'>) => string | undefined
}

function EditionFields({ draft, editions, set, fault }: EditionFieldsProps) {
  const choose = (trips: string, isChosen: boolean) =>
    set({ trips: isChosen ? [...draft.trips, trips] : draft.trips.filter((id) => id !== trips) })
  const usable = usableEditions(editions, 'trips')
  return (
    <Fields>
      <Field
        label="Title"
        value={draft.title}
        fault={fault('title')}
        onChange={(event) => set({ title: event.currentTarget.value })}
      />
      <fieldset className={styles.checks}>
        <legend>Trips</legend>
        {usable.length === 0 && <span className="rm-secondary">There are none: import trips, or make some up.</span>}
        {usable.map((each) => (
          <Checkbox
            key={each.editionId}
            label={editionInWords(each)}
            checked={draft.trips.includes(each.editionId)}
            onChange={({ currentTarget: { checked } }) => choose(each.editionId, checked)}
          />
        ))}
        {fault('trips') && (
          <span className={styles.fault} role="alert">
            {fault('trips')}
          </span>
        )}
      </fieldset>
      <EditionField
        kind="vehicles"
        editions={editions}
        value={draft.vehicles}
        fault={fault('vehicles')}
        onChange={(vehicles) => set({ vehicles })}
      />
      <EditionField
        kind="areas"
        editions={editions}
        value={draft.areas}
        fault={fault('areas')}
        onChange={(areas) => set({ areas })}
      />
      <EditionField
        kind="charge-points"
        editions={editions}
        value={draft.chargePoints}
        without="None: nobody charges on shift"
        onChange={(chargePoints) => set({ chargePoints })}
      />
      <EditionField
        kind="off-street"
        editions={editions}
        value={draft.offStreet}
        without="None: nobody has a drive"
        onChange={(offStreet) => set({ offStreet })}
      />
    </Fields>
  )
}
