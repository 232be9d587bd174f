import { Button, Checkbox, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { operations } from '../../../../schemas/operations.ts'
import { type DataFeed, dataFeedKind } from '../../../../schemas/planning/data-feeds.ts'
import { api } from '../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { useUnsavedGuard } from '../../../shared/components/unsaved-guard.ts'
import { isSameData } from '../../../shared/same-data.ts'
import { customersQuery } from '../../customer-queries.ts'
import { dataFeedsQuery, dataProvidersQuery } from '../../data-feed-queries.ts'
import { hasShapes, hasTimes } from '../planning/editions/edition-words.ts'
import { FigureField } from '../planning/figure-field.tsx'
import styles from './data-feeds.module.css'
import { type DataFeedDraft, dataFeedFigures, draftOf, readDataFeedDraft } from './draft.ts'
import { kindWords } from './words.ts'

interface FeedFormProps {
  /** `null` for a new one. */
  feed: DataFeed | null
  /** Identifiers that are in use. */
  taken: readonly string[]
  onDone: (feedId: string) => void
  /** Begins again with what is stored. */
  onReload: () => void
}

/** Agrees a feed with a data provider, or changes what is agreed. */
export function FeedForm({ feed, taken, onDone, onReload }: FeedFormProps) {
  const [start] = useState(() => draftOf(feed))
  // The version that the form began with: whoever was faster in between is named, not overwritten.
  const [etag] = useState(feed?.etag ?? null)
  const [draft, setDraft] = useState(start)
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const leave = useUnsavedGuard(!isSameData(draft, start))
  const { given, faults } = readDataFeedDraft(draft, feed ? [] : taken)
  const set = (change: Partial<DataFeedDraft>) => setDraft((before) => ({ ...before, ...change }))
  const fault = (field: keyof DataFeedDraft) => (tried ? faults[field] : undefined)
  const save = useMutation({
    mutationFn: (body: NonNullable<typeof given>) =>
      api.call(operations.saveDataFeed, { params: { feedId: draft.feedId }, body, version: etag }),
    async onSuccess({ feedId }) {
      leave()
      await queries.invalidateQueries({ queryKey: dataFeedsQuery.queryKey })
      onDone(feedId)
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (given) save.mutate(given)
  }
  const part = { draft, set, fault }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <WhoAndWhat {...part} isNew={feed === null} />
      <Rhythm {...part} />
      <TheFile {...part} />
      <Checkbox
        size="xs"
        label="The feed is in use"
        description="Switched off it takes no file, and its silence raises no alarm."
        checked={draft.isActive}
        onChange={(event) => set({ isActive: event.currentTarget.checked })}
      />
      {save.isError && <SaveProblem error={save.error} fields={[]} onReload={onReload} />}
      <span>
        <Button type="submit" variant="filled" loading={save.isPending}>
          {feed ? 'Save what is agreed' : 'Agree the feed'}
        </Button>
      </span>
    </form>
  )
}

interface PartProps {
  draft: DataFeedDraft
  set: (change: Partial<DataFeedDraft>) => void
  fault: (field: keyof DataFeedDraft) => string | undefined
}

/** Who delivers what. Of a feed that is there it stays: it decides who sees what it brought. */
function WhoAndWhat({ draft, set, fault, isNew }: PartProps & { isNew: boolean }) {
  const providers = useQuery(dataProvidersQuery).data ?? []
  const customers = useQuery(customersQuery).data ?? []
  return (
    <Fields>
      <Field
        label="Name"
        maxLength={100}
        value={draft.name}
        fault={fault('name')}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Field
        label="Identifier"
        hint="The provider’s program delivers to it. It stays for good."
        disabled={!isNew}
        value={draft.feedId}
        fault={fault('feedId')}
        onChange={(event) => set({ feedId: event.currentTarget.value.trim() })}
      />
      <Choice
        label="Delivered by"
        disabled={!isNew}
        value={draft.providerId}
        fault={fault('providerId')}
        hint={providers.length === 0 ? 'Add a data provider first.' : undefined}
        onChange={(event) => set({ providerId: event.currentTarget.value })}
      >
        <option value="">Choose</option>
        {providers.map(({ providerId, name }) => (
          <option key={providerId} value={providerId}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice
        label="Kind"
        disabled={!isNew}
        value={draft.kind}
        onChange={(event) => set({ kind: dataFeedKind.parse(event.currentTarget.value) })}
      >
        {dataFeedKind.options.map((kind) => (
          <option key={kind} value={kind}>
            {kindWords(kind)}
          </option>
        ))}
      </Choice>
      {draft.kind === 'site-history' && (
        <Choice
          label="Customer"
          disabled={!isNew}
          value={draft.customerId}
          fault={fault('customerId')}
          hint="Its people open each of their sites to the feed."
          onChange={(event) => set({ customerId: event.currentTarget.value })}
        >
          <option value="">Choose</option>
          {customers.map(({ customerId, name }) => (
            <option key={customerId} value={customerId}>
              {name}
            </option>
          ))}
        </Choice>
      )}
    </Fields>
  )
}

function Rhythm({ draft, set, fault }: PartProps) {
  const figure = { figures: dataFeedFigures, draft, set, fault }
  return (
    <Fields>
      <Choice
        label="Comes"
        value={draft.comesAgain ? 'again' : 'once'}
        onChange={(event) => set({ comesAgain: event.currentTarget.value === 'again' })}
      >
        <option value="again">again and again</option>
        <option value="once">once</option>
      </Choice>
      {draft.comesAgain && <FigureField {...figure} name="everyDays" />}
      <FigureField {...figure} name="lateAfterDays" />
      <FigureField {...figure} name="failedAfterDays" />
      <FigureField {...figure} name="mostRejectedPercent" />
      <FigureField {...figure} name="keepDays" />
    </Fields>
  )
}

/** How the file is to be read. */
function TheFile({ draft, set, fault }: PartProps) {
  return (
    <>
      <Fields>
        {(draft.kind === 'site-history' || hasTimes(draft.kind)) && (
          <Choice
            label="Times without an offset"
            hint="Times such as 2026-01-15T17:00:00Z have an offset and need nothing here."
            value={draft.zone}
            onChange={(event) => set({ zone: event.currentTarget.value as DataFeedDraft['zone'] })}
          >
            <option value="">are errors</option>
            <option value="UTC">are UTC</option>
            <option value="Europe/London">are local time, Europe/London</option>
          </Choice>
        )}
        {draft.kind !== 'site-history' && hasShapes(draft.kind) && (
          <Choice
            label="Coordinates of shapes"
            value={draft.coordinates}
            onChange={(event) => set({ coordinates: event.currentTarget.value as DataFeedDraft['coordinates'] })}
          >
            <option value="EPSG:27700">British National Grid (EPSG:27700)</option>
            <option value="EPSG:4326">WGS84, longitude first (EPSG:4326)</option>
          </Choice>
        )}
      </Fields>
      <Textarea
        size="sm"
        label="Columns under other headings"
        description="One per line: our column = their heading. Only where the file names a column otherwise than its template does."
        placeholder="startedAt = pickup_time"
        autosize
        minRows={2}
        maxRows={8}
        value={draft.columns}
        error={fault('columns')}
        onChange={(event) => set({ columns: event.currentTarget.value })}
      />
      {draft.kind === 'trips' && (
        <Textarea
          size="sm"
          label="Headings that are ignored"
          description="One per line. A file of trips with any other column is not read: it could say where people were."
          autosize
          minRows={2}
          maxRows={8}
          value={draft.passedOver}
          error={fault('passedOver')}
          onChange={(event) => set({ passedOver: event.currentTarget.value })}
        />
      )}
    </>
  )
}
