import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Feed } from '../../../../schemas/grid/feeds.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { useUnsavedGuard } from '../../../shared/components/unsaved-guard.ts'
import { isSameData } from '../../../shared/same-data.ts'
import { feedsQuery } from '../../compliance-queries.ts'
import { draftOf, type FeedDraft, readFeedDraft } from './draft.ts'
import styles from './feeds.module.css'

interface FeedFormProps {
  /** `null` for a new one. */
  feed: Feed | null
  /** Identifiers that are in use. */
  taken: readonly string[]
  onDone: (feedId: string) => void
  /** Begins again with what is stored. */
  onReload: () => void
}

const words: readonly [name: Exclude<keyof FeedDraft, 'fields'>, label: string, hint?: string][] = [
  ['name', 'Name'],
  ['feedId', 'Identifier', 'Programs deliver to it. It stays for good.'],
  ['owner', 'Owner', 'Who is asked when it does not come.'],
  ['format', 'Format', 'Such as JSON over HTTPS'],
  ['cadence', 'Promised every', 'Such as 15 min, 1 h or 1 d'],
  ['late', 'Late after', 'Silence that rings an alarm. Empty: none before it counts as silent.'],
  ['silent', 'Silent after', 'Silence that counts as failed.'],
]

/** Registers a feed, or changes the terms that its owner has agreed to. */
export function FeedForm({ feed, taken, onDone, onReload }: FeedFormProps) {
  const [start] = useState(() => draftOf(feed))
  // The version that the form began with: whoever was faster in between is named, not overwritten.
  const [etag] = useState(feed?.etag ?? null)
  const [draft, setDraft] = useState(start)
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const leave = useUnsavedGuard(!isSameData(draft, start))
  const { given, faults } = readFeedDraft(draft, feed ? [] : taken)
  const fault = (name: keyof FeedDraft) => (tried ? faults[name] : undefined)
  const save = useMutation({
    mutationFn: (body: NonNullable<typeof given>) =>
      api.call(operations.registerFeed, { params: { id: draft.feedId }, body, version: etag }),
    async onSuccess({ feedId }) {
      leave()
      await queries.invalidateQueries({ queryKey: feedsQuery.queryKey })
      onDone(feedId)
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (given) save.mutate(given)
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Fields>
        {words.map(([name, label, hint]) => (
          <Field
            key={name}
            label={label}
            hint={hint}
            maxLength={name === 'format' ? 200 : 100}
            disabled={name === 'feedId' && feed !== null}
            value={draft[name]}
            fault={fault(name)}
            onChange={({ currentTarget: { value } }) => setDraft((before) => ({ ...before, [name]: value }))}
          />
        ))}
      </Fields>
      <Textarea
        size="sm"
        label="Fields of a record"
        description="One per line: name: type. A record without one of them, or with another type, is kept and told of as not of the agreed form."
        placeholder="temperatureC: number or null"
        autosize
        minRows={3}
        maxRows={10}
        value={draft.fields}
        error={fault('fields')}
        onChange={({ currentTarget: { value } }) => setDraft((before) => ({ ...before, fields: value }))}
      />
      {save.isError && <SaveProblem error={save.error} fields={[]} onReload={onReload} />}
      <span>
        <Button type="submit" variant="filled" loading={save.isPending}>
          {feed ? 'Save the terms' : 'Register'}
        </Button>
      </span>
    </form>
  )
}
