import { Button, Checkbox, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Experiment } from '../../../../schemas/dispatch/experiments.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { useToday } from '../../../shared/clock.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { useUnsavedGuard } from '../../../shared/components/unsaved-guard.ts'
import { addDays } from '../../../shared/format/time.ts'
import { isSameData } from '../../../shared/same-data.ts'
import { feedsQuery } from '../../compliance-queries.ts'
import { experimentsQuery } from '../../experiment-queries.ts'
import { connectionsQuery, flexibleUnitsQuery } from '../../queries.ts'
import { FigureField } from '../planning/figure-field.tsx'
import { ChosenList } from './chosen-list.tsx'
import { draftOf, type ExperimentDraft, experimentFigures, readExperimentDraft } from './draft.ts'
import styles from './experiments.module.css'

interface ExperimentFormProps {
  /** `null` for a new one. */
  experiment: Experiment | null
  /** Begins again with what is stored. */
  onReload?: () => void
}

/** States what is to be found out, where and when, with which data, and when it is halted. */
export function ExperimentForm({ experiment, onReload }: ExperimentFormProps) {
  const today = useToday()
  const [start] = useState(() => draftOf(experiment, { firstDay: addDays(today, 1), lastDay: addDays(today, 14) }))
  const [draft, setDraft] = useState(start)
  const [tried, setTried] = useState(false)
  // One identifier for all attempts, and the version that was seen when the form was opened.
  const [experimentId] = useState(() => experiment?.experimentId ?? crypto.randomUUID())
  const [version] = useState(experiment?.etag ?? null)
  const navigate = useNavigate()
  const queries = useQueryClient()
  const leave = useUnsavedGuard(!isSameData(draft, start))
  const { given, faults } = readExperimentDraft(draft)
  const save = useMutation({
    mutationFn: (body: NonNullable<typeof given>) =>
      api.call(operations.saveExperiment, { params: { experimentId }, body, version }),
    async onSuccess() {
      leave()
      await queries.invalidateQueries({ queryKey: experimentsQuery.queryKey })
      void navigate({ to: '/experiments/$experimentId', params: { experimentId } })
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (given) save.mutate(given)
  }
  const part: PartProps = {
    draft,
    set: (change) => setDraft((before) => ({ ...before, ...change })),
    fault: (field) => (tried ? faults[field] : undefined),
    isFixed: experiment !== null && experiment.state !== 'preparation',
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      {part.isFixed && (
        <Notice>It has started: its first day, depots, FUs and switches stay, because they say what was tried.</Notice>
      )}
      <Section title="What is to be found out">
        <Purpose {...part} />
      </Section>
      <Section title="Where, and how it is switched">
        <Where {...part} />
      </Section>
      <Section title="Required data">
        <RequiredData {...part} />
      </Section>
      <Section title="When it is halted by itself">
        <HaltRule {...part} />
      </Section>
      {save.isError && <SaveProblem error={save.error} fields={[]} onReload={() => onReload?.()} />}
      <span>
        <Button type="submit" variant="filled" loading={save.isPending}>
          {experiment ? 'Save' : 'Prepare'}
        </Button>
      </span>
    </form>
  )
}

interface PartProps {
  draft: ExperimentDraft
  set: (change: Partial<ExperimentDraft>) => void
  fault: (field: keyof ExperimentDraft) => string | undefined
  /** Whether it has started, so that what was tried stays. */
  isFixed: boolean
}

function Purpose({ draft, set, fault, isFixed }: PartProps) {
  return (
    <div className={styles.form}>
      <Fields>
        <Field
          label="Name"
          maxLength={100}
          value={draft.name}
          fault={fault('name')}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Field
          label="First day"
          type="date"
          disabled={isFixed}
          value={draft.firstDay}
          fault={fault('firstDay')}
          onChange={(event) => set({ firstDay: event.currentTarget.value })}
        />
        <Field
          label="Last day"
          type="date"
          hint="Included. It ends by itself after it."
          value={draft.lastDay}
          fault={fault('lastDay')}
          onChange={(event) => set({ lastDay: event.currentTarget.value })}
        />
      </Fields>
      <Textarea
        size="sm"
        label="Purpose"
        description="What is to be found out, and what counts as a success."
        autosize
        minRows={3}
        maxRows={10}
        maxLength={2_000}
        value={draft.purpose}
        error={fault('purpose')}
        onChange={(event) => set({ purpose: event.currentTarget.value })}
      />
    </div>
  )
}

function Where({ draft, set, fault, isFixed }: PartProps) {
  const connections = useQuery(connectionsQuery).data ?? []
  const units = useQuery(flexibleUnitsQuery).data ?? []
  return (
    <div className={styles.form}>
      <ChosenList
        title="Depots that take part"
        label="Add a depot"
        hint="Every FU there takes part."
        options={connections.map(({ connectionId, name }) => ({ id: connectionId, name }))}
        chosen={draft.connectionIds}
        isFixed={isFixed}
        fault={fault('connectionIds')}
        onChange={(connectionIds) => set({ connectionIds })}
      />
      <ChosenList
        title="FUs that take part besides"
        label="Add an FU"
        hint="Only those that are at none of its depots, such as homes."
        options={units.map(({ fuId, name }) => ({ id: fuId, name }))}
        chosen={draft.fuIds}
        isFixed={isFixed}
        fault={fault('fuIds')}
        onChange={(fuIds) => set({ fuIds })}
      />
      <Textarea
        size="sm"
        label="Switches"
        description="One per line: what is switched = how it is for the experiment. It is a record: nothing is switched by it."
        placeholder="Fail-safe limits = on"
        autosize
        minRows={2}
        maxRows={10}
        readOnly={isFixed}
        value={draft.switches}
        error={fault('switches')}
        onChange={(event) => set({ switches: event.currentTarget.value })}
      />
    </div>
  )
}

function RequiredData({ draft, set, fault }: PartProps) {
  const feeds = useQuery(feedsQuery).data ?? []
  return (
    <div className={styles.form}>
      <Fields>
        <FigureField figures={experimentFigures} name="measuredPercent" draft={draft} set={set} fault={fault} />
      </Fields>
      {feeds.length > 0 && (
        <Checkbox.Group
          size="sm"
          label="Feeds that have to be on time"
          value={[...draft.feedIds]}
          error={fault('feedIds')}
          onChange={(feedIds) => set({ feedIds })}
        >
          {feeds.map(({ feedId, name }) => (
            <Checkbox key={feedId} size="xs" my={8} value={feedId} label={name} />
          ))}
        </Checkbox.Group>
      )}
    </div>
  )
}

function HaltRule({ draft, set, fault }: PartProps) {
  const figure = { figures: experimentFigures, draft, set, fault }
  return (
    <div className={styles.form}>
      <Fields>
        <FigureField {...figure} name="mostBreaches" />
        <FigureField {...figure} name="mostFailedInstructions" />
      </Fields>
      <Checkbox
        size="xs"
        label="When required data are missing"
        description="Without it they are only told."
        checked={draft.onMissingData}
        onChange={(event) => set({ onMissingData: event.currentTarget.checked })}
      />
    </div>
  )
}
