import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Fsp } from '../../../../../schemas/market/parties.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../../shared/components/side-panel.tsx'
import { count } from '../../../../shared/format/power.ts'
import { dayAndTime, utc } from '../../../../shared/format/time.ts'
import { flexibleUnitsQuery, fspsQuery } from '../../../queries.ts'
import { useRefusal } from '../../../session.ts'
import { WaitingFor } from '../../proposals/proposal-view.tsx'
import { MarketTabs } from '../tabs.tsx'
import { fspStatusWords } from '../words.ts'
import { DispatchRoute } from './dispatch-route.tsx'
import { FspStatus } from './fsp-status.tsx'

const order: Fsp['status'][] = ['applied', 'accepted', 'rejected']

const columns: Column<Fsp>[] = [
  { id: 'name', header: 'FSP', accessorFn: (fsp) => fsp.companyName, cell: ({ row }) => row.original.companyName },
  {
    id: 'status',
    header: 'Status',
    accessorFn: (fsp) => order.indexOf(fsp.status),
    cell: ({ row }) => <Mark {...fspStatusWords[row.original.status]} />,
  },
  {
    id: 'contact',
    header: 'Contact',
    meta: { from: 'medium' },
    accessorFn: (fsp) => fsp.contactName,
    cell: ({ row }) => row.original.contactName,
  },
  {
    id: 'api',
    header: 'Control API',
    meta: { from: 'wide' },
    accessorFn: (fsp) => fsp.controlApiUrl,
    cell: ({ row }) => row.original.controlApiUrl,
  },
  {
    id: 'applied',
    header: 'Applied',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (fsp) => Date.parse(fsp.appliedAt),
    cell: ({ row }) => <time title={utc(row.original.appliedAt)}>{dayAndTime(row.original.appliedAt)}</time>,
  },
]

/** Flexibility service providers, applications to decide on first. */
export function Fsps() {
  const query = useQuery(fspsQuery)
  const { fsp: openId } = useSearch({ from: '/inside/market/fsps' })
  const navigate = useNavigate({ from: '/market/fsps' })
  const fsps = useMemo(
    () => (query.data ?? []).toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status)),
    [query.data],
  )
  const open = fsps.find((fsp) => fsp.fspId === openId)
  const waiting = fsps.filter((fsp) => fsp.status === 'applied').length
  return (
    <Page
      title="Market"
      subtitle={
        query.data && (waiting > 0 ? `${count(waiting, 'application')} to decide on` : count(fsps.length, 'FSP'))
      }
      actions={
        <LinkButton to="/market/new-fsp" variant="filled">
          Register an FSP
        </LinkButton>
      }
      panel={open && <FspPanel key={open.fspId} fsp={open} onClose={() => void navigate({ search: {} })} />}
    >
      <MarketTabs />
      <Loaded query={query}>
        {() => (
          <Section flush>
            <DataTable
              label="FSPs"
              rows={fsps}
              columns={columns}
              rowKey={(fsp) => fsp.fspId}
              selectedKey={openId}
              onOpen={({ fspId }) => void navigate({ search: { fsp: fspId } })}
              empty="No FSP has applied yet."
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}

function FspPanel({ fsp, onClose }: { fsp: Fsp; onClose: () => void }) {
  const units = useQuery(flexibleUnitsQuery).data?.filter((unit) => unit.fspId === fsp.fspId) ?? []
  return (
    <SidePanel title={fsp.companyName} onClose={onClose}>
      <PanelPart>
        <Mark {...fspStatusWords[fsp.status]} />
        {fsp.reason && <p>{fsp.reason}</p>}
      </PanelPart>
      <PanelPart>
        <PanelFacts
          items={[
            ['Contact', fsp.contactName],
            [
              'E-mail',
              <a key="mail" href={`mailto:${fsp.contactEmail}`}>
                {fsp.contactEmail}
              </a>,
            ],
            ['Control API', fsp.controlApiUrl],
            ['Applied', dayAndTime(fsp.appliedAt)],
            ...(fsp.decidedAt ? [['Decided', `${dayAndTime(fsp.decidedAt)} by ${fsp.decidedBy ?? ''}`] as const] : []),
            ['FUs', units.length === 0 ? 'none' : units.map((unit) => unit.name).join(', ')],
          ]}
        />
      </PanelPart>
      <WaitingFor subjectId={fsp.fspId} />
      {fsp.status === 'applied' && <DecisionForm fsp={fsp} />}
      {fsp.status === 'accepted' && <DispatchRoute fsp={fsp} />}
      {fsp.status === 'accepted' && <FspStatus fsp={fsp} />}
    </SidePanel>
  )
}

/** Accepts an application, or rejects it with a reason that the applicant reads. */
function DecisionForm({ fsp }: { fsp: Fsp }) {
  const [reason, setReason] = useState('')
  const queries = useQueryClient()
  const refusal = useRefusal('flexibility-engineer')
  const decide = useMutation({
    mutationFn: (body: { decision: 'accept' } | { decision: 'reject'; reason: string }) =>
      api.call(operations.decideOnApplication, { params: { id: fsp.fspId }, body }),
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ meta }) => meta?.topics?.some((topic) => topic === 'market' || topic === 'proposals') ?? false,
      }),
  })
  const busy = decide.isPending || refusal !== null
  return (
    <PanelPart title="Decision">
      <Notice>
        Accepting lets {fsp.companyName} obtain tokens, register DERs and FUs, and respond to tenders. Its control API
        is called only after an award. A second person approves the acceptance.
      </Notice>
      <Textarea
        size="sm"
        label="Reason for a rejection"
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {decide.isError && <ProblemNotice error={decide.error} />}
      {refusal && <span className="rm-secondary">{refusal}</span>}
      <span style={{ display: 'flex', gap: 8 }}>
        <Button variant="filled" disabled={busy} onClick={() => decide.mutate({ decision: 'accept' })}>
          Accept
        </Button>
        <Button
          disabled={busy || reason.trim().length < 3}
          onClick={() => decide.mutate({ decision: 'reject', reason: reason.trim() })}
        >
          Reject
        </Button>
      </span>
    </PanelPart>
  )
}
