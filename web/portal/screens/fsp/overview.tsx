import { useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { SubmissionKind } from '../../../../schemas/market/submissions.ts'
import type { Tender } from '../../../../schemas/market/tenders.ts'
import { useNow, useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { addDays, dayInWords } from '../../../shared/format/time.ts'
import { instructionsQuery, submissionsQuery } from '../../dispatch-queries.ts'
import { contractsQuery, responsesQuery, tendersQuery } from '../../market-queries.ts'
import { flexibleUnitsQuery, fspsQuery } from '../../queries.ts'
import { allTermsQuery, heldUploadsQuery } from '../../settlement-queries.ts'
import { InstructionTable } from '../dispatch/instruction-table.tsx'
import { submissionWords } from '../market/schedules/submission-words.ts'
import { tenderColumns } from '../market/tenders/tender-columns.tsx'
import { DemoTour } from '../overview/demo-tour.tsx'
import { Chosen } from './chosen.tsx'
import { fspInWords, nominatedUnits, scheduleRows, toAnswer } from './summaries.ts'

const openTenderColumns: Column<Tender>[] = [
  tenderColumns.title,
  tenderColumns.product,
  tenderColumns.service,
  { ...tenderColumns.need, meta: { align: 'right', from: 'medium' } },
  { ...tenderColumns.gate, header: 'Respond until' },
]

const submissionKinds: readonly SubmissionKind[] = ['baseline', 'cost', 'deviation', 'availability']

type ScheduleRow = ReturnType<typeof scheduleRows>[number]

const scheduleColumns: Column<ScheduleRow>[] = [
  { id: 'fu', header: 'FU', accessorFn: (row) => row.name, cell: ({ row }) => row.original.name },
  ...submissionKinds.map(
    (kind): Column<ScheduleRow> => ({
      id: kind,
      header: submissionWords[kind].word,
      meta: kind === 'baseline' ? {} : { from: 'medium' },
      accessorFn: (row) => Number(row.kinds.has(kind)),
      cell: ({ row }) =>
        row.original.kinds.has(kind) ? (
          <Mark word="Submitted" tone="normal" shape="tick" />
        ) : (
          <Mark word="Not submitted" tone="quiet" shape="dashed" />
        ),
    }),
  ),
]

/** An FSP’s own side: the tenders it can respond to, tomorrow’s schedules, and today’s turn-downs. */
export function FspOverview() {
  const [today, minute] = [useToday(), Math.floor(useNow() / 60_000) * 60_000]
  const tomorrow = addDays(today, 1)
  const navigate = useNavigate()
  const own = useQuery(fspsQuery).data?.[0]
  const tenders = useQuery(tendersQuery)
  const open = (tenders.data ?? []).filter((tender) => tender.state === 'open')
  const answers = useQueries({ queries: open.map(({ tenderId }) => responsesQuery(tenderId)) })
  const units = useQuery(flexibleUnitsQuery).data
  const contracts = useQuery(contractsQuery).data
  const submitted = useQuery(submissionsQuery(tomorrow)).data
  const nominated = nominatedUnits(contracts ?? [], useQuery(allTermsQuery).data ?? [], tomorrow)
  const instructions = useQuery(instructionsQuery(today))
  const held = useQuery(heldUploadsQuery).data?.filter((each) => each.state === 'held').length ?? 0
  const responses = new Map(open.map(({ tenderId }, i) => [tenderId, answers[i]?.data ?? []]))
  const isKnown = answers.every((answer) => answer.isSuccess)
  const waiting = isKnown ? toAnswer(open, responses, minute) : []
  const schedules = useMemo(
    () => scheduleRows(units ?? [], contracts ?? [], submitted ?? [], tomorrow),
    [units, contracts, submitted, tomorrow],
  )
  const words = fspInWords({
    tenders: waiting.length,
    withoutBaseline: submitted
      ? schedules.filter((row) => nominated.has(row.fuId) && !row.kinds.has('baseline')).length
      : 0,
    outOfService: units?.filter((unit) => !unit.inService).length ?? 0,
    held,
  })
  return (
    <Page title="Overview" subtitle={`${own?.companyName ?? ''}, trading day ${dayInWords(today)}`}>
      <Loaded query={tenders}>
        {() => (
          <>
            {isKnown && <Notice tone={words.tone}>{words.text}</Notice>}
            <DemoTour />
            <Section title="Tenders to respond to" flush>
              <DataTable
                label="Tenders to respond to"
                rows={waiting}
                columns={openTenderColumns}
                rowKey={(tender) => tender.tenderId}
                onOpen={({ tenderId }) => void navigate({ to: '/market/tenders/$tenderId', params: { tenderId } })}
                empty="You have responded to every open tender."
              />
            </Section>
            <Section title="Turn-downs today" flush>
              <Loaded query={instructions}>
                {(all) => (
                  <InstructionTable
                    instructions={all}
                    units={units ?? []}
                    onOpen={(instruction) => void navigate({ to: '/instructions', search: { instruction } })}
                    empty="There are no instructions for today."
                  />
                )}
              </Loaded>
            </Section>
            <Chosen day={today} units={units ?? []} />
            <Section title={`Schedules for ${dayInWords(tomorrow)}`} flush>
              <DataTable
                label="Schedules for tomorrow"
                rows={schedules}
                columns={scheduleColumns}
                rowKey={(row) => row.fuId}
                onOpen={() => void navigate({ to: '/market/schedules', search: { day: tomorrow } })}
                empty="None of your FUs has a contract on that day."
              />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  )
}
