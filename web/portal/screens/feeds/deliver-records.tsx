import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type FeedDelivery, feedDelivery } from '../../../../schemas/grid/feeds.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Choice, Fields } from '../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { count } from '../../../shared/format/power.ts'
import { feedsQuery } from '../../compliance-queries.ts'
import { readRecords } from './draft.ts'
import styles from './feeds.module.css'

type What = 'records' | 'failure'

/** Delivers records by hand, or notes that a delivery could not be read: what a program of the feed does otherwise. */
export function DeliverRecords({ feedId }: { feedId: string }) {
  const [what, setWhat] = useState<What>('records')
  const [text, setText] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const queries = useQueryClient()
  const deliver = useMutation({
    mutationFn: (body: FeedDelivery) => api.call(operations.deliverToFeed, { params: { id: feedId }, body }),
    async onSuccess() {
      setText('')
      await queries.invalidateQueries({ queryKey: feedsQuery.queryKey })
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    const read = what === 'records' ? readRecords(text) : readFailure(text)
    setFault(read.ok ? null : read.fault)
    if (read.ok) deliver.mutate(read.given)
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Fields>
        <Choice
          label="What came"
          value={what}
          onChange={({ currentTarget: { value } }) => {
            setWhat(value === 'failure' ? 'failure' : 'records')
            setFault(null)
            deliver.reset()
          }}
        >
          <option value="records">records</option>
          <option value="failure">something that cannot be read</option>
        </Choice>
      </Fields>
      <Textarea
        size="sm"
        label={what === 'records' ? 'Records (JSON)' : 'What is wrong with it'}
        autosize
        minRows={3}
        maxRows={10}
        value={text}
        error={fault}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {deliver.isError && <ProblemNotice error={deliver.error} />}
      {deliver.data && <Outcome {...deliver.data} what={what} />}
      <span>
        <Button type="submit" loading={deliver.isPending}>
          {what === 'records' ? 'Deliver' : 'Note the failure'}
        </Button>
      </span>
    </form>
  )
}

function readFailure(text: string): ReturnType<typeof readRecords> {
  const read = feedDelivery.safeParse({ failure: text.trim() })
  return read.success
    ? { ok: true, given: read.data }
    : { ok: false, fault: 'Say what is wrong, in up to 2,000 characters.' }
}

/** What was taken; `kept` are those that were not of the agreed form. */
function Outcome({ taken, kept, what }: { taken: number; kept: number; what: What }) {
  if (what === 'failure') return <Notice tone="risk">The failure is noted, and an alarm tells of it.</Notice>
  if (kept === 0) return <Notice>{count(taken, 'record')} taken.</Notice>
  return (
    <Notice tone="risk">
      {count(taken, 'record')} taken; {count(kept, 'record is', 'records are')} not of the agreed form and listed below.
    </Notice>
  )
}
