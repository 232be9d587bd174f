import { Button, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Connection } from '../../../../schemas/grid/connections.ts'
import { operations } from '../../../../schemas/operations.ts'
import type { DynamicTerms } from '../../../../schemas/planning/dynamic-limits.ts'
import { dynamicLimitSettings } from '../../../../schemas/settings/dynamic-limits.ts'
import { api } from '../../../shared/api/client.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Facts, Section, Stack } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { fixed, kw } from '../../../shared/format/power.ts'
import { addDays, dayInWords, timeOfDay, utc } from '../../../shared/format/time.ts'
import { dynamicLimitsQuery } from '../../grid-queries.ts'
import { useRefusal } from '../../session.ts'
import { settingsQuery } from '../../setting-queries.ts'
import { WaitingFor } from '../proposals/proposal-view.tsx'
import { DynamicTermsForm } from './dynamic-terms-form.tsx'
import { type DynamicSpell, issueInWords, spellsOf } from './dynamic-words.ts'

const columns: Column<DynamicSpell>[] = [
  {
    id: 'from',
    header: 'From',
    accessorFn: (spell) => spell.from,
    cell: ({ row }) => <time title={utc(row.original.from)}>{timeOfDay(row.original.from)}</time>,
  },
  {
    id: 'to',
    header: 'To',
    accessorFn: (spell) => spell.to,
    cell: ({ row }) => <time title={utc(row.original.to)}>{timeOfDay(row.original.to)}</time>,
  },
  {
    id: 'limit',
    header: 'Limit kW',
    meta: { align: 'right' },
    accessorFn: (spell) => spell.limitW,
    cell: ({ row }) => (row.original.limitW === null ? 'none' : fixed(row.original.limitW / 1_000, 1)),
  },
  {
    id: 'reason',
    header: 'Reason',
    meta: { wrap: true },
    accessorFn: (spell) => spell.words,
    cell: ({ row }) => row.original.words,
  },
]

interface DynamicLimitsProps {
  site: Connection
  day: string
  today: string
}

/** The dynamic limits of a connection: what its contract says of them, and those of a day with the reason for each. */
export function DynamicLimits({ site, day, today }: DynamicLimitsProps) {
  const query = useQuery(dynamicLimitsQuery(site.connectionId, day))
  const refusal = useRefusal('planner')
  const [isChanging, setChanging] = useState(false)
  const { terms, issued } = query.data ?? {}
  const spells = issued ? spellsOf(issued.periods, site.nodePath) : []
  return (
    <Section
      title="Dynamic limits"
      actions={
        <>
          {terms?.isOn && day > today && day <= addDays(today, mostDaysAhead) && (
            <Issue connectionId={site.connectionId} day={day} isAgain={(issued?.version ?? 0) > 0} />
          )}
          <Button disabled={refusal !== null || !terms} title={refusal ?? undefined} onClick={() => setChanging(true)}>
            Change the terms
          </Button>
        </>
      }
    >
      <Loaded query={query}>
        {(loaded) => (
          <Stack>
            <WaitingFor subjectId={site.connectionId} operation="saveDynamicTerms" />
            <Terms terms={loaded.terms} site={site} />
            {(loaded.terms.isOn || loaded.issued.version > 0) && <p>{issueInWords(loaded.issued)}</p>}
            {spells.length > 0 && (
              <DataTable
                label={`Dynamic limits on ${dayInWords(day)}`}
                rows={spells}
                columns={columns}
                rowKey={(spell) => spell.from}
                empty=""
              />
            )}
            <Modal opened={isChanging} onClose={() => setChanging(false)} title="Change the terms" size={560}>
              {isChanging && <DynamicTermsForm terms={loaded.terms} site={site} onDone={() => setChanging(false)} />}
            </Modal>
          </Stack>
        )}
      </Loaded>
    </Section>
  )
}

/** As far ahead as the server issues limits, days. */
const mostDaysAhead = 7

/** What the contract says. */
function Terms({ terms, site: { nodePath } }: { terms: DynamicTerms; site: Connection }) {
  const settings = useQuery(settingsQuery).data
  if (!terms.isOn) return <p>The contract has no dynamic limits: the import limit does not follow forecast headroom.</p>
  const share = settings?.find(({ settingId }) => settingId === dynamicLimitSettings.id)?.values['share']
  const counted = nodePath.slice(nodePath.findIndex(({ nodeId }) => nodeId === terms.topNodeId))
  return (
    <Facts
      items={[
        ['Floor', kw(terms.floorW)],
        ['Headroom counts at', counted.map(({ name }) => name).join(' › ')],
        [
          'Shared',
          <span key="share">
            {share === undefined ? '' : share === 'equal' ? 'equally, ' : 'in proportion to the agreed limits, '}
            <Link to="/settings" search={{ setting: dynamicLimitSettings.id }}>
              as set for all connections
            </Link>
          </span>,
        ],
      ]}
    />
  )
}

interface IssueProps {
  connectionId: string
  day: string
  isAgain: boolean
}

/** Issues the limits of a coming day for all connections, from what is forecast now. */
function Issue({ connectionId, day, isAgain }: IssueProps) {
  const queries = useQueryClient()
  const issue = useMutation({
    mutationFn: () => api.call(operations.issueDynamicLimits, { params: { day } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: dynamicLimitsQuery(connectionId, day).queryKey }),
  })
  return (
    <TwoStep
      label={isAgain ? 'Issue again' : 'Issue for this day'}
      refusal={useRefusal('planner', 'flexibility-engineer')}
      action={issue}
      consequence={`Issues the dynamic limits of every connection that has them for ${dayInWords(day)}, from what is forecast now. The latest issue counts.`}
    />
  )
}
