import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { operations } from '../../../../schemas/operations.ts'
import type { HeldUpload } from '../../../../schemas/settlement/metering.ts'
import { api } from '../../../shared/api/client.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { dayAndTime, dayOf, utc } from '../../../shared/format/time.ts'
import type { Wording } from '../../../shared/format/words.ts'
import { flexibleUnitsQuery } from '../../queries.ts'
import { useOwnFsp, useRefusal } from '../../session.ts'
import { heldUploadsQuery } from '../../settlement-queries.ts'
import { WaitingFor } from '../proposals/proposal-view.tsx'
import { SettlementTabs } from '../settlement/tabs.tsx'

const holdWords: Record<HeldUpload['state'], Wording> = {
  held: { word: 'Held, awaiting decision', tone: 'risk', shape: 'diamond' },
  released: { word: 'Released', tone: 'quiet', shape: 'tick' },
  rejected: { word: 'Rejected', tone: 'quiet', shape: 'cross' },
}

interface Row extends HeldUpload {
  fuName: string
}

const columns: Column<Row>[] = [
  {
    id: 'state',
    header: 'State',
    accessorFn: (row) => row.state,
    cell: ({ row }) => <Mark {...holdWords[row.original.state]} />,
  },
  { id: 'fu', header: 'FU', accessorFn: (row) => row.fuName, cell: ({ row }) => row.original.fuName },
  {
    id: 'reasons',
    header: 'Why it was held',
    meta: { wrap: true, from: 'medium' },
    accessorFn: (row) => row.reasons.join(' '),
    cell: ({ row }) => row.original.reasons[0],
  },
  {
    id: 'readings',
    header: 'Readings',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (row) => row.readings,
    cell: ({ row }) => fixed(row.original.readings, 0),
  },
  {
    id: 'received',
    header: 'Received',
    meta: { align: 'right' },
    accessorFn: (row) => Date.parse(row.receivedAt),
    cell: ({ row: { original } }) => <time title={utc(original.receivedAt)}>{dayAndTime(original.receivedAt)}</time>,
  },
]

/** Meter uploads that looked like a mistake of unit or sign: a person releases or rejects them. */
export function Holds() {
  const query = useQuery(heldUploadsQuery)
  const units = useQuery(flexibleUnitsQuery).data
  const { hold } = useSearch({ from: '/inside/held-uploads' })
  const navigate = useNavigate({ from: '/held-uploads' })
  const rows = useMemo(
    () =>
      (query.data ?? []).map((each) => ({
        ...each,
        fuName: units?.find((unit) => unit.fuId === each.fuId)?.name ?? each.fuId,
      })),
    [query.data, units],
  )
  const waiting = rows.filter((row) => row.state === 'held').length
  const open = rows.find((row) => row.holdId === hold)
  return (
    <Page
      title="Settlement"
      subtitle="Held meter uploads"
      panel={open && <HoldPanel key={open.holdId} row={open} onClose={() => void navigate({ search: {} })} />}
    >
      <SettlementTabs />
      <Loaded query={query}>
        {() => (
          <>
            <Notice tone={waiting > 0 ? 'risk' : 'normal'}>
              {waiting > 0
                ? `${count(waiting, 'upload')} ${waiting === 1 ? 'waits' : 'wait'} for a decision: held data is not used until it is released.`
                : 'No upload waits for a decision.'}
            </Notice>
            <Section flush>
              <DataTable
                label="Held meter uploads"
                rows={rows}
                columns={columns}
                rowKey={(row) => row.holdId}
                selectedKey={hold}
                onOpen={({ holdId }) => void navigate({ search: { hold: holdId } })}
                empty="No upload has been held for a suspected error of unit or sign."
              />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  )
}

function HoldPanel({ row, onClose }: { row: Row; onClose: () => void }) {
  const isFsp = useOwnFsp() !== null
  return (
    <SidePanel title={`${row.fuName}, ${count(row.readings, 'reading')}`} onClose={onClose}>
      <Mark {...holdWords[row.state]} />
      <PanelPart title="Why it was held">
        <ul style={{ margin: 0, paddingLeft: 16 }}>
          {row.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      </PanelPart>
      <PanelPart title="The upload">
        <PanelFacts
          items={[
            ['Meter', row.meterId],
            ['First stamp', dayAndTime(row.from)],
            ['Last stamp', dayAndTime(row.to)],
            ['Received', dayAndTime(row.receivedAt)],
            ['From', row.receivedFrom],
          ]}
        />
        <Link to="/baselines" search={{ fu: row.fuId, day: dayOf(row.from) }}>
          Metered on that day so far
        </Link>
      </PanelPart>
      {row.state !== 'held' && <Decided row={row} />}
      {row.state === 'held' && (isFsp ? <span>It waits for the DNO’s decision.</span> : <DecisionForm row={row} />)}
      {!isFsp && <WaitingFor subjectId={row.holdId} />}
    </SidePanel>
  )
}

function Decided({ row }: { row: Row }) {
  return (
    <PanelPart title="Decision">
      <PanelFacts
        items={[
          ['Decided', row.decidedAt ? dayAndTime(row.decidedAt) : ''],
          ['By', row.decidedBy ?? ''],
        ]}
      />
      <span>{row.decisionReason ?? 'No reason was given.'}</span>
    </PanelPart>
  )
}

function DecisionForm({ row }: { row: Row }) {
  const [reason, setReason] = useState('')
  const queries = useQueryClient()
  const refusal = useRefusal('settlement')
  const decide = useMutation({
    mutationFn: (decision: 'release' | 'reject') =>
      api.call(operations.decideOnHeldUpload, {
        params: { id: row.holdId },
        body: { decision, ...(reason.trim() && { reason: reason.trim() }) },
      }),
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ meta }) =>
          meta?.topics?.some((topic) => topic === 'settlement' || topic === 'proposals') ?? false,
      }),
  })
  const busy = decide.isPending || refusal !== null
  const given = reason.trim().length >= 3
  return (
    <PanelPart title="Decision">
      <span className="rm-secondary">
        If it is released and a second person approves, it is stored as if it arrived now. If it is rejected, it is kept
        on file only and the FSP has to send it again.
      </span>
      <Textarea
        size="sm"
        label="Reason, shown to the FSP"
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {decide.isError && <ProblemNotice error={decide.error} />}
      {refusal && <span className="rm-secondary">{refusal}</span>}
      <span style={{ display: 'flex', gap: 8 }}>
        <Button variant="filled" disabled={busy} onClick={() => decide.mutate('release')}>
          Release
        </Button>
        <Button
          disabled={busy || !given}
          title={given ? undefined : 'A rejection needs a reason.'}
          onClick={() => decide.mutate('reject')}
        >
          Reject
        </Button>
      </span>
    </PanelPart>
  )
}
