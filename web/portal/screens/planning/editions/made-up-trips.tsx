import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { operations } from '../../../../../schemas/operations.ts'
import type { DemandEdition } from '../../../../../schemas/planning/demand-editions.ts'
import { api } from '../../../../shared/api/client.ts'
import { useToday } from '../../../../shared/clock.ts'
import { Field, Fields } from '../../../../shared/components/fields.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { addDays } from '../../../../shared/format/time.ts'
import { demandEditionsQuery } from '../../../planning-queries.ts'
import { useRefusal } from '../../../session.ts'
import { FigureField } from '../figure-field.tsx'
import { EditionField, usableEditions } from '../new-run/edition-field.tsx'
import styles from '../planning.module.css'
import { readTripsDraft, type TripsDraft, tripsFigures } from './trips-draft.ts'

/** Makes up plausible trips, for trials and demonstrations. */
export function MadeUpTrips() {
  const refusal = useRefusal('planner')
  const query = useQuery({ ...demandEditionsQuery(), enabled: refusal === null })
  return (
    <Page title="Make up trips" actions={<LinkButton to="/planning/editions">All editions</LinkButton>}>
      {refusal !== null && <Notice>{refusal}</Notice>}
      {refusal === null && <Loaded query={query}>{(editions) => <Form editions={editions} />}</Loaded>}
    </Page>
  )
}

function Form({ editions }: { editions: DemandEdition[] }) {
  const today = useToday()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [tried, setTried] = useState(false)
  const [draft, setDraft] = useState<TripsDraft>(() => ({
    name: 'Made-up trips',
    areas: usableEditions(editions, 'areas')[0]?.editionId ?? '',
    model: '',
    firstDay: addDays(today, -28),
    vehicles: '50',
    days: '28',
    seed: '1',
  }))
  const { given, faults } = readTripsDraft(draft)
  const set = (change: Partial<TripsDraft>) => setDraft((before) => ({ ...before, ...change }))
  const fault = (field: keyof TripsDraft) => (tried ? faults[field] : undefined)
  const make = useMutation({
    mutationFn: (body: NonNullable<typeof given>) => api.call(operations.makeSyntheticTrips, { body }),
    onSuccess: async ({ editionId }) => {
      await queries.invalidateQueries({ queryKey: ['demand-editions'] })
      void navigate({ to: '/planning/editions', search: { edition: editionId } })
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (given) make.mutate(given)
  }
  return (
    <Section>
      <form className={styles.form} onSubmit={onSubmit} noValidate>
        <p>
          Journeys that drivers of private hire could make in these areas. They, and every run that uses them, are
          marked as made up.
        </p>
        <TripsFields draft={draft} editions={editions} set={set} fault={fault} />
        {make.isError && <ProblemNotice error={make.error} />}
        <span>
          <Button type="submit" variant="filled" loading={make.isPending}>
            Make up these trips
          </Button>
        </span>
      </form>
    </Section>
  )
}

interface TripsFieldsProps {
  draft: TripsDraft
  editions: DemandEdition[]
  set: (change: Partial<TripsDraft>) => void
  fault: (field: keyof TripsDraft) => string | undefined
}

function TripsFields({ draft, editions, set, fault }: TripsFieldsProps) {
  const text = (field: 'name' | 'model' | 'firstDay') => ({
    value: draft[field],
    fault: fault(field),
    onChange: (event: { currentTarget: { value: string } }) => set({ [field]: event.currentTarget.value }),
  })
  return (
    <Fields>
      <Field label="Name" maxLength={200} {...text('name')} />
      <EditionField
        kind="areas"
        editions={editions}
        value={draft.areas}
        fault={fault('areas')}
        onChange={(areas) => set({ areas })}
      />
      <Field
        label="Vehicle model"
        maxLength={100}
        hint="As your register of vehicle models has it; a run leaves out vehicles whose model it does not know."
        {...text('model')}
      />
      <Field label="First day" type="date" {...text('firstDay')} />
      {(['vehicles', 'days', 'seed'] as const).map((name) => (
        <FigureField key={name} figures={tripsFigures} name={name} draft={draft} set={set} fault={fault} />
      ))}
    </Fields>
  )
}
