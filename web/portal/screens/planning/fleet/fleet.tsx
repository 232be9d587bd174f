import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { Flaws } from '../../../../shared/components/file-upload.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Page, Section, Stack } from '../../../../shared/components/page.tsx'
import { fixed } from '../../../../shared/format/power.ts'
import { connectionsQuery } from '../../../queries.ts'
import { useRefusal } from '../../../session.ts'
import { flawsOf } from '../../loads/flaws.ts'
import { FigureField } from '../figure-field.tsx'
import styles from '../planning.module.css'
import { PlanningTabs } from '../tabs.tsx'
import { type FleetDraft, firstFleetDraft, fleetFigures, readFleetDraft } from './fleet-draft.ts'
import { FleetResult } from './fleet-result.tsx'

/** What a fleet with engines would charge, were it electric: from a file of its journeys. */
export function Fleet() {
  const refusal = useRefusal('planner')
  return (
    <Page title="Planning" subtitle="What a fleet would charge, were it electric">
      <PlanningTabs />
      {refusal === null ? <Estimate /> : <Notice>{refusal}</Notice>}
    </Page>
  )
}

function Estimate() {
  const [draft, setDraft] = useState(firstFleetDraft)
  const [file, setFile] = useState<File | null>(null)
  const [tried, setTried] = useState(false)
  const { given, faults } = readFleetDraft(draft)
  const estimate = useMutation({
    mutationFn: ({ query, body }: { query: NonNullable<typeof given>; body: File }) =>
      api.call(operations.estimateFleet, { query, body }),
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (given && file) estimate.mutate({ query: given, body: file })
  }
  // What is shown was worked out from other figures.
  const set = (change: Partial<FleetDraft>) => {
    setDraft((before) => ({ ...before, ...change }))
    estimate.reset()
  }
  const flaws = flawsOf(estimate.error)
  return (
    <>
      <form className={styles.form} onSubmit={onSubmit} noValidate>
        <Section title="The journeys of the fleet">
          <Journeys
            draft={draft}
            set={set}
            file={file}
            fault={tried && !file ? 'Choose the file with the journeys.' : null}
            onFile={(chosen) => {
              setFile(chosen)
              estimate.reset()
            }}
          />
        </Section>
        <Section title="The electric vehicles that take their place">
          <Vehicles draft={draft} set={set} fault={(field) => (tried ? faults[field] : undefined)} />
        </Section>
        {estimate.isError && !flaws && <ProblemNotice error={estimate.error} />}
        {flaws && <Flaws flaws={flaws} flawCount={flaws.length} />}
        <span>
          <Button type="submit" variant="filled" loading={estimate.isPending}>
            Estimate
          </Button>
        </span>
      </form>
      {estimate.data && <FleetResult estimate={estimate.data} isCompared={draft.connectionId !== ''} />}
    </>
  )
}

interface PartProps {
  draft: FleetDraft
  set: (change: Partial<FleetDraft>) => void
}

interface JourneysProps extends PartProps {
  file: File | null
  fault: string | null
  onFile: (file: File | null) => void
}

function Journeys({ draft, set, file, fault, onFile }: JourneysProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <Stack>
      <p>
        A CSV file with the columns vehicle, routeType, startedAt, endedAt, km and endsAt, which is depot, home or
        other: at the first two a vehicle can charge. Nothing of it is stored.
      </p>
      <div className={styles.tableHead}>
        <input
          ref={input}
          type="file"
          accept=".csv,text/csv"
          className="rm-sr-only"
          tabIndex={-1}
          aria-label="File of journeys"
          onChange={(event) => onFile(event.currentTarget.files?.[0] ?? null)}
        />
        <Button onClick={() => input.current?.click()}>Choose a file</Button>
        <span className="rm-secondary">
          {file ? `${file.name}, ${fixed(file.size / 1_000, 1)} kB` : 'No file chosen'}
        </span>
        {fault && (
          <span className={styles.fault} role="alert">
            {fault}
          </span>
        )}
      </div>
      <Fields>
        <Field
          label="Other headings"
          placeholder="vehicle=van,km=Distance"
          hint="Only where the file names its columns otherwise."
          maxLength={2_000}
          value={draft.columns}
          onChange={(event) => set({ columns: event.currentTarget.value })}
        />
        <Choice
          label="Times without an offset"
          hint="Times such as 2026-01-15T17:00:00Z have an offset and need nothing here."
          value={draft.zone}
          onChange={(event) => set({ zone: event.currentTarget.value as FleetDraft['zone'] })}
        >
          <option value="">are errors</option>
          <option value="UTC">are UTC</option>
          <option value="Europe/London">are local time, Europe/London</option>
        </Choice>
      </Fields>
    </Stack>
  )
}

function Vehicles({ draft, set, fault }: PartProps & { fault: (field: keyof FleetDraft) => string | undefined }) {
  const connections = useQuery(connectionsQuery).data ?? []
  const figure = { figures: fleetFigures, draft, set, fault }
  return (
    <Fields>
      <FigureField {...figure} name="usableKwh" />
      <FigureField {...figure} name="kwhPerKm" />
      <FigureField {...figure} name="winterFactor" />
      <FigureField {...figure} name="depotKw" />
      <FigureField {...figure} name="homeKw" />
      <FigureField {...figure} name="leastStopMinutes" />
      <FigureField {...figure} name="chargerEfficiency" />
      <Choice
        label="Compare with the meter of"
        hint="Where electric vehicles made these journeys: what their depot drew in the same time."
        value={draft.connectionId}
        onChange={(event) => set({ connectionId: event.currentTarget.value })}
      >
        <option value="">no depot</option>
        {connections.map(({ connectionId, name }) => (
          <option key={connectionId} value={connectionId}>
            {name}
          </option>
        ))}
      </Choice>
    </Fields>
  )
}
