import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { operations } from '../../../../schemas/operations.ts'
import { ApiProblem, api } from '../../../shared/api/client.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section, Stack } from '../../../shared/components/page.tsx'
import { PastedRows } from '../../../shared/components/pasted-rows.tsx'
import { count } from '../../../shared/format/power.ts'
import { waitingQuery } from '../../proposal-queries.ts'
import { useRefusal } from '../../session.ts'
import { capacityColumns, readCapacities, refusedLines } from './capacities-draft.ts'

/** Proposes the capacities of many connections from a file, for one approval by a second person. */
export function CapacitiesFile() {
  const refusal = useRefusal('planner')
  return (
    <Page
      title="Change capacities"
      subtitle="Agreed supply and export capacities of many connections, by one approval"
      actions={<LinkButton to="/connections">All connections</LinkButton>}
    >
      <Section title="File of capacities">
        {refusal ? <Notice tone="risk">{refusal}</Notice> : <CapacitiesForm />}
      </Section>
    </Page>
  )
}

function CapacitiesForm() {
  const [text, setText] = useState('')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const read = text.trim() === '' ? null : readCapacities(text)
  const isRead = read !== null && read.flaws.length === 0
  const lacksReason = reason.trim() === ''
  const propose = useMutation({
    mutationFn: () =>
      api.call(operations.changeCapacities, { body: { reason: reason.trim(), changes: read?.changes ?? [] } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: waitingQuery.queryKey }),
  })
  const refused =
    propose.error instanceof ApiProblem ? refusedLines(propose.error.problem.errors ?? [], read?.lines ?? []) : []
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (isRead && !lacksReason) propose.mutate()
  }
  if (propose.data) {
    const proposed = propose.data
    return 'proposalId' in proposed ? (
      <Notice title={proposed.title}>
        It waits for a second person. <LinkButton to="/proposals">Waiting changes</LinkButton>
      </Notice>
    ) : (
      <Notice>All of these connections have these capacities already: nothing is to be changed.</Notice>
    )
  }
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <p>
          One row a connection, which any of its MPANs names, with the headings {capacityColumns.join(', ')}. All but
          the first may be left out; an empty cell changes nothing, and “none” takes a stated export capacity away. If a
          row has an error, nothing is proposed.
        </p>
        <PastedRows
          fileLabel="File of capacities"
          text={text}
          onText={(typed) => {
            setText(typed)
            propose.reset()
          }}
          flaws={read && !isRead ? read.flaws : refused}
        />
        <Fields>
          <Field
            label="Reason"
            hint="For the person who approves, and for the audit trail."
            value={reason}
            maxLength={500}
            fault={tried && lacksReason ? 'Say why these capacities change.' : undefined}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </Fields>
        {propose.isError && refused.length === 0 && <ProblemNotice error={propose.error} />}
        <span>
          <Button type="submit" variant="filled" disabled={!isRead} loading={propose.isPending}>
            {isRead ? `Propose ${count(read.changes.length, 'change')}` : 'Propose these changes'}
          </Button>
        </span>
      </Stack>
    </form>
  )
}
